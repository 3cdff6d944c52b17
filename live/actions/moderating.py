"""Deciding what the hall may see."""

from live.actions.asking import Words
from live.actions.doing import Doing
from live.actions.erasing import is_erased
from live.actions.fields import Fields
from live.rules import text, wording
from live.rules.personal import MASK
from live.rules.refusal import Refusal
from live.rules.words import Reason, Status
from live.store.models import Question


class Reject(Fields, frozen=True, kw_only=True):
    """The fields of ``reject``: the reason, which the asker reads."""

    reason: Reason


async def show(doing: Doing, question: Question, _fields: Fields) -> None:
    """Let everybody see the question."""
    question.status, question.reason = Status.SHOWN, None
    question.shown_at = question.shown_at or doing.change.now
    doing.note_down(question=question)


async def reject(doing: Doing, question: Question, fields: Reject) -> None:
    """Do not show the question, and say why."""
    question.status, question.reason = Status.REJECTED, fields.reason
    question.place = None
    doing.note_down(question=question, detail={"reason": fields.reason})


async def private(doing: Doing, question: Question, _fields: Fields) -> None:
    """Hand the question to the complaints desk: an individual case, never shown."""
    question.status, question.reason = Status.PRIVATE, None
    question.place = None
    doing.note_down(question=question)


async def rephrase(doing: Doing, question: Question, fields: Words) -> None:
    """Give the question other public words; the first original stays with the moderators."""
    _reword(doing, question, fields.text)


async def mask(doing: Doing, question: Question, fields: Words) -> None:
    """Hide what no rule finds, such as a name: ``text`` is the piece to hide, or the words as they shall read."""
    piece = text.normalise(fields.text, limit=doing.change.forum.max_length)
    _reword(doing, question, wording.hide(question.text, piece))


def _reword(doing: Doing, question: Question, words: str) -> None:
    if is_erased(question):  # what was erased gets no words again
        raise Refusal("erased", "state", params={"n": question.number})
    # A mask is longer than what it hides, so what was allowed once stays allowed.
    limit = max(doing.change.forum.max_length, text.length(words) if MASK in words else 0)
    written = wording.read(words, limit)
    if written.public == question.text:
        return
    question.original = question.original or question.text
    question.text = written.public
    doing.note_down(question=question)
