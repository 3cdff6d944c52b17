"""Follow-ups: the promises made in the hall. What becomes of them is in :mod:`live.actions.following`."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType
from sqlalchemy import select

from live.actions.doing import Doing, Outcome
from live.actions.fields import Fields, day
from live.rules import personal, text
from live.rules.refusal import Refusal, of_field
from live.rules.words import Authority, Element, FollowUpStatus, Term
from live.store.models import FollowUp, FollowUpQuestion, Question

LIMITS = {
    "problem": 500,
    "recommendation": 500,
    "activity": 500,
    "owner": 200,
    "duration": 60,
    "indicator": 300,
    "reason": 500,
    "forwarded_to": 200,
}
CHOSEN = ("term", "authority", "element", "needs_budget", "partial", "status")
AGREED = ("problem", "recommendation", "term", "duration", "due")
"""What was read aloud and agreed, and stands in the Berita Acara: it is locked."""


class Plan(Fields, frozen=True, kw_only=True):
    """What a follow-up says. ``owner`` is a position, not a person; ``duration`` goes with ``term``: "14 hari"."""

    problem: str | UnsetType = UNSET
    recommendation: str | UnsetType = UNSET
    activity: str | UnsetType = UNSET
    owner: str | UnsetType = UNSET
    due: str | UnsetType = UNSET
    term: Term | UnsetType = UNSET
    duration: str | UnsetType = UNSET
    authority: Authority | UnsetType = UNSET
    needs_budget: bool | UnsetType = UNSET
    element: Element | UnsetType = UNSET
    indicator: str | UnsetType = UNSET


class Promise(Plan, frozen=True, kw_only=True):
    """The fields of a follow-up. Making one needs ``problem``; changing one takes what is given and leaves the rest."""

    question: list[int] | UnsetType = UNSET
    status: FollowUpStatus | UnsetType = UNSET
    reason: str | UnsetType = UNSET
    forwarded_to: str | UnsetType = UNSET
    partial: bool | UnsetType = UNSET


class Agreement(Fields, frozen=True, kw_only=True):
    """The fields of ``agree``: 0 opens an agreed follow-up again."""

    on: bool = True


async def make(doing: Doing, fields: Promise) -> Outcome:
    """Write down a new follow-up."""
    if fields.problem is UNSET:
        raise of_field("problem")
    follow_up = await _new(doing, fields)
    await _point_to_questions(doing, follow_up, fields)
    doing.note_down(follow_up=follow_up, detail={"status": follow_up.status, **_sources(fields)})
    return Outcome({"id": follow_up.number, "status": follow_up.status}, created=True)


async def from_note(doing: Doing, question: Question, plan: Plan) -> int:
    """The follow-up promised in this answer; the same one again changes nothing. Returns its number."""
    said = {"problem": problem_of(question), "recommendation": question.note or ""}
    given = {name: value for name in Plan.__struct_fields__ if (value := getattr(plan, name)) is not UNSET}
    fields = Promise(**(said | given | {"key": None, "seen": None, "question": [question.number]}))
    known = await doing.change.session.scalar(
        select(FollowUp.number)
        .join(FollowUpQuestion, FollowUpQuestion.follow_up_id == FollowUp.id)
        .where(FollowUpQuestion.question_id == question.id, FollowUp.problem == _clean("problem", fields.problem))
    )
    if known is not None:
        return known
    follow_up = await _new(doing, fields)
    await _point_to_questions(doing, follow_up, fields)
    doing.note_down(follow_up=follow_up, kind="FOLLOW_UP_MADE", detail={"status": "todo", **_sources(fields)})
    return follow_up.number


def problem_of(question: Question) -> str:
    """The question itself as the problem of its promise, as far as that fits."""
    return question.text[: LIMITS["problem"]].strip()


async def alter(doing: Doing, follow_up: FollowUp, fields: Promise) -> None:
    """Change the given fields of a follow-up; what was agreed stays."""
    before, agreed = follow_up.status, [getattr(follow_up, name) for name in AGREED]
    _fill(follow_up, fields)
    if follow_up.agreed is not None and agreed != [getattr(follow_up, name) for name in AGREED]:
        raise Refusal("agreed", "state", params={"n": follow_up.number})
    follow_up.updated = doing.change.now
    await _point_to_questions(doing, follow_up, fields)
    detail = {"from": before, "status": follow_up.status, **_sources(fields)}
    doing.note_down(follow_up=follow_up, detail=detail)


async def agree(doing: Doing, follow_up: FollowUp, fields: Agreement) -> None:
    """Agreed in the hall: locked from now on, with the time. Nothing is agreed without saying how long it may take."""
    if (follow_up.agreed is not None) == fields.on:
        return
    if fields.on and not (follow_up.term or follow_up.due):
        raise Refusal("term_needed", "state", params={"n": follow_up.number})
    follow_up.agreed = doing.change.now if fields.on else None
    doing.note_down(follow_up=follow_up, detail={"on": fields.on})


async def _new(doing: Doing, fields: Promise) -> FollowUp:
    change = doing.change
    follow_up = FollowUp(
        forum_id=change.forum.id,
        **dict.fromkeys(LIMITS, ""),
        partial=False,
        needs_budget=False,
        status=FollowUpStatus.TODO,
        created=change.now,
        updated=change.now,
    )
    _fill(follow_up, fields)
    change.forum.last_follow_up += 1
    follow_up.number = change.forum.last_follow_up
    change.session.add(follow_up)
    await change.session.flush()
    return follow_up


def _fill(follow_up: FollowUp, fields: Promise) -> None:
    for name in LIMITS:
        if (value := getattr(fields, name)) is not UNSET:
            setattr(follow_up, name, _clean(name, value))
    for name in CHOSEN:
        if (value := getattr(fields, name)) is not UNSET:
            setattr(follow_up, name, value)
    if fields.due is not UNSET:
        follow_up.due = _due(fields.due)
    check_reasons(follow_up)


def _clean(name: str, value: Any) -> str:
    return personal.mask(text.normalise(value, limit=LIMITS[name])).text


def check_reasons(follow_up: FollowUp) -> None:
    """An honest end says why, or where it went."""
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
        question.no_promise = False
        if links.pop(question.id, None) is None:
            session.add(FollowUpQuestion(follow_up_id=follow_up.id, question_id=question.id))
    for link in links.values():
        await session.delete(link)
