"""Forgetting a participant: nothing in the database holds a word of the person any more."""

from typing import Any

import pytest
from sqlalchemy import select, text

from live.rules.refusal import Refusal
from live.rules.words import Status
from live.store.models import Base, Contact
from tests.build import Room
from tests.people import BUDI, HADI, MAYA, NINA, SARI

pytestmark = pytest.mark.asyncio(loop_scope="module")

WORDS = "Kapan lampu jalan Zamrud diperbaiki?"


async def everything(room: Room) -> str:
    """All that the database holds, as one text."""
    async with room.database.reading() as session:
        rows: list[Any] = []
        for table in Base.metadata.sorted_tables:
            rows += [tuple(row) for row in await session.execute(select(table))]
        return repr(rows)


async def contact_of(room: Room) -> Contact | None:
    facts = await room.facts()
    async with room.database.reading() as session:
        found: Contact | None = await session.get(Contact, (facts.forum.id, SARI.id))
        return found


async def test_forgotten_words_are_nowhere_in_the_database(room: Room) -> None:
    for status in ("pending", "shown", "queued", "rejected", "private", "written", "answered", "stage"):
        await room.asked(status, text=f"{WORDS} {status}")
    asked = await room.acting.perform("ask", SARI, room.code, {"text": WORDS, "name": "Sarinah"})
    await room.do("rephrase", MAYA, asked.body["number"], text="Kapan lampu Zamrud?")
    await room.do("help", SARI, row="Zamrud 7")
    outcome = await room.do("forget", SARI)
    assert len(outcome.body["erased"]) == 9
    held = await everything(room)
    assert "Zamrud" not in held
    assert "Sarinah" not in held


async def test_what_the_office_answered_stays(room: Room) -> None:
    number = await room.asked("answered")
    await room.do("note", NINA, number, text="Bulan depan.")
    await room.do("forget", SARI)
    question = (await room.facts()).question(number)
    assert question is not None
    assert (question.text, question.note) == ("", "Bulan depan.")


async def test_a_helper_does_not_erase_what_was_written_down_for_others(room: Room) -> None:
    number = await room.ask("Apakah ada kursi roda?", HADI)
    await room.do("forget", HADI)
    assert await room.status(number) == Status.PENDING


async def test_supports_still_count_after_their_giver_is_forgotten(room: Room) -> None:
    number = await room.asked("shown")
    await room.do("support", BUDI, number, on=True)
    await room.do("forget", BUDI)
    question = (await room.facts()).question(number)
    assert question is not None
    assert question.supports == 1


async def test_a_phone_number_is_kept_sealed_and_a_retry_remembers_nothing_of_it(room: Room) -> None:
    await room.do("contact", SARI, phone="0812-0000-0000", consent=True, key="contact-0001")
    held = await everything(room)
    assert "81200000000" not in held
    contact = await contact_of(room)
    assert contact is not None
    assert contact.consent == "1"
    same = await room.do("contact", SARI, phone="0813-0000-0000", consent=True, key="contact-0001")
    assert same.body["contact"] is True, "a retry is answered without comparing numbers"


async def test_a_number_needs_its_consent_and_must_be_one(room: Room) -> None:
    for fields, reason in (
        ({"phone": "0812-0000-0000"}, "consent_needed"),
        ({"phone": "halo", "consent": True}, "bad_phone"),
        ({"consent": True}, "bad_phone"),
        ({"phone": "1" * 50, "consent": True}, "bad_phone"),
    ):
        with pytest.raises(Refusal) as refused:
            await room.do("contact", SARI, **fields)
        assert refused.value.reason == reason
    assert await contact_of(room) is None


async def test_taking_consent_back_destroys_the_number_and_leaves_the_proof(room: Room) -> None:
    await room.do("contact", SARI, phone="0812-0000-0000", consent=True)
    await room.do("contact", SARI, on=False)
    assert await contact_of(room) is None
    forum = (await room.facts()).forum
    kinds = text("SELECT kind FROM entry WHERE forum_id = :forum ORDER BY seq")
    async with room.database.reading() as session:
        told = list(await session.scalars(kinds, {"forum": forum.id}))
    assert told == ["CONSENTED", "CONSENT_WITHDRAWN"]
