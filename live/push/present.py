"""The present state of each forum, read once however many ask, and what is made of it."""

import asyncio
from collections import OrderedDict

from live.rules import audience
from live.rules.audience import View, Viewer
from live.rules.facts import Facts
from live.store import snapshot
from live.store.database import Database

KEPT_FORUMS = 64


class ForumGone(LookupError):
    """The forum was erased while somebody looked at it."""


class Present:
    """Facts and states at the head of the journal, cached by cursor; one read at a time per forum (single flight)."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._facts: OrderedDict[int, Facts] = OrderedDict()
        self._states: dict[int, dict[Viewer, View]] = {}
        self._locks: dict[int, asyncio.Lock] = {}

    async def facts(self, forum_id: int) -> Facts:
        """The facts now; one indexed row is read when nothing changed."""
        async with self._locks.setdefault(forum_id, asyncio.Lock()), self._database.reading() as session:
            head = await snapshot.head(session, forum_id)
            if head is None:
                raise ForumGone(forum_id)
            known = self._facts.get(forum_id)
            if known is None or (known.forum.epoch, known.forum.seq) != head:
                known = await snapshot.read(session, forum_id)
                self.remember(known)
            return known

    def remember(self, facts: Facts) -> None:
        """Keep these facts, unless newer ones are known."""
        forum_id = facts.forum.id
        known = self._facts.get(forum_id)
        if known is not None and known.forum.epoch == facts.forum.epoch and known.forum.seq >= facts.forum.seq:
            return
        self._facts[forum_id] = facts
        self._facts.move_to_end(forum_id)
        self._states[forum_id] = {}
        if len(self._facts) > KEPT_FORUMS:
            oldest, _ = self._facts.popitem(last=False)
            self._states.pop(oldest, None)

    def state(self, facts: Facts, viewer: Viewer) -> View:
        """What this viewer sees of these facts."""
        if self._facts.get(facts.forum.id) is not facts:
            return audience.state(facts, viewer)
        states = self._states[facts.forum.id]
        if viewer not in states:
            states[viewer] = audience.state(facts, viewer)
        return states[viewer]
