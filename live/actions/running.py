"""Running the forum: its phase, its run of show, and what the projector shows."""

from sqlalchemy import select

from live.actions import staging
from live.actions.doing import Doing, Outcome
from live.actions.fields import Fields
from live.rules.refusal import Refusal
from live.rules.words import Interpreter, Look, Phase, Role, View
from live.store.models import LARGEST_NUMBER, Question


class ToPhase(Fields, frozen=True, kw_only=True):
    """The fields of ``phase``."""

    to: Phase


class OnScreen(Fields, frozen=True, kw_only=True):
    """The fields of ``show-on-screen``: the view, the follow-up being read aloud (0 = none), the interpreter's third of
    the picture, and light or dark; what is left out stays."""

    view: View
    item: int | None = None
    interpreter: Interpreter | None = None
    look: Look | None = None


class ToItem(Fields, frozen=True, kw_only=True):
    """The fields of ``agenda``: the place of the item from 1; 0 = none."""

    item: int


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
    """Choose what the projector shows, and how."""
    forum = doing.change.forum
    read_out = await _read_out(doing, fields.item)
    looks = (fields.view, read_out, fields.interpreter or forum.interpreter, fields.look or forum.look)
    if looks != (forum.screen, forum.read_out, forum.interpreter, forum.look):
        forum.screen, forum.read_out, forum.interpreter, forum.look = looks
        doing.note_down(detail={"view": fields.view, "item": read_out, "interpreter": looks[2], "look": looks[3]})
    return Outcome({"view": fields.view})


async def agenda(doing: Doing, fields: ToItem) -> Outcome:
    """Move on to another item of the run of show, or back; the round of questions starts its clock."""
    change, forum = doing.change, doing.change.forum
    item = await change.agenda_item(fields.item)
    if item is None and fields.item != 0:
        raise Refusal("no_such_item", "fields", extra={"field": "item"})
    if forum.agenda == fields.item:
        return Outcome({"item": fields.item})
    before, forum.agenda = forum.agenda, fields.item
    if item is not None:
        item.started = change.now
        forum.round_started = change.now if item.is_round else forum.round_started
    doing.note_down(detail={"from": before, "to": fields.item})
    return Outcome({"item": fields.item})


async def _read_out(doing: Doing, item: int | None) -> int | None:
    """The number of the follow-up being read aloud after this act."""
    forum = doing.change.forum
    if item is None:
        return forum.read_out
    if item != 0 and not (0 < item <= LARGEST_NUMBER and await doing.change.follow_up(item)):
        raise Refusal("no_such_follow_up", "fields", params={"n": item}, extra={"field": "item"})
    return item or None


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
