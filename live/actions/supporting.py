"""Supports, committed in groups.

One writer per process and forum takes every support that is waiting, writes them in one transaction with one journal
entry, and only then answers all of them. Under load a batch grows; when idle it is one. Each support gets its own
answer, and a refusal fails nobody else's.
"""

import asyncio
import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Annotated, Any

import msgspec

from live.actions import seating, seen
from live.actions.doing import Outcome
from live.actions.fields import Fields
from live.actions.pace import Pace
from live.actions.seen import Seen
from live.metrics import Metrics
from live.rules import acts, pace
from live.rules.refusal import Refusal
from live.rules.words import Integrity, Phase, Role, Status
from live.store import identities, supports
from live.store.change import Change
from live.store.database import Database
from live.store.supports import Asked, Given

LARGEST_BATCH = 500
QUIET_TURNS, MOST_TURNS = 2, 8
"""A batch is taken when so many turns of the loop brought nobody new, or after so many in all: what has arrived already
needs a turn or two to get here. A full hall's batches are twice as large with it (64 of 64 connections, not 32); when
nobody else asks it costs two turns, which are microseconds."""
LARGEST_COUNT = 2**53  # what a browser counts exactly; a larger one must not fail the batch
SUPPORT = acts.ACTS["support"]


class Give(Fields, frozen=True, kw_only=True):
    """The fields of ``support``: set or unset, never a toggle; ``count`` is the client's own counter."""

    on: bool
    count: Annotated[int, msgspec.Meta(ge=0, le=LARGEST_COUNT)] | None = None


@dataclass(slots=True)
class Wish:
    """One support on its way."""

    number: int
    person: str
    address: str = ""
    wanted: Give = field(default_factory=lambda: Give(on=True))
    key: str | None = None
    seen: Seen = None
    wrong: Refusal | None = None
    answer: asyncio.Future[Outcome] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    @property
    def digest(self) -> str:
        """What a key of this wish stands for."""
        return hashlib.sha256(f"support {self.number} {self.wanted.on} {self.wanted.count}".encode()).hexdigest()


class Supports:
    """The group writers of this process, one per forum code while there is work."""

    def __init__(self, database: Database, pace: Pace, metrics: Metrics, largest: int = LARGEST_BATCH) -> None:
        self._database, self._pace, self._metrics, self._largest = database, pace, metrics, largest
        self._waiting: dict[str, list[Wish]] = defaultdict(list)
        self._writers: dict[str, asyncio.Task[None]] = {}

    async def give(self, code: str, wish: Wish) -> Outcome:
        """Wait for the batch that commits this wish; raises what the rules or the database say to it."""
        self._waiting[code].append(wish)
        if code not in self._writers:
            self._writers[code] = asyncio.create_task(self._write(code), name=f"supports {code}")
        return await wish.answer

    async def _write(self, code: str) -> None:
        try:
            while self._waiting[code]:
                await self._gather(self._waiting[code])
                batch, self._waiting[code] = self._waiting[code][: self._largest], self._waiting[code][self._largest :]
                await self._commit(code, batch)
        finally:
            del self._writers[code], self._waiting[code]

    async def _gather(self, waiting: list[Wish]) -> None:
        """Let those in who are at the door."""
        quiet, turns = 0, 0
        while quiet < QUIET_TURNS and turns < MOST_TURNS and len(waiting) < self._largest:
            before = len(waiting)
            await asyncio.sleep(0)
            quiet, turns = (quiet + 1 if len(waiting) == before else 0), turns + 1

    async def _commit(self, code: str, wishes: list[Wish]) -> None:
        """One transaction; the answers leave only after it."""
        self._metrics.batch.observe(len(wishes))

        async def decide(change: Change) -> tuple[list[dict[str, Any] | Refusal], str]:
            return await Batch(change, self._pace).decide(wishes), change.cursor

        try:
            results, cursor = await self._database.change_at_once(code, decide)
        except Exception as error:  # every waiting person gets the reason; the writer goes on
            for wish in wishes:
                if not wish.answer.done():
                    wish.answer.set_exception(error)
            return
        for wish, result in zip(wishes, results, strict=True):
            if wish.answer.done():  # the asker has gone
                continue
            if isinstance(result, Refusal):
                wish.answer.set_exception(result)
            else:
                wish.answer.set_result(Outcome({**result, "cursor": cursor}))


class Batch:
    """The supports of one transaction."""

    def __init__(self, change: Change, pace: Pace) -> None:
        self._change, self._pace = change, pace
        self._phase, self._level = Phase(change.forum.phase), Integrity(change.forum.integrity)
        self._questions: dict[int, Asked] = {}
        self._given: dict[tuple[int, str], Given] = {}
        self._keys: dict[tuple[str, str], str] = {}
        self._new: dict[tuple[int, str], Given] = {}
        self._new_keys: list[dict[str, Any]] = []
        self._touched: set[int] = set()
        self._known: dict[str, bool] = {}
        self._fresh: set[str] = set()
        self._voided: set[int] = set()

    async def decide(self, wishes: list[Wish]) -> list[dict[str, Any] | Refusal]:
        """Read, decide one after the other, write everything at once; an answer or a refusal for each wish."""
        await self._read(wishes)
        results = [self._decide(wish) for wish in wishes]
        totals = {q.id: (q.supports, q.voided) for q in self._questions.values() if q.number in self._touched}
        await supports.write(self._change.session, self._new, totals, self._new_keys, self._change.now)
        await identities.add(self._change.session, self._change.forum.id, self._fresh, self._change.now)
        if self._touched:
            detail = {"questions": sorted(self._touched)}
            detail |= {"voided": sorted(self._voided)} if self._voided else {}
            self._change.append(SUPPORT.entry, role=Role.PARTICIPANT, actor="", detail=detail)
        return results

    async def _read(self, wishes: list[Wish]) -> None:
        session, forum = self._change.session, self._change.forum
        people = {wish.person for wish in wishes}
        self._questions = await supports.questions(session, forum.id, {wish.number for wish in wishes})
        asked = ((self._questions.get(wish.number), wish.person) for wish in wishes)
        self._given = await supports.given(session, {(q.id, person) for q, person in asked if q is not None})
        self._known = await identities.known(session, forum.id, people)
        used = {wish.key for wish in wishes if wish.key is not None}
        self._keys = await supports.keys(session, forum.id, people, used)

    def _decide(self, wish: Wish) -> dict[str, Any] | Refusal:
        try:
            question = self._check(wish)
            if not self._is_repeat(wish):
                self._pace.take(wish.person, pace.SUPPORTING, forum=self._change.forum.code, address=wish.address)
                self._set(wish, question)
        except Refusal as refusal:
            return refusal
        stands = self._given.get((question.id, wish.person))
        supported = stands is not None and stands.given
        return {
            "number": wish.number,
            "status": question.status,
            "supports": question.supports,
            "supported": supported,
        }

    def _check(self, wish: Wish) -> Asked:
        question = self._questions.get(wish.number)
        if question is None:
            raise Refusal("no_such_question", "existence", params={"n": wish.number})
        if question.asker == wish.person:
            raise Refusal("own_question", "role")
        if self._is_repeat(wish):
            return question
        seen.check(self._change.forum.epoch, wish.seen, question, wish.person, "question")
        acts.check_phase(SUPPORT, self._phase)
        acts.check_status(SUPPORT, Status(question.status))
        if self._level is not Integrity.OPEN and wish.person not in self._known:
            raise seating.needed(self._level)
        if wish.wrong is not None:
            raise wish.wrong
        return question

    def _is_repeat(self, wish: Wish) -> bool:
        known = self._keys.get((wish.person, wish.key)) if wish.key is not None else None
        if known is not None and known != wish.digest:
            raise Refusal("key_reused", "state")
        return known is not None

    def _set(self, wish: Wish, question: Asked) -> None:
        place = (question.id, wish.person)
        if wish.key is not None:
            self._keys[wish.person, wish.key] = wish.digest
            self._new_keys.append(
                {
                    "forum_id": self._change.forum.id,
                    "actor": wish.person,
                    "key": wish.key,
                    "digest": wish.digest,
                    "result": {"number": wish.number},
                }
            )
        before = self._given.get(place, Given(given=False, count=0))
        count = wish.wanted.count
        if count is not None and count <= before.count:
            return  # a late retry of an older tap
        after = Given(wish.wanted.on, before.count if count is None else count)
        self._given[place] = self._new[place] = after
        if after.given != before.given:
            self._count(wish.person, question, 1 if after.given else -1)

    def _count(self, person: str, question: Asked, step: int) -> None:
        """One more or one less; of somebody who was voided it is only remembered."""
        self._touched.add(question.number)
        if self._known.get(person):
            question.voided += step
            self._voided.add(question.number)
        else:
            question.supports += step
        if person not in self._known:
            self._known[person] = False
            self._fresh.add(person)
