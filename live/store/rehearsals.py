"""Forums to rehearse with: which of them are due, and how one goes with everything in it."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from live.rules.words import Phase
from live.store.models import Forum, RetiredCode


def of(code: str) -> ColumnElement[bool]:
    """The rehearsals of the forum with this code."""
    return Forum.rehearsal_of == code


def itself(code: str) -> ColumnElement[bool]:
    """The rehearsal with this code."""
    return Forum.code == code


def due(now: datetime) -> ColumnElement[bool]:
    """Those whose time is over, whose forum has begun, or whose forum is gone."""
    real = aliased(Forum)
    still_to_come = select(real.code).where(real.phase == Phase.DRAFT)
    return or_(Forum.erase_at <= now, Forum.rehearsal_of.not_in(still_to_come))


async def codes(session: AsyncSession, which: ColumnElement[bool]) -> list[str]:
    """The codes of these rehearsals; a real forum is never among them."""
    wanted = select(Forum.code).where(Forum.rehearsal_of.is_not(None), which)
    return list(await session.scalars(wanted.order_by(Forum.id)))


async def erase(session: AsyncSession, which: ColumnElement[bool], now: datetime) -> list[str]:
    """Delete these rehearsals with everything that belongs to them; their codes are never given out again."""
    gone = await codes(session, which)
    await session.execute(delete(Forum).where(Forum.code.in_(gone)))
    session.add_all(RetiredCode(code=code, at=now) for code in gone)
    return gone


async def was_one(session: AsyncSession, code: str) -> bool:
    """Whether a rehearsal had this code that is erased by now."""
    return code.isascii() and code.isdigit() and await session.get(RetiredCode, code) is not None
