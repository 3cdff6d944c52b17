"""Retention: when a forum has been over for long enough, what leads to persons goes; the record itself stays.

Gone: contacts, addresses of owners, names, seats, paper numbers, originals, as whom people attended, calls, keys (they
hold digests of words) and what undo remembers. The public words, notes, answers and follow-ups are the office's archive
and stay; the pseudonyms that stay with supports and questions lead to nobody once the browsers have dropped their
cookies.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

import structlog
from sqlalchemy import CursorResult, Executable, delete, or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from live.rules.words import Role
from live.store import crowd
from live.store.beside import beside
from live.store.change import Change
from live.store.database import Database
from live.store.models import Attendee, Call, Contact, Forum, Key, OwnerAddress, Question, Undo

DAY_SECONDS = 86_400.0
log = structlog.get_logger()


async def purge(database: Database, days: int) -> list[str]:
    """Purge every forum that ended so many days ago; returns the codes of those that still held something."""
    before = database.clock() - timedelta(days=days)
    async with database.reading() as session:
        codes = list(await session.scalars(select(Forum.code).where(Forum.ends < before).order_by(Forum.id)))
    return [code for code in codes if await _purge(database, code)]


@contextlib.asynccontextmanager
async def daily(database: Database) -> AsyncIterator[None]:
    """While the block runs, contacts whose time is over are destroyed: at its beginning and once a day."""
    async with beside(_every_day(database), "purge"):
        yield


async def _every_day(database: Database) -> None:
    while True:
        try:
            async with database.writing() as session:
                await crowd.purge(session, database.clock())
        except (SQLAlchemyError, OSError) as error:
            log.warning("contacts could not be purged", error=type(error).__name__)
        await asyncio.sleep(DAY_SECONDS)


async def _purge(database: Database, code: str) -> bool:
    async with database.change(code) as change:
        gone = await _persons(change)
        if gone:
            change.append("PURGED", role=Role.ORGANISER, actor="")
    return gone > 0


async def _persons(change: Change) -> int:
    """How many rows were deleted or lost what leads to a person."""
    personal = (Question.name, Question.seat, Question.paper, Question.original)
    named = update(Question).where(
        Question.forum_id == change.forum.id, or_(*(column.is_not(None) for column in personal))
    )
    statements: list[Executable] = [
        named.values(name=None, seat=None, paper=None, original=None).execution_options(synchronize_session=False)
    ]
    tables = (Contact, Attendee, Call, Key, Undo, OwnerAddress)
    statements += [delete(table).where(table.forum_id == change.forum.id) for table in tables]
    gone = 0
    for statement in statements:
        done = await change.session.execute(statement)
        gone += done.rowcount if isinstance(done, CursorResult) else 0
    return gone
