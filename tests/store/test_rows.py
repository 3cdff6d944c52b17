"""Rows that come and go past the mapper are the mapper's objects all the same, on both databases."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, ProgrammingError

from live.store.change import Change
from live.store.models import Forum, Question
from tests.build import Room
from tests.people import MAYA


async def stored(room: Room, number: int, *names: str) -> dict[str, Any]:
    """The columns as the session reads them, in another transaction."""
    wanted = select(Question).join(Forum, Forum.id == Question.forum_id).where(Forum.code == room.code)
    async with room.database.reading() as session:
        question = (await session.scalars(wanted.where(Question.number == number))).one()
        return {name: getattr(question, name) for name in names}


async def test_what_is_set_is_written_whatever_its_type(room: Room) -> None:
    number, now = await room.asked("shown"), room.database.clock()
    values = {
        "text": "Loket mana?",
        "place": 7,
        "no_promise": True,
        "passed": [2, 1],
        "chosen": {"why": "é", "rank": 3},
        "shown_at": now + timedelta(hours=1),
        "speaker": None,
        "asker": None,
    }

    async def work(change: Change) -> None:
        question = await change.question(number)
        for name, value in values.items():
            setattr(question, name, value)

    await room.database.change_at_once(room.code, work)
    assert await stored(room, number, *values) == values


async def test_a_row_is_one_object_for_the_whole_transaction(room: Room) -> None:
    number = await room.asked("shown")

    async def work(change: Change) -> None:
        question = await change.question(number)
        assert question is not None
        question.status, question.speaker, question.place = "queued", 1, 4
        assert await change.queue(1) == [], "not written yet"
        await change.session.flush()
        question.place = 5
        assert await change.queue(1) == [question]
        assert await change.question(number) is question
        assert question.place == 5, "reading it again takes nothing back"

    await room.database.change_at_once(room.code, work)
    assert await stored(room, number, "status", "place") == {"status": "queued", "place": 5}


async def test_the_session_takes_over_what_was_changed_before_it_was_needed(room: Room) -> None:
    number, other = await room.asked("shown"), await room.asked("shown")

    async def work(change: Change) -> None:
        question = await change.question(number)
        assert question is not None
        question.place = 8
        known = (await change.session.scalars(select(Question).where(Question.number.in_((number, other))))).all()
        assert question in known
        for each in known:
            assert await change.question(each.number) is each
            each.speaker = 2
        change.forum.notice = "Sebentar"

    await room.database.change_at_once(room.code, work)
    assert await stored(room, number, "place", "speaker") == {"place": 8, "speaker": 2}
    assert await stored(room, other, "speaker") == {"speaker": 2}
    assert (await room.facts()).forum.notice == "Sebentar"


@pytest.mark.parametrize("with_session", [False, True])
async def test_what_was_written_goes_back_with_the_rest(room: Room, with_session: bool) -> None:
    number = await room.asked("shown")

    async def work(change: Change) -> None:
        question = await change.question(number)
        assert question is not None
        question.place = 9
        if with_session:
            await change.session.scalar(select(Question.number).limit(1))
        await change.session.flush()
        raise LookupError

    with pytest.raises(LookupError):
        await room.database.change_at_once(room.code, work)
    assert await stored(room, number, "place") == {"place": None}
    assert await room.asked("shown"), "and the next change finds the connection free"


async def test_a_rule_of_the_database_is_heard_when_a_row_is_written(room: Room) -> None:
    first, second = await room.asked("shown"), await room.asked("shown")

    async def work(change: Change) -> None:
        for number in (first, second):
            question = await change.question(number)
            assert question is not None
            question.status = "stage"

    with pytest.raises(IntegrityError):
        await room.database.change_at_once(room.code, work)
    assert await stored(room, first, "status") == {"status": "shown"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_connection_that_cannot_even_roll_back_is_not_used_again(room: Room) -> None:
    number = await room.asked("shown")

    async def work(change: Change) -> None:
        session: Any = change.session
        session._driver.close()

    with pytest.raises(ProgrammingError, match="closed"):
        await room.database.change_at_once(room.code, work)
    assert await room.do("reject", MAYA, number, reason="spam")
