"""Retries and old pictures: nothing is done twice, and nobody decides on what is no longer so."""

import asyncio

import pytest

from live.rules.refusal import Refusal
from tests.build import Room
from tests.people import BUDI, HADI, MAYA, NINA, RIZAL, SARI, TONO

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def refusal(room: Room, name: str, actor: object, number: int | None = None, **fields: object) -> Refusal:
    with pytest.raises(Refusal) as said:
        await room.do(name, actor, number, **fields)  # type: ignore[arg-type]
    return said.value


async def test_a_retried_ask_gives_the_first_number_and_receipt_with_the_present_status(room: Room) -> None:
    first = await room.do("ask", SARI, text="Kapan buka?", key="draft-0001")
    await room.do("show", MAYA, first.body["number"])
    again = await room.do("ask", SARI, text="Kapan buka?", key="draft-0001")
    assert (first.created, again.created) == (True, False)
    assert again.body["number"] == first.body["number"]
    assert again.body["receipt"] == first.body["receipt"]
    assert (first.body["status"], again.body["status"]) == ("pending", "shown")
    assert await room.count() == 1


async def test_a_retry_is_answered_also_when_the_phase_has_changed(room: Room) -> None:
    first = await room.do("ask", SARI, text="Kapan buka?", key="draft-0001")
    await room.do("phase", MAYA, to="closed")
    again = await room.do("ask", SARI, text="Kapan buka?", key="draft-0001")
    assert again.body["receipt"] == first.body["receipt"]


async def test_twenty_retries_at_once_make_one_question(room: Room) -> None:
    fields = {"text": "Kapan buka?", "key": "draft-0001"}
    async with asyncio.timeout(30):
        told = await asyncio.gather(*(room.do("ask", SARI, **fields) for _ in range(20)))
    assert {outcome.body["number"] for outcome in told} == {1}
    assert len({outcome.body["receipt"] for outcome in told}) == 1
    assert sum(outcome.created for outcome in told) == 1
    assert await room.count() == 1


async def test_the_same_key_with_another_text_is_refused(room: Room) -> None:
    await room.do("ask", SARI, text="Kapan buka?", key="draft-0001")
    said = await refusal(room, "ask", SARI, text="Kapan tutup?", key="draft-0001")
    assert (said.status, said.reason) == (409, "key_reused")
    assert await room.count() == 1


async def test_a_refused_act_does_not_use_up_its_key(room: Room) -> None:
    assert (await refusal(room, "ask", SARI, text="", key="draft-0001")).status == 422
    assert (await room.do("ask", SARI, text="Kapan buka?", key="draft-0001")).created


async def test_a_form_without_a_key_counts_as_its_text(room: Room) -> None:
    first = await room.do("ask", SARI, text="Kapan buka?")
    for same in ("Kapan buka?", "  KAPAN   buka? ", "\uff4bapan buka?"):
        again = await room.do("ask", SARI, text=same)
        assert (again.created, again.body["number"]) == (False, first.body["number"])
    assert (await room.do("ask", SARI, text="Kapan tutup?")).body["number"] == 2
    assert (await room.do("ask", BUDI, text="Kapan buka?")).body["number"] == 3, "somebody else asks the same"


async def test_one_key_serves_two_people_and_two_forums(room: Room) -> None:
    from tests import build

    other = await build.room(room.database, room.acting)
    for where, who in ((room, SARI), (room, BUDI), (other, SARI)):
        assert (await where.do("ask", who, text=f"Dari {who.id}?", key="draft-0001")).created


async def test_a_follow_up_written_down_twice_is_one(room: Room) -> None:
    fields = {"problem": "Blanko habis", "owner": "Kabid", "key": "draft-0001"}
    first = await room.do("follow-ups", NINA, **fields)
    again = await room.do("follow-ups", NINA, **fields)
    assert (again.created, again.body["id"]) == (False, first.body["id"])
    assert len((await room.facts()).follow_ups) == 1


async def test_next_retried_with_its_key_skips_nobody(room: Room) -> None:
    first, second = await room.asked("queued"), await room.asked("queued")
    told = [await room.do("next", MAYA, key="draft-0001", speaker=1) for _ in range(3)]
    assert [outcome.body["staged"] for outcome in told] == [first] * 3
    assert await room.status(second) == "queued"


# expect: what the moderator sees on stage.


async def test_a_double_tap_on_next_does_not_skip_a_question(room: Room) -> None:
    first, second = await room.asked("queued"), await room.asked("queued")
    assert (await room.do("next", MAYA, expect=0)).body == {
        "finished": None,
        "staged": first,
        "cursor": (await room.facts()).forum.cursor,
    }
    said = await refusal(room, "next", MAYA, expect=0)
    assert (said.status, said.reason) == (409, "moved_on")
    assert said.extra["stage"] == first
    assert (said.extra["by"], said.extra["did"]) == ("moderator", "STAGED")
    assert await room.status(second) == "queued"
    done = await room.do("next", RIZAL, expect=first)
    assert (done.body["finished"], done.body["staged"]) == (first, second)


async def test_two_moderators_tapping_next_together_finish_one_question(room: Room) -> None:
    first, second, third = [await room.asked("queued") for _ in range(3)]
    await room.do("next", MAYA)
    tapped = (room.do("next", who, expect=first) for who in (MAYA, RIZAL))
    async with asyncio.timeout(20):
        told = await asyncio.gather(*tapped, return_exceptions=True)
    assert sorted(type(each).__name__ for each in told) == ["Outcome", "Refusal"]
    assert [await room.status(n) for n in (first, second, third)] == ["answered", "stage", "queued"]


async def test_next_with_nothing_waiting_finishes_the_stage_and_with_nothing_at_all_changes_nothing(room: Room) -> None:
    number = await room.asked("stage")
    assert (await room.do("next", MAYA, expect=number)).body["staged"] is None
    before = await room.facts()
    body = (await room.do("next", MAYA, expect=0)).body
    assert (body["finished"], body["staged"]) == (None, None)
    assert await room.facts() == before


# seen: the cursor of the picture that the person decided on.


async def test_an_act_on_an_old_picture_is_refused_and_told_what_happened(room: Room) -> None:
    number = await room.asked("shown")
    seen = (await room.facts()).forum.cursor
    await room.do("queue", RIZAL, number, speaker=2)
    before = await room.facts()
    said = await refusal(room, "reject", MAYA, number, reason="spam", seen=seen)
    assert (said.status, said.reason) == (409, "moved_on")
    assert said.extra == {"by": "moderator", "did": "QUEUED", "question": {"number": number, "status": "queued"}}
    assert await room.facts() == before


async def test_my_own_change_does_not_make_my_picture_old(room: Room) -> None:
    number = await room.asked("shown")
    seen = (await room.facts()).forum.cursor
    await room.do("queue", MAYA, number, speaker=2, seen=seen)
    await room.do("unqueue", MAYA, number, seen=seen)
    assert await room.status(number) == "shown"


async def test_changes_to_other_questions_do_not_make_a_picture_old(room: Room) -> None:
    number, other = await room.asked("shown"), await room.asked("shown")
    seen = (await room.facts()).forum.cursor
    await room.do("queue", RIZAL, other, speaker=2)
    await room.do("support", BUDI, number, on=True)
    await room.do("queue", MAYA, number, speaker=1, seen=seen)
    assert await room.status(number) == "queued"


async def test_a_cursor_of_another_epoch_is_an_old_picture(room: Room) -> None:
    number = await room.asked("shown")
    said = await refusal(room, "queue", RIZAL, number, speaker=1, seen="another.999999")
    assert said.reason == "moved_on"


async def test_an_old_picture_of_a_follow_up_is_refused_too(room: Room) -> None:
    made = (await room.do("follow-ups", NINA, problem="Blanko habis")).body["id"]
    seen = (await room.facts()).forum.cursor
    await room.do("follow-up", MAYA, made, status="doing")
    said = await refusal(room, "follow-up", NINA, made, status="done", seen=seen)
    assert said.extra == {"by": "moderator", "did": "FOLLOW_UP_CHANGED", "follow_up": {"id": made, "status": "doing"}}


async def test_a_support_of_an_old_picture_is_refused_too(room: Room) -> None:
    number = await room.asked("shown")
    seen = (await room.facts()).forum.cursor
    await room.do("rephrase", MAYA, number, text="Sesuatu yang lain sekali?")
    said = await refusal(room, "support", BUDI, number, on=True, seen=seen)
    assert (said.reason, said.extra["did"]) == ("moved_on", "REPHRASED")
    fresh = (await room.facts()).forum.cursor
    assert (await room.do("support", BUDI, number, on=True, seen=fresh)).body["supports"] == 1


async def test_the_asker_may_edit_and_withdraw_without_the_desk_in_between(room: Room) -> None:
    number = await room.ask()
    await room.do("edit", SARI, number, text="Kapan persisnya?")
    await room.do("show", MAYA, number)
    assert (await refusal(room, "edit", SARI, number, text="Lain?")).reason == "wrong_status"
    await room.do("withdraw", SARI, number)
    assert (await refusal(room, "show", MAYA, number)).reason == "wrong_status"


async def test_a_helper_enters_for_those_without_a_phone(room: Room) -> None:
    fields = {"source": "paper", "seat": "B-12", "paper": "7", "name": "Ibu Aminah"}
    body = (await room.acting.perform("ask", HADI, room.code, {"text": "Antre di mana?", **fields})).body
    question = (await room.facts()).question(body["number"])
    assert question is not None
    assert (question.source, question.seat, question.paper, question.name) == ("paper", "B-12", "7", "Ibu Aminah")
    assert (await refusal(room, "ask", TONO, text="Saya juga?", source="paper")).extra == {"field": "source"}
