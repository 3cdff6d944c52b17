"""Why this question and not another: supports and rank at the moment a question is chosen, and a line of reason."""

from sqlalchemy import select

from live.actions.asking import Words
from live.actions.doing import Doing
from live.actions.fields import line
from live.rules import personal
from live.rules.words import Status
from live.store.change import Change
from live.store.models import Question

REASON_LIMIT = 140


async def remember(change: Change, question: Question) -> None:
    """Keep where the question stands among those that could be chosen now (shown or queued): for the record."""
    wanted = select(Question.supports).where(
        Question.forum_id == change.forum.id,
        Question.id != question.id,
        Question.status.in_((Status.SHOWN, Status.QUEUED)),
    )
    others = list(await change.session.scalars(wanted))
    rank = 1 + sum(supports > question.supports for supports in others)
    top = max([question.supports, *others])
    question.chosen = {"supports": question.supports, "rank": rank, "of": len(others) + 1, "top": top}


async def why(doing: Doing, question: Question, fields: Words) -> None:
    """Say why this question was chosen; everybody can read it in the record."""
    given = reason(fields.text)
    if question.chosen.get("why") == given:
        return
    question.chosen = {**question.chosen, "why": given}
    doing.note_down(question=question)


def reason(given: str | None) -> str | None:
    """A reason as it is kept: one line, personal numbers masked."""
    short = line(given, REASON_LIMIT)
    return None if short is None else personal.mask(short).text
