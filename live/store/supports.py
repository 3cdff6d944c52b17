"""Set-based SQL for supports: a batch reads what it needs in a few statements and writes in a few more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from live.store.models import LARGEST_NUMBER, Key, Question, Support

_QUESTION: Any = Question.__table__
_SUPPORT: Any = Support.__table__


def _setting(insert: Any) -> Any:
    """Write a support, or over the one that stands at its place."""
    written = {name: insert.excluded[name] for name in ("given", "count", "at", "via")}
    return insert.on_conflict_do_update(index_elements=["question_id", "participant"], set_=written)


# Made once, and of plain tables: this is the path that a hall full of phones takes.
_SET = {
    "sqlite": _setting(sqlite.insert(_SUPPORT)),
    "postgresql": _setting(postgresql.insert(_SUPPORT)),
}
_COUNTED = (
    update(_QUESTION)
    .where(_QUESTION.c.id == bindparam("of"))
    .values(supports=bindparam("total"), voided=bindparam("void"))
)


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


_ASKED = select(*(_QUESTION.c[name] for name in Asked.__dataclass_fields__)).where(
    _QUESTION.c.forum_id == bindparam("forum"), _QUESTION.c.number.in_(bindparam("numbers", expanding=True))
)
# By pairs: "these questions and these people" would bring what everybody in the batch thinks of every question in it.
_GIVEN = select(_SUPPORT.c.question_id, _SUPPORT.c.participant, _SUPPORT.c.given, _SUPPORT.c.count).where(
    tuple_(_SUPPORT.c.question_id, _SUPPORT.c.participant).in_(bindparam("places", expanding=True))
)


async def questions(session: AsyncSession, forum_id: int, numbers: set[int]) -> dict[int, Asked]:
    """The questions with these numbers; one that cannot be a number must not fail the others' batch."""
    possible = {number for number in numbers if 0 < number <= LARGEST_NUMBER}
    rows = await session.execute(_ASKED, {"forum": forum_id, "numbers": sorted(possible)})
    return {row.number: Asked(*row) for row in rows}


async def given(session: AsyncSession, places: set[tuple[int, str]]) -> dict[tuple[int, str], Given]:
    """The supports at these places: of this question by this person."""
    if not places:
        return {}
    rows = await session.execute(_GIVEN, {"places": sorted(places)})
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
    await session.execute(_SET[session.get_bind().dialect.name], rows)
    if totals:
        await session.execute(_COUNTED, [{"of": of, "total": n, "void": void} for of, (n, void) in totals.items()])
