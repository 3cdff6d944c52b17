"""What participants told of themselves: groups, calls for a helper, contacts, feedback."""

from datetime import datetime, timedelta

from sqlalchemy import and_, delete, func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from live.rules import counting
from live.rules.facts import CallFacts, CrowdFacts
from live.rules.words import Aspect, Group, Verdict
from live.store.models import Attendee, Call, Contact, Feedback, Forum, Identity, Question, Support

CONTACT_DAYS = 30
"""A telephone number is destroyed this many days after its forum was published and the last written answer came."""


async def read(session: AsyncSession, forum_id: int, *, is_published: bool) -> CrowdFacts:
    """The counts and the open calls of a forum; when supports came only of a published one, for they are many."""
    counted = await _counts(session, forum_id)
    calls = await session.scalars(
        select(Call).where(Call.forum_id == forum_id, Call.ended.is_(None)).order_by(Call.since, Call.number)
    )
    return CrowdFacts(
        groups=tuple((Group(name), count) for about, name, count in counted if about == ""),
        feedback=tuple((Aspect(about), Verdict(name), count) for about, name, count in counted if about != ""),
        calls=tuple(CallFacts(call.number, call.row, call.since) for call in calls),
        supports=counting.by_half_hour(await _supports(session, forum_id)) if is_published else (),
    )


async def _supports(session: AsyncSession, forum_id: int) -> list[tuple[datetime, int]]:
    """Moments at which supports were given that still stand; one for each batch, so they are few."""
    wanted = (
        select(Support.at, func.count())
        .join(Question, Question.id == Support.question_id)
        .outerjoin(Identity, and_(Identity.forum_id == forum_id, Identity.participant == Support.participant))
        .where(Question.forum_id == forum_id, Support.given, Support.via.is_(None), Identity.void.is_not(True))
        .group_by(Support.at)
    )
    return [(at, int(count)) for at, count in await session.execute(wanted)]


async def _counts(session: AsyncSession, forum_id: int) -> list[tuple[str, str, int]]:
    """Groups (about nothing) and feedback in one statement."""
    groups = (
        select(literal("").label("about"), Attendee.group.label("name"), func.count().label("people"))
        .where(Attendee.forum_id == forum_id)
        .group_by(Attendee.group)
    )
    feedback = (
        select(Feedback.about, Feedback.verdict, func.count())
        .where(Feedback.forum_id == forum_id)
        .group_by(Feedback.about, Feedback.verdict)
    )
    both = union_all(groups, feedback).order_by("about", "name")
    return [(about, name, int(people)) for about, name, people in await session.execute(both)]


async def told_by(session: AsyncSession, forum_id: int, participant: str) -> dict[str, object]:
    """``{"group", "waiting", "row", "contact", "feedback"}`` of one participant; never the telephone number itself."""
    at = (forum_id, participant)
    attendee, call, contact = (
        await session.get(Attendee, at),
        await session.get(Call, at),
        await session.get(Contact, at),
    )
    taps = await session.execute(
        select(Feedback.about, Feedback.verdict).where(
            Feedback.forum_id == forum_id, Feedback.participant == participant
        )
    )
    is_waiting = call is not None and call.ended is None
    return {
        "group": attendee.group if attendee else None,
        "waiting": is_waiting,
        "row": call.row if call is not None and is_waiting else None,
        "contact": contact is not None,
        "feedback": {about: verdict for about, verdict in taps},
    }


async def contacts(session: AsyncSession, forum_id: int) -> list[Contact]:
    """The sealed contacts of a forum, the earliest first."""
    rows = await session.scalars(select(Contact).where(Contact.forum_id == forum_id).order_by(Contact.given))
    return list(rows)


async def purge(session: AsyncSession, now: datetime) -> None:
    """Destroy the contacts whose time is over."""
    before = now - timedelta(days=CONTACT_DAYS)
    answered = select(Question.forum_id).where(Question.answer.is_not(None), Question.answered_at >= before)
    over = select(Forum.id).where(Forum.published < before, Forum.id.not_in(answered))
    await session.execute(delete(Contact).where(Contact.forum_id.in_(over)))
