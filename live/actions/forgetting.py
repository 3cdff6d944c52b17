"""Forgetting a participant: everything this person wrote and told in one forum goes at once and cannot come back."""

from sqlalchemy import delete, select, update

from live.actions import erasing
from live.actions.attending import forget_contact
from live.actions.doing import Doing, Outcome
from live.actions.fields import Fields
from live.rules.words import Source
from live.store.models import Attendee, Call, Feedback, Key, Question


async def forget(doing: Doing, _fields: Fields) -> Outcome:
    """Erase one's own questions, contact, group, call and feedback. Supports still count; they carry no words."""
    session, forum_id, person = doing.change.session, doing.change.forum.id, doing.actor.id
    questions = await _own(doing)
    for question in questions:
        if not erasing.is_erased(question):
            await erasing.wipe(doing.change, question, role=doing.role, actor=person)
    await forget_contact(doing)
    for table in (Attendee, Call, Feedback):
        await session.execute(delete(table).where(table.forum_id == forum_id, table.participant == person))
    # What is kept for retries was found by a digest of the words.
    await session.execute(update(Key).where(Key.forum_id == forum_id, Key.actor == person).values(digest=""))
    doing.note_down()
    return Outcome({"erased": [question.number for question in questions]})


async def _own(doing: Doing) -> list[Question]:
    """The questions this person asked; what a helper wrote down for others is not the helper's to erase."""
    wanted = select(Question).where(
        Question.forum_id == doing.change.forum.id,
        Question.asker == doing.actor.id,
        Question.source == Source.APP,
    )
    return list(await doing.change.session.scalars(wanted.order_by(Question.number)))
