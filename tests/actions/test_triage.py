"""What the desk is told about a question, and what becomes of its words."""

from dataclasses import replace
from typing import Any

import pytest

from live.actions.pace import Pace
from live.actions.perform import Acting
from live.rules.audience import Viewer, state
from live.rules.personal import MASK
from live.rules.words import Audience, Moderation
from live.store.database import Database
from tests import build
from tests.build import PLAN, Room
from tests.people import BUDI, HADI, MAYA, SARI, TONO, person

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def seen(room: Room, number: int) -> dict[str, Any]:
    """The question as the desk sees it."""
    view = state(await room.facts(), Viewer(Audience.MODERATOR))
    return next(q for q in view["questions"] if q["number"] == number)


async def test_a_rude_word_is_flagged_and_waits_in_both_modes(database: Database) -> None:
    for mode in Moderation:
        room = await build.room(database, Acting(database, Pace("open")), replace(PLAN, moderation=mode))
        number = await room.ask("dasar g0bl0k, kapan jadi?")
        assert await room.status(number) == "pending"
        assert (await seen(room, number))["flags"] == ["rude:goblok"]
        assert await room.status(await room.ask("Narasumber masuk lewat lantai berapa?")) == mode.replace(
            "before", "pending"
        ).replace("after", "shown")


async def test_a_forum_has_rude_words_of_its_own_and_lets_others_pass(room: Room) -> None:
    await room.do("rude-words", MAYA, rude="koruptor, calo", polite="sial")
    assert (await seen(room, await room.ask("Sial, banyak calo di loket.")))["flags"] == ["rude:calo"]


async def test_a_question_like_another_one_says_so_and_so_does_the_third_of_the_same_text(room: Room) -> None:
    first = await room.ask("Kapan blanko KTP-el tersedia kembali?")
    second = await room.ask("kpn blangko ktp-el tersedia kembali pak?", TONO)
    view = await seen(room, second)
    assert view["flags"] == [f"similar:{first}"]
    assert view["similar"][0]["number"] == first
    for n in range(2):
        last = await room.ask("kapan BLANKO ktp-el tersedia kembali?", person(70 + n))
    assert "same:3" in (await seen(room, last))["flags"]
    await room.do("merge", MAYA, second, into=first)
    assert [s["number"] for s in (await seen(room, last))["similar"]].count(second) == 0, "its target stands for it"


async def test_masking_hides_a_piece_of_the_words_wherever_it_stands(room: Room) -> None:
    number = await room.ask("Bu Ratna lambat. Kapan Bu Ratna diganti?")
    await room.do("mask", MAYA, number, text="bu ratna")
    view = await seen(room, number)
    assert view["text"] == f"{MASK} lambat. Kapan {MASK} diganti?"
    assert view["original"] == "Bu Ratna lambat. Kapan Bu Ratna diganti?"
    await room.do("mask", MAYA, number, text=f"{MASK} lambat.")
    assert (await seen(room, number))["text"] != f"{MASK} lambat. Kapan {MASK} diganti?"
    assert (await seen(room, number))["original"] == "Bu Ratna lambat. Kapan Bu Ratna diganti?"


async def test_supports_and_rank_at_the_moment_of_choosing_stay_in_the_record(room: Room) -> None:
    low, *others = [await room.asked("shown") for _ in range(5)]
    for number in others:
        for who in (BUDI, TONO):
            await room.do("support", who, number, on=True)
    await room.do("queue", MAYA, low, speaker=1)
    await room.do("support", BUDI, low, on=True)
    view = await seen(room, low)
    assert view["chosen"] == {"supports": 0, "rank": 5, "of": 5, "top": 2}
    assert view["needs_reason"]
    await room.do("why", MAYA, low, text="Menyangkut penyandang disabilitas.")
    assert (await seen(room, low))["chosen"]["why"] == "Menyangkut penyandang disabilitas."
    assert not (await seen(room, low))["needs_reason"]
    public = state(await room.facts(), Viewer(Audience.PARTICIPANT))
    assert next(q for q in public["questions"] if q["number"] == low)["chosen"]["rank"] == 5


async def test_a_speaker_is_suggested_by_topic(room: Room) -> None:
    asked = {"IKD saya gagal terus": 3, "akta lahir anak saya salah ketik": 2, "Parkirnya di mana?": None}
    for text, speaker in asked.items():
        assert (await seen(room, await room.ask(text)))["suggested"] == speaker, text


async def test_people_without_a_phone_get_their_share(room: Room) -> None:
    for _ in range(3):
        await room.asked("answered")
    share = state(await room.facts(), Viewer(Audience.MODERATOR))["desk"]["share"]
    assert not share["is_due"], "nobody waits"
    number = await room.ask("Di mana loket difabel?", HADI, source="paper", seat="Baris 4", paper="17")
    share = state(await room.facts(), Viewer(Audience.MODERATOR))["desk"]["share"]
    assert (share["answered"], share["of"], share["waiting"], share["is_due"]) == (0, 3, [number], True)


async def test_only_the_desk_is_told_what_the_desk_is_told(room: Room) -> None:
    await room.ask("dasar goblok")
    await room.do("rude-words", MAYA, rude="penanda-kasar")
    for audience in set(Audience) - {Audience.MODERATOR, Audience.ORGANISER}:
        told = str(state(await room.facts(), Viewer(audience, speaker=1)))
        assert not [word for word in ("goblok", "penanda-kasar", SARI.id, "needs_reason") if word in told], audience
