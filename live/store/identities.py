"""Who counts in a forum, in a few statements: who was let in, who joined lately, and what the void ones supported."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, and_, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from live.store.models import Identity, Question, SeatCode, Support

_IDENTITY = Identity.__table__.c
# Made once, and of a plain table: every batch of supports asks it.
_KNOWN = select(_IDENTITY.participant, _IDENTITY.void).where(
    _IDENTITY.forum_id == bindparam("forum"), _IDENTITY.participant.in_(bindparam("people", expanding=True))
)


async def known(session: AsyncSession, forum_id: int, people: set[str]) -> dict[str, bool]:
    """Those of these people who took part before or were let in, each with whether a moderator voided them."""
    rows = await session.execute(_KNOWN, {"forum": forum_id, "people": sorted(people)})
    return {row.participant: row.void for row in rows}


async def is_known(session: AsyncSession, forum_id: int, person: str) -> bool:
    """Whether this person was let in."""
    return bool(await known(session, forum_id, {person}))


async def add(session: AsyncSession, forum_id: int, people: set[str], now: datetime) -> None:
    """These people took part for the first time; the forum's row is locked, so nobody else adds them."""
    if people:
        rows = [{"forum_id": forum_id, "participant": person, "since": now, "void": False} for person in sorted(people)]
        await session.execute(Identity.__table__.insert(), rows)  # type: ignore[attr-defined]


async def joined(session: AsyncSession, forum_id: int, since: datetime) -> int:
    """How many people are new since this moment, in every process."""
    wanted = select(func.count()).where(Identity.forum_id == forum_id, Identity.since > since)
    return int(await session.scalar(wanted) or 0)


async def seat(session: AsyncSession, forum_id: int, *, digest: str = "", number: int = 0) -> SeatCode | None:
    """The seat with this digest, or with this number on its slip."""
    which = SeatCode.digest == digest if digest else SeatCode.number == number
    return await session.scalar(select(SeatCode).where(SeatCode.forum_id == forum_id, which))


async def seats(session: AsyncSession, forum_id: int) -> tuple[int, int]:
    """``(printed, taken)``: how many codes there are, and how many a phone holds."""
    wanted = select(func.count(), func.count(SeatCode.participant)).where(SeatCode.forum_id == forum_id)
    printed, taken = (await session.execute(wanted)).one()
    return int(printed), int(taken)


async def move(session: AsyncSession, forum_id: int, old: str, new: str) -> None:
    """Everything that counts for ``old`` counts for ``new``: its supports, its questions, and whether it is void."""
    own = select(Question.id).where(Question.forum_id == forum_id)
    await session.execute(
        update(Support).where(Support.participant == old, Support.question_id.in_(own)).values(participant=new)
    )
    await session.execute(
        update(Question).where(Question.forum_id == forum_id, Question.asker == old).values(asker=new)
    )
    table = Identity.__table__
    moved = update(table).where(table.c.forum_id == forum_id, table.c.participant == old)  # type: ignore[arg-type]
    await session.execute(moved.values(participant=new))


def voidable(forum_id: int, since: datetime, until: datetime, question: int | None) -> Select[Identity]:
    """Those new from ``since`` to before ``until`` (and support this question) who count."""
    wanted = select(Identity).where(
        Identity.forum_id == forum_id, Identity.since >= since, Identity.since < until, Identity.void.is_(False)
    )
    if question is None:
        return wanted
    supporters = (
        select(Support.participant)
        .join(Question, Question.id == Support.question_id)
        .where(Question.forum_id == forum_id, Question.number == question, Support.given)
    )
    return wanted.where(Identity.participant.in_(supporters))


async def arrivals(session: AsyncSession, forum_id: int) -> list[tuple[str, datetime, bool]]:
    """``(person, since, is void)`` of everybody who took part, the first one first."""
    wanted = select(Identity.participant, Identity.since, Identity.void).where(Identity.forum_id == forum_id)
    return [(p, since, void) for p, since, void in await session.execute(wanted.order_by(Identity.since))]


async def choices(session: AsyncSession, forum_id: int) -> dict[str, set[int]]:
    """What everybody supports now: person → numbers of questions."""
    wanted = (
        select(Support.participant, Question.number)
        .join(Question, Question.id == Support.question_id)
        .where(Question.forum_id == forum_id, Support.given)
    )
    found: dict[str, set[int]] = {}
    for person, number in await session.execute(wanted):
        found.setdefault(person, set()).add(number)
    return found


async def recount(session: AsyncSession, forum_id: int, numbers: Iterable[int]) -> None:
    """Count these questions' supports again: those that count, and those of people who were voided."""
    wanted = (
        select(Question.id, func.coalesce(Identity.void, False).label("void"), func.count(Support.participant))
        .outerjoin(Support, and_(Support.question_id == Question.id, Support.given))
        .outerjoin(Identity, and_(Identity.forum_id == forum_id, Identity.participant == Support.participant))
        .where(Question.forum_id == forum_id, Question.number.in_(list(numbers)))
        .group_by(Question.id, "void")
    )
    totals: dict[int, dict[bool, int]] = {}
    for question_id, void, count in await session.execute(wanted):
        totals.setdefault(question_id, {})[bool(void)] = count
    table = Question.__table__
    rows = [{"of": of, "supports": n.get(False, 0), "voided": n.get(True, 0)} for of, n in totals.items()]
    if rows:
        counted = update(table).where(table.c.id == bindparam("of"))  # type: ignore[arg-type]
        await session.execute(counted.values(supports=bindparam("supports"), voided=bindparam("voided")), rows)
    for question in list(await session.scalars(select(Question).where(Question.id.in_(totals)))):
        await session.refresh(question, ["supports", "voided"])
