"""The present state of each forum, read once however many ask, and what is made of it."""

import asyncio
from collections import OrderedDict
from typing import Protocol

from sqlalchemy.exc import NoResultFound
from sqlalchemy.ext.asyncio import AsyncSession

from live.push.heads import ForumGone, Heads
from live.rules import audience
from live.rules.audience import Viewer
from live.rules.facts import Facts
from live.rules.views import View
from live.store import renewing, snapshot
from live.store.bell import Head
from live.store.database import Database
from live.store.journal import Told

KEPT_FORUMS = 64

__all__ = ["ForumGone", "Present"]


class Reading(Protocol):
    """A way to read facts in a transaction."""

    async def __call__(self, session: AsyncSession, told: Told | None = None) -> Facts: ...


class Present:
    """Facts and states at the head of the journal, cached by cursor; one read at a time per forum (single flight)."""

    def __init__(self, database: Database) -> None:
        self.heads = Heads(database)
        self._database = database
        self._facts: OrderedDict[int, Facts] = OrderedDict()
        self._states: dict[int, dict[Viewer, tuple[Facts, View]]] = {}
        self._locks: dict[int, asyncio.Lock] = {}

    async def facts(self, forum_id: int) -> Facts:
        """The facts now, whoever wrote them: the head is asked for, all else only when it moved."""
        return await self._at(forum_id, await self.heads.head(forum_id, asks=True))

    async def recent(self, forum_id: int) -> Facts:
        """The facts as far as the bell tells: no question to the database while nothing rings. For pages and sockets,
        which carry their cursor and are told whatever comes after it."""
        return await self._at(forum_id, await self.heads.head(forum_id))

    async def since(self, forum_id: int, head: Head) -> Facts:
        """Facts that are at least as new as ``head``."""
        return await self._at(forum_id, head)

    async def _at(self, forum_id: int, head: Head) -> Facts:
        if known := self._known(forum_id, head):
            return known
        async with self._locks.setdefault(forum_id, asyncio.Lock()):
            if known := self._known(forum_id, head):
                return known
            try:
                read = await self._database.read(self.reading(forum_id))
            except NoResultFound:
                raise ForumGone(forum_id) from None
            self.remember(read)
            return read

    def reading(self, forum_id: int) -> Reading:
        """Read what changed since the facts that are known now, or everything; the caller gives it to
        :meth:`remember`. It may be given the entries that were read already, see :func:`renewing.renew`."""
        known = self._facts.get(forum_id)

        async def read(session: AsyncSession, told: Told | None = None) -> Facts:
            if known is None:
                return await snapshot.read(session, forum_id)
            return await renewing.renew(session, known, told)

        return read

    def _known(self, forum_id: int, head: Head) -> Facts | None:
        known = self._facts.get(forum_id)
        if known is None or known.forum.epoch != head[0] or known.forum.seq < head[1]:
            return None
        return known

    def remember(self, facts: Facts) -> None:
        """Keep these facts, unless newer ones are known."""
        forum_id = facts.forum.id
        known = self._facts.get(forum_id)
        if known is not None and known.forum.epoch == facts.forum.epoch and known.forum.seq >= facts.forum.seq:
            return
        self._facts[forum_id] = facts
        self._facts.move_to_end(forum_id)
        # What was read as a whole has nothing of before, nor may what was erased stay in memory.
        is_renewed = known is not None and known.answers is facts.answers
        states = self._states.get(forum_id, {}) if is_renewed else {}
        self._states[forum_id] = {viewer: state for viewer, state in states.items() if state[0] is known}
        if len(self._facts) > KEPT_FORUMS:
            oldest, _ = self._facts.popitem(last=False)
            self._states.pop(oldest, None)

    def state(self, facts: Facts, viewer: Viewer) -> View:
        """What this viewer sees of these facts."""
        if self._facts.get(facts.forum.id) is not facts:
            return audience.state(facts, viewer)
        states = self._states[facts.forum.id]
        before = states.get(viewer)
        if before is not None and before[0] is facts:
            return before[1]
        state = audience.state(facts, viewer, before)
        states[viewer] = (facts, state)
        return state
