"""What was answered: the note of an oral answer, and written answers."""

from live.actions.asking import Words
from live.actions.doing import Doing
from live.actions.fields import Fields
from live.rules import personal, text
from live.rules.refusal import Refusal
from live.store.models import Question

NOTE_LIMIT = 300
ANSWER_LIMIT = 2000


async def note(doing: Doing, question: Question, fields: Words) -> None:
    """Write the summary of the answer, one to three lines; a draft until somebody confirms it."""
    clean = personal.mask(text.normalise(fields.text, limit=NOTE_LIMIT)).text
    if clean == question.note:
        return
    question.note, question.note_state, question.noted_at = clean, "draft", doing.change.now
    doing.note_down(question=question)


async def confirm(doing: Doing, question: Question, _fields: Fields) -> None:
    """Say that the note is what was answered; from then on everybody sees it."""
    if question.note is None:
        raise Refusal("no_note", "state")
    if question.note_state == "confirmed":
        return
    question.note_state = "confirmed"
    doing.note_down(question=question)


async def answer(doing: Doing, question: Question, fields: Words) -> None:
    """Publish the written answer of a question that was to be answered in writing."""
    question.answer = personal.mask(text.normalise(fields.text, limit=ANSWER_LIMIT)).text
    question.answered_at = doing.change.now
    doing.note_down(question=question)
