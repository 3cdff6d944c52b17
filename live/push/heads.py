"""Where each forum's journal ends, known without asking as long as nobody said it moved.

Every commit of this process rings the bell and says how far the journal then reached; every NOTIFY of another process
rings it as well, and the head is read again. What is known since the last ring is still true. A ring that was lost (a
killed listener, another program beside SQLite) is covered by age: after :data:`TRUSTED_SECONDS` the database is asked
again. One question at a time per forum, however many wait for it.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass

from live.store import snapshot
from live.store.bell import Head
from live.store.database import Database

TRUSTED_SECONDS = 1.0


class ForumGone(LookupError):
    """The forum was erased while somebody looked at it."""


@dataclass(slots=True)
class _Known:
    head: Head
    rings: int
    at: float


class Heads:
    """The heads of all forums that somebody looks at."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[int, _Known] = {}
        self._rings: Counter[int] = Counter()
        self._reading: dict[int, tuple[int, asyncio.Task[Head]]] = {}
        database.bell.listen(self._rang)

    def close(self) -> None:
        """Stop hearing the bell."""
        self._database.bell.silence(self._rang)

    async def head(self, forum_id: int, *, asks: bool = False) -> Head:
        """Where the journal ends: read after this call if it rang or ``asks``, else what is known."""
        known, rings = self._known.get(forum_id), self._rings_of(forum_id)
        if known is not None and not asks and known.rings == rings:
            if asyncio.get_running_loop().time() - known.at < TRUSTED_SECONDS:
                return known.head
        begun = self._reading.get(forum_id)
        # A reading that began before the last ring may have missed what it rang for.
        if begun is None or begun[0] != rings or begun[1].done():
            begun = (rings, asyncio.create_task(self._read(forum_id, rings)))
            self._reading[forum_id] = begun
        return await asyncio.shield(begun[1])

    async def _read(self, forum_id: int, rings: int) -> Head:
        at = asyncio.get_running_loop().time()
        head = await self._database.read(lambda session: snapshot.head(session, forum_id))
        if head is None:
            self._known.pop(forum_id, None)
            raise ForumGone(forum_id)
        known = self._known.get(forum_id)
        if known is None or known.rings <= rings:
            self._known[forum_id] = _Known(head, rings, at)
        return head

    def _rang(self, forum_id: int, head: Head | None) -> None:
        self._rings[forum_id] += 1
        known = self._known.get(forum_id)
        if head is None or known is None or known.head[0] != head[0] or known.rings + 1 != self._rings_of(forum_id):
            return
        # What was known was true up to this ring, and the ring says what it rang for: nothing is left to ask.
        self._known[forum_id] = _Known(max(known.head, head), known.rings + 1, asyncio.get_running_loop().time())

    def _rings_of(self, forum_id: int) -> int:
        return self._rings[forum_id] + self._rings[0]
