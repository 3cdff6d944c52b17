"""From a scenario to a script: every act of a forum with its moment and its actor, in order."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from live.demo.cast import Cast
from live.demo.scenario import Asked, Promised, Scenario, Turn
from live.demo.timing import Timing
from live.rules.actor import Actor
from live.rules.words import Phase, Source, Status, Term

EVERY = 4
"""Minutes between two rounds of supports."""

EAGER = 0.6
"""How early supports come: after a share ``t`` of the time, the share ``t ** EAGER`` of them is there."""


@dataclass(frozen=True, slots=True)
class Step:
    """One act at its moment."""

    at: datetime
    act: str
    actor: Actor
    given: dict[str, Any] = field(default_factory=dict)
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """The supports that many people give at one moment: pairs of a person and a question's number."""

    at: datetime
    supports: list[tuple[Actor, int]]


def write(scenario: Scenario, start: datetime, cast: Cast, chance: Random) -> list[Step | Round]:
    """The whole script in the order of its moments; ``start`` is minute 0."""
    script = _Script(scenario, Timing(scenario, start), cast, chance)
    steps: list[Step | Round] = [*script.running(), *script.questions(), *script.promises(), *script.rounds()]
    return sorted(steps, key=lambda step: step.at)


class _Script:
    def __init__(self, scenario: Scenario, timing: Timing, cast: Cast, chance: Random) -> None:
        self._scenario, self._timing, self._cast, self._chance = scenario, timing, cast, chance
        self._askers = [self._asker(asked) for asked in scenario.questions]

    def _asker(self, asked: Asked) -> Actor:
        return self._chance.choice(self._cast.crowd) if asked.source is Source.APP else self._cast.helper

    def running(self) -> Iterator[Step]:
        """The phases of the forum, and what the projector shows."""
        scenario, minute = self._scenario, self._timing.minute
        moderator, organiser = self._cast.moderator, self._cast.organiser
        yield Step(minute(scenario.opens), "phase", moderator, {"to": Phase.OPEN})
        for screen in scenario.views:
            yield Step(minute(screen.at), "show-on-screen", moderator, {"view": screen.view})
        for moved in scenario.agenda:
            yield Step(minute(moved.at), "agenda", moderator, {"item": moved.item})
        if scenario.pauses is not None:
            yield Step(minute(scenario.pauses), "phase", moderator, {"to": Phase.SUPPORTING})
        if scenario.closes is not None:
            yield Step(minute(scenario.closes), "phase", moderator, {"to": Phase.CLOSED})
        if scenario.publishes is not None:
            yield Step(self._timing.day(scenario.publishes), "phase", organiser, {"to": Phase.PUBLISHED})

    def questions(self) -> Iterator[Step]:
        """Every question from its asking to what became of it."""
        for number, asked in enumerate(self._scenario.questions, start=1):
            yield self._ask(number, asked)
            yield from self._decide(number, asked)
            if asked.queue is not None:
                yield self._queue(number, asked.queue, asked.queued)
        for turn, begun in zip(self._scenario.turns, self._timing.turns, strict=True):
            yield from self._answer(turn, begun)

    def _ask(self, number: int, asked: Asked) -> Step:
        given: dict[str, Any] = {"text": asked.text, "kind": asked.kind, "speaker": asked.wanted, "name": asked.name}
        if asked.source is not Source.APP:
            given |= {"source": asked.source, "seat": asked.seat, "paper": asked.paper}
        filled = {name: value for name, value in given.items() if value is not None}
        return Step(self._timing.minute(asked.at), "ask", self._askers[number - 1], filled)

    def _decide(self, number: int, asked: Asked) -> Iterator[Step]:
        decided, moderator = self._timing.decided(asked), self._cast.moderator
        if asked.becomes is Status.REJECTED:
            yield Step(decided, "reject", moderator, {"reason": asked.reason}, number)
        elif asked.becomes is Status.PRIVATE:
            yield Step(decided, "private", moderator, {}, number)
        elif asked.becomes is not Status.PENDING:
            yield from self._show(number, asked)
        if asked.becomes is Status.WITHDRAWN:
            yield Step(decided, "withdraw", self._askers[number - 1], {}, number)
        if asked.becomes is Status.WRITTEN:
            yield from self._promise_answer(number, asked)

    def _show(self, number: int, asked: Asked) -> Iterator[Step]:
        shown, moderator = self._timing.shown(asked), self._cast.moderator
        if asked.rephrased is not None:
            yield Step(shown, "rephrase", moderator, {"text": asked.rephrased}, number)
        yield Step(shown, "show", moderator, {}, number)

    def _promise_answer(self, number: int, asked: Asked) -> Iterator[Step]:
        given = {"owner": asked.owner or "", "due": self._timing.due(asked.due)}
        yield Step(self._timing.decided(asked), "written", self._cast.moderator, given, number)
        yield from self._no_promise(number, self._timing.decided(asked))
        if asked.answer is not None:
            answered = self._timing.day(asked.answered_day)
            yield Step(answered, "answer", self._cast.organiser, {"text": asked.answer}, number)

    def _queue(self, number: int, speaker: int, minute: float) -> Step:
        return Step(self._timing.minute(minute), "queue", self._cast.moderator, {"speaker": speaker}, number)

    def _answer(self, turn: Turn, begun: float) -> Iterator[Step]:
        number, moderator, minute = turn.question, self._cast.moderator, self._timing.minute
        asked = self._scenario.questions[number - 1]
        yield self._queue(number, turn.speaker, self._timing.queued(asked, begun))
        yield Step(minute(begun), "stage", moderator, {}, number)
        if turn.minutes is None:
            return
        ended = begun + turn.minutes
        yield Step(minute(ended), "answered", moderator, {}, number)
        if asked.note is None:
            return
        yield Step(minute(ended + 0.2), "note", self._cast.scribe, {"text": asked.note}, number)
        yield from self._no_promise(number, minute(ended + 0.4))
        if not asked.is_draft:
            yield Step(minute(ended + 0.8), "confirm", self._cast.speaker(turn.speaker), {}, number)

    def _no_promise(self, number: int, at: datetime) -> Iterator[Step]:
        """Of a forum that is published somebody has said of every answer whether it promised something."""
        promised = {source for each in self._scenario.follow_ups for source in each.questions}
        if self._scenario.publishes is not None and number not in promised:
            yield Step(at, "no-promise", self._cast.scribe, {}, number)

    def promises(self) -> Iterator[Step]:
        """The follow-ups made in the hall, and what became of them."""
        for number, promised in enumerate(self._scenario.follow_ups, start=1):
            yield self._promise(promised)
            if self._scenario.publishes is not None and self._scenario.closes is not None:
                yield Step(self._timing.minute(self._scenario.closes), "agree", self._cast.moderator, {}, number)
            for later in promised.later:
                changes = ("status", "text", "reason", "forwarded_to")
                given = {name: value for name in changes if (value := getattr(later, name)) is not None}
                act = "follow-up" if later.text is None else "progress"
                yield Step(self._timing.day(later.day), act, self._cast.organiser, given, number)

    def _promise(self, promised: Promised) -> Step:
        given = {
            "question": promised.questions,
            "problem": promised.problem,
            "recommendation": promised.recommendation,
            "owner": promised.owner,
            "term": promised.term,
            "duration": _duration(promised),
            "due": self._timing.due(promised.due),
        }
        return Step(self._timing.minute(promised.at), "follow-ups", self._cast.scribe, given)

    def rounds(self) -> Iterator[Round]:
        """Supports come in rounds, from people who have not asked the question, more at first than later."""
        given: dict[datetime, list[tuple[Actor, int]]] = {}
        for number, asked in enumerate(self._scenario.questions, start=1):
            moments = self._timing.rounds(number, EVERY)
            people = self._supporters(number, asked.supports)
            for index, moment in enumerate(moments):
                before, after = (_upto(i, len(moments), len(people)) for i in (index, index + 1))
                given.setdefault(moment, []).extend((person, number) for person in people[before:after])
        return (Round(at, supports) for at, supports in given.items())

    def _supporters(self, number: int, count: int) -> list[Actor]:
        others = [person for person in self._cast.crowd if person is not self._askers[number - 1]]
        return self._chance.sample(others, count)


def _duration(promised: Promised) -> str:
    """``14 hari``, ``3 bulan``: as it is read aloud with the term."""
    if promised.due is None or promised.term is Term.STUDY:
        return ""
    return f"{promised.due} hari" if promised.due < 60 else f"{round(promised.due / 30)} bulan"


def _upto(index: int, rounds: int, people: int) -> int:
    return round(people * math.pow(index / rounds, EAGER))
