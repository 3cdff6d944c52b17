"""Carrying over what the forum before promised and has not done: it goes on here, and both records say so."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from live.actions import promising
from live.actions.doing import Doing, Outcome
from live.actions.fields import Fields
from live.rules.follow_ups import SETTLED
from live.rules.refusal import Refusal
from live.store.models import FollowUp, FollowUpQuestion, Question

CARRIED = (
    "recommendation", "activity", "owner", "due", "term", "duration", "authority", "needs_budget", "element",
    "indicator", "status", "partial",
)  # fmt: skip
"""What goes on as it was. It has to be agreed anew; the questions, and a problem in the words of one of them, stay with
the forum in which they were asked: there their askers can erase them."""


class Carry(Fields, frozen=True, kw_only=True):
    """The fields of ``carry``: the number of the follow-up in the forum before."""

    item: int


async def carry(doing: Doing, fields: Carry) -> Outcome:
    """Carry an unfinished follow-up over from the forum before; a second time it stays what it became."""
    change = doing.change
    before = await change.before()
    old = None if before is None else await before.follow_up(fields.item)
    if before is None or old is None:
        raise Refusal("no_such_follow_up", "existence", params={"n": fields.item})
    known = await change.session.scalar(
        select(FollowUp).where(FollowUp.forum_id == change.forum.id, FollowUp.carried_from == old.number)
    )
    if known is not None:
        return Outcome({"id": known.number, "status": known.status})
    if old.status in SETTLED:
        raise Refusal("follow_up_settled", "state", params={"n": old.number})
    change.forum.last_follow_up += 1
    new = FollowUp(
        forum_id=change.forum.id,
        number=change.forum.last_follow_up,
        carried_from=old.number,
        reason=old.reason,
        forwarded_to="",
        created=change.now,
        updated=change.now,
        problem="" if await _is_in_askers_words(change.session, old) else old.problem,
        **{name: getattr(old, name) for name in CARRIED},
    )
    change.session.add(new)
    await change.session.flush()
    doing.note_down(follow_up=new, detail={"from": change.forum.predecessor, "number": old.number})
    there = {"to": change.forum.code, "number": new.number}
    if change.forum.rehearsal_of is None:  # a rehearsal leaves nothing behind in the forum before
        before.append(doing.act.entry, role=doing.role, actor=doing.actor.id, follow_up=old, detail=there)
    return Outcome({"id": new.number, "status": new.status}, created=True)


async def _is_in_askers_words(session: AsyncSession, old: FollowUp) -> bool:
    wanted = (
        select(Question)
        .join(FollowUpQuestion, FollowUpQuestion.question_id == Question.id)
        .where(FollowUpQuestion.follow_up_id == old.id)
    )
    return any(promising.problem_of(question) == old.problem for question in await session.scalars(wanted))
