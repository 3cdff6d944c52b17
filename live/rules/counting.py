"""Figures of a forum, the same for everybody: how many came in, of what kind, when, and where they stand."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from live.rules.facts import Facts
from live.rules.words import Kind, Phase, Status

Bins = tuple[tuple[datetime, int], ...]
"""The beginning of each half hour with its count."""


def counts(facts: Facts) -> dict[str, Any]:
    """``received``, ``answered``, ``by_status``, ``rejected_because``, ``by_kind``, and by half hours ``over_time``
    and ``supports_over_time`` (once published: only then is it read)."""
    statuses = Counter(q.status for q in facts.questions)
    by_status = {status.value: statuses[status] for status in Status}
    # Until the record is published a reason is between the moderator and the asker: one rejection would tell it.
    told = facts.questions if facts.forum.phase is Phase.PUBLISHED else ()
    because = Counter(q.reason for q in told if q.status is Status.REJECTED and q.reason)
    kinds = Counter(q.kind for q in facts.questions)
    return {
        "received": len(facts.questions),
        "answered": by_status[Status.ANSWERED] + by_status[Status.WRITTEN],
        "by_status": by_status,
        "rejected_because": dict(sorted(because.items())),
        "by_kind": {kind.value: kinds[kind] for kind in Kind},
        "over_time": _told(by_half_hour((q.asked_at, 1) for q in facts.questions)),
        "supports_over_time": _told(facts.crowd.supports),
    }


def by_half_hour(counted: Iterable[tuple[datetime, int]]) -> Bins:
    """Counts at moments → counts of the half hours in which there are any, by time."""
    bins = Counter[datetime]()
    for at, count in counted:
        bins[_half_hour(at)] += count
    return tuple(sorted(bins.items()))


@lru_cache(maxsize=1024)
def _half_hour(at: datetime) -> datetime:
    """When the half hour began. Kept: every frame counts questions that it counted before."""
    return at.replace(minute=at.minute // 30 * 30, second=0, microsecond=0)


def _told(bins: Bins) -> list[dict[str, Any]]:
    return [{"at": at.isoformat(), "count": count} for at, count in bins]
