"""Statements that were put together once say what the session says, on both databases."""

import pytest
from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from live.rules.words import Status
from live.store.change import Change
from live.store.models import Entry, Key, Question
from live.store.prepared import Prepared
from tests.build import Room, full_room

QUESTION, ENTRY, KEY = Question.__table__, Entry.__table__, Key.__table__
NAMED = select(QUESTION).where(
    QUESTION.c.forum_id == bindparam("forum"),
    QUESTION.c.number.in_(bindparam("numbers", expanding=True)),
    QUESTION.c.status != Status.REJECTED,  # a value of its own, that nobody gives
)
PREPARED = Prepared(NAMED.order_by(QUESTION.c.number))
ENTRIES = Prepared(select(ENTRY).where(ENTRY.c.forum_id == bindparam("forum"), ENTRY.c.at <= bindparam("now")))
KEEP = Prepared(insert(KEY))  # type: ignore[arg-type]
FORGET = Prepared(delete(KEY).where(KEY.c.forum_id == bindparam("forum"), KEY.c.key == bindparam("key")))  # type: ignore[arg-type]


async def forum_id(room: Room) -> int:
    return (await room.facts()).forum.id


@pytest.mark.parametrize("many", [1, 0, 3, 1, 9])
async def test_a_list_stands_for_as_many_values_as_it_has(room: Room, many: int) -> None:
    numbers = sorted((await full_room(room)).values())[:many]
    given = {"forum": await forum_id(room), "numbers": numbers}

    async def both(session: AsyncSession) -> tuple[list[object], list[object]]:
        plain = (await session.execute(NAMED.order_by(QUESTION.c.number), given)).all()
        return [row._asdict() for row in plain], [row._asdict() for row in await PREPARED.all(session, **given)]

    plain, prepared = await room.database.read(both)
    assert prepared == plain
    assert bool(prepared) is bool(many)


async def test_times_and_details_come_as_the_session_brings_them(room: Room) -> None:
    await full_room(room)
    given = {"forum": await forum_id(room), "now": room.database.clock()}

    async def both(session: AsyncSession) -> tuple[list[object], list[object]]:
        plain = (await session.execute(ENTRIES.statement, given)).all()  # type: ignore[call-overload]
        return [row._asdict() for row in plain], [row._asdict() for row in await ENTRIES.all(session, **given)]

    plain, prepared = await room.database.read(both)
    assert prepared == plain
    assert any(row["detail"] for row in prepared)  # type: ignore[index]
    assert all(row["at"].tzinfo for row in prepared)  # type: ignore[index]


async def test_what_is_written_is_read_and_taken_back_with_the_rest(room: Room) -> None:
    forum = await forum_id(room)
    row = {"forum_id": forum, "actor": "a", "key": "k-prepared", "digest": "d", "result": {"number": 7, "é": [1]}}

    async def write(change: Change) -> object:
        await KEEP.run(change.session, **row)
        kept = await change.key("a", "k-prepared")
        assert kept is not None
        return kept.result

    async def write_and_fail(change: Change) -> None:
        await FORGET.run(change.session, forum=forum, key="k-prepared")
        assert await change.key("a", "k-prepared") is None
        raise LookupError

    assert await room.database.change_at_once(room.code, write) == row["result"]
    with pytest.raises(LookupError):
        await room.database.change_at_once(room.code, write_and_fail)

    async def there(change: Change) -> bool:
        return await change.key("a", "k-prepared") is not None

    assert await room.database.change_at_once(room.code, there)


async def test_an_error_is_that_of_the_session_and_does_not_tell_what_was_given(room: Room) -> None:
    row = {"forum_id": await forum_id(room), "actor": "a", "key": "k", "digest": "d", "result": {"secret": "kata"}}

    async def twice(change: Change) -> None:
        await KEEP.run(change.session, **row)
        await KEEP.run(change.session, **row)

    with pytest.raises(IntegrityError) as failed:
        await room.database.change_at_once(room.code, twice)
    assert "kata" not in str(failed.value)
    assert "INSERT INTO" in str(failed.value)
