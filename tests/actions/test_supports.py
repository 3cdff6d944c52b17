"""Supports: committed in groups, counted exactly, each with its own answer."""

import asyncio
import random
from typing import Any

import pytest
from sqlalchemy import func, select

from live.actions.doing import Outcome
from live.actions.pace import Pace
from live.actions.perform import Acting
from live.rules.refusal import Refusal
from live.store import journal
from live.store.models import Question, Support
from tests.build import Room
from tests.people import BUDI, MAYA, SARI, TONO, person

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def support(room: Room, number: int, who: Any = BUDI, on: Any = True, **fields: Any) -> dict[str, Any]:
    return (await room.do("support", who, number, on=on, **fields)).body


async def entries(room: Room) -> list[Any]:
    facts = await room.facts()
    async with room.database.reading() as session:
        found = await journal.after(session, facts.forum.id, 0, 1000)
    return [entry for entry in found if entry.kind == "SUPPORTED"]


async def counted(room: Room, number: int) -> tuple[int, int]:
    """The counter on the question, and the rows it should be the sum of."""
    async with room.database.reading() as session:
        facts = await room.facts()
        found = select(Question.id).where(Question.forum_id == facts.forum.id, Question.number == number)
        question_id = await session.scalar(found)
        rows = select(func.count()).select_from(Support).where(Support.question_id == question_id, Support.given)
        total = await session.scalar(rows)
    question = facts.question(number)
    assert question is not None
    return question.supports, total or 0


async def test_a_support_is_counted_once_and_can_be_taken_back(room: Room) -> None:
    number = await room.asked("shown")
    assert await support(room, number) | {"cursor": ""} == {
        "number": number,
        "status": "shown",
        "supports": 1,
        "supported": True,
        "cursor": "",
    }
    assert (await support(room, number))["supports"] == 1, "asking for what stands changes nothing"
    assert (await support(room, number, TONO))["supports"] == 2
    taken = await support(room, number, on=False)
    assert (taken["supports"], taken["supported"]) == (1, False)
    assert (await support(room, number, on=False))["supports"] == 1
    assert await counted(room, number) == (1, 1)


async def test_two_hundred_supports_at_once_end_with_exact_counts(room: Room) -> None:
    numbers = [await room.asked("shown") for _ in range(5)]
    people = [person(1000 + n) for n in range(20)]
    dice = random.Random(7)
    wishes = [(dice.choice(people), dice.choice(numbers), dice.random() < 0.7) for _ in range(200)]
    # What one person wants of one question arrives in order, everything else in any order.
    chains: dict[tuple[str, int], list[Any]] = {}
    for who, number, on in wishes:
        chains.setdefault((who.id, number), []).append((who, number, on))

    async def follow(chain: list[Any]) -> None:
        for who, number, on in chain:
            await support(room, number, who, on)

    async with asyncio.timeout(60):
        await asyncio.gather(*(follow(chain) for chain in chains.values()))
    for number in numbers:
        wanted = sum(chain[-1][2] for (_, n), chain in chains.items() if n == number)
        assert await counted(room, number) == (wanted, wanted)


async def test_supports_through_two_processes_are_all_counted(room: Room) -> None:
    number = await room.asked("shown")
    other = Acting(room.database, Pace("open"))  # a group writer of its own, as in a second process
    given = ((room.acting, other)[n % 2].support(person(2000 + n), room.code, {"on": "1"}, number) for n in range(60))
    async with asyncio.timeout(60):
        await asyncio.gather(*given)
    assert await counted(room, number) == (60, 60)


async def test_a_hundred_supports_at_once_are_few_transactions(room: Room) -> None:
    number = await room.asked("shown")
    async with asyncio.timeout(60):
        told = await asyncio.gather(*(support(room, number, person(3000 + n)) for n in range(100)))
    assert await counted(room, number) == (100, 100)
    assert 1 <= len(await entries(room)) <= 10
    assert max(answer["supports"] for answer in told) == 100


async def test_an_answer_leaves_only_after_its_commit(room: Room) -> None:
    number = await room.asked("shown")
    for n in range(5):
        answer = await support(room, number, person(4000 + n))
        assert answer["cursor"] == (await room.facts()).forum.cursor
        assert await counted(room, number) == (n + 1, n + 1)


async def test_what_changes_nothing_writes_no_entry(room: Room) -> None:
    number = await room.asked("shown")
    await support(room, number)
    before = (await room.facts()).forum.seq
    await support(room, number)
    with pytest.raises(Refusal):
        await support(room, number, SARI)
    assert (await room.facts()).forum.seq == before


async def test_the_asker_cannot_support_the_own_question(room: Room) -> None:
    number = await room.asked("shown")
    with pytest.raises(Refusal) as said:
        await support(room, number, SARI)
    assert (said.value.status, said.value.reason) == (403, "own_question")
    assert await counted(room, number) == (0, 0)


BAD: list[tuple[int, dict[str, Any], int]] = [
    (999, {"on": "1"}, 404),
    (2**31, {"on": "1"}, 404),
    (10**30, {"on": "1"}, 404),
    (-1, {"on": "1"}, 404),
    (1, {"on": "perhaps"}, 422),
    (1, {}, 422),
    (1, {"on": "1", "count": 2**63}, 422),
    (1, {"on": "1", "count": -(2**70)}, 422),
    (1, {"on": "1", "key": "x"}, 422),
    (1, {"on": "1", "key": "\x00" * 9}, 422),
    (1, {"on": "1", "seen": "\ud800"}, 422),
    (2, {"on": "1"}, 409),
]


async def test_a_refusal_in_a_batch_fails_nobody_else(room: Room) -> None:
    number = await room.asked("shown")
    assert (number, await room.asked("rejected")) == (1, 2)
    good = [person(5000 + n) for n in range(len(BAD) + 1)]

    async def told(who: int, question: int, fields: dict[str, Any]) -> object:
        try:
            return await room.acting.support(person(who), room.code, fields, question)
        except Refusal as refused:
            return refused

    wishes = []
    for n, (question, fields, _) in enumerate(BAD):
        wishes += [told(5000 + n, number, {"on": "1"}), told(6000 + n, question, fields)]
    async with asyncio.timeout(30):
        answers = await asyncio.gather(*wishes, told(5000 + len(BAD), number, {"on": "1"}))
    assert all(isinstance(answer, Outcome) for answer in answers[::2])
    for answer, (question, fields, status) in zip(answers[1::2], BAD, strict=True):
        assert isinstance(answer, Refusal), (question, fields)
        assert answer.status == status, (question, fields)
    assert await counted(room, number) == (len(good), len(good))


async def test_somebody_who_left_does_not_take_the_others_along(room: Room) -> None:
    number = await room.asked("shown")
    tasks = [asyncio.create_task(support(room, number, person(7000 + n))) for n in range(10)]
    await asyncio.sleep(0)  # all are waiting for the writer now
    tasks[0].cancel()
    tasks[5].cancel()
    async with asyncio.timeout(20):
        told = await asyncio.gather(*tasks, return_exceptions=True)
    assert sum(isinstance(answer, dict) for answer in told) == 8
    supports, rows = await counted(room, number)
    assert supports == rows
    assert rows >= 8


async def test_an_older_count_of_the_client_is_ignored(room: Room) -> None:
    number = await room.asked("shown")
    assert (await support(room, number, on=True, count=5))["supported"]
    late = await support(room, number, on=False, count=4)
    assert (late["supported"], late["supports"]) == (True, 1)
    same = await support(room, number, on=False, count=5)
    assert (same["supported"], same["supports"]) == (True, 1)
    newer = await support(room, number, on=False, count=6)
    assert (newer["supported"], newer["supports"]) == (False, 0)
    assert not (await support(room, number, on=True, count=6))["supported"]
    assert (await support(room, number, on=True, count=7))["supported"]
    assert await counted(room, number) == (1, 1)


async def test_the_count_is_each_persons_own(room: Room) -> None:
    number = await room.asked("shown")
    await support(room, number, BUDI, count=50)
    assert (await support(room, number, TONO, count=1))["supports"] == 2


async def test_a_retried_support_with_its_key_gives_the_state_that_stands_now(room: Room) -> None:
    number = await room.asked("shown")
    await support(room, number, key="tap-00001")
    await support(room, number, on=False, key="tap-00002")
    again = await support(room, number, key="tap-00001")
    assert (again["supported"], again["supports"]) == (False, 0), "a late retry sets nothing anew"
    with pytest.raises(Refusal) as said:
        await support(room, number, on=False, key="tap-00001")
    assert (said.value.status, said.value.reason) == (409, "key_reused")


async def test_the_same_key_twice_in_one_batch_counts_once(room: Room) -> None:
    number = await room.asked("shown")
    async with asyncio.timeout(20):
        told = await asyncio.gather(*(support(room, number, key="tap-00001") for _ in range(10)))
    assert {answer["supports"] for answer in told} == {1}
    assert await counted(room, number) == (1, 1)


async def test_a_retry_is_answered_also_when_supporting_has_ended(room: Room) -> None:
    number = await room.asked("shown")
    await support(room, number, key="tap-00001")
    await room.do("phase", MAYA, to="closed")
    assert (await support(room, number, key="tap-00001"))["supported"]
    with pytest.raises(Refusal) as said:
        await support(room, number, TONO)
    assert said.value.reason == "phase_closed"
    with pytest.raises(Refusal):
        await support(room, number, on=False)


async def test_supports_stay_with_a_question_that_moves(room: Room) -> None:
    number = await room.asked("shown")
    await support(room, number)
    await room.do("queue", MAYA, number, speaker=1)
    assert (await support(room, number, TONO))["supports"] == 2
    await room.do("stage", MAYA, number)
    with pytest.raises(Refusal) as said:
        await support(room, number, person(8000))
    assert said.value.reason == "wrong_status"
    assert await counted(room, number) == (2, 2)


async def test_nobody_sees_who_supported(room: Room) -> None:
    number = await room.asked("shown")
    await support(room, number)
    assert [(entry.actor, entry.question, entry.detail) for entry in await entries(room)] == [
        ("", None, {"questions": [number]})
    ]
