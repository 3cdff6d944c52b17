"""Reading and writing SQLite in one piece: a whole coroutine runs in a thread that owns a synchronous session.

aiosqlite hands every statement to a thread and waits for it, and SQLAlchemy's asyncio layer switches greenlets around
that: about 0.2 ms a statement, five statements for the smallest transaction. Work that only talks to its session never
really waits, so here it is stepped through in one go, statements and all, by a thread that is handed the work once.
On PostgreSQL the same coroutines are simply awaited.
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

Done = TypeVar("Done")
Work = Callable[[AsyncSession], Awaitable[Done]]

AT_ONCE = frozenset({"add", "add_all", "expunge", "get_bind", "is_modified"})
"""What an :class:`AsyncSession` does without being awaited."""


class StraightSession:
    """The part of :class:`AsyncSession` that reading and set-based writing use, over a synchronous session.

    The session is made when it is first needed; what :mod:`live.store.prepared` has put together needs none.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._session: Session | None = None
        self.dialect = connection.dialect
        self.driver = cast(Any, connection.connection.driver_connection)

    @property
    def sync_session(self) -> Session:
        """The session, in the transaction of the connection."""
        if self._session is None:
            self._session = Session(self._connection, expire_on_commit=False, autoflush=False)
        return self._session

    def end(self) -> None:
        """Write what the session still holds; the caller commits."""
        if self._session is not None:
            self._session.flush()

    def close(self) -> None:
        """Let go of everything."""
        if self._session is not None:
            self._session.close()

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.sync_session, name)
        if name in AT_ONCE or not callable(method):
            return method

        async def called(*arguments: Any, **named: Any) -> Any:
            return method(*arguments, **named)

        return called


class Straight:
    """Threads that do such work on one engine, one piece of work at a time each."""

    def __init__(self, engine: Engine, threads: int, name: str) -> None:
        self._engine = engine
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)

    async def do(self, work: Work[Done]) -> Done:
        """Do the work in one transaction, committed when it returns and rolled back when it raises."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._do, work)

    def close(self) -> None:
        """Give the threads and connections back."""
        self._threads.shutdown()
        self._engine.dispose()

    def _do(self, work: Work[Done]) -> Done:
        with self._engine.connect() as connection, connection.begin():
            session = StraightSession(connection)
            try:
                done = _finish(work(cast(AsyncSession, session)))
                session.end()
                return done
            finally:
                session.close()


def _finish(work: Awaitable[Done]) -> Done:
    """Step through a coroutine that never waits."""
    stepping = work.__await__()
    try:
        next(stepping)
    except StopIteration as ended:
        return cast(Done, ended.value)
    raise RuntimeError("this work waits for something that is not its session")
