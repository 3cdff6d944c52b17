"""The journal: numbers without gaps, in commit order, also with many writers; and a chain that shows tampering."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from live.actions.pace import Pace
from live.actions.perform import Acting
from live.rules.refusal import Refusal
from live.store import journal, snapshot
from live.store.change import Change
from live.store.database import Database, UnknownForum, connect
from live.store.models import Entry, Forum, Question
from tests.build import Room
from tests.build import room as new_room
from tests.people import BUDI, MAYA, SARI
from tests.store.shared import KINDS, shared_url

WRITERS, ACTS = 16, 9


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=KINDS)
async def both(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[list[Database]]:
    """One database, open twice, as two processes have it."""
    async with shared_url(request, tmp_path_factory) as url:
        opened = [connect(url), connect(url)]
        yield opened
        for each in opened:
            await each.close()


@pytest_asyncio.fixture(loop_scope="module")
async def room(both: list[Database]) -> Room:
    return await new_room(both[0], Acting(both[0], Pace("open")))


@pytest.fixture
def beside(both: list[Database]) -> Database:
    """The room's database, as a second process has it open."""
    return both[1]


async def write(change: Change, mark: list[int], *, refused: bool) -> None:
    """Append an entry, and perhaps refuse afterwards: also after the row has reached the database."""
    change.append("ASKED", role="participant", actor=SARI.id, detail={"mark": mark})
    if refused:
        await change.session.flush()
        raise Refusal("too_fast", "pace")


async def writer(database: Database, code: str, who: int) -> None:
    for turn in range(ACTS):
        try:
            async with database.change(code) as change:
                await write(change, [who, turn], refused=turn % 3 == 1)
        except Refusal:
            pass


async def follow(database: Database, forum_id: int, total: int) -> list[Entry]:
    """What a screen sees that always asks for "everything after my last one"."""
    seen: list[Entry] = []
    while len(seen) < total:
        async with database.reading() as session:
            seen += await journal.after(session, forum_id, seen[-1].seq if seen else 0, 1000)
    return seen


async def test_sixteen_writers_leave_no_gap_and_a_reader_misses_nothing(room: Room, beside: Database) -> None:
    forum_id = (await room.facts()).forum.id
    total = WRITERS * ACTS * 2 // 3
    async with asyncio.timeout(60):
        reading = asyncio.create_task(follow(beside, forum_id, total))
        await asyncio.gather(*(writer((room.database, beside)[n % 2], room.code, n) for n in range(WRITERS)))
        seen = await reading
    assert [entry.seq for entry in seen] == list(range(1, total + 1))
    marks = [tuple(entry.detail["mark"]) for entry in seen]
    assert len(set(marks)) == total, "no act is written twice"
    for who in range(WRITERS):
        own = [turn for by, turn in marks if by == who]
        assert own == [turn for turn in range(ACTS) if turn % 3 != 1], "each writer's acts are in its own order"
    assert (await room.facts()).forum.seq == total
    async with room.database.reading() as session:
        assert await journal.broken_at(session, await session.get_one(Forum, forum_id)) is None


async def test_a_refused_act_uses_no_number_and_leaves_no_row(room: Room) -> None:
    await room.ask()
    before = (await room.facts()).forum
    with pytest.raises(Refusal):
        async with room.database.change(room.code) as change:
            await write(change, [0], refused=True)
    with pytest.raises(Refusal):
        await room.do("ask", SARI, text="")
    with pytest.raises(Refusal):
        await room.do("stage", MAYA, 1)
    assert (await room.facts()).forum == before
    assert await room.ask("Apakah bisa daring?") == 2
    assert (await room.facts()).forum.seq == before.seq + 1


async def test_an_act_that_crashes_rolls_everything_back(room: Room) -> None:
    before = await room.facts()
    with pytest.raises(ZeroDivisionError):
        async with room.database.change(room.code) as change:
            change.forum.last_question += 1
            change.append("ASKED", role="participant", actor=SARI.id)
            await change.session.flush()
            raise ZeroDivisionError
    assert await room.facts() == before


async def test_the_bell_rings_after_the_commit_and_never_for_a_refusal(room: Room) -> None:
    forum_id = (await room.facts()).forum.id
    rung: list[int] = []
    room.database.bell.listen(lambda forum, _head: rung.append(forum))
    with pytest.raises(Refusal):
        await room.do("stage", MAYA, 7)
    assert rung == []
    await room.ask()
    assert rung == [forum_id]


async def test_three_hundred_increments_at_once_keep_all(room: Room, beside: Database) -> None:
    async def increment(database: Database) -> None:
        async with database.change(room.code) as change:
            count = change.forum.last_question
            await asyncio.sleep(0)  # gives everybody else the chance to read the same number
            change.forum.last_question = count + 1

    async with asyncio.timeout(60):
        await asyncio.gather(*(increment((room.database, beside)[n % 2]) for n in range(300)))
    async with room.database.reading() as session:
        assert await session.scalar(select(Forum.last_question).where(Forum.code == room.code)) == 300


async def test_two_forums_number_their_journals_apart(room: Room) -> None:
    other = await new_room(room.database, room.acting)
    await asyncio.gather(*(r.ask(f"Pertanyaan {n}?") for n in range(5) for r in (room, other)))
    for each in (room, other):
        facts = await each.facts()
        assert facts.forum.seq == 5
        assert [q.number for q in facts.questions] == [1, 2, 3, 4, 5]
    assert (await room.facts()).forum.epoch != (await other.facts()).forum.epoch


async def test_a_second_question_on_stage_is_refused_by_the_database_itself(room: Room) -> None:
    await room.asked("stage")
    second = await room.asked("queued")
    with pytest.raises(IntegrityError):
        async with room.database.change(room.code) as change:
            question = await change.question(second)
            assert question is not None
            question.status = "stage"
    assert await room.status(second) == "queued"


async def test_nobody_writes_to_a_forum_that_does_not_exist(room: Room) -> None:
    with pytest.raises(UnknownForum):
        async with room.database.change("000000"):
            raise AssertionError("never reached")


async def test_a_reader_sees_one_moment_while_others_write(room: Room) -> None:
    forum_id = (await room.facts()).forum.id
    await room.ask()
    async with room.database.reading() as session:
        before = await snapshot.read(session, forum_id)
        await room.ask("Apakah bisa daring?")
        count = await session.scalar(select(func.count()).select_from(Question).where(Question.forum_id == forum_id))
        assert count == len(before.questions) == before.forum.seq == 1


# The chain.


async def test_the_journal_holds_facts_and_no_words(room: Room) -> None:
    words = ("rahasia-kata", "rahasia-nama", "rahasia-catatan")
    given = {"text": f"Kapan {words[0]}?", "name": words[1]}
    number = int((await room.acting.perform("ask", SARI, room.code, given)).body["number"])
    await room.do("queue", MAYA, number, speaker=1)
    await room.do("stage", MAYA, number)
    await room.do("note", MAYA, number, text=words[2])
    forum_id = (await room.facts()).forum.id
    async with room.database.reading() as session:
        entries = await journal.after(session, forum_id, 0, 100)
    assert len(entries) == 4
    told = repr([[getattr(entry, column.name) for column in Entry.__table__.columns] for entry in entries])
    assert not [word for word in words if word in told]


async def chained(room: Room) -> int:
    """A journal of a few entries; returns the forum's id."""
    number = await room.asked("shown")
    await room.do("support", BUDI, number, on=True)
    await room.do("queue", MAYA, number, speaker=1)
    await room.do("stage", MAYA, number)
    return (await room.facts()).forum.id


async def broken_at(room: Room, forum_id: int) -> int | None:
    async with room.database.reading() as session:
        return await journal.broken_at(session, await session.get_one(Forum, forum_id))


async def test_the_chain_of_a_used_forum_holds(room: Room) -> None:
    forum_id = await chained(room)
    assert (await room.facts()).forum.seq == 5
    assert await broken_at(room, forum_id) is None


CHANGES: list[dict[str, Any]] = [
    {"kind": "REJECTED"},
    {"role": "speaker"},
    {"actor": "f" * 32},
    {"question": 9},
    {"follow_up": 9},
    {"detail": {"speaker": 3}},
    {"before": "0" * 64},
]


async def test_a_changed_line_is_found_whatever_was_changed(room: Room) -> None:
    forum_id = await chained(room)
    for seq in (1, 3, 5):
        for values in CHANGES:
            async with room.database.writing() as session:
                line = (Entry.forum_id == forum_id, Entry.seq == seq)
                entry = await session.scalar(select(Entry).where(*line))
                kept = {name: getattr(entry, name) for name in values}
                await session.execute(update(Entry).where(*line).values(values))
            assert await broken_at(room, forum_id) in (seq, seq + 1), (seq, values)
            async with room.database.writing() as session:
                await session.execute(update(Entry).where(*line).values(kept))
    assert await broken_at(room, forum_id) is None


@pytest.mark.parametrize("seq", [1, 3, 5])
async def test_a_removed_line_is_found_also_the_last_one(room: Room, seq: int) -> None:
    forum_id = await chained(room)
    async with room.database.writing() as session:
        await session.execute(delete(Entry).where(Entry.forum_id == forum_id, Entry.seq == seq))
    assert await broken_at(room, forum_id) == seq


async def test_a_line_added_without_its_act_is_found(room: Room) -> None:
    forum_id = await chained(room)
    async with room.database.writing() as session:
        last = await session.scalar(select(Entry).where(Entry.forum_id == forum_id, Entry.seq == 5))
        assert last is not None
        added = {column.name: getattr(last, column.name) for column in Entry.__table__.columns}
        session.add(Entry(**added | {"seq": 6, "before": journal.digest(last)}))
    assert await broken_at(room, forum_id) is not None
