"""Reading follow-ups as facts, with where they came from and what became of them."""

import dataclasses
from collections import defaultdict
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from live.rules.facts import DisputeFacts, EarlierFacts, EvidenceFacts, FollowUpFacts, ProgressFacts
from live.rules.words import Authority, Element, FollowUpStatus, Phase, Term
from live.store.models import (
    LARGEST_NUMBER,
    Dispute,
    Evidence,
    FollowUp,
    FollowUpQuestion,
    Forum,
    Progress,
    Question,
)

Row = TypeVar("Row")


async def follow_ups(session: AsyncSession, forum_id: int) -> tuple[FollowUpFacts, ...]:
    """All follow-ups of a forum by number."""
    questions = await _questions(session, forum_id)
    progress = await _progress(session, forum_id)
    disputes = await _disputes(session, forum_id)
    carried = await _carried(session, forum_id)
    rows = await session.scalars(select(FollowUp).where(FollowUp.forum_id == forum_id).order_by(FollowUp.number))
    return tuple(
        dataclasses.replace(
            _follow_up(row, tuple(questions[row.id]), tuple(progress[row.id]), tuple(disputes[row.id])),
            carried_to=carried.get(row.number),
        )
        for row in rows
    )


async def earlier(session: AsyncSession, code: str | None) -> EarlierFacts | None:
    """The forum with this code and its follow-ups, once it is published."""
    wanted = select(Forum).where(Forum.code == code, Forum.phase == Phase.PUBLISHED)
    forum = None if code is None else await session.scalar(wanted)
    if forum is None:
        return None
    return EarlierFacts(forum.code, forum.title, forum.starts, await follow_ups(session, forum.id))


async def _carried(session: AsyncSession, forum_id: int) -> dict[int, tuple[str, int]]:
    """Where the follow-ups of a forum were carried over to, by their number here."""
    code = select(Forum.code).where(Forum.id == forum_id).scalar_subquery()
    rows = await session.execute(
        select(FollowUp.carried_from, Forum.code, FollowUp.number)
        .join(Forum, Forum.id == FollowUp.forum_id)
        .where(Forum.predecessor == code, Forum.rehearsal_of.is_(None), FollowUp.carried_from.is_not(None))
        .order_by(FollowUp.id)
    )
    return {number: (code, there) for number, code, there in rows if number is not None}


async def evidence(session: AsyncSession, forum_id: int, evidence_id: int) -> Evidence | None:
    """One file of a forum, with its bytes; None when there is none."""
    if evidence_id > LARGEST_NUMBER:
        return None
    wanted = select(Evidence).join(Progress).where(Evidence.id == evidence_id, Progress.forum_id == forum_id)
    return await session.scalar(wanted)


async def all_evidence(session: AsyncSession, forum_id: int) -> list[tuple[int, Evidence]]:
    """Every file of a forum with the number of its follow-up, in the order in which they came."""
    rows: Any = await session.execute(
        select(FollowUp.number, Evidence)
        .join(Progress, Progress.follow_up_id == FollowUp.id)
        .join(Evidence, Evidence.progress_id == Progress.id)
        .where(FollowUp.forum_id == forum_id)
        .order_by(Evidence.id)
    )
    return [(number, kept) for number, kept in rows]


async def _questions(session: AsyncSession, forum_id: int) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    pairs = await session.execute(
        select(FollowUpQuestion.follow_up_id, Question.number)
        .join(Question, Question.id == FollowUpQuestion.question_id)
        .where(Question.forum_id == forum_id)
        .order_by(Question.number)
    )
    for follow_up_id, number in pairs:
        found[follow_up_id].append(number)
    return found


async def _progress(session: AsyncSession, forum_id: int) -> dict[int, list[ProgressFacts]]:
    files: dict[int, list[EvidenceFacts]] = defaultdict(list)
    columns = (Evidence.progress_id, Evidence.id, Evidence.name, Evidence.media_type, Evidence.size, Evidence.sha256)
    for row in await session.execute(
        select(*columns).join(Progress).where(Progress.forum_id == forum_id).order_by(Evidence.id)
    ):
        files[row.progress_id].append(EvidenceFacts(row.id, row.name, row.media_type, row.size, row.sha256))
    found: dict[int, list[ProgressFacts]] = defaultdict(list)
    for line in await session.scalars(select(Progress).where(Progress.forum_id == forum_id).order_by(Progress.id)):
        status = FollowUpStatus(line.status) if line.status else None
        facts = ProgressFacts(line.at, line.text, line.link, status, line.due, tuple(files[line.id]))
        found[line.follow_up_id].append(facts)
    return found


async def _disputes(session: AsyncSession, forum_id: int) -> dict[int, list[DisputeFacts]]:
    found: dict[int, list[DisputeFacts]] = defaultdict(list)
    rows: Any = await session.execute(
        select(Dispute, Question.number)
        .join(Question, Question.id == Dispute.question_id)
        .where(Dispute.forum_id == forum_id)
        .order_by(Dispute.id)
    )
    for dispute, number in rows:
        found[dispute.follow_up_id].append(DisputeFacts(dispute.at, dispute.text, number, dispute.flagged))
    return found


def _follow_up(
    row: FollowUp,
    questions: tuple[int, ...],
    progress: tuple[ProgressFacts, ...],
    disputes: tuple[DisputeFacts, ...],
) -> FollowUpFacts:
    return FollowUpFacts(
        number=row.number,
        problem=row.problem,
        recommendation=row.recommendation,
        activity=row.activity,
        owner=row.owner,
        due=row.due,
        term=Term(row.term) if row.term else None,
        duration=row.duration,
        authority=Authority(row.authority) if row.authority else None,
        needs_budget=row.needs_budget,
        element=Element(row.element) if row.element else None,
        indicator=row.indicator,
        agreed=row.agreed,
        status=FollowUpStatus(row.status),
        reason=row.reason,
        forwarded_to=row.forwarded_to,
        partial=row.partial,
        created=row.created,
        updated=row.updated,
        touched=row.touched,
        questions=questions,
        progress=progress,
        disputes=disputes,
        carried_from=row.carried_from,
    )
