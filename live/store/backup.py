"""Copies of the database, made while it is being written, and what has to travel with them.

A copy is one file, complete or not there at all: it is written under another name, checked, brought to the disk and
then renamed. On SQLite it is made by ``VACUUM INTO`` (one moment of the database, without what was deleted); on
PostgreSQL by ``pg_dump``. The database file itself is never copied: without its write-ahead log it is not a database.

Beside the copies lies the erase list, always the longest one known: an older copy does not know of later erasures.
"""

import asyncio
import contextlib
import os
import re
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from filelock import FileLock, Timeout
from sqlalchemy import select
from sqlalchemy.engine import URL, make_url

from live.store import pg_tools
from live.store.beside import beside
from live.store.database import Database
from live.store.models import Erasure

KEPT = 10
LONGEST = timedelta(days=30)
"""No copy is kept longer: what a person had erased is then gone from every copy."""
ERASED = "erased.txt"
_NAME = re.compile(r"jaring-(\d{8}T\d{6})Z\.(?:db|dump)")
_FORM = "%Y%m%dT%H%M%S"
Moved = Callable[[int], None]
"""Hears how large a copy under way has become, in bytes."""
log = structlog.get_logger()


class NoCopy(Exception):
    """No copy could be made or used; the text is one line that says why."""


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy and the moment it was made."""

    path: Path
    made: datetime


@dataclass(slots=True)
class Copies:
    """The copies of one database in one folder."""

    database: Database
    url: URL
    folder: Path
    failed: int = 0

    @classmethod
    def of(cls, database: Database, url: str, folder: Path) -> "Copies":
        """The copies that belong to this database."""
        return cls(database, make_url(url), folder)

    def all(self) -> list[Copy]:
        """Every copy, the newest first."""
        found = (_copy(path) for path in self.folder.glob("jaring-*"))
        return sorted((copy for copy in found if copy), key=lambda copy: copy.made, reverse=True)

    def age(self) -> float | None:
        """Seconds since the newest copy was made; None without one."""
        newest = next(iter(self.all()), None)
        return None if newest is None else max(0.0, (self.database.clock() - newest.made).total_seconds())

    async def make(self, target: Path | None = None, moved: Moved = lambda size: None) -> Path:
        """Make a copy now (default: the next one of this folder) and return its path; raises :class:`NoCopy`."""
        suffix = "db" if self.database.is_sqlite else "dump"
        path = target or self.folder / f"jaring-{self.database.clock().astimezone(UTC):{_FORM}}Z.{suffix}"
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            await write_copy(self.url, path, moved)
            await self.note_erasures(path.parent)
        except OSError as error:
            raise NoCopy(f"{path}: {error.strerror or error}") from None
        return path

    async def keep_up(self, seconds: float) -> None:
        """Make a copy every so many seconds, for as long as the task lives; a failed one is logged, and tried again."""
        await asyncio.sleep(min(5.0, seconds))
        while True:
            await self.make_if_old(seconds)
            await asyncio.sleep(seconds)

    async def make_if_old(self, seconds: float) -> None:
        """Make the next copy if the newest is about so many seconds old, and no other process is making one."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with FileLock(self.folder / ".lock", timeout=0):
                age = self.age()
                if age is None or age > seconds * 0.8:
                    await self.make()
                    self.drop_old()
        except Timeout:  # another process is at it; this is no failure, though it is an OSError as well
            return
        except (NoCopy, OSError) as error:
            self.failed += 1
            log.error("backup failed", error=str(error))

    def drop_old(self) -> None:
        """Keep the last ten, and none past 30 days except the newest."""
        oldest = self.database.clock() - LONGEST
        for place, copy in enumerate(self.all()):
            if place >= KEPT or (place and copy.made < oldest):
                copy.path.unlink(missing_ok=True)

    async def note_erasures(self, folder: Path | None = None) -> None:
        """Bring the erase list in ``folder`` (default: that of the copies) up to date."""
        async with self.database.reading() as session:
            listed = set(await session.scalars(select(Erasure.digest)))
        note_erasures(folder or self.folder, listed)


@contextlib.asynccontextmanager
async def keeping(copies: Copies | None, seconds: float) -> AsyncIterator[None]:
    """Copies are made while the block runs (not at all without a place for them)."""
    if copies is None:
        yield
        return
    async with beside(copies.keep_up(seconds), "backup"):
        yield


def _copy(path: Path) -> Copy | None:
    named = _NAME.fullmatch(path.name)
    return Copy(path, datetime.strptime(named[1], _FORM).replace(tzinfo=UTC)) if named else None


def erasures(folder: Path) -> set[str]:
    """The erase list that lies in this folder."""
    try:
        return set((folder / ERASED).read_text("ascii").split())
    except OSError:
        return set()


def note_erasures(folder: Path, digests: Iterable[str]) -> None:
    """Add these to the erase list in this folder; nothing is ever taken off it."""
    known = erasures(folder)
    if more := set(digests) - known:
        partial = folder / f"{ERASED}.part"
        partial.write_text("".join(f"{digest}\n" for digest in sorted(known | more)), "ascii")
        os.replace(partial, folder / ERASED)


async def write_copy(url: URL, path: Path, moved: Moved = lambda size: None) -> None:
    """Copy the database at ``url`` into the file ``path``, whole or not at all."""
    partial = path.with_name(f".{path.name}.part")
    partial.unlink(missing_ok=True)
    watching = asyncio.create_task(_watch(partial, moved))
    try:
        if url.get_backend_name() == "sqlite":
            await asyncio.to_thread(_copy_sqlite, Path(url.database or ""), partial)
        else:
            await pg_tools.dump(url, partial)
        await asyncio.to_thread(_to_disk, partial)
        os.replace(partial, path)
    except pg_tools.ToolFailed as error:
        raise NoCopy(str(error)) from None
    finally:
        watching.cancel()
        partial.unlink(missing_ok=True)


def _copy_sqlite(source: Path, target: Path) -> None:
    sqlite3 = sys.modules["sqlite3"]
    try:
        with contextlib.closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=10)) as connection:
            connection.execute("VACUUM INTO ?", (str(target),))
        check_sqlite(target)
    except sqlite3.Error as error:
        raise NoCopy(f"{source}: {error}") from None


def check_sqlite(path: Path) -> None:
    """Refuse what is not a whole database of ours."""
    sqlite3 = sys.modules["sqlite3"]
    try:
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as connection:
            said = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise NoCopy(f"{path}: not a copy of Jaring ({error})") from None
    if said != "ok":
        raise NoCopy(f"{path}: damaged ({said})")


def _to_disk(path: Path) -> None:
    path.chmod(0o600)
    with path.open("rb+") as file:
        os.fsync(file.fileno())


async def _watch(path: Path, moved: Moved) -> None:
    while True:
        await asyncio.sleep(0.1)
        moved(_size(path))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
