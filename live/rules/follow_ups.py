"""What is derived about a follow-up, never stored: overdue, no date, and the percentage done."""

from collections.abc import Sequence
from datetime import date

from live.rules.facts import FollowUpFacts
from live.rules.words import FollowUpStatus

SETTLED = frozenset({FollowUpStatus.DONE, FollowUpStatus.DROPPED, FollowUpStatus.FORWARDED})


def is_overdue(follow_up: FollowUpFacts, today: date) -> bool:
    """Whether the due date has passed (local day of the forum) and the promise is not settled."""
    return follow_up.due is not None and follow_up.due < today and follow_up.status not in SETTLED


def has_no_date(follow_up: FollowUpFacts) -> bool:
    """Whether an unsettled promise lacks a due date."""
    return follow_up.due is None and follow_up.status not in SETTLED


def is_disputed(follow_up: FollowUpFacts) -> bool:
    """Whether an asker's objection waits for an answer: no line of progress came after it."""
    if not follow_up.disputes:
        return False
    answers = [line.at for line in follow_up.progress if line.at >= follow_up.disputes[-1].at]
    return not answers


def may_dispute(follow_up: FollowUpFacts, question: int) -> bool:
    """Whether the asker of this question may object: it led to the follow-up."""
    return question in follow_up.questions


def percent_done(follow_ups: Sequence[FollowUpFacts]) -> float:
    """Done ÷ all × 100, rounded to one decimal: the SKM formula (realisasi ÷ jumlah rencana × 100 %)."""
    if not follow_ups:
        return 0.0
    return round(100 * sum(f.status is FollowUpStatus.DONE for f in follow_ups) / len(follow_ups), 1)
