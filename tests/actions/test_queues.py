"""Three queues and one stage: order, moves, and the clock of each speaker."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from live.actions.pace import Pace
from live.actions.perform import Acting
from live.rules.refusal import Refusal
from live.store.database import Database, connect
from tests import build
from tests.build import Room
from tests.people import AHMAD, MAYA

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def queue(room: Room, speaker: int = 1) -> list[int]:
    return [q.number for q in (await room.facts()).queue(speaker)]


async def filled(room: Room, *, of: int = 4, speaker: int = 1) -> list[int]:
    return [await room.asked("queued", speaker=speaker) for _ in range(of)]


async def test_a_queued_question_comes_last(room: Room) -> None:
    a, b, c, d = await filled(room)
    assert await queue(room) == [a, b, c, d]


async def test_before_puts_a_question_where_it_says(room: Room) -> None:
    a, b, c, d = await filled(room)
    new = await room.asked("shown")
    await room.do("queue", MAYA, new, speaker=1, before=a)
    assert await queue(room) == [new, a, b, c, d]
    other = await room.asked("pending")
    await room.do("queue", MAYA, other, speaker=1, before=c)
    assert await queue(room) == [new, a, b, other, c, d]


async def test_every_move_within_a_queue_ends_where_it_should(room: Room) -> None:
    numbers = await filled(room)
    order = list(numbers)
    for moving in numbers:
        for before in (*numbers, None):
            await room.do("queue", MAYA, moving, speaker=1, before=before)
            if before != moving:
                order.remove(moving)
                order.insert(order.index(before) if before is not None else len(order), moving)
            assert await queue(room) == order, (moving, before)


async def test_moving_to_another_speaker_leaves_the_first_queue(room: Room) -> None:
    a, b, c, d = await filled(room)
    x = await room.asked("queued", speaker=2)
    await room.do("queue", MAYA, b, speaker=2, before=x)
    assert (await queue(room, 1), await queue(room, 2)) == ([a, c, d], [b, x])


async def test_before_names_a_question_of_that_very_queue(room: Room) -> None:
    a = (await filled(room, of=1))[0]
    x = await room.asked("queued", speaker=2)
    shown = await room.asked("shown")
    for wrong in (x, shown, 999, -1):
        with pytest.raises(Refusal) as said:
            await room.do("queue", MAYA, a, speaker=1, before=wrong)
        assert (said.value.status, said.value.reason) == (422, "not_in_queue")
    assert await queue(room) == [a]


async def test_a_speaker_hands_over_and_the_journal_says_so(room: Room) -> None:
    a, b = await filled(room, of=2)
    await room.do("queue", AHMAD, a, speaker=3)
    assert (await queue(room, 1), await queue(room, 3)) == ([b], [a])


async def test_an_answered_question_may_go_to_a_second_speaker(room: Room) -> None:
    number = await room.asked("answered")
    await room.do("queue", MAYA, number, speaker=2)
    assert await queue(room, 2) == [number]
    await room.do("stage", MAYA, number)
    await room.do("answered", MAYA, number)
    assert [s.answered for s in (await room.facts()).speakers] == [1, 1, 0]


async def test_unqueue_leaves_it_shown_and_in_nobodys_queue(room: Room) -> None:
    a, b = await filled(room, of=2)
    await room.do("unqueue", MAYA, a)
    question = (await room.facts()).question(a)
    assert question is not None
    assert (question.status, question.speaker, question.place) == ("shown", None, None)
    assert await queue(room) == [b]


async def test_unstage_puts_the_question_at_the_head_again_and_again(room: Room) -> None:
    a, b, c = await filled(room, of=3)
    for number in (b, c, a, b):
        await room.do("stage", MAYA, number)
        await room.do("unstage", MAYA, number)
        assert (await queue(room))[0] == number
    assert await queue(room) == [b, a, c]


async def test_unstage_into_an_empty_queue(room: Room) -> None:
    number = await room.asked("stage")
    await room.do("unstage", AHMAD, number)
    assert await queue(room) == [number]


@pytest.mark.parametrize("away", ["reject", "private", "withdraw", "written"])
async def test_what_leaves_the_hall_leaves_the_queue(room: Room, away: str) -> None:
    a, b, c = await filled(room, of=3)
    actor = build.SARI if away == "withdraw" else MAYA
    await room.do(away, actor, b, **({"reason": "spam"} if away == "reject" else {}))
    assert await queue(room) == [a, c]


async def test_what_comes_back_stands_in_no_queue(room: Room) -> None:
    a = (await filled(room, of=1))[0]
    await room.do("reject", MAYA, a, reason="offtopic")
    await room.do("show", MAYA, a)
    question = (await room.facts()).question(a)
    assert question is not None
    assert (question.status, question.reason) == ("shown", None)
    assert await queue(room) == []
    await room.do("queue", MAYA, a, speaker=1)
    assert await queue(room) == [a]


# The stage and its clock.


class Clock:
    """A clock that a test moves by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


Timed = tuple[Room, Callable[[float], None], Database]


async def timed(tmp_path: object) -> Timed:
    clock = Clock()
    database = connect(f"sqlite:///{tmp_path}/timed.db", clock)
    from live.store.migrating import migrate

    await migrate(database)
    return await build.room(database, Acting(database, Pace("open"))), clock.pass_, database


async def test_only_one_question_is_on_stage(room: Room) -> None:
    a, b = await filled(room, of=2)
    await room.do("stage", MAYA, a)
    with pytest.raises(Refusal) as said:
        await room.do("stage", MAYA, b)
    assert (said.value.status, said.value.reason) == (409, "stage_taken")
    assert said.value.extra == {"stage": a}
    assert [await room.status(n) for n in (a, b)] == ["stage", "queued"]


async def test_a_shown_question_needs_a_speaker_to_come_on_stage(room: Room) -> None:
    number = await room.asked("shown")
    with pytest.raises(Refusal) as said:
        await room.do("stage", MAYA, number)
    assert (said.value.status, said.value.reason) == (422, "speaker_needed")
    await room.do("stage", MAYA, number, speaker=3)
    stage = (await room.facts()).on_stage
    assert stage is not None
    assert (stage.number, stage.speaker) == (number, 3)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_the_server_counts_whole_seconds_of_every_time_on_stage(database: Database, tmp_path: object) -> None:
    room, pass_, opened = await timed(tmp_path)
    number = await room.asked("stage")
    pass_(61.4)
    await room.do("unstage", MAYA, number)
    pass_(1000)
    await room.do("stage", MAYA, number)
    pass_(30.4)
    await room.do("answered", MAYA, number)
    pass_(1000)
    first = (await room.facts()).speakers[0]
    assert (first.seconds, first.answered) == (91, 1)
    await opened.close()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_next_takes_the_speaker_with_the_fewest_minutes(database: Database, tmp_path: object) -> None:
    room, pass_, opened = await timed(tmp_path)
    one, again = [await room.asked("queued", speaker=1) for _ in range(2)]
    two = await room.asked("queued", speaker=2)
    staged = []
    for seconds in (100, 50, 10):
        staged.append((await room.do("next", MAYA)).body["staged"])
        pass_(seconds)
    assert staged == [one, two, again], "ties go to the lower position; an empty queue is passed over"
    assert [s.seconds for s in (await room.facts()).speakers] == [100, 50, 0]
    await opened.close()


async def test_next_of_a_speaker_takes_the_head_of_that_queue(room: Room) -> None:
    await room.asked("queued", speaker=1)
    x = await room.asked("queued", speaker=2)
    assert (await room.do("next", MAYA, speaker=2)).body["staged"] == x
    assert (await room.do("next", MAYA, speaker=2)).body["staged"] is None


async def test_written_from_the_stage_frees_it(room: Room) -> None:
    number = await room.asked("stage")
    await room.do("written", AHMAD, number, owner="Kabid Dafduk", due="2026-12-24")
    facts = await room.facts()
    question = facts.question(number)
    assert question is not None
    assert facts.on_stage is None
    assert (question.status, question.owner, str(question.due)) == ("written", "Kabid Dafduk", "2026-12-24")
    assert facts.speakers[0].answered == 0
