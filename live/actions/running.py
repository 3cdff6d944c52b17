"""Running the forum: its phase, and what the projector shows."""

from sqlalchemy import select

from live.actions import staging
from live.actions.doing import Doing, Outcome
from live.actions.fields import Fields
from live.rules.refusal import Refusal
from live.rules.words import Phase, Role, View
from live.store.models import Question


class ToPhase(Fields, frozen=True, kw_only=True):
    """The fields of ``phase``."""

    to: Phase


class OnScreen(Fields, frozen=True, kw_only=True):
    """The fields of ``show-on-screen``."""

    view: View


async def phase(doing: Doing, fields: ToPhase) -> Outcome:
    """Move the forum to another phase. Publishing is the organiser's, cannot be undone, and confirms the notes left."""
    forum = doing.change.forum
    before = forum.phase
    if fields.to == Phase.PUBLISHED and Role.ORGANISER not in doing.actor.roles:
        raise Refusal("not_allowed", "role")
    if fields.to == before:
        return Outcome({"phase": before})
    if before == Phase.PUBLISHED:
        raise Refusal("published_is_final", "state", extra={"phase": before})
    if fields.to == Phase.PUBLISHED:
        await _publish(doing)
    forum.phase = fields.to
    doing.note_down(detail={"from": before, "to": fields.to})
    return Outcome({"phase": fields.to})


async def show_on_screen(doing: Doing, fields: OnScreen) -> Outcome:
    """Choose what the projector shows."""
    forum = doing.change.forum
    if forum.screen != fields.view:
        forum.screen = fields.view
        doing.note_down(detail={"view": fields.view})
    return Outcome({"view": fields.view})


async def _publish(doing: Doing) -> None:
    change = doing.change
    on_stage = await change.on_stage()
    if on_stage is not None:
        await staging.finish(doing, on_stage)
    drafts = await change.session.scalars(
        select(Question)
        .where(Question.forum_id == change.forum.id, Question.note_state == "draft")
        .order_by(Question.number)
    )
    for question in drafts:
        question.note_state = "confirmed"
        doing.note_down(question=question, kind="CONFIRMED")
    change.forum.published = change.now
