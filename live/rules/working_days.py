"""Working days of an Indonesian office: Monday to Friday without public holidays and joint leave (cuti bersama).

The days come from the package ``holidays``, which follows the yearly joint decree of three ministers (SKB 3 Menteri).
Checked day by day against what was reported of the decrees: 2026 whole, 2025 in part (see the tests); the decrees'
own documents were not at hand. Of a year for which no decree is out yet the package knows the fixed days, and the
Islamic ones as estimates: dates computed far ahead may move by a day or two.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache

from live.rules.words import Kind

DEFAULTS = {Kind.QUESTION: 5, Kind.COMPLAINT: 5, Kind.SUGGESTION: 14, Kind.APPRECIATION: 14}
"""Working days within which a written answer is due, by kind (domain notes, R5 and 2.3); a forum file may differ."""


def is_working(day: date) -> bool:
    """Whether offices work on this day."""
    return day.weekday() < 5 and day not in _days_off(day.year)


def after(day: date, count: int) -> date:
    """The day that is ``count`` working days after ``day``, which itself does not count."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working(day)
    return day


def written_due(asked: Kind, today: date, days: Mapping[str, int]) -> date:
    """When a written answer is due that was promised today: ``days`` by kind, the defaults where it names none."""
    return after(today, days.get(asked, DEFAULTS[asked]))


@cache
def _days_off(year: int) -> frozenset[date]:
    # Loaded when first asked: few commands need it, and it takes a fifth of a second.
    import holidays

    return frozenset(holidays.Indonesia(years=year, categories=("public", "government")))  # type: ignore[attr-defined]
