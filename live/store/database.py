"""The database, and the only way to write to it.

``change(code)`` opens one transaction that holds the forum's row: BEGIN IMMEDIATE on SQLite, SELECT … FOR UPDATE on
PostgreSQL. Inside it an act reads, asks the rules, writes named fields and appends to the journal; leaving the block
commits and then rings the bell. A refusal (or any error) rolls everything back, the journal's number included.
No network, no rendering and no sleeping happens inside.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from sqlalchemy import Engine, bindparam, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from live.store import sqlite
from live.store.bell import CHANNEL, Bell, follow_postgres
from live.store.change import Change
from live.store.models import Forum
from live.store.rows import Rows
from live.store.straight import Done, Straight, Work

Clock = Callable[[], datetime]
QUIET: dict[str, Any] = {"hide_parameters": True}
"""An error of the database names the statement, never the words or secrets in it: errors are logged."""

# Made once: putting a statement together costs as much as running it.
_LOCKED = Rows(Forum, Forum.__table__.c.code == bindparam("code"), locks=True)


def utc_now() -> datetime:
    """The wall clock; the one place that reads it."""
    return datetime.now(UTC)


class UnknownForum(LookupError):
    """No forum has this code."""


class Database:
    """One database, its engines and its bell. Build with :func:`connect`, end with :meth:`close`."""

    def __init__(
        self,
        writing: AsyncEngine,
        reading: AsyncEngine,
        dsn: str | None,
        clock: Clock,
        straight: tuple[Straight, Straight] | None = None,
    ) -> None:
        self.clock = clock
        self.bell = Bell()
        self._writing, self._reading, self._dsn = writing, reading, dsn
        self._readers: Straight | None
        self._writer: Straight | None
        self._readers, self._writer = straight or (None, None)
        self._turn = asyncio.Lock()
        self._turns = WeakValueDictionary[str, asyncio.Lock]()
        self._follower: asyncio.Task[None] | None = None

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database (one server process only)."""
        return self._dsn is None

    @property
    def sync_engine(self) -> Engine:
        """The writing engine's synchronous face, for migrations."""
        return self._writing.sync_engine

    @property
    def engine(self) -> AsyncEngine:
        """The writing engine."""
        return self._writing

    async def start(self) -> None:
        """Begin to hear other processes (PostgreSQL only)."""
        if self._dsn is not None:
            self._follower = asyncio.create_task(follow_postgres(self.bell, self._dsn), name="bell")

    async def close(self) -> None:
        """Stop listening and give every connection back."""
        if self._follower is not None:
            self._follower.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._follower
        await self._writing.dispose()
        await self._reading.dispose()
        for straight in (self._readers, self._writer):
            if straight is not None:
                straight.close()

    async def forget_deleted(self) -> None:
        """Have what was deleted or replaced gone from the files as well, not only from the tables."""
        if self.is_sqlite:
            async with self._writing.connect() as connection:
                raw = (await connection.get_raw_connection()).driver_connection
                await raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
            return
        async with self._writing.connect() as connection:
            free = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await free.execute(text("VACUUM question"))

    @contextlib.asynccontextmanager
    async def writing(self, code: str | None = None) -> AsyncIterator[AsyncSession]:
        """One writing transaction: of the forum with this code, or of none (links, sessions, installation)."""
        async with (
            self._in_turn(code),
            AsyncSession(self._writing, expire_on_commit=False, autoflush=False) as session,
            session.begin(),
        ):
            yield session

    def _in_turn(self, code: str | None) -> contextlib.AbstractAsyncContextManager[object]:
        """Who would only wait in the database waits here, in order.

        SQLite has one writer. On PostgreSQL a forum has one: a process that sent more would fill its pool with them,
        and if it stood still, each would hold the forum in turn before others get it.
        """
        if self.is_sqlite:
            return self._turn
        return contextlib.nullcontext() if code is None else self._turns.setdefault(code, asyncio.Lock())

    async def read(self, work: Work[Done]) -> Done:
        """Do ``work`` on one snapshot. It may await nothing but its session: see :mod:`live.store.straight`."""
        if self._readers is not None:
            return await self._readers.do(work)
        async with self.reading() as session:
            return await work(session)

    async def _write(self, code: str, work: Work[Done]) -> Done:
        if self._writer is not None:
            async with self._in_turn(code):
                return await self._writer.do(work)
        async with self.writing(code) as session:
            return await work(session)

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """One snapshot: everything read inside is from the same moment."""
        async with AsyncSession(self._reading, expire_on_commit=False, autoflush=False) as session, session.begin():
            yield session

    @contextlib.asynccontextmanager
    async def change(self, code: str) -> AsyncIterator[Change]:
        """Lock the forum with this code and change it; raises :class:`UnknownForum`."""
        async with self.writing(code) as session:
            change = await self._begun(session, code)
            yield change
            await self._announced(change)
        self._ring(change)

    async def change_at_once(self, code: str, work: Callable[[Change], Awaitable[Done]]) -> Done:
        """The same for work that awaits nothing but its session: in one piece, see :mod:`live.store.straight`.

        Whoever stops waiting does not stop the change: what is committed is announced.
        """
        return await asyncio.shield(asyncio.create_task(self._changed(code, work)))

    async def _changed(self, code: str, work: Callable[[Change], Awaitable[Done]]) -> Done:
        async def whole(session: AsyncSession) -> tuple[Change, Done]:
            change = await self._begun(session, code)
            done = await work(change)
            await self._announced(change)
            return change, done

        change, done = await self._write(code, whole)
        self._ring(change)
        return done

    def _ring(self, change: Change) -> None:
        for each in (change, *change.also):
            if each.is_news:
                self.bell.ring(each.forum.id, (each.forum.epoch, each.forum.seq))

    async def _begun(self, session: AsyncSession, code: str) -> Change:
        forum = await _LOCKED.first(session, code=code)
        if forum is None:
            raise UnknownForum(code)
        return Change(session, forum, self.clock())

    async def _announced(self, change: Change) -> None:
        """Write what is left, and have the commit tell other processes."""
        for each in (change, *change.also):
            await each.write()
            if each.is_news and not self.is_sqlite:
                notify = text("SELECT pg_notify(:channel, :forum)")
                await change.session.execute(notify, {"channel": CHANNEL, "forum": str(each.forum.id)})


def connect(url: str, clock: Clock = utc_now) -> Database:
    """Open ``sqlite:///PATH`` or ``postgresql://…`` (also ``?host=/socket/dir``); creates nothing but the folder."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _connect_sqlite(parsed, clock)
    return _connect_postgres(parsed, clock)


def _connect_sqlite(url: URL, clock: Clock) -> Database:
    path = Path(url.database or "")
    path.parent.mkdir(parents=True, exist_ok=True)
    address = url.set(drivername="sqlite+aiosqlite")
    # One writing connection: SQLite has one writer anyway, and waiting for a place in the pool is fair.
    writing = create_async_engine(address, pool_size=1, max_overflow=0, pool_timeout=30, **QUIET)
    reading = create_async_engine(address, pool_size=4, max_overflow=4, **QUIET)
    sqlite.prepare(writing.sync_engine, "BEGIN IMMEDIATE")
    sqlite.prepare(reading.sync_engine, "BEGIN")
    return Database(writing, reading, None, clock, (_straight(url, 2, "BEGIN"), _straight(url, 1, "BEGIN IMMEDIATE")))


def _straight(url: URL, threads: int, begin: str) -> Straight:
    engine = create_engine(url.set(drivername="sqlite"), pool_size=threads, max_overflow=0, **QUIET)
    sqlite.prepare(engine)
    return Straight(engine, threads, "jaring-" + begin.lower().replace(" ", "-"), begin)


def _connect_postgres(url: URL, clock: Clock) -> Database:
    address = url.set(drivername="postgresql+asyncpg")
    # A process that stands still in the middle of a change holds its forum: after five seconds the others go on.
    writing = create_async_engine(address, **_pool(idle_in_transaction_session_timeout="5000"))
    reading = create_async_engine(address, isolation_level="REPEATABLE READ", **_pool())
    dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return Database(writing, reading, dsn, clock)


def _pool(**settings: str) -> dict[str, Any]:
    settings = {
        "lock_timeout": "10000",
        "idle_in_transaction_session_timeout": "30000",
        "synchronous_commit": "on",
        "application_name": "jaring",
        **settings,
    }
    connecting = {"server_settings": settings}
    return {"pool_size": 5, "max_overflow": 5, "connect_args": connecting, "pool_pre_ping": True, **QUIET}
