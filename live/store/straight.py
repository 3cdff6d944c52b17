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

from sqlalchemy import Engine
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

Done = TypeVar("Done")
Work = Callable[[AsyncSession], Awaitable[Done]]

AT_ONCE = frozenset({"add", "add_all", "expunge", "get_bind", "is_modified"})
"""What an :class:`AsyncSession` does without being awaited."""


class StraightSession:
    """The part of :class:`AsyncSession` that reading and set-based writing use, over a synchronous session."""

    def __init__(self, session: Session) -> None:
        self.sync_session = session

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
        with Session(self._engine, expire_on_commit=False, autoflush=False) as session, session.begin():
            return _finish(work(cast(AsyncSession, StraightSession(session))))


def _finish(work: Awaitable[Done]) -> Done:
    """Step through a coroutine that never waits."""
    stepping = work.__await__()
    try:
        next(stepping)
    except StopIteration as ended:
        return cast(Done, ended.value)
    raise RuntimeError("this work waits for something that is not its session")
