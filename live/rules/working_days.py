"""Working days of an Indonesian office: Monday to Friday without public holidays and joint leave (cuti bersama).

The days come from the package ``holidays``, which follows the yearly joint decree of three ministers (SKB 3 Menteri).
Checked day by day against what was reported of the decrees: 2026 whole, 2025 in part (see the tests); the decrees'
own documents were not at hand. Of a year for which no decree is out yet the package knows the fixed days, and the
Islamic ones as estimates: dates computed far ahead may move by a day
or two. An organiser's own days outweigh all of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from live.rules.words import Kind

DEFAULTS = {Kind.QUESTION: 5, Kind.COMPLAINT: 5, Kind.SUGGESTION: 14, Kind.APPRECIATION: 14}
"""Working days within which a written answer is due, by kind (domain notes, R5 and 2.3); a forum file may differ."""


@dataclass(frozen=True, slots=True)
class Own:
    """An office's own days, which outweigh the calendar: ``off`` it is closed, ``on`` it works."""

    off: frozenset[date] = frozenset()
    on: frozenset[date] = frozenset()


NONE = Own()


def own(stored: Mapping[str, Iterable[str]]) -> Own:
    """The days as they are stored: ``{"off": [...], "on": [...]}`` of ``YYYY-MM-DD``."""
    return Own(*(frozenset(map(date.fromisoformat, stored.get(name, ()))) for name in ("off", "on")))


def is_working(day: date, days: Own = NONE) -> bool:
    """Whether offices work on this day."""
    return day in days.on or (day.weekday() < 5 and day not in _days_off(day.year) and day not in days.off)


def after(day: date, count: int, days: Own = NONE) -> date:
    """The day that is ``count`` working days after ``day``, which itself does not count."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working(day, days)
    return day


def written_due(asked: Kind, today: date, wait: Mapping[str, int], days: Own = NONE) -> date:
    """When a written answer is due that was promised today: ``wait`` by kind, the defaults where it names none."""
    return after(today, wait.get(asked, DEFAULTS[asked]), days)


@cache
def _days_off(year: int) -> frozenset[date]:
    # Loaded when first asked: few commands need it, and it takes a fifth of a second.
    import holidays

    return frozenset(holidays.Indonesia(years=year, categories=("public", "government")))  # type: ignore[attr-defined]
