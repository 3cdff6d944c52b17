"""The run of show with its times: planned ones move when an item began late, past ones are as they were."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from live.rules.facts import ItemFacts


def begins(items: Sequence[ItemFacts], starts: datetime, current: int) -> list[datetime]:
    """When each item began or will begin.

    Without a current item (0) all follow one another from ``starts``. Those before the current one, and it, began when
    the desk moved on to them (as planned where it skipped them); those after it follow from there by their minutes.
    """
    found: list[datetime] = []
    at = starts
    for item in items:
        if item.position <= current and item.started is not None:
            at = item.started
        found.append(at)
        at += timedelta(minutes=item.minutes)
    return found
