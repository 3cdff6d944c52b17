"""Erasing a person's words and whatever leads to the person; the one act that nothing can undo.

Gone at once from every screen, from the pages and from the database: the words, the original, the name, the seat and
the paper's number. What the office said (note, written answer, follow-ups) stays, as does the bare line in the
journal, which never held a word. The receipt's digest goes on the erase list, which every restore replays: an older
backup cannot bring the words back.
"""

import hashlib
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from live.actions import promising, staging
from live.actions.doing import Doing
from live.actions.fields import Fields
from live.rules import receipts
from live.rules.refusal import Refusal
from live.rules.words import Status
from live.store import undo
from live.store.change import Change
from live.store.models import Dispute, Erasure, FollowUp, FollowUpQuestion, Key, Question


class Erase(Fields, frozen=True, kw_only=True):
    """The fields of ``erase``: the receipt is the permission, from whatever device it comes."""

    receipt: str


def digest(receipt: str) -> str:
    """How the erase list remembers a receipt."""
    return hashlib.sha256(receipts.read(receipt).encode()).hexdigest()


def is_erased(question: Question) -> bool:
    """Whether its words are gone: no question is posted without words."""
    return not question.text


async def erase(doing: Doing, question: Question, fields: Erase) -> None:
    """Erase this question's words; asking again changes nothing."""
    if receipts.read(fields.receipt) != question.receipt:
        raise Refusal("no_such_receipt", "existence")
    if not is_erased(question):
        await wipe(doing.change, question, role=doing.role, actor=doing.actor.id)


async def wipe(change: Change, question: Question, *, role: str, actor: str) -> None:
    """Take the words off, close the keys, and note both in the journal and on the erase list."""
    if question.status == Status.STAGE:
        await staging.end(change, question, finished=False)
    await _forget_copies(change, question)
    forget(question)
    await _close_keys(change.session, question)
    await undo.forget_row(change.session, change.forum.id, "question", [question.id])
    listed = digest(question.receipt)
    if await change.session.get(Erasure, listed) is None:
        change.session.add(Erasure(digest=listed, at=change.now))
    detail = await _told(change.session, question)
    change.append("ERASED", role=role, actor=actor, question=question, detail=detail)


def forget(question: Question) -> None:
    """Take the words and the person off the row; every column that holds either is named here."""
    question.text, question.original, question.flags = "", None, []
    question.similar = []
    question.name = question.seat = question.paper = None
    question.status, question.place, question.reason = Status.WITHDRAWN, None, None


async def _forget_copies(change: Change, question: Question) -> None:
    """The same words elsewhere: a promise whose problem is the question itself, and what its asker objected."""
    session = change.session
    copies = list(
        await session.scalars(
            select(FollowUp)
            .join(FollowUpQuestion, FollowUpQuestion.follow_up_id == FollowUp.id)
            .where(FollowUpQuestion.question_id == question.id, FollowUp.problem == promising.problem_of(question))
        )
    )
    for follow_up in copies:
        follow_up.problem = ""
    if copies:
        await undo.forget_row(session, change.forum.id, "follow_up", [follow_up.id for follow_up in copies])
    for objection in await session.scalars(select(Dispute).where(Dispute.question_id == question.id)):
        objection.text, objection.flagged = "", True


async def _close_keys(session: AsyncSession, question: Question) -> None:
    """A late retry of the ask must not bring the words back: its key now stands for no body at all."""
    keys = await session.scalars(
        select(Key).where(Key.forum_id == question.forum_id, Key.actor == (question.asker or ""))
    )
    for key in keys:
        if key.result.get("number") == question.number:
            key.digest = ""


async def _told(session: AsyncSession, question: Question) -> dict[str, Any]:
    """The follow-ups that name this question: their cards change as well."""
    wanted = (
        select(FollowUp.number)
        .join(FollowUpQuestion, FollowUpQuestion.follow_up_id == FollowUp.id)
        .where(FollowUpQuestion.question_id == question.id)
    )
    numbers = sorted(await session.scalars(wanted))
    return {"follow_ups": numbers} if numbers else {}
