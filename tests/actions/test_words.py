"""What becomes of words: moderation in both modes, personal numbers, notes, publishing, and pace."""

from dataclasses import replace
from typing import Any

import pytest

from live.actions.pace import Pace
from live.actions.perform import Acting
from live.rules.personal import MASK
from live.rules.refusal import Refusal
from live.rules.words import Moderation, Phase
from live.store.database import Database
from tests import build
from tests.build import PLAN, Room
from tests.people import AHMAD, BUDI, HADI, MAYA, NINA, OKI, SARI, TONO, person

pytestmark = pytest.mark.asyncio(loop_scope="module")

NUMBERS = ("6471010101900001", "0812-3456-7890", "warga@example.com")
both_modes = pytest.mark.parametrize("moderation", list(Moderation))


async def moderated(database: Database, moderation: Moderation) -> Room:
    plan = replace(PLAN, moderation=moderation)
    return await build.room(database, Acting(database, Pace("open")), plan)


async def ask(room: Room, text: str, actor: Any = SARI, **fields: Any) -> dict[str, Any]:
    return (await room.acting.perform("ask", actor, room.code, {"text": text, **fields})).body


async def question(room: Room, number: int) -> Any:
    found = (await room.facts()).question(number)
    assert found is not None
    return found


async def test_before_moderation_nothing_is_shown_until_somebody_shows_it(database: Database) -> None:
    room = await moderated(database, Moderation.BEFORE)
    body = await ask(room, "Kapan buka?")
    assert body["status"] == "pending"
    assert (await question(room, body["number"])).shown_at is None


async def test_after_moderation_a_question_is_shown_at_once_and_can_be_taken_away(database: Database) -> None:
    room = await moderated(database, Moderation.AFTER)
    body = await ask(room, "Kapan buka?")
    assert body["status"] == "shown"
    assert (await question(room, body["number"])).shown_at is not None
    await room.do("reject", MAYA, body["number"], reason="offtopic")
    assert (await question(room, body["number"])).reason == "offtopic"
    second = await ask(room, "Berapa biayanya?")
    await room.do("private", MAYA, second["number"])
    assert await room.status(second["number"]) == "private"


async def test_after_moderation_a_question_with_a_personal_number_waits(database: Database) -> None:
    room = await moderated(database, Moderation.AFTER)
    for number in NUMBERS:
        assert (await ask(room, f"Punya saya {number}, kapan jadi?"))["status"] == "pending", number


@both_modes
async def test_personal_numbers_are_masked_before_anything_is_stored_as_public(
    database: Database, moderation: Moderation
) -> None:
    room = await moderated(database, moderation)
    for number in NUMBERS:
        made = await question(room, (await ask(room, f"Punya saya {number}, kapan jadi?"))["number"])
        assert made.text == f"Punya saya {MASK}, kapan jadi?"
        assert made.original == f"Punya saya {number}, kapan jadi?"
        assert made.flags


@both_modes
async def test_numbers_in_names_notes_answers_and_follow_ups_are_masked_too(
    database: Database, moderation: Moderation
) -> None:
    room = await moderated(database, moderation)
    nik = NUMBERS[0]
    number = (await ask(room, "Kapan jadi?", name=f"Budi {nik}"))["number"]
    await room.do("queue", MAYA, number, speaker=1)
    await room.do("stage", MAYA, number)
    await room.do("note", NINA, number, text=f"NIK {nik} sudah terbit.")
    await room.do("written", MAYA, number)
    await room.do("answer", OKI, number, text=f"NIK {nik} sudah terbit.")
    given = {name: f"Kasus {nik}" for name in ("problem", "recommendation", "activity", "owner", "reason")}
    await room.acting.perform("follow-ups", NINA, room.code, given)
    facts = await room.facts()
    assert MASK in (facts.questions[0].name or "")
    assert nik not in repr(facts)
    assert repr(facts).count(MASK) == 3 + len(given)


@both_modes
async def test_edited_and_rephrased_words_are_masked_as_well(database: Database, moderation: Moderation) -> None:
    room = await moderated(database, moderation)
    number = (await ask(room, f"NIK saya {NUMBERS[0]}?"))["number"]
    await room.do("edit", SARI, number, text=f"HP saya {NUMBERS[1]}?")
    assert NUMBERS[1] not in (await question(room, number)).text
    await room.do("rephrase", MAYA, number, text=f"Surel {NUMBERS[2]}?")
    assert NUMBERS[2] not in (await question(room, number)).text


async def test_an_edit_with_a_number_stays_pending_and_tells_the_desk(room: Room) -> None:
    number = await room.ask("Kapan buka?")
    await room.do("edit", SARI, number, text=f"NIK saya {NUMBERS[0]}?")
    made = await question(room, number)
    assert (made.status, made.flags) == ("pending", ("pii:nik",))
    await room.do("edit", SARI, number, text="Kapan buka sebenarnya?")
    made = await question(room, number)
    assert (made.flags, made.original) == ((), None), "what was taken out by its asker is gone"


async def test_rephrasing_keeps_the_first_original(room: Room) -> None:
    number = await room.ask("Kpn bk?")
    await room.do("rephrase", MAYA, number, text="Kapan buka?")
    await room.do("rephrase", MAYA, number, text="Kapan kantor buka?")
    made = await question(room, number)
    assert (made.text, made.original) == ("Kapan kantor buka?", "Kpn bk?")


async def test_a_flag_does_not_stop_the_moderator(room: Room) -> None:
    number = (await ask(room, f"NIK saya {NUMBERS[0]}?"))["number"]
    await room.do("show", MAYA, number)
    assert await room.status(number) == "shown"


# Notes and publishing.


async def test_a_note_is_a_draft_until_somebody_confirms_it_and_again_after_a_change(room: Room) -> None:
    number = await room.asked("answered")
    with pytest.raises(Refusal) as said:
        await room.do("confirm", MAYA, number)
    assert (said.value.status, said.value.reason) == (409, "no_note")
    await room.do("note", NINA, number, text="Bulan depan.")
    assert (await question(room, number)).note_state == "draft"
    await room.do("confirm", AHMAD, number)
    assert (await question(room, number)).note_state == "confirmed"
    await room.do("note", NINA, number, text="Bulan depan.")
    assert (await question(room, number)).note_state == "confirmed", "the same words change nothing"
    await room.do("note", NINA, number, text="Dua bulan lagi.")
    assert (await question(room, number)).note_state == "draft"


async def test_only_the_organiser_publishes(room: Room) -> None:
    for actor in (MAYA, NINA, SARI, HADI, AHMAD):
        with pytest.raises(Refusal) as said:
            await room.do("phase", actor, to="published")
        assert said.value.status == 403
    assert (await room.do("phase", OKI, to="published")).body["phase"] == "published"


async def test_publishing_confirms_the_drafts_and_finishes_the_stage(room: Room) -> None:
    drafted = await room.asked("answered")
    await room.do("note", NINA, drafted, text="Bulan depan.")
    staged = await room.asked("stage")
    await room.do("note", NINA, staged, text="Sebentar lagi.")
    await room.publish()
    facts = await room.facts()
    assert facts.forum.published is not None
    assert facts.on_stage is None
    for number in (drafted, staged):
        made = await question(room, number)
        assert (made.status, made.note_state) == ("answered", "confirmed")


async def test_publishing_is_final(room: Room) -> None:
    await room.do("phase", OKI, to="published")
    before = await room.facts()
    for phase in set(Phase) - {Phase.PUBLISHED}:
        for actor in (MAYA, OKI):
            with pytest.raises(Refusal) as said:
                await room.do("phase", actor, to=phase)
            assert (said.value.status, said.value.reason) == (409, "published_is_final")
    await room.do("phase", OKI, to="published")
    assert await room.facts() == before


async def test_asking_for_the_phase_that_stands_changes_nothing(room: Room) -> None:
    before = await room.facts()
    assert (await room.do("phase", MAYA, to="open")).body["phase"] == "open"
    assert await room.facts() == before


# Pace: per person, never per room.


@pytest.fixture
def venue(room: Room) -> Room:
    """The same forum under the limits of a venue."""
    return Room(room.database, Acting(room.database, Pace("venue")), room.code, room.links)


async def test_asking_too_fast_is_told_how_long_to_wait_and_changes_nothing(venue: Room) -> None:
    for n in range(3):
        await venue.ask(f"Pertanyaan {n}?")
    before = await venue.facts()
    with pytest.raises(Refusal) as said:
        await venue.ask("Satu lagi?")
    assert (said.value.status, said.value.reason) == (429, "too_fast")
    assert 1 <= said.value.extra["wait"] <= 20
    assert await venue.facts() == before


async def test_a_retry_and_a_refusal_cost_nothing(venue: Room) -> None:
    for _ in range(6):
        await venue.do("ask", SARI, text="Kapan buka?", key="draft-0001")
        with pytest.raises(Refusal) as said:
            await venue.do("ask", SARI, text="")
        assert said.value.status == 422
    await venue.ask("Dua?")
    await venue.ask("Tiga?")


async def test_three_hundred_people_are_never_in_each_others_way(venue: Room) -> None:
    for n in range(60):
        await venue.ask("Kapan buka?", person(9000 + n))
    assert await venue.count() == 60


async def test_helpers_and_the_desk_enter_as_fast_as_they_can(venue: Room) -> None:
    for n in range(6):
        await venue.ask(f"Dari kertas {n}?", HADI)
        await venue.ask(f"Dari meja {n}?", MAYA)
    assert await venue.count() == 12


async def test_who_mistypes_is_not_told_to_wait(venue: Room) -> None:
    for words in ("", "   ", "\u200b", "?!", "a" * 301, "a" + "\u0301" * 5000):
        with pytest.raises(Refusal) as said:
            await venue.do("ask", SARI, text=words)
        assert said.value.status == 422, words
    assert (await venue.do("ask", SARI, text="Kapan buka?")).body["number"] == 1


async def test_supporting_too_fast_is_refused_for_that_person_only(venue: Room) -> None:
    await venue.ask()
    await venue.do("show", MAYA, 1)
    told: list[int] = []
    for n in range(25):
        try:
            await venue.do("support", BUDI, 1, on=n % 2 == 0)
            told.append(200)
        except Refusal as refused:
            assert refused.extra["wait"] >= 1
            told.append(refused.status)
    assert told[:20] == [200] * 20
    assert 429 in told
    await venue.do("support", TONO, 1, on=True)
