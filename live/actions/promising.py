"""Follow-ups: the promises made in the hall, and what becomes of them."""

from collections.abc import Sequence
from datetime import date

import msgspec
from msgspec import UNSET, UnsetType
from sqlalchemy import select

from live.actions.doing import Doing, Outcome
from live.actions.fields import Fields, day
from live.rules import personal, text
from live.rules.refusal import Refusal
from live.rules.words import FollowUpStatus, Term
from live.store.models import FollowUp, FollowUpQuestion

LIMITS = {"problem": 500, "recommendation": 500, "activity": 500, "owner": 200, "reason": 500, "forwarded_to": 200}


class Promise(Fields, frozen=True, kw_only=True):
    """The fields of a follow-up. Making one needs ``problem``; changing one takes what is given and leaves the rest."""

    question: list[int] | UnsetType = UNSET
    problem: str | UnsetType = UNSET
    recommendation: str | UnsetType = UNSET
    activity: str | UnsetType = UNSET
    owner: str | UnsetType = UNSET
    due: str | UnsetType = UNSET
    term: Term | UnsetType = UNSET
    status: FollowUpStatus | UnsetType = UNSET
    reason: str | UnsetType = UNSET
    forwarded_to: str | UnsetType = UNSET
    partial: bool | UnsetType = UNSET


async def make(doing: Doing, fields: Promise) -> Outcome:
    """Write down a new follow-up."""
    if fields.problem is UNSET:
        raise Refusal("bad_field", "fields", params={"field": "problem"}, extra={"field": "problem"})
    change = doing.change
    follow_up = FollowUp(
        forum_id=change.forum.id,
        problem="",
        recommendation="",
        activity="",
        owner="",
        reason="",
        forwarded_to="",
        partial=False,
        status=FollowUpStatus.TODO,
        created=change.now,
        updated=change.now,
    )
    _fill(follow_up, fields)
    change.forum.last_follow_up += 1
    follow_up.number = change.forum.last_follow_up
    change.session.add(follow_up)
    await change.session.flush()
    await _point_to_questions(doing, follow_up, fields)
    doing.note_down(follow_up=follow_up, detail={"status": follow_up.status, **_sources(fields)})
    return Outcome({"id": follow_up.number, "status": follow_up.status}, created=True)


async def alter(doing: Doing, follow_up: FollowUp, fields: Promise) -> None:
    """Change the given fields of a follow-up."""
    before = follow_up.status
    _fill(follow_up, fields)
    follow_up.updated = doing.change.now
    await _point_to_questions(doing, follow_up, fields)
    detail = {"from": before, "status": follow_up.status, **_sources(fields)}
    doing.note_down(follow_up=follow_up, detail=detail)


def _fill(follow_up: FollowUp, fields: Promise) -> None:
    for name, limit in LIMITS.items():
        value = getattr(fields, name)
        if value is not UNSET:
            clean = personal.mask(text.normalise(value, limit=limit)).text
            setattr(follow_up, name, clean)
    if fields.due is not UNSET:
        follow_up.due = _due(fields.due)
    if fields.term is not UNSET:
        follow_up.term = fields.term
    if fields.partial is not UNSET:
        follow_up.partial = fields.partial
    if fields.status is not UNSET:
        follow_up.status = fields.status
    _check_reasons(follow_up)


def _check_reasons(follow_up: FollowUp) -> None:
    if follow_up.status == FollowUpStatus.DROPPED and not follow_up.reason:
        raise Refusal("reason_needed", "fields", extra={"field": "reason"})
    if follow_up.status == FollowUpStatus.FORWARDED and not follow_up.forwarded_to:
        raise Refusal("forwarded_to_needed", "fields", extra={"field": "forwarded_to"})


def _due(value: str | UnsetType) -> date | None:
    return None if isinstance(value, UnsetType) else day(value)


def _sources(fields: Promise) -> dict[str, Sequence[int]]:
    return {} if fields.question is UNSET else {"questions": sorted(set(msgspec.to_builtins(fields.question)))}


async def _point_to_questions(doing: Doing, follow_up: FollowUp, fields: Promise) -> None:
    if fields.question is UNSET:
        return
    session = doing.change.session
    present = await session.scalars(select(FollowUpQuestion).where(FollowUpQuestion.follow_up_id == follow_up.id))
    links = {link.question_id: link for link in present}
    for number in sorted(set(fields.question)):
        question = await doing.change.question(number)
        if question is None:
            raise Refusal("no_such_question", "fields", params={"n": number}, extra={"field": "question"})
        if links.pop(question.id, None) is None:
            session.add(FollowUpQuestion(follow_up_id=follow_up.id, question_id=question.id))
    for link in links.values():
        await session.delete(link)
