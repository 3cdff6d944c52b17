"""Organisers: who may run the forums of an agency, their invitations, and the browsers they are signed in on."""

from datetime import datetime

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from live.store.models import Forum, Organiser, SignIn
from live.store.prepared import Prepared

_FORUM, _ORGANISER, _SIGN_IN = Forum.__table__.c, Organiser.__table__.c, SignIn.__table__.c
# Made once, and of plain tables: see :mod:`live.store.links`.
_RUNS = Prepared(
    select(_SIGN_IN.id)
    .where(_ORGANISER.id == _SIGN_IN.organiser_id, _FORUM.agency == _ORGANISER.agency)
    .where(_SIGN_IN.session == bindparam("session"), _SIGN_IN.until > bindparam("now"))
    .where(_FORUM.id == bindparam("forum"))
)


async def by_name(session: AsyncSession, name: str) -> Organiser | None:
    """The organiser of this name, however it is written."""
    return await session.scalar(select(Organiser).where(Organiser.name == name.casefold()))


async def signed_in(session: AsyncSession, digest: str, now: datetime) -> tuple[Organiser, SignIn] | None:
    """Who is signed in with the session of this digest."""
    wanted = select(Organiser, SignIn).join(SignIn, SignIn.organiser_id == Organiser.id)
    row = (await session.execute(wanted.where(SignIn.session == digest, SignIn.until > now))).first()
    return None if row is None else (row.Organiser, row.SignIn)


async def runs(session: AsyncSession, digest: str, forum_id: int, now: datetime) -> bool:
    """Whether the session belongs to an organiser of this forum's agency."""
    return await _RUNS.first(session, session=digest, now=now, forum=forum_id) is not None


async def sign_ins(session: AsyncSession, organiser_id: int, now: datetime) -> list[SignIn]:
    """Where this organiser is signed in, the latest first."""
    wanted = select(SignIn).where(SignIn.organiser_id == organiser_id, SignIn.until > now)
    return list(await session.scalars(wanted.order_by(SignIn.at.desc(), SignIn.id.desc())))


async def sign_out(session: AsyncSession, organiser_id: int, sign_in_id: int | None = None) -> None:
    """End one of this organiser's sign-ins, or all of them."""
    wanted = delete(SignIn).where(SignIn.organiser_id == organiser_id)
    await session.execute(wanted if sign_in_id is None else wanted.where(SignIn.id == sign_in_id))


async def count(session: AsyncSession) -> int:
    """How many organisers there are."""
    return int(await session.scalar(select(func.count()).select_from(Organiser)) or 0)


async def everybody(session: AsyncSession) -> list[Organiser]:
    """All organisers by name."""
    return list(await session.scalars(select(Organiser).order_by(Organiser.name)))
