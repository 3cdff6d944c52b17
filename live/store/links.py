"""Role links, sessions and grants. A secret is kept only as its SHA-256: 160 random bits need no salt."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from live.rules.actor import Granted
from live.rules.facts import ForumFacts
from live.rules.words import Role
from live.store.models import Forum, Grant, Link, Session

SECRET_BYTES = 20


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


async def make(session: AsyncSession, forum_id: int, granted: Granted, now: datetime, expires: datetime) -> str:
    """A new role link; returns its secret, which is told once and never stored."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    session.add(
        Link(
            forum_id=forum_id,
            role=granted.role,
            speaker=granted.speaker,
            owner=granted.owner,
            digest=digest(secret),
            created=now,
            expires=expires,
        )
    )
    await session.flush()
    return secret


async def revoke(session: AsyncSession, forum_id: int, role: Role, now: datetime) -> None:
    """End every link of this role, with the grants that came from it."""
    await session.execute(
        update(Link).where(Link.forum_id == forum_id, Link.role == role, Link.revoked.is_(None)).values(revoked=now)
    )


async def redeem(session: AsyncSession, secret: str, present: str | None, now: datetime) -> Redeemed | None:
    """Add the link's grant to a renewed session (the grants of ``present`` move along); None for a wrong secret.

    The session id is never one that a browser brought, and changes with every grant: nothing can be fixated.
    """
    found = (
        await session.execute(
            select(Link, Forum.code).join(Forum, Forum.id == Link.forum_id).where(Link.digest == digest(secret))
        )
    ).first()
    if found is None or not _is_valid(found.Link, now):
        return None
    link: Link = found.Link
    return Redeemed(await _grant(session, link, present, now), Role(link.role), link.speaker, found.code)


async def admit(session: AsyncSession, forum: ForumFacts, role: Role, present: str | None, now: datetime) -> str:
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
        unknown = await make(session, forum.id, Granted(role), now, max(forum.ends, now) + timedelta(days=1))
        link = await session.scalar(select(Link).where(Link.digest == digest(unknown)))
    if link is None:
        raise AssertionError("the link was just made")
    return await _grant(session, link, present, now)


async def _grant(session: AsyncSession, link: Link, present: str | None, now: datetime) -> str:
    """Renew the session ``present`` and add the link's grant to it; returns the new secret."""
    fresh = secrets.token_urlsafe(SECRET_BYTES)
    session.add(Session(digest=digest(fresh), created=now))
    await session.flush()
    await _move_grants(session, present, digest(fresh))
    known = await session.scalar(select(Grant.id).where(Grant.session == digest(fresh), Grant.link_id == link.id))
    if known is None:
        session.add(Grant(session=digest(fresh), link_id=link.id, redeemed=now))
    return fresh


async def grants(session: AsyncSession, secret: str, forum_id: int, now: datetime) -> tuple[Granted, ...]:
    """What this session may do in this forum now."""
    rows = await session.execute(
        select(Link.role, Link.speaker, Link.owner)
        .join(Grant, Grant.link_id == Link.id)
        .where(Grant.session == digest(secret), Link.forum_id == forum_id, Link.revoked.is_(None), Link.expires > now)
        .order_by(Link.id)
    )
    return tuple(Granted(Role(row.role), row.speaker, row.owner) for row in rows)


def _is_valid(link: Link, now: datetime) -> bool:
    return link.revoked is None and link.expires > now


async def _move_grants(session: AsyncSession, present: str | None, fresh: str) -> None:
    if present is None:
        return
    await session.execute(update(Grant).where(Grant.session == digest(present)).values(session=fresh))
    await session.execute(delete(Session).where(Session.digest == digest(present)))
