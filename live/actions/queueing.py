"""The three queues: who answers what, in which order."""

from live.actions import choosing
from live.actions.doing import Doing
from live.actions.fields import Fields, position
from live.rules.refusal import Refusal
from live.rules.words import Role, Status
from live.store.change import Change
from live.store.models import Question


class Queue(Fields, frozen=True, kw_only=True):
    """The fields of ``queue``: the speaker's position, and the number of the question to stand before (else last).

    ``why`` is a line of reason, for one that is chosen far below the most supported.
    """

    speaker: int
    before: int | None = None
    why: str | None = None


async def queue(doing: Doing, question: Question, fields: Queue) -> None:
    """Put the question into a speaker's queue, or move it there; showing it comes with it."""
    change = doing.change
    position(fields.speaker, await change.speaker_count())
    if fields.before == question.number:
        return
    why = choosing.reason(fields.why)
    if question.status != Status.QUEUED:
        await choosing.remember(change, question)
    if why is not None:
        question.chosen = {**question.chosen, "why": why}
    question.place = await _place(change, fields)
    question.shown_at = question.shown_at or change.now
    detail = {"from": question.status, "speaker": fields.speaker, "handed_over": doing.role == Role.SPEAKER}
    if doing.role == Role.SPEAKER:
        hand_over(question, fields.speaker)
    question.status, question.speaker, question.reason = Status.QUEUED, fields.speaker, None
    doing.note_down(question=question, detail=detail)


async def unqueue(doing: Doing, question: Question, _fields: Fields) -> None:
    """Take the question out of its queue; it stays shown."""
    question.status, question.speaker, question.place = Status.SHOWN, None, None
    doing.note_down(question=question)


async def _place(change: Change, fields: Queue) -> int:
    """Make room, and return the place in the queue."""
    if fields.before is None:
        return await change.behind(fields.speaker)
    waiting = await change.queue(fields.speaker)
    behind = next((q for q in waiting if q.number == fields.before), None)
    if behind is None:
        raise Refusal("not_in_queue", "fields", params={"n": fields.before}, extra={"field": "before"})
    place = behind.place or 0
    for other in waiting:
        if (other.place or 0) >= place:
            other.place = (other.place or 0) + 1
    return place


def hand_over(question: Question, speaker: int) -> None:
    """Remember on the question who passed it on to ``speaker``."""
    if question.speaker is not None and question.speaker != speaker:
        question.passed = [*question.passed, question.speaker]


async def at_the_head(change: Change, question: Question, speaker: int) -> None:
    """Put the question first into this speaker's queue."""
    waiting = await change.queue(speaker)
    first = (waiting[0].place or 0) if waiting else 1
    question.status, question.speaker, question.place = Status.QUEUED, speaker, first - 1
