"""Undo: one's own last act, whatever it was, unless somebody else has touched the item since."""

import pytest
from sqlalchemy import func, select

from live.rules.refusal import Refusal
from live.store.models import Answer, Undo
from live.store.undo import DEPTH
from tests.build import Room
from tests.people import AHMAD, BUDI, MAYA, NINA, OKI, RIZAL, SARI

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def looks(room: Room) -> list[tuple[object, ...]]:
    """What acts change of the questions, without the marks of who touched them last."""
    return [
        (
            q.number,
            q.status,
            q.text,
            q.original,
            q.speaker,
            q.place,
            q.reason,
            q.merged_into,
            q.supports,
            q.note,
            q.owner,
        )
        for q in (await room.facts()).questions
    ]


async def refused(room: Room, **fields: object) -> Refusal:
    with pytest.raises(Refusal) as said:
        await room.do("undo", MAYA, **fields)
    return said.value


async def test_twenty_acts_in_a_row_are_taken_back_one_by_one_and_not_one_more(room: Room) -> None:
    number = await room.ask()
    before = []
    for count in range(DEPTH + 1):
        before.append(await looks(room))
        await room.do("rephrase", MAYA, number, text=f"Kapan blanko tersedia? ({count})")
    for picture in reversed(before[1:]):
        await room.do("undo", MAYA)
        assert await looks(room) == picture
    refusal = await refused(room)
    assert (refusal.status, refusal.reason) == (409, "nothing_to_undo")


async def test_an_undone_next_brings_back_the_stage_and_its_running_clock(room: Room) -> None:
    first, second = await room.asked("stage"), await room.asked("queued")
    before = await looks(room)
    await room.do("next", MAYA)
    assert (await room.facts()).on_stage.number == second  # type: ignore[union-attr]
    assert (await room.do("undo", MAYA)).body["did"] == "next"
    assert await looks(room) == before
    async with room.database.reading() as session:
        forum = (await room.facts()).forum.id
        running = select(func.count()).select_from(Answer).where(Answer.forum_id == forum, Answer.ended.is_(None))
        assert await session.scalar(running) == 1
    await room.do("answered", MAYA, first)


async def test_an_act_on_an_item_that_moved_on_is_not_undone_and_is_passed_over_the_next_time(room: Room) -> None:
    other, number = await room.ask("Berapa biayanya?"), await room.ask()
    await room.do("show", MAYA, other)
    await room.do("show", MAYA, number)
    await room.do("reject", RIZAL, number, reason="offtopic")
    before = await looks(room)
    refusal = await refused(room)
    assert (refusal.status, refusal.reason) == (409, "undo_too_late")
    assert (refusal.extra["by"], refusal.extra["did"]) == ("moderator", "REJECTED")
    assert refusal.extra["question"] == {"number": number, "status": "rejected"}
    assert await looks(room) == before
    assert (await room.do("undo", MAYA)).body["number"] == other


async def test_undo_expects_the_act_that_the_caller_saw_and_is_the_callers_own(room: Room) -> None:
    number = await room.ask()
    shown = (await room.do("show", MAYA, number)).body["cursor"].partition(".")[2]
    await room.do("show-on-screen", RIZAL, view="rules")
    refusal = await refused(room, expect=int(shown) + 1)
    assert (refusal.status, refusal.reason, refusal.extra["undo"]) == (409, "other_act", int(shown))
    undone = await room.do("undo", MAYA, expect=int(shown))
    assert (undone.body["undone"], undone.body["status"]) == (int(shown), "pending")
    assert (await room.facts()).forum.screen == "rules"
    assert (await refused(room, expect=int(shown))).reason == "other_act"


async def test_an_undo_is_a_new_entry_and_its_repeat_changes_nothing(room: Room) -> None:
    await room.do("show", MAYA, await room.ask())
    before = (await room.facts()).forum.seq
    first = await room.do("undo", MAYA, key="undo-0001")
    assert (await room.facts()).forum.seq == before + 1
    again = await room.do("undo", MAYA, key="undo-0001")
    assert again.body == first.body
    assert (await room.facts()).forum.seq == before + 1


async def test_a_place_in_a_queue_comes_back_among_its_neighbours(room: Room) -> None:
    one, two, three = [await room.asked("queued") for _ in range(3)]
    await room.do("queue", MAYA, three, speaker=1, before=one)
    last = await room.ask()
    await room.do("queue", RIZAL, last, speaker=1)  # meanwhile, at the end: no reason to refuse
    await room.do("undo", MAYA)
    assert [q.number for q in (await room.facts()).queue(1)] == [one, two, three, last]


async def test_a_made_follow_up_is_gone_and_a_changed_one_is_what_it_was(room: Room) -> None:
    number = await room.asked("answered")
    made = (await room.do("follow-ups", MAYA, question=[number], problem="Blanko habis")).body["id"]
    await room.do("follow-up", MAYA, made, owner="Kabid", question=[])
    await room.do("undo", MAYA)
    (promise,) = (await room.facts()).follow_ups
    assert (promise.owner, promise.questions) == ("", (number,))
    await room.do("undo", MAYA)
    assert (await room.facts()).follow_ups == ()
    assert (await room.do("follow-ups", NINA, problem="Antrean")).body["id"] > made, "a number is never given twice"


async def test_publishing_cannot_be_undone_and_closing_leaves_no_original_to_come_back(room: Room) -> None:
    number = await room.ask("NIK saya 6471010101900001, kapan jadi?")
    await room.do("show", OKI, number)
    await room.do("phase", OKI, to="closed")
    assert (await room.facts()).question(number).original is None  # type: ignore[union-attr]
    async with room.database.reading() as session:
        rows = await session.scalars(select(Undo).where(Undo.forum_id == (await room.facts()).forum.id))
        assert "6471010101900001" not in str([row.images for row in rows])
    await room.do("undo", OKI)
    assert (await room.facts()).forum.phase == "open"
    with pytest.raises(Refusal) as said:
        await room.do("undo", OKI)
    assert said.value.reason == "nothing_to_undo"
    await room.do("phase", OKI, to="published")
    with pytest.raises(Refusal) as said:
        await room.do("undo", OKI)
    assert said.value.reason == "phase_published"


async def test_the_images_of_an_act_do_not_outlive_the_words_that_were_erased(room: Room) -> None:
    receipt = (await room.do("ask", SARI, text="Nama saya penanda-hapus, kapan jadi?")).body["receipt"]
    await room.do("rephrase", MAYA, 1, text="Kapan penanda-hapus jadi?")
    await room.acting.perform("erase", SARI, room.code, {"receipt": receipt}, 1)
    async with room.database.reading() as session:
        rows = await session.scalars(select(Undo).where(Undo.forum_id == (await room.facts()).forum.id))
        assert "penanda-hapus" not in str([row.images for row in rows])


async def test_who_may_not_moderate_has_nothing_to_undo(room: Room) -> None:
    await room.do("answered", AHMAD, await room.asked("stage"))
    for actor in (AHMAD, SARI, NINA, BUDI):
        with pytest.raises(Refusal) as said:
            await room.do("undo", actor)
        assert said.value.status == 403


async def test_nothing_comes_back_to_a_stage_that_somebody_else_has_taken(room: Room) -> None:
    first, second = await room.asked("stage"), await room.asked("queued")
    await room.do("answered", MAYA, first)
    await room.do("stage", RIZAL, second)
    before = await looks(room)
    refusal = await refused(room)
    assert (refusal.status, refusal.reason) == (409, "undo_too_late")
    assert refusal.extra["question"] == {"number": second, "status": "stage"}
    assert await looks(room) == before
