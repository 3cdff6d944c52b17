"""Forums to rehearse with: a copy of a forum's plan, erased with everything in it before the real one begins."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

import structlog
from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import SQLAlchemyError

from live.actions import creating
from live.rules import rehearsals as rule
from live.rules.refusal import Refusal
from live.rules.words import Phase
from live.store import rehearsals
from live.store.beside import beside
from live.store.database import Database
from live.store.models import AgendaItem, Forum, Speaker

SWEEP_SECONDS = 15.0
COPIED = tuple(
    "agency place starts ends timezone language moderation integrity max_length answer_seconds round_minutes "
    "interpreter look papers written_days days predecessor rude polite".split()
)
TITLE_LENGTH = 300
Named = Callable[[str, str], str]
"""From a language and a title to the title of the rehearsal."""

log = structlog.get_logger()


async def create(database: Database, code: str, named: Named, public_url: str) -> dict[str, object]:
    """Make a rehearsal of the forum with this code; returns ``{"code", "title", "links", "erase_at"}``.

    It is an open forum with the plan of the real one, under the title that ``named`` makes, and with links of its own.
    Refuses to copy a rehearsal, and a forum that has begun.
    """
    async with database.writing() as session:
        real = await session.scalar(select(Forum).where(Forum.code == code))
        if real is None:
            raise Refusal("no_such_forum", "existence")
        if real.rehearsal_of is not None or real.phase != Phase.DRAFT:
            raise Refusal("only_before", "state", extra={"phase": real.phase})
        speakers = list(await session.scalars(_in_order(Speaker, real.id)))
        items = list(await session.scalars(_in_order(AgendaItem, real.id)))
        row = {name: getattr(real, name) for name in COPIED} | {"phase": Phase.OPEN}
        row |= {"title": named(real.language, real.title)[:TITLE_LENGTH]}
        row |= {"rehearsal_of": code, "erase_at": rule.erase_at(database.clock(), real.starts)}
        forum = await creating.forum_of(session, database.clock(), row, speakers, items)
        made = await creating.every_link(session, database.clock(), forum, len(speakers))
    addresses = creating.addresses(forum.code, made, public_url)
    return {"code": forum.code, "title": forum.title, "links": addresses, "erase_at": row["erase_at"].isoformat()}


async def erase(database: Database, code: str) -> None:
    """Erase the rehearsal with this code now; refuses when there is none."""
    if not await _erase(database, rehearsals.itself(code)):
        raise Refusal("no_such_forum", "existence")


@contextlib.asynccontextmanager
async def sweeping(database: Database) -> AsyncIterator[None]:
    """While the block runs, rehearsals that are due are erased: at its beginning, and then within seconds."""
    async with beside(_sweep(database), "rehearsals"):
        yield


async def sweep(database: Database) -> list[str]:
    """Erase what is due now; returns the codes."""
    due = rehearsals.due(database.clock())
    async with database.reading() as session:
        if not await rehearsals.codes(session, due):
            return []
    return await _erase(database, due)


async def _sweep(database: Database) -> None:
    while True:
        try:
            await sweep(database)
        except (SQLAlchemyError, OSError) as error:
            log.warning("rehearsals could not be erased", error=type(error).__name__)
        await asyncio.sleep(SWEEP_SECONDS)


async def _erase(database: Database, which: ColumnElement[bool]) -> list[str]:
    async with database.writing() as session:
        gone = await rehearsals.erase(session, which, database.clock())
    if gone:
        await database.forget_deleted()
    return gone


def _in_order(table: type[Speaker] | type[AgendaItem], forum_id: int):  # type: ignore[no-untyped-def]
    return select(table).where(table.forum_id == forum_id).order_by(table.position)
