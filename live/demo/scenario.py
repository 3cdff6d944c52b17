"""What the demo tells: one file per forum in ``demo/forums``, read strictly.

Minutes count from the forum's start, days from its day. A question's number is its place in the file, and so is a
follow-up's; both are listed in the order in which they were made.
"""

import json
import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from live.rules.forum_file import ForumPlan
from live.rules.forum_file import read as read_plan
from live.rules.words import FollowUpStatus, Kind, Reason, Source, Status, Term, View


class Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of a scenario; an unknown field is a mistake."""


class Asked(Strict, frozen=True, kw_only=True):
    """One question: who asks what at which minute, and what becomes of it.

    ``becomes`` does not matter for a question that has a turn, or one with a ``queue``. ``decided`` is the minute in
    which it was rejected, withdrawn and so on; without one it is a minute after asking. ``supports`` is how many
    people support it in the end.
    """

    text: str
    at: float
    kind: Kind = Kind.QUESTION
    supports: int = 0
    name: str | None = None
    wanted: int | None = None
    source: Source = Source.APP
    seat: str | None = None
    paper: str | None = None
    becomes: Status = Status.SHOWN
    decided: float | None = None
    reason: Reason | None = None
    rephrased: str | None = None
    queue: int | None = None
    queued: float = 0
    note: str | None = None
    is_draft: bool = False
    owner: str | None = None
    due: int | None = None
    answer: str | None = None
    answered_day: int = 0


class Turn(Strict, frozen=True, kw_only=True):
    """One answer on stage; without ``minutes`` it goes on."""

    question: int
    speaker: int
    minutes: float | None = None


class Screen(Strict, frozen=True, kw_only=True):
    """What the projector shows from a minute on."""

    at: float
    view: View


class Moved(Strict, frozen=True, kw_only=True):
    """The run of show moves on to an item, by its place from 1, at a minute."""

    at: float
    item: int


class Later(Strict, frozen=True, kw_only=True):
    """What changed about a follow-up on a day after the forum; a field left out stayed as it was."""

    day: int
    status: FollowUpStatus | None = None
    text: str | None = None
    reason: str | None = None
    forwarded_to: str | None = None


class Promised(Strict, frozen=True, kw_only=True):
    """One follow-up as it was written down in the hall; ``due`` in days."""

    at: float
    questions: list[int]
    problem: str
    recommendation: str
    owner: str
    term: Term
    due: int | None = None
    later: list[Later] = []


class Scenario(Strict, frozen=True, kw_only=True):
    """One forum from its opening to its follow-ups; ``forum`` as in a forum file, without times."""

    forum: dict[str, Any]
    hours: int
    opens: float
    pauses: float | None = None
    closes: float | None = None
    publishes: int | None = None
    views: list[Screen]
    agenda: list[Moved] = []
    first_turn: float
    turns: list[Turn]
    questions: list[Asked]
    follow_ups: list[Promised]

    @property
    def zone(self) -> ZoneInfo:
        """Where the forum takes place."""
        return ZoneInfo(self.forum["timezone"])

    def plan(self, start: datetime) -> ForumPlan:
        """The forum as planned, read like a forum file; on paper it begins at a round time before ``start``."""
        local = start.astimezone(self.zone).replace(tzinfo=None, second=0, microsecond=0)
        starts = local - timedelta(minutes=local.minute % 5)
        times = {"starts": starts.isoformat(), "ends": (starts + timedelta(hours=self.hours)).isoformat()}
        return read_plan(json.dumps(self.forum | times), "json")


def load(name: str) -> Scenario:
    """The scenario ``demo/forums/<name>.toml``."""
    content = Path(__file__).with_name("forums").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(content), Scenario)
