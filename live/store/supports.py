"""Set-based SQL for supports: a batch reads what it needs in a few statements and writes in a few more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from live.store.models import LARGEST_NUMBER, Key, Question, Support


@dataclass(slots=True)
class Asked:
    """What a support needs to know of its question."""

    id: int
    number: int
    status: str
    asker: str | None
    supports: int
    voided: int
    touched: int
    touched_by: str | None
    touched_role: str | None
    touched_did: str | None


@dataclass(slots=True)
class Given:
    """A support as it stands: set or unset, and the client's counter."""

    given: bool
    count: int


async def questions(session: AsyncSession, forum_id: int, numbers: set[int]) -> dict[int, Asked]:
    """The questions with these numbers; one that cannot be a number must not fail the others' batch."""
    possible = {number for number in numbers if 0 < number <= LARGEST_NUMBER}
    columns = [getattr(Question, name) for name in Asked.__dataclass_fields__]
    wanted = select(*columns).where(Question.forum_id == forum_id, Question.number.in_(possible))
    return {row.number: Asked(*row) for row in await session.execute(wanted)}


async def given(session: AsyncSession, question_ids: set[int], people: set[str]) -> dict[tuple[int, str], Given]:
    """The supports that these people gave to these questions."""
    wanted = select(Support.question_id, Support.participant, Support.given, Support.count).where(
        Support.question_id.in_(question_ids), Support.participant.in_(people)
    )
    rows = await session.execute(wanted)
    return {(question_id, person): Given(on, count) for question_id, person, on, count in rows}


async def keys(session: AsyncSession, forum_id: int, actors: set[str], used: set[str]) -> dict[tuple[str, str], str]:
    """The digests of what these people's acts with these keys asked for."""
    if not used:
        return {}
    wanted = select(Key.actor, Key.key, Key.digest).where(
        Key.forum_id == forum_id, Key.actor.in_(actors), Key.key.in_(used)
    )
    return {(row.actor, row.key): row.digest for row in await session.execute(wanted)}


async def write(
    session: AsyncSession,
    supports: Mapping[tuple[int, str], Given],
    totals: Mapping[int, tuple[int, int]],
    new_keys: Sequence[Mapping[str, Any]],
    now: datetime,
) -> None:
    """Store the supports, the new totals per question id (counting, void), and the keys that were used."""
    if new_keys:
        await session.execute(Key.__table__.insert(), list(new_keys))  # type: ignore[attr-defined]
    if not supports:
        return
    rows = [
        {"question_id": question_id, "participant": person, "given": s.given, "count": s.count, "at": now, "via": None}
        for (question_id, person), s in supports.items()
    ]
    dialect = session.get_bind().dialect.name
    insert = (sqlite if dialect == "sqlite" else postgresql).insert(Support)
    upsert = insert.on_conflict_do_update(
        index_elements=["question_id", "participant"],
        set_={name: insert.excluded[name] for name in ("given", "count", "at", "via")},
    )
    await session.execute(upsert, rows)
    if totals:
        table = Question.__table__
        counted = update(table).where(table.c.id == bindparam("of"))  # type: ignore[arg-type]
        values = counted.values(supports=bindparam("total"), voided=bindparam("void"))
        await session.execute(values, [{"of": of, "total": n, "void": void} for of, (n, void) in totals.items()])
