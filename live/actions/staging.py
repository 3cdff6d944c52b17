"""The stage: one question being answered now, its clock, and who comes next."""

from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import select

from live.actions import choosing, queueing
from live.actions.doing import Doing, Outcome
from live.actions.fields import Fields, day, line, position
from live.rules import queueing as turns
from live.rules import working_days
from live.rules.refusal import Refusal
from live.rules.words import Kind, Status
from live.store import snapshot
from live.store.change import Change
from live.store.models import Answer, Question


class Stage(Fields, frozen=True, kw_only=True):
    """The fields of ``stage``: a speaker, for a question that is in no queue yet."""

    speaker: int | None = None


class Unstage(Fields, frozen=True, kw_only=True):
    """The fields of ``unstage``: another speaker, to hand the question over."""

    speaker: int | None = None


class Time(Fields, frozen=True, kw_only=True):
    """The fields of ``time``: how many seconds more."""

    seconds: Annotated[int, msgspec.Meta(ge=1, le=3600)]


class Written(Fields, frozen=True, kw_only=True):
    """The fields of ``written``: who will write the answer (a position, not a person), and by when.

    Without a day it is due after the working days of its kind.
    """

    owner: str | None = None
    due: str | None = None


class Next(Fields, frozen=True, kw_only=True):
    """The fields of ``next``: whose queue, and the number the caller sees on stage (0 = none)."""

    speaker: int | None = None
    expect: int | None = None


async def stage(doing: Doing, question: Question, fields: Stage) -> None:
    """Bring the question on stage; refused while another one is there."""
    change = doing.change
    speaker = position(fields.speaker, await change.speaker_count()) or question.speaker
    if speaker is None or (question.status == Status.SHOWN and fields.speaker is None):
        raise Refusal("speaker_needed", "fields", extra={"field": "speaker"})
    there = await change.on_stage()
    if there is not None:
        raise Refusal("stage_taken", "state", params={"n": there.number}, extra={"stage": there.number})
    if question.status == Status.SHOWN:
        await choosing.remember(change, question)
    begin(change, question, speaker)
    doing.note_down(question=question, detail={"speaker": speaker})


async def unstage(doing: Doing, question: Question, fields: Unstage) -> None:
    """Put the question back at the head of its queue, or of another speaker's; the time spent stays in the record."""
    change = doing.change
    speaker = position(fields.speaker, await change.speaker_count()) or question.speaker or 1
    await end(change, question, finished=False)
    queueing.hand_over(question, speaker)
    await queueing.at_the_head(change, question, speaker)
    doing.note_down(question=question, detail={"speaker": speaker})


async def time(doing: Doing, fields: Time) -> Outcome:
    """Give the answer on stage more seconds."""
    question = await doing.change.on_stage()
    if question is None:
        raise Refusal("stage_empty", "state", extra={"stage": None})
    answer = await running(doing.change, question)
    answer.allowed += fields.seconds
    doing.note_down(question=question, detail={"seconds": fields.seconds, "allowed": answer.allowed})
    return Outcome({"number": question.number, "status": question.status, "allowed": answer.allowed})


async def answered(doing: Doing, question: Question, _fields: Fields) -> None:
    """The question on stage is answered; its clock stops."""
    await finish(doing, question)


async def written(doing: Doing, question: Question, fields: Written) -> None:
    """The question will be answered in writing, by an owner and a day if given."""
    due, owner = day(fields.due) or _due_by_kind(doing.change, question), line(fields.owner)
    if question.status == Status.STAGE:
        await end(doing.change, question, finished=False)
    question.shown_at = question.shown_at or doing.change.now
    question.status, question.place, question.owner, question.due = Status.WRITTEN, None, owner, due
    doing.note_down(question=question)


def _due_by_kind(change: Change, question: Question) -> date:
    forum = change.forum
    today = change.now.astimezone(ZoneInfo(forum.timezone)).date()
    return working_days.written_due(Kind(question.kind), today, forum.written_days, working_days.own(forum.days))


async def next_up(doing: Doing, fields: Next) -> Outcome:
    """Finish the question on stage and stage the next one; nothing on stage and nothing waiting changes nothing."""
    change = doing.change
    position(fields.speaker, await change.speaker_count())
    on_stage = await change.on_stage()
    present = on_stage.number if on_stage is not None else 0
    if fields.expect is not None and fields.expect != present:
        raise Refusal("moved_on", "state", params={"n": present}, extra=_moved_on(on_stage, present))
    await change.session.flush()
    facts = await snapshot.read(change.session, change.forum.id)
    following = turns.following(facts, fields.speaker)
    if on_stage is not None:
        await finish(doing, on_stage)
    staged = await _stage_next(doing, following.number) if following is not None else None
    return Outcome({"finished": present or None, "staged": staged})


async def _stage_next(doing: Doing, number: int) -> int:
    question = await doing.change.question(number)
    if question is None or question.speaker is None:
        raise AssertionError("the head of a queue has a speaker")
    begin(doing.change, question, question.speaker)
    doing.note_down(question=question, kind="STAGED", detail={"speaker": question.speaker})
    return number


def _moved_on(on_stage: Question | None, present: int) -> dict[str, object]:
    if on_stage is None:
        return {"stage": None, "expected": 0}
    return {"stage": present, "by": on_stage.touched_role, "did": on_stage.touched_did}


async def finish(doing: Doing, question: Question) -> None:
    """Stop the clock of the question on stage; it is answered."""
    await end(doing.change, question, finished=True)
    question.status, question.answered_at = Status.ANSWERED, doing.change.now
    doing.note_down(question=question, kind="ANSWERED")
    await doing.change.session.flush()  # the stage is free before the next question takes it


def begin(change: Change, question: Question, speaker: int) -> None:
    """Start the clock of this speaker with this question; the first of all starts that of the round."""
    question.status, question.speaker, question.place = Status.STAGE, speaker, None
    question.staged_at = change.now
    change.forum.round_started = change.forum.round_started or change.now
    change.session.add(
        Answer(
            forum_id=change.forum.id,
            question_id=question.id,
            speaker=speaker,
            started=change.now,
            allowed=change.forum.answer_seconds,
            finished=False,
        )
    )


async def end(change: Change, question: Question, *, finished: bool) -> None:
    """Stop the running clock; whole seconds, counted by the server."""
    answer = await running(change, question)
    answer.ended, answer.finished = change.now, finished
    answer.seconds = max(0, round((change.now - answer.started).total_seconds()))
    question.staged_at = None


async def running(change: Change, question: Question) -> Answer:
    """The answer that goes on with this question, which is on stage."""
    answer = await change.session.scalar(
        select(Answer).where(Answer.question_id == question.id, Answer.ended.is_(None)).order_by(Answer.id.desc())
    )
    if answer is None:
        raise AssertionError("a question on stage has a running answer")
    return answer
