"""What an owner has to be reminded of: promises and written answers that are due soon, due today or overdue."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from live.rules import follow_ups
from live.rules.facts import Facts
from live.rules.words import Status

BEFORE = (7, 3, 1, 0)
"""So many days before it is due an owner is written to."""

AFTER = 7
"""And again so often while it is overdue, in days."""

SOON = 7
"""So many days before the organiser sees it listed."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is due: ``f-3`` a follow-up, ``q-17`` a written answer. ``left`` days, negative when overdue."""

    id: str
    owner: str
    due: date
    left: int
    title: str

    @property
    def number(self) -> int:
        """The number of the follow-up or question."""
        return int(self.id[2:])

    @property
    def is_written(self) -> bool:
        """Whether it is a written answer."""
        return self.id.startswith("q-")


def listed(facts: Facts, today: date) -> list[Item]:
    """What is due within a week or overdue, the oldest first: for the organiser, whether or not mail is sent."""
    return sorted((item for item in _open(facts, today) if item.left <= SOON), key=lambda item: (item.due, item.id))


def to_send(facts: Facts, today: date) -> list[Item]:
    """Of these, what an owner is written about on this day."""
    return [item for item in listed(facts, today) if item.owner and is_day_for(item.left)]


def is_day_for(left: int) -> bool:
    """Whether a reminder goes out so many days before (or, negative, after) the day."""
    return left in BEFORE if left >= 0 else -left % AFTER == 1


def _open(facts: Facts, today: date) -> Iterator[Item]:
    for f in facts.follow_ups:
        if f.due is not None and f.status not in follow_ups.SETTLED:
            title = f.recommendation or f.activity or f.problem
            yield Item(f"f-{f.number}", f.owner, f.due, (f.due - today).days, title)
    for q in facts.questions:
        if q.status is Status.WRITTEN and not q.answer and q.due is not None:
            yield Item(f"q-{q.number}", q.owner or "", q.due, (q.due - today).days, q.text)
