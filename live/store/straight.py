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

Done = TypeVar("Done")
Work = Callable[[AsyncSession], Awaitable[Done]]

AT_ONCE = frozenset({"add", "add_all", "expunge", "get_bind", "is_modified"})
"""What an :class:`AsyncSession` does without being awaited."""


class StraightSession:
    """One transaction of a connection: the part of :class:`AsyncSession` that reading and set-based writing use.

    The synchronous session behind it is made when it is first needed; what :mod:`live.store.prepared` has put together
    needs none, and then SQLAlchemy's connection is not told of the transaction either.
    """

    def __init__(self, connection: Connection, begin: str) -> None:
        self.dialect = connection.dialect
        self._connection = connection
        self._driver = cast(Any, connection.connection.driver_connection)
        self._session: Session | None = None
        self.run(begin)

    def run(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """The driver's cursor; raises what the engine would raise, without the values."""
        try:
            return self._driver.execute(sql, values)
        except self.dialect.loaded_dbapi.Error as failed:
            error, dialect = self.dialect.loaded_dbapi.Error, self.dialect
            raise DBAPIError.instance(sql, None, failed, error, hide_parameters=True, dialect=dialect) from failed

    @property
    def sync_session(self) -> Session:
        """The session, in this transaction."""
        if self._session is None:
            self._connection.begin()  # says nothing to the database: see `sqlite.prepare`
            self._session = Session(self._connection, expire_on_commit=False, autoflush=False)
        return self._session

    def commit(self) -> None:
        """Write what the session still holds, and make all of it last."""
        if self._session is not None:
            self._session.flush()
            self._session.close()
        self.run("COMMIT")
        self._connection.commit()

    def roll_back(self) -> None:
        """Let go of everything."""
        if self._session is not None:
            self._session.close()
        self._connection.rollback()
        self._driver.rollback()

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
            session.roll_back()
            raise
        return done

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
