"""Running the forum: its phase, its run of show, and what the projector shows."""

from sqlalchemy import select, update

from live.actions import noting, staging
from live.actions.doing import Doing, Outcome
from live.actions.fields import Fields
from live.rules import personal, text
from live.rules.refusal import Refusal
from live.rules.words import Interpreter, Look, Phase, Role, View
from live.store import rehearsals, snapshot, undo
from live.store.models import LARGEST_NUMBER, Question

NOTICE_LIMIT = 200
WORDS_LIMIT = 2000


class ToPhase(Fields, frozen=True, kw_only=True):
    """The fields of ``phase``."""

    to: Phase


class Notice(Fields, frozen=True, kw_only=True):
    """The fields of ``notice``: one or two sentences; none takes the present one away."""

    text: str | None = None


class Words(Fields, frozen=True, kw_only=True):
    """The fields of ``rude-words``: what this forum holds besides the list, and what on the list it lets pass."""

    rude: str | None = None
    polite: str | None = None


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
    """Move the forum to another phase. Publishing is the organiser's, cannot be undone, and confirms the notes left.

    What was rehearsed is erased before the first question can come.
    """
    forum = doing.change.forum
    before = forum.phase
    if fields.to == Phase.PUBLISHED and Role.ORGANISER not in doing.actor.roles:
        raise Refusal("not_allowed", "role")
    if fields.to == before:
        return Outcome({"phase": before})
    if before == Phase.PUBLISHED:
        raise Refusal("published_is_final", "state", extra={"phase": before})
    if before == Phase.DRAFT:
        await rehearsals.erase(doing.change.session, rehearsals.of(forum.code), doing.change.now)
    if fields.to in (Phase.CLOSED, Phase.PUBLISHED):
        await _close(doing)
    if fields.to == Phase.PUBLISHED:
        await _publish(doing)
        doing.is_final = True
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


async def notice(doing: Doing, fields: Notice) -> None:
    """Tell everybody something, on phones and projector."""
    forum = doing.change.forum
    told = "" if fields.text is None else personal.mask(text.normalise(fields.text, limit=NOTICE_LIMIT)).text
    if forum.notice != told:
        forum.notice = told
        doing.note_down(detail={"on": bool(told)})


async def rude_words(doing: Doing, fields: Words) -> None:
    """Change the forum's list of rude words; questions that are here already keep their flags."""
    forum = doing.change.forum
    rude, polite = _listed(fields.rude), _listed(fields.polite)
    if (forum.rude, forum.polite) != (rude, polite):
        forum.rude, forum.polite = rude, polite
        doing.note_down(detail={"rude": len(rude), "polite": len(polite)})


def _listed(words: str | None) -> list[str]:
    clean = [] if words is None else text.fold(text.normalise(words, limit=WORDS_LIMIT)).replace(",", " ").split()
    return sorted(set(clean))


async def _close(doing: Doing) -> None:
    """Purge the original words: only the public text outlives the forum, also in what could be undone."""
    change = doing.change
    purged = update(Question).where(Question.forum_id == change.forum.id, Question.original.is_not(None))
    await change.session.execute(purged.values(original=None).execution_options(synchronize_session="fetch"))
    await undo.forget_all(change.session, change.forum.id)


async def _publish(doing: Doing) -> None:
    change = doing.change
    await _check_decided(doing)
    on_stage = await change.on_stage()
    if on_stage is not None:
        await staging.finish(doing, on_stage)
    drafts = await change.session.scalars(
        select(Question)
        .where(Question.forum_id == change.forum.id, Question.note_state == "draft")
        .order_by(Question.number)
    )
    for question in drafts:
        noting.confirmed(doing, question)
        doing.note_down(question=question, kind="CONFIRMED")
    change.forum.published = change.now


async def _check_decided(doing: Doing) -> None:
    """No promise is lost: of every answer somebody said what was promised, or that nothing was."""
    await doing.change.session.flush()
    facts = await snapshot.read(doing.change.session, doing.change.forum.id)
    if missing := facts.undecided:
        shown = ", ".join(str(number) for number in missing)
        params = {"n": len(missing), "numbers": shown}
        raise Refusal("undecided", "state", params=params, extra={"questions": missing})
