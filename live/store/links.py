"""Role links, sessions and grants. A secret is kept only as its SHA-256: 160 random bits need no salt."""

import hashlib
import secrets
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from live.rules.actor import Granted
from live.rules.facts import ForumFacts
from live.rules.words import Role
from live.store import organisers
from live.store.models import Forum, Grant, Link, Session, SignIn
from live.store.prepared import Prepared

SECRET_BYTES = 20
_LINK, _GRANT = Link.__table__.c, Grant.__table__.c
# Made once, and of plain tables: putting a statement together, and having the mapper look at it, costs more than
# running it; and every act of the team asks this.
_GRANTS = Prepared(
    select(_LINK.role, _LINK.speaker, _LINK.owner)
    .where(_GRANT.link_id == _LINK.id, _GRANT.session == bindparam("session"), _GRANT.ended.is_(None))
    .where(_LINK.forum_id == bindparam("forum"), _LINK.revoked.is_(None), _LINK.expires > bindparam("now"))
    .order_by(_LINK.id)
)
ORDER = (Role.MODERATOR, Role.SPEAKER, Role.SCRIBE, Role.HELPER, Role.SCREEN, Role.ORGANISER, Role.OWNER)
"""How the links of a forum are listed: who is on stage first."""


@dataclass(frozen=True, slots=True)
class Redeemed:
    """What a role link gave: the new session's secret, the role, and the forum."""

    session: str
    role: Role
    speaker: int | None
    code: str


def digest(secret: str) -> str:
    """How a secret is remembered."""
    return hashlib.sha256(secret.encode()).hexdigest()


def pasted(text: str) -> str:
    """The secret alone, from a whole link or as it is."""
    return text.strip().rpartition("#")[2][:200]


async def make(
    session: AsyncSession, forum_id: int, granted: Granted, now: datetime, expires: datetime
) -> tuple[Link, str]:
    """A new role link, and its secret, which is told once and never stored."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    link = Link(
        forum_id=forum_id,
        role=granted.role,
        speaker=granted.speaker,
        owner=granted.owner,
        digest=digest(secret),
        created=now,
        expires=expires,
    )
    session.add(link)
    await session.flush()
    return link, secret


async def revoke(session: AsyncSession, forum_id: int, granted: Granted, now: datetime) -> None:
    """End every link that grants this, with the grants that came from it; without a name, those of every name."""
    wanted = update(Link).where(Link.forum_id == forum_id, Link.role == granted.role, Link.revoked.is_(None))
    if granted.speaker is not None:
        wanted = wanted.where(Link.speaker == granted.speaker)
    if granted.owner is not None:
        wanted = wanted.where(Link.owner == granted.owner)
    await session.execute(wanted.values(revoked=now))


@dataclass(frozen=True, slots=True)
class Device:
    """One redemption of a role link; ``ended`` when it was sent away."""

    number: int
    name: str
    redeemed: datetime
    ended: datetime | None


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """One role link that works, and the devices that redeemed it."""

    granted: Granted
    created: datetime
    expires: datetime
    devices: tuple[Device, ...]


async def of_forum(session: AsyncSession, forum_id: int, now: datetime) -> list[LinkFacts]:
    """The links of a forum that work now: who is on stage first, then by speaker, then the older first."""
    working = select(Link).where(Link.forum_id == forum_id, Link.revoked.is_(None), Link.expires > now)
    found = list(await session.scalars(working))
    rows = await session.scalars(select(Grant).where(Grant.link_id.in_([link.id for link in found])).order_by(Grant.id))
    devices: dict[int, list[Device]] = defaultdict(list)
    for grant in rows:
        devices[grant.link_id].append(Device(grant.id, grant.device, grant.redeemed, grant.ended))
    found.sort(key=lambda link: (ORDER.index(Role(link.role)), link.speaker or 0, link.id))
    return [
        LinkFacts(
            Granted(Role(link.role), link.speaker, link.owner), link.created, link.expires, tuple(devices[link.id])
        )
        for link in found
    ]


async def redeem(
    session: AsyncSession, secret: str, present: str | None, now: datetime, device: str = ""
) -> Redeemed | None:
    """Add the link's grant to a renewed session (the grants of ``present`` move along); None for a wrong secret.

    ``device`` says in a few words what redeemed it, for the organiser's list.
    """
    found = (
        await session.execute(
            select(Link, Forum.code).join(Forum, Forum.id == Link.forum_id).where(Link.digest == digest(secret))
        )
    ).first()
    if found is None or not _is_valid(found.Link, now):
        return None
    link: Link = found.Link
    return Redeemed(await _grant(session, link, present, now, device), Role(link.role), link.speaker, found.code)


async def admit(
    session: AsyncSession, forum: ForumFacts, role: Role, present: str | None, now: datetime, device: str = ""
) -> str:
    """Add this role to a renewed session without a link being typed; returns the session's secret.

    The grant hangs on the newest link of the role, so it ends with that; without one a link is made that nobody knows.
    """
    newest = (
        select(Link)
        .where(Link.forum_id == forum.id, Link.role == role, Link.revoked.is_(None), Link.expires > now)
        .order_by(Link.id.desc())
        .limit(1)
    )
    link = await session.scalar(newest)
    if link is None:
        link, _ = await make(session, forum.id, Granted(role), now, max(forum.ends, now) + timedelta(days=1))
    return await _grant(session, link, present, now, device)


async def _grant(session: AsyncSession, link: Link, present: str | None, now: datetime, device: str) -> str:
    """Renew the session ``present`` and add the link's grant to it; returns the new secret."""
    fresh = await renewed(session, present, now)
    held = select(Grant.id).where(Grant.session == digest(fresh), Grant.link_id == link.id, Grant.ended.is_(None))
    if await session.scalar(held) is None:
        session.add(Grant(session=digest(fresh), link_id=link.id, redeemed=now, device=device))
    return fresh


async def renewed(session: AsyncSession, present: str | None, now: datetime) -> str:
    """The secret of a new session that holds what ``present`` held, which ends.

    The session id is never one that a browser brought, and changes with every gain of power: nothing can be fixated.
    """
    fresh = secrets.token_urlsafe(SECRET_BYTES)
    session.add(Session(digest=digest(fresh), created=now))
    await session.flush()
    if present is not None:
        for held in (Grant, SignIn):
            await session.execute(update(held).where(held.session == digest(present)).values(session=digest(fresh)))
        await session.execute(delete(Session).where(Session.digest == digest(present)))
    return fresh


async def grants(session: AsyncSession, secret: str, forum_id: int, now: datetime) -> tuple[Granted, ...]:
    """What this session may do in this forum now: by its role links, and as an organiser of the forum's agency."""
    rows = await _GRANTS.all(session, session=digest(secret), forum=forum_id, now=now)
    held = [Granted(Role(row.role), row.speaker, row.owner) for row in rows]
    if await organisers.runs(session, digest(secret), forum_id, now):
        held.append(Granted(Role.ORGANISER))
    return tuple(held)


def _is_valid(link: Link, now: datetime) -> bool:
    return link.revoked is None and link.expires > now
