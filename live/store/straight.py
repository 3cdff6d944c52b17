"""Reading and writing SQLite in one piece: a whole coroutine runs in a thread that owns a synchronous session.

aiosqlite hands every statement to a thread and waits for it, and SQLAlchemy's asyncio layer switches greenlets around
that: about 0.2 ms a statement, five statements for the smallest transaction. Work that only talks to its session never
really waits, so here it is stepped through in one go, statements and all, by a thread that is handed the work once.
On PostgreSQL the same coroutines are simply awaited.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from live.store.rows import Holder, Row, key_of, made

Done = TypeVar("Done")
Work = Callable[[AsyncSession], Awaitable[Done]]

AT_ONCE = frozenset({"add", "add_all", "expunge", "get_bind", "is_modified"})
"""What an :class:`AsyncSession` does without being awaited."""


class StraightSession(Holder):
    """One transaction of a connection: the part of :class:`AsyncSession` that reading and set-based writing use.

    The synchronous session behind it is made when it is first needed. What :mod:`live.store.prepared` and
    :mod:`live.store.rows` do needs none, and then SQLAlchemy's connection is not told of the transaction either.
    """

    def __init__(self, connection: Connection, begin: str) -> None:
        super().__init__()
        self.dialect = connection.dialect
        self._connection = connection
        self._driver = cast(Any, connection.connection.driver_connection)
        self._session: Session | None = None
        self.run(begin)

    def run(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """See :class:`Driven`."""
        error = self.dialect.loaded_dbapi.Error
        try:
            return self._driver.execute(sql, values)
        except error as failed:
            dialect = self.dialect
            raise DBAPIError.instance(sql, None, failed, error, hide_parameters=True, dialect=dialect) from failed

    @property
    def sync_session(self) -> Session:
        """The session, in this transaction; what was held is its own from now on."""
        if self._session is None:
            self._connection.begin()  # says nothing to the database: see `sqlite.prepare`
            info = self.info
            self._session = Session(self._connection, expire_on_commit=False, autoflush=False, info=info)
            self._session.add_all(self.held.values())
        return self._session

    @property
    def info(self) -> dict[Any, Any]:
        """See :class:`AsyncSession`."""
        return self._info if self._session is None else self._session.info

    def hold(self, row_class: type[Row], values: dict[str, Any]) -> Row:
        """See :class:`Holder`."""
        if self._session is None:
            return super().hold(row_class, values)
        known = self._session.identity_map.get(identity_key(row_class, key_of(row_class, values)))
        if known is None:
            known = made(row_class, values)
            self._session.add(known)
        return known

    async def flush(self) -> None:
        """See :class:`AsyncSession`."""
        self._flush()

    def commit(self) -> None:
        """Write what is not written yet, and make all of it last."""
        self._flush()
        if self._session is not None:
            self._session.close()
        self.run("COMMIT")
        self._connection.commit()

    def roll_back(self) -> None:
        """Let go of everything."""
        if self._session is not None:
            self._session.close()
        self._connection.rollback()
        self._driver.rollback()

    def _flush(self) -> None:
        if self._session is None:
            self.write_held()
        else:
            self._session.flush()

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.sync_session, name)
        if name in AT_ONCE or not callable(method):
            return method

        async def called(*arguments: Any, **named: Any) -> Any:
            return method(*arguments, **named)

        return called


class Straight:
    """Threads that do such work, one piece of work at a time each, on a connection that each has for itself.

    ``engine`` gives connections that begin no transaction themselves; ``begin`` is how ours do.
    """

    def __init__(self, engine: Engine, threads: int, name: str, begin: str) -> None:
        self._engine, self._begin = engine, begin
        self._own = threading.local()
        self._connections: list[Connection] = []
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)

    async def do(self, work: Work[Done]) -> Done:
        """Do the work in one transaction, committed when it returns and rolled back when it raises."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._do, work)

    def close(self) -> None:
        """Give the threads and connections back."""
        self._threads.shutdown()
        for connection in self._connections:
            connection.close()
        self._engine.dispose()

    def _do(self, work: Work[Done]) -> Done:
        session = StraightSession(self._connection(), self._begin)
        try:
            done = _finish(work(cast(AsyncSession, session)))
            session.commit()
        except BaseException:
            self._end(session)
            raise
        return done

    def _end(self, session: StraightSession) -> None:
        """Roll back; a connection that cannot even do that is given up, and the next work gets another."""
        try:
            session.roll_back()
        except Exception:  # the caller is told what went wrong before
            self._own.connection.invalidate()
            del self._own.connection

    def _connection(self) -> Connection:
        connection: Connection | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._own.connection = self._engine.connect()
            self._connections.append(connection)
        return connection


def _finish(work: Awaitable[Done]) -> Done:
    """Step through a coroutine that never waits."""
    stepping = work.__await__()
    try:
        next(stepping)
    except StopIteration as ended:
        return cast(Done, ended.value)
    raise RuntimeError("this work waits for something that is not its session")
