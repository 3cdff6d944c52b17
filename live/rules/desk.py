"""What the desk sees besides the questions: likeness, whom a question is for, fairness, and who did what."""

from typing import Any

from live.rules import choosing, topics, wording
from live.rules.facts import Facts, QuestionFacts
from live.rules.words import PUBLIC_STATUSES, Source, Status

View = dict[str, Any]

SHARE = 4
"""Of so many answers at least one goes to somebody without a phone, while one of them waits."""

_OPEN = frozenset({Status.PENDING, Status.SHOWN})


def about(facts: Facts) -> View:
    """``{"oldest", "done", "share", "rude", "polite"}`` of the forum, for moderators and organisers."""
    pending = [q.asked_at for q in facts.questions if q.status is Status.PENDING]
    done = [
        {"seq": d.seq, "at": d.at.isoformat(), "kind": d.kind, "role": d.role, "number": d.number}
        | {"into": d.detail.get("into"), "did": d.detail.get("act")}
        for d in facts.done
    ]
    return {
        "oldest": min(pending).isoformat() if pending else None,
        "done": done,
        "share": share(facts),
        "rude": list(facts.forum.rude),
        "polite": list(facts.forum.polite),
    }


def question(q: QuestionFacts, facts: Facts) -> View:
    """``{"similar", "alike", "suggested", "merged", "must_wait", "needs_reason"}`` of one question."""
    is_open = q.status in _OPEN
    return {
        "similar": _similar(q, facts) if is_open else [],
        "alike": _alike(q, facts) if is_open else [],
        "suggested": (q.wanted or topics.suggested(q.text, facts.speakers)) if is_open else None,
        "merged": facts.merged.get(q.number, []),
        "must_wait": wording.must_wait(q.flags),
        "needs_reason": choosing.needs_reason(q.chosen, q.source),
    }


def share(facts: Facts) -> View:
    """How people without a phone fare: ``{"answered", "of", "waiting", "is_due"}``; waiting are numbers.

    Their questions cannot gather supports, so supports alone would never choose them.
    """
    heard = [q for q in facts.questions if q.status in (Status.ANSWERED, Status.STAGE)]
    helped = [q for q in heard if q.source is not Source.APP]
    waiting = [
        q.number
        for q in facts.questions
        if q.source is not Source.APP and q.status in (Status.PENDING, Status.SHOWN, Status.QUEUED)
    ]
    is_due = bool(waiting) and (len(helped) + 1) * SHARE <= len(heard) + 1
    return {"answered": len(helped), "of": len(heard), "waiting": waiting, "is_due": is_due}


def _similar(q: QuestionFacts, facts: Facts) -> list[View]:
    """The questions this one may be merged into, likest first; a merged one stands for its target."""
    found: dict[int, View] = {}
    for number in q.similar:
        other = standing(facts, number)
        if other is None or other.number == q.number or other.status not in PUBLIC_STATUSES | {Status.PENDING}:
            continue
        if q.status is Status.SHOWN and other.status is Status.PENDING:
            continue
        found[other.number] = {"number": other.number, "text": other.text, "status": other.status.value}
    return list(found.values())


def _alike(q: QuestionFacts, facts: Facts) -> list[int]:
    """Numbers that :func:`_similar` may name, now or when something becomes of them: also those merged on the way."""
    found: set[int] = set()
    for number in q.similar:
        other = facts.question(number)
        while other is not None and other.number not in found:
            found.add(other.number)
            other = facts.question(other.merged_into) if other.merged_into is not None else None
    return sorted(found)


def standing(facts: Facts, number: int) -> QuestionFacts | None:
    """The question with this number, or the one that stands for it after merging."""
    q = facts.question(number)
    while q is not None and q.status is Status.MERGED and q.merged_into is not None:
        q = facts.question(q.merged_into)
    return q
