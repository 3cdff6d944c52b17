"""A forum at one cursor, as plain facts: what the store reads and the rules decide on. Times are aware UTC."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from live.rules.papers import Papers
from live.rules.words import (
    Aspect,
    Authority,
    Element,
    FollowUpStatus,
    Group,
    Integrity,
    Interpreter,
    Kind,
    Look,
    Phase,
    Source,
    Status,
    Term,
    Verdict,
    View,
)


@dataclass(frozen=True, slots=True)
class ForumFacts:
    """The forum itself."""

    id: int
    code: str
    title: str
    agency: str
    place: str
    starts: datetime
    ends: datetime
    timezone: str
    language: str
    moderation: str
    max_length: int
    phase: Phase
    screen: View
    read_out: int | None
    interpreter: Interpreter
    look: Look
    answer_seconds: int
    round_minutes: int
    round_started: datetime | None
    agenda: int
    epoch: str
    seq: int
    published: datetime | None
    papers: Papers
    integrity: Integrity = Integrity.OPEN
    notice: str = ""
    rude: tuple[str, ...] = ()
    polite: tuple[str, ...] = ()
    erase_at: datetime | None = None
    """When a forum to rehearse with is erased; None for a real one."""

    @property
    def cursor(self) -> str:
        """``epoch.seq``: the last entry these facts include."""
        return f"{self.epoch}.{self.seq}"


@dataclass(frozen=True, slots=True)
class SpeakerFacts:
    """One speaker with the time used so far: ``seconds`` of ended answers, ``answered`` questions finished."""

    position: int
    name: str
    field: str
    topics: tuple[str, ...]
    seconds: int
    answered: int


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """One item of the run of show; ``started`` when the desk moved on to it last."""

    position: int
    title: str
    minutes: int
    is_round: bool
    started: datetime | None


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """One time one speaker stood on stage with one question; ``seconds`` and ``ended`` are None while it lasts."""

    speaker: int
    started: datetime
    ended: datetime | None
    seconds: int | None
    allowed: int
    finished: bool


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """A private line from the desk to one speaker."""

    number: int
    speaker: int
    text: str
    sent: datetime
    read: datetime | None


@dataclass(frozen=True, slots=True)
class QuestionFacts:
    """One question, everything included: what an audience may see of it is decided by :mod:`live.rules.audience`."""

    number: int
    status: Status
    kind: Kind
    text: str
    original: str | None
    flags: tuple[str, ...]
    source: Source
    seat: str | None
    paper: str | None
    name: str | None
    asker: str | None
    receipt: str
    wanted: int | None
    speaker: int | None
    place: int | None
    passed: tuple[int, ...]
    supports: int
    voided: int
    reason: str | None
    merged_into: int | None
    asked_at: datetime
    shown_at: datetime | None
    staged_at: datetime | None
    answered_at: datetime | None
    note: str | None
    note_state: str | None
    noted_at: datetime | None
    confirmed_at: datetime | None
    confirmed_role: str | None
    confirmed_speaker: int | None
    no_promise: bool
    answer: str | None
    owner: str | None
    due: date | None
    similar: tuple[int, ...]
    chosen: Mapping[str, Any]
    touched: int


@dataclass(frozen=True, slots=True)
class DoneFacts:
    """One entry of the journal that the desk tells: what was done to which question, in which role, and when."""

    seq: int
    at: datetime
    kind: str
    role: str
    number: int | None
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EvidenceFacts:
    """One file that shows what was done; its bytes are fetched apart."""

    id: int
    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ProgressFacts:
    """One dated line of what was done about a follow-up; ``status`` and ``due`` are what it changed, if it did."""

    at: datetime
    text: str
    link: str
    status: FollowUpStatus | None
    due: date | None
    evidence: tuple[EvidenceFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class DisputeFacts:
    """An asker's "not so, because…". ``flagged``: the words need a human's eyes before the public reads them."""

    at: datetime
    text: str
    question: int
    flagged: bool


@dataclass(frozen=True, slots=True)
class FollowUpFacts:
    """One promised action and the numbers of the questions it came from; progress and disputes by time.

    ``carried_from`` is its number in the forum before; ``carried_to`` the code of a later forum and its number there.
    """

    number: int
    problem: str
    recommendation: str
    activity: str
    owner: str
    due: date | None
    term: Term | None
    duration: str
    authority: Authority | None
    needs_budget: bool
    element: Element | None
    indicator: str
    agreed: datetime | None
    status: FollowUpStatus
    reason: str
    forwarded_to: str
    partial: bool
    created: datetime
    updated: datetime
    touched: int
    questions: tuple[int, ...]
    progress: tuple[ProgressFacts, ...] = ()
    disputes: tuple[DisputeFacts, ...] = ()
    carried_from: int | None = None
    carried_to: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class CallFacts:
    """A participant who waits for a helper; ``row`` is where, in the participant's own words."""

    number: int
    row: str | None
    since: datetime


@dataclass(frozen=True, slots=True)
class CrowdFacts:
    """What the participants told of themselves: counts only, and who waits for a helper, the longest first.

    ``supports`` are the supports given in each half hour, by time; empty until the forum is published.
    """

    groups: tuple[tuple[Group, int], ...] = ()
    feedback: tuple[tuple[Aspect, Verdict, int], ...] = ()
    calls: tuple[CallFacts, ...] = ()
    supports: tuple[tuple[datetime, int], ...] = ()


@dataclass(frozen=True, slots=True)
class EarlierFacts:
    """The published forum that this one follows, with its follow-ups as they stood at this forum's last entry."""

    code: str
    title: str
    starts: datetime
    follow_ups: tuple[FollowUpFacts, ...]


@dataclass(frozen=True)
class Facts:
    """One forum, whole, at one cursor; questions and follow-ups by number, speakers by position.

    ``answers`` holds the times on stage by question, the first one first. ``passed`` of a question names the speakers
    who handed it over, in that order. ``done`` are the latest acts of the team, the last one first.
    """

    forum: ForumFacts
    speakers: tuple[SpeakerFacts, ...]
    questions: tuple[QuestionFacts, ...]
    follow_ups: tuple[FollowUpFacts, ...]
    answers: Mapping[int, tuple[AnswerFacts, ...]]
    agenda: tuple[ItemFacts, ...]
    messages: tuple[MessageFacts, ...]
    done: tuple[DoneFacts, ...] = ()
    crowd: CrowdFacts = CrowdFacts()
    earlier: EarlierFacts | None = None

    def question(self, number: int) -> QuestionFacts | None:
        """The question with this number, or None."""
        return self._by_number.get(number)

    def askers(self, numbers: Iterable[int]) -> set[str]:
        """Who asked these questions, as far as they came from a browser."""
        asked = (self.question(number) for number in numbers)
        return {q.asker for q in asked if q is not None and q.asker is not None}

    @cached_property
    def _by_number(self) -> Mapping[int, QuestionFacts]:
        return {q.number: q for q in self.questions}

    @cached_property
    def merged(self) -> Mapping[int, list[int]]:
        """The numbers that were merged into a question, by its number; questions without any are left out."""
        found: dict[int, list[int]] = {}
        for q in self.questions:
            if q.merged_into is not None:
                found.setdefault(q.merged_into, []).append(q.number)
        return found

    @property
    def undecided(self) -> list[int]:
        """Numbers of the answered and written questions of which nobody said yet whether something was promised."""
        promised = {number for f in self.follow_ups for number in f.questions}
        heard = (Status.STAGE, Status.ANSWERED, Status.WRITTEN)
        return [q.number for q in self.questions if q.status in heard and not q.no_promise and q.number not in promised]

    @property
    def on_stage(self) -> QuestionFacts | None:
        """The question being answered now, or None."""
        return next((q for q in self.questions if q.status is Status.STAGE), None)

    def queue(self, speaker: int) -> list[QuestionFacts]:
        """The questions waiting for this speaker, first one first."""
        waiting = (q for q in self.questions if q.status is Status.QUEUED and q.speaker == speaker)
        return sorted(waiting, key=lambda q: (q.place or 0, q.number))
