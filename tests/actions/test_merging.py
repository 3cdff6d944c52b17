"""Merging: supports become the union of people, and come apart again."""

import pytest

from live.rules.refusal import Refusal
from live.store import snapshot
from tests.build import Room
from tests.people import BUDI, MAYA, SARI, TONO, person

pytestmark = pytest.mark.asyncio(loop_scope="module")

A, B, C, D = (person(60 + n) for n in range(4))


async def supported(room: Room, number: int, *people: object) -> int:
    for who in people:
        await room.do("support", who, number, on=True)  # type: ignore[arg-type]
    return number


async def supports(room: Room) -> dict[int, int]:
    return {q.number: q.supports for q in (await room.facts()).questions}


async def two(room: Room) -> tuple[int, int]:
    """Two shown questions, by Sari and by Tono; B supports both."""
    first, second = await room.ask("Kapan blanko ada?"), await room.ask("Blanko kapan?", TONO)
    for number in (first, second):
        await room.do("show", MAYA, number)
    return await supported(room, first, A, B), await supported(room, second, B, C)


async def test_one_person_counts_once_and_parting_restores_both(room: Room) -> None:
    first, second = await two(room)
    await room.do("merge", MAYA, second, into=first)
    assert (await supports(room))[first] == 3
    merged = (await room.facts()).question(second)
    assert merged is not None and (merged.status, merged.merged_into) == ("merged", first)
    async with room.database.reading() as session:
        assert await snapshot.supported_by(session, (await room.facts()).forum.id, C.id) == [first, second]
    await room.do("unmerge", MAYA, second)
    assert await supports(room) == {first: 2, second: 2}
    assert await room.status(second) == "shown"


async def test_what_people_tap_while_merged_is_theirs_after_parting(room: Room) -> None:
    first, second = await two(room)
    await room.do("merge", MAYA, second, into=first)
    await room.do("support", D, first, on=True)
    await room.do("support", C, first, on=False)
    await room.do("support", C, first, on=True)  # now by a tap of her own
    assert (await supports(room))[first] == 4
    await room.do("unmerge", MAYA, second)
    assert await supports(room) == {first: 4, second: 2}


async def test_the_targets_asker_does_not_support_the_own_question_by_way_of_another(room: Room) -> None:
    first, second = await two(room)
    await room.do("support", SARI, second, on=True)
    await room.do("merge", MAYA, second, into=first)
    assert (await supports(room))[first] == 3


async def test_undoing_a_merge_takes_the_supports_apart_and_undoing_that_is_impossible(room: Room) -> None:
    first, second = await two(room)
    await room.do("merge", MAYA, second, into=first)
    await room.do("support", D, first, on=True)  # a support is no reason to refuse
    await room.do("undo", MAYA)
    assert await supports(room) == {first: 3, second: 2}
    await room.do("merge", MAYA, second, into=first)
    await room.do("unmerge", MAYA, second)
    await room.do("undo", MAYA)
    assert (await supports(room))[first] == 4


async def test_three_merged_in_a_chain_count_every_person_once(room: Room) -> None:
    first, second = await two(room)
    third = await room.ask("Blanko habis terus?", D)
    await room.do("show", MAYA, third)
    await supported(room, third, A, BUDI)
    await room.do("merge", MAYA, second, into=first)
    await room.do("merge", MAYA, first, into=third)
    assert (await supports(room))[third] == 4
    await room.do("unmerge", MAYA, second)
    assert (await supports(room))[third] == 3
    await room.do("unmerge", MAYA, first)
    assert await supports(room) == {first: 2, second: 2, third: 2}


async def test_a_queued_question_goes_back_to_its_queue(room: Room) -> None:
    first, second = await two(room)
    await room.do("queue", MAYA, second, speaker=2)
    await room.do("merge", MAYA, second, into=first)
    assert (await room.facts()).queue(2) == []
    await room.do("unmerge", MAYA, second)
    assert [q.number for q in (await room.facts()).queue(2)] == [second]


async def test_merging_into_nothing_itself_or_out_of_sight_is_refused(room: Room) -> None:
    first, second = await two(room)
    pending, gone = await room.ask("Berapa lama?"), await room.asked("rejected")
    before = await room.facts()
    for into, status in ((second, 422), (999, 422), (pending, 409), (gone, 409)):
        with pytest.raises(Refusal) as said:
            await room.do("merge", MAYA, second, into=into)
        assert said.value.status == status, into
    assert await room.facts() == before
    await room.do("merge", MAYA, second, into=first)
    again = await room.facts()
    await room.do("merge", MAYA, second, into=first)
    assert await room.facts() == again, "what stands already changes nothing"
