"""Joining questions that ask the same, and taking them apart again. A person decides; nothing merges by itself.

The supports of a merged question stay in its own rows. Those people's supports are added to the target where they are
missing, marked with where they came from (``Support.via``), so one person counts once and parting restores both.
"""

from sqlalchemy import select, update

from live.actions.doing import Doing
from live.actions.fields import Fields
from live.rules.refusal import Refusal
from live.rules.words import PUBLIC_STATUSES, Status
from live.store import identities
from live.store.change import Change
from live.store.models import Entry, Question, Support

TARGETS = PUBLIC_STATUSES | {Status.PENDING}


class Merge(Fields, frozen=True, kw_only=True):
    """The fields of ``merge``: the number of the question that stays."""

    into: int


async def merge(doing: Doing, question: Question, fields: Merge) -> None:
    """Let ``into`` stand for this question; its supports become the union of people, its asker follows along."""
    target = await doing.change.question(fields.into)
    if target is None or target.number == question.number:
        raise Refusal("no_such_question", "fields", params={"n": fields.into}, extra={"field": "into"})
    if target.status not in TARGETS or (question.status in PUBLIC_STATUSES and target.status == Status.PENDING):
        raise Refusal("cannot_merge_into", "state", params={"n": target.number, "status": target.status})
    detail = {"into": target.number, "from": question.status, "speaker": question.speaker}
    question.status, question.merged_into, question.place = Status.MERGED, target.number, None
    doing.note_down(question=question, detail=detail)
    await doing.change.session.flush()
    await _join(doing.change, question, target)


async def unmerge(doing: Doing, question: Question, _fields: Fields) -> None:
    """Take the question out again; it becomes what it was, and both get their supports back."""
    change = doing.change
    merged = await _merging_of(change, question.number)
    target = await change.question(question.merged_into or 0)
    if merged is None or target is None:
        raise AssertionError("a merged question was merged into another one")
    question.status, question.merged_into = merged["from"], None
    if question.status == Status.QUEUED:
        question.place = await change.behind(question.speaker or 1)
    doing.note_down(question=question, detail={"into": target.number, "to": question.status})
    await change.session.flush()
    await _part(change, question, target)


async def join(change: Change, entry: Entry) -> None:
    """Add the supports again, after an ``unmerge`` was taken back."""
    await _join(change, *await _both(change, entry))


async def part(change: Change, entry: Entry) -> None:
    """Take the supports apart again, after a ``merge`` was taken back."""
    await _part(change, *await _both(change, entry))


async def _both(change: Change, entry: Entry) -> tuple[Question, Question]:
    question, target = await change.question(entry.question or 0), await change.question(entry.detail["into"])
    if question is None or target is None:
        raise AssertionError("questions are never deleted")
    return question, target


async def _merging_of(change: Change, number: int) -> dict[str, str] | None:
    wanted = select(Entry.detail).where(
        Entry.forum_id == change.forum.id, Entry.question == number, Entry.kind == "MERGED"
    )
    return await change.session.scalar(wanted.order_by(Entry.seq.desc()).limit(1))


async def _join(change: Change, question: Question, target: Question) -> None:
    session = change.session
    people = set(
        await session.scalars(select(Support.participant).where(Support.question_id == question.id, Support.given))
    ) - {target.asker}
    there = {s.participant: s for s in await session.scalars(select(Support).where(Support.question_id == target.id))}
    for person in sorted(people):
        support = there.get(person)
        if support is None:
            came = Support(question_id=target.id, participant=person, given=True, count=0, at=change.now)
            came.via = question.number
            session.add(came)
        elif not support.given:
            support.given, support.via = True, question.number
    await _recount(change, target)


async def _part(change: Change, question: Question, target: Question) -> None:
    session = change.session
    came = update(Support).where(Support.question_id == target.id, Support.via == question.number)
    await session.execute(came.values(given=False, via=None).execution_options(synchronize_session="fetch"))
    others = select(Question).where(
        Question.forum_id == change.forum.id, Question.merged_into == target.number, Question.id != question.id
    )
    for other in list(await session.scalars(others.order_by(Question.number))):
        await _join(change, other, target)  # who came with two of them stays with the other one
    await _recount(change, target)


async def _recount(change: Change, target: Question) -> None:
    await change.session.flush()
    await identities.recount(change.session, change.forum.id, [target.number])
    beyond = await change.question(target.merged_into or 0)
    if beyond is not None:  # merged on: there the same people count
        await change.session.flush()
        await _part(change, target, beyond)
        await _join(change, target, beyond)
