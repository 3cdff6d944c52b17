"""What was answered: the note of an oral answer, whether it promised something, and written answers."""

from typing import Literal

from live.actions import promising
from live.actions.asking import Words
from live.actions.doing import Doing, Outcome
from live.actions.fields import Fields, moment
from live.rules import personal, text
from live.rules.refusal import Refusal
from live.store.models import Question

NOTE_LIMIT = 300
ANSWER_LIMIT = 2000


class Note(promising.Plan, frozen=True, kw_only=True):
    """The fields of ``note``: the summary; whether something was promised, and what; the note it was written over.

    ``over`` is the ``noted_at`` of the note the scribe saw (left out = not asked). With ``promise`` yes a missing
    problem is the question's public text and a missing recommendation the note: nothing is typed twice.
    """

    text: str
    promise: Literal["yes", "no"] | None = None
    over: str | None = None


class Decision(Fields, frozen=True, kw_only=True):
    """The fields of ``no-promise``."""

    on: bool = True


async def note(doing: Doing, question: Question, fields: Note) -> Outcome:
    """Write the summary of the answer, one to three lines; a draft until somebody confirms it."""
    _check_over(doing, question, fields.over)
    clean = personal.mask(text.normalise(fields.text, limit=NOTE_LIMIT)).text
    if clean != question.note:
        question.note, question.note_state, question.noted_at = clean, "draft", doing.change.now
        question.noted_by = doing.actor.id
        question.confirmed_at = question.confirmed_role = question.confirmed_speaker = None
        doing.note_down(question=question)
    if fields.promise == "no":
        await no_promise(doing, question, Decision())
    if fields.promise == "yes":
        return Outcome({"follow_up": await promising.from_note(doing, question, fields)})
    return Outcome()


async def no_promise(doing: Doing, question: Question, fields: Decision) -> None:
    """Say (or take back) that nothing was promised in this answer."""
    if question.no_promise == fields.on:
        return
    question.no_promise = fields.on
    doing.note_down(question=question, kind="NO_PROMISE", detail={"on": fields.on})


async def confirm(doing: Doing, question: Question, _fields: Fields) -> None:
    """Say that the note is what was answered; from then on everybody sees it."""
    if question.note is None:
        raise Refusal("no_note", "state")
    if question.note_state == "confirmed":
        return
    confirmed(doing, question)
    doing.note_down(question=question)


def confirmed(doing: Doing, question: Question) -> None:
    """The note stands, confirmed now by whoever acts."""
    question.note_state, question.confirmed_at, question.confirmed_role = "confirmed", doing.change.now, doing.role
    question.confirmed_speaker = question.speaker if doing.role == "speaker" else None


async def answer(doing: Doing, question: Question, fields: Words) -> None:
    """Publish the written answer of a question that was to be answered in writing."""
    question.answer = personal.mask(text.normalise(fields.text, limit=ANSWER_LIMIT)).text
    question.answered_at = doing.change.now
    doing.note_down(question=question)


def _check_over(doing: Doing, question: Question, over: str | None) -> None:
    """Two scribes do not overwrite each other: refuse when somebody else wrote this note meanwhile."""
    seen = moment(over, "over")
    if seen is None or question.noted_at is None or question.noted_by == doing.actor.id:
        return
    if seen != question.noted_at:
        about = {"number": question.number, "status": question.status, "note": question.note}
        extra = {"by": "scribe", "did": "NOTED", "question": about}
        raise Refusal("note_moved_on", "state", params={"n": question.number}, extra=extra)
