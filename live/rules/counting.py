"""Figures of a forum, the same for everybody: how many came in, of what kind, when, and where they stand."""

from collections import Counter
from typing import Any

from live.rules.facts import Facts
from live.rules.words import Kind, Phase, Status


def counts(facts: Facts) -> dict[str, Any]:
    """``received``, ``answered``, ``by_status``, ``rejected_because``, ``by_kind``, and ``over_time`` by half hours."""
    by_status = {status.value: 0 for status in Status}
    for q in facts.questions:
        by_status[q.status.value] += 1
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
        "over_time": over_time(facts),
    }


def over_time(facts: Facts) -> list[dict[str, Any]]:
    """``{"at", "count"}`` of every half hour in which questions came in, by time."""
    asked = (q.asked_at for q in facts.questions)
    bins = Counter(at.replace(minute=at.minute // 30 * 30, second=0, microsecond=0) for at in asked)
    return [{"at": at.isoformat(), "count": bins[at]} for at in sorted(bins)]
