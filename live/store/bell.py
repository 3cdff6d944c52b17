"""The bell: says "forum X has news, look again", never what the news is.

Within a process it is a set of callbacks. On PostgreSQL the same word also travels as a NOTIFY inside the writing
transaction, so other processes hear it; whatever is lost (a killed listener, a frozen process) is covered by the feed's
poll, so the bell only has to be quick, not reliable.
"""

import asyncio
import contextlib
import random
from collections.abc import Callable

import asyncpg
import structlog

CHANNEL = "jaring"
PING_SECONDS = 15.0
STEADY_SECONDS = 5.0
"""A connection that held this long is listened to again at once; others are tried less and less often."""
SERVING = 0x6A6172696E68
"""The number of the lock that every server on PostgreSQL shares; who wants to be alone asks for all of it."""
log = structlog.get_logger()

Head = tuple[str, int]
"""Epoch and number of the last entry of a journal."""
Listener = Callable[[int, Head | None], None]


class Bell:
    """Rings for forum ids; ring with 0 to say "look at every forum". Who rings after a commit of this process knows
    how far the journal then reached, and says so."""

    def __init__(self) -> None:
        self._listeners: set[Listener] = set()

    def listen(self, listener: Listener) -> None:
        """Call ``listener(forum_id, head)`` at every ring; ``head`` is None when the ringer does not know it."""
        self._listeners.add(listener)

    def silence(self, listener: Listener) -> None:
        """Stop calling ``listener``."""
        self._listeners.discard(listener)

    def ring(self, forum_id: int, head: Head | None = None) -> None:
        """Tell everybody in this process."""
        for listener in tuple(self._listeners):
            listener(forum_id, head)


async def follow_postgres(bell: Bell, dsn: str) -> None:
    """Ring ``bell`` for every NOTIFY of other processes, for ever; comes back by itself after a lost connection."""
    tries = 0
    while True:
        began = asyncio.get_running_loop().time()
        try:
            await _listen_once(bell, dsn)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            log.warning("bell lost its connection", error=type(error).__name__)
        was_steady = asyncio.get_running_loop().time() - began > STEADY_SECONDS
        tries = 1 if was_steady else min(tries + 1, 6)
        await asyncio.sleep(0.1 * 2**tries * (0.5 + random.random()))  # noqa: S311 - jitter, not a secret


async def _listen_once(bell: Bell, dsn: str) -> None:
    connection = await asyncpg.connect(dsn, timeout=5, server_settings={"application_name": "jaring-bell"})
    lost = asyncio.Event()

    def heard(*told: object) -> None:
        payload = str(told[-1])
        if payload.isdigit():
            bell.ring(int(payload))

    connection.add_termination_listener(lambda *_: lost.set())
    try:
        await connection.execute("SELECT pg_advisory_lock_shared($1)", SERVING)
        await connection.add_listener(CHANNEL, heard)
        bell.ring(0)  # whatever was said while nobody listened
        while not lost.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PING_SECONDS):
                    await lost.wait()
            if not lost.is_set():  # asyncpg does not notice a half-open connection by itself
                async with asyncio.timeout(5):
                    await connection.execute("SELECT 1")
    finally:
        connection.terminate()
