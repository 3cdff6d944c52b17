"""Putting a copy in the database's place, so that everybody goes on where the copy was made.

Every forum gets a new epoch: phones then replace what they show, and send again what the copy had not seen. Whatever
is on an erase list (beside the copy, beside the other copies, in the database that is replaced) is erased again.
What was there before is kept beside it, never overwritten.
"""

import asyncio
import contextlib
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

import asyncpg
from sqlalchemy import select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from live.actions import erasing
from live.rules.words import Role
from live.store import backup, pg_tools
from live.store.backup import NoCopy
from live.store.bell import SERVING
from live.store.change import Change
from live.store.database import Database, connect, utc_now
from live.store.migrating import migrate
from live.store.models import Erasure, Forum, Question

Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: forums, questions erased again, and where the state before lies (None: there was none)."""

    forums: int
    erased: int
    before: Path | None


async def restore(url: str, copy: Path, folders: Iterable[Path], step: Step) -> Restored:
    """Replace the database by ``copy``; raises :class:`NoCopy`, and then nothing was changed.

    ``folders`` hold further erase lists. The caller makes sure that no server uses an SQLite file; on PostgreSQL
    this is found out here.
    """
    place = make_url(url)
    path = Path(place.database or "")
    listed = set().union(*(backup.erasures(folder) for folder in {copy.parent, *folders}))
    step("checking")
    if place.get_backend_name() == "sqlite":
        await asyncio.to_thread(backup.check_sqlite, copy)
        listed |= await _listed_here(url) if await asyncio.to_thread(path.exists) else set()
        step("copying")
        before = await asyncio.to_thread(_replace_file, copy, path)
        return await _begin_again(url, listed, copy, before, step)
    async with _alone(place) as connection:
        listed |= await _listed_here(url)
        step("copying")
        before = await _replace_tables(connection, place, copy)
        return await _begin_again(url, listed, copy, before, step)


async def _begin_again(url: str, listed: set[str], copy: Path, before: Path | None, step: Step) -> Restored:
    database = connect(url)
    try:
        step("bringing up to date")
        await migrate(database)
        async with database.writing() as session:
            known = set(await session.scalars(select(Erasure.digest)))
            session.add_all(Erasure(digest=digest, at=database.clock()) for digest in sorted(listed - known))
        async with database.reading() as session:
            codes = list(await session.scalars(select(Forum.code).order_by(Forum.id)))
        step("erasing again, new epochs")
        erased = sum([await _new_epoch(database, code, listed | known, copy.name) for code in codes])
    finally:
        await database.close()
    return Restored(len(codes), erased, before)


async def _new_epoch(database: Database, code: str, listed: set[str], name: str) -> int:
    """Erase what is listed and change the epoch; returns how many questions were erased."""
    async with database.change(code) as change:
        change.forum.epoch = secrets.token_hex(8)
        change.append("RESTORED", role=Role.ORGANISER, actor="", detail={"copy": name})
        erased = await _erase_again(change, listed) if listed else 0
    return erased


async def _erase_again(change: Change, listed: set[str]) -> int:
    wanted = select(Question).where(Question.forum_id == change.forum.id).order_by(Question.number)
    found = [q for q in await change.session.scalars(wanted) if erasing.digest(q.receipt) in listed]
    left = [question for question in found if not erasing.is_erased(question)]
    for question in left:
        await erasing.wipe(change, question, role=Role.ORGANISER, actor="")
    return len(left)


async def _listed_here(url: str) -> set[str]:
    """The erase list of the database that is about to be replaced, as far as it can still be read."""
    database = connect(url)
    try:
        async with database.reading() as session:
            return set(await session.scalars(select(Erasure.digest)))
    except (SQLAlchemyError, OSError):
        return set()
    finally:
        await database.close()


def _replace_file(copy: Path, path: Path) -> Path | None:
    """The copy under the database's name; what was there keeps all its parts under another name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.restoring")
    shutil.copyfile(copy, partial)
    partial.chmod(0o600)
    with partial.open("rb+") as file:
        os.fsync(file.fileno())
    before = path.with_name(f"{path.name}.before-{utc_now().astimezone(UTC):%Y%m%dT%H%M%SZ}")
    was_there = path.exists()
    for part in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            os.replace(f"{path}{part}", f"{before}{part}")
    os.replace(partial, path)
    return before if was_there else None


@contextlib.asynccontextmanager
async def _alone(place: URL) -> AsyncIterator[asyncpg.Connection]:
    """A connection while no server uses this database; every server holds the lock as long as it listens."""
    try:
        connection = await asyncpg.connect(place.set(drivername="postgresql").render_as_string(hide_password=False))
    except (OSError, asyncpg.PostgresError) as error:
        raise NoCopy(f"the database does not answer: {error}") from None
    try:
        if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", SERVING):
            raise NoCopy("a server uses this database; stop every server first")
        yield connection
    finally:
        await connection.close()


async def _replace_tables(connection: asyncpg.Connection, place: URL, copy: Path) -> Path | None:
    """The copy's tables instead of those that are there, which are written beside the copy first."""
    before = copy.with_name(f"before-{utc_now().astimezone(UTC):%Y%m%dT%H%M%SZ}.dump")
    try:
        await pg_tools.check(copy)
        await pg_tools.dump(place, before)
        await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        try:
            await pg_tools.load(place, copy)
        except pg_tools.ToolFailed:
            await pg_tools.load(place, before)
            raise
    except pg_tools.ToolFailed as error:
        raise NoCopy(str(error)) from None
    return before
