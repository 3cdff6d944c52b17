"""Erasing: the words are gone everywhere, for good, and only the holder of the receipt can do it."""

from datetime import date

import pytest
from sqlalchemy import select

from live.actions.erasing import digest
from live.documents import whole
from live.rules.refusal import Refusal
from live.store import journal
from live.store.models import Base, Entry, Erasure, Forum, Question
from tests.actions.examples import receipt_of
from tests.build import Room
from tests.people import MAYA, NINA, SARI, TONO

pytestmark = pytest.mark.asyncio(loop_scope="module")
WORDS = "Kapan akta anak saya selesai? Marker-9f2c"


async def test_the_words_and_the_person_are_gone_from_the_row(room: Room) -> None:
    asked = await room.acting.perform("ask", SARI, room.code, {"text": WORDS, "name": "Sari Marker-9f2c"})
    number = int(asked.body["number"])
    await room.do("rephrase", MAYA, number, text="Kapan akta selesai? Marker-9f2c")
    await room.do("erase", TONO, number, receipt=await receipt_of(room, number))
    async with room.database.reading() as session:
        row = (await session.execute(select(Question.__table__).where(Question.receipt.is_not(None)))).mappings().all()
    mine = [dict(line) for line in row if line["number"] == number]
    assert "Marker-9f2c" not in str(mine)
    assert await room.status(number) == "withdrawn"


async def test_what_the_office_said_stays(room: Room) -> None:
    number = await room.asked("stage")
    await room.do("note", NINA, number, text="Dua minggu.")
    await room.do("erase", SARI, number, receipt=await receipt_of(room, number))
    facts = await room.facts()
    question = facts.question(number)
    assert question is not None
    assert (question.note, facts.on_stage) == ("Dua minggu.", None)
    assert [s.seconds for s in facts.speakers] == [0, 0, 0]


async def test_a_wrong_receipt_erases_nothing(room: Room) -> None:
    number = await room.ask(WORDS)
    with pytest.raises(Refusal, match="no_such_receipt"):
        await room.do("erase", SARI, number, receipt="ABCD2345")
    assert await room.status(number) == "pending"


async def test_a_receipt_copied_by_hand_is_understood(room: Room) -> None:
    number = await room.ask(WORDS)
    receipt = await receipt_of(room, number)
    outcome = await room.do("erase", SARI, number, receipt=f" {receipt[:4].lower()}-{receipt[4:]} ")
    assert outcome.body["status"] == "withdrawn"


async def test_erasing_twice_writes_one_line(room: Room) -> None:
    number = await room.ask(WORDS)
    receipt = await receipt_of(room, number)
    first = await room.do("erase", SARI, number, receipt=receipt)
    again = await room.do("erase", SARI, number, receipt=receipt)
    assert again.body == first.body


async def test_a_late_retry_of_the_ask_does_not_bring_the_words_back(room: Room) -> None:
    number = int((await room.do("ask", SARI, text=WORDS, key="draft-0001")).body["number"])
    await room.do("erase", SARI, number, receipt=await receipt_of(room, number))
    with pytest.raises(Refusal, match="key_reused"):
        await room.do("ask", SARI, text=WORDS, key="draft-0001")
    assert await room.count() == 1


async def test_the_receipt_is_on_the_erase_list_as_a_digest_only(room: Room) -> None:
    number = await room.ask(WORDS)
    receipt = await receipt_of(room, number)
    await room.do("erase", SARI, number, receipt=receipt)
    async with room.database.reading() as session:
        listed = set(await session.scalars(select(Erasure.digest)))
    assert digest(receipt) in listed
    assert receipt not in listed


async def test_the_journal_holds_after_an_erasure(room: Room) -> None:
    number = await room.ask(WORDS)
    await room.do("erase", SARI, number, receipt=await receipt_of(room, number))
    async with room.database.reading() as session:
        forum = await session.scalar(select(Forum).where(Forum.code == room.code))
        assert forum is not None
        assert await journal.broken_at(session, forum) is None


@pytest.mark.parametrize("act", ["rephrase", "mask"])
async def test_erased_words_are_not_written_anew(room: Room, act: str) -> None:
    number = await room.ask(WORDS)
    await room.do("erase", SARI, number, receipt=await receipt_of(room, number))
    before = await room.facts()
    with pytest.raises(Refusal) as said:
        await room.do(act, MAYA, number, text="Kapan akta selesai?")
    assert (said.value.status, said.value.reason) == (409, "erased")
    assert await room.facts() == before


async def _everywhere(room: Room) -> int:
    """The words as question, original, rephrased, promised, objected to and merged into; returns the number."""
    fields = {"text": f"{WORDS} NIK 6471000000000007", "name": "Sari Marker-9f2c"}
    number = int((await room.acting.perform("ask", SARI, room.code, fields)).body["number"])
    await room.do("rephrase", MAYA, number, text="Kapan akta selesai? Marker-9f2c")
    await room.do("queue", MAYA, number, speaker=1)
    await room.do("stage", MAYA, number)
    await room.do("note", NINA, number, text="Dua minggu.", promise="yes", owner="Kabid Capil")
    await room.do("answered", MAYA, number)
    await room.do("contact", SARI, phone="0812-0000-9999", consent=True)
    await room.publish()
    receipt = await receipt_of(room, number)
    await room.do("dispute", SARI, 1, receipt=receipt, text="Belum. Marker-9f2c")
    return number


async def test_the_journal_never_held_a_word_and_tells_only_that_it_was_erased(room: Room) -> None:
    number = await _everywhere(room)
    await room.do("erase", SARI, number, receipt=await receipt_of(room, number))
    forum_id = (await room.facts()).forum.id
    async with room.database.reading() as session:
        entries = list(await session.scalars(select(Entry).where(Entry.forum_id == forum_id).order_by(Entry.seq)))
    told = " ".join(f"{entry.kind} {entry.detail}" for entry in entries)
    for words in ("Marker-9f2c", "akta", "Dua minggu", "Kabid", "Sari", "0812", "6471000000000007"):
        assert words not in told
    assert (entries[-1].kind, entries[-1].question, entries[-1].detail) == ("ERASED", number, {"follow_ups": [1]})


async def test_no_table_and_no_file_holds_the_words_any_more(room: Room) -> None:
    number = await _everywhere(room)
    await room.do("erase", SARI, number, receipt=await receipt_of(room, number))
    facts = await room.facts()
    async with room.database.reading() as session:
        for table in Base.metadata.sorted_tables:
            rows = (await session.execute(select(table))).mappings().all()
            mine = [dict(row) for row in rows if row.get("forum_id", facts.forum.id) == facts.forum.id]
            held = [row for row in mine if "Marker-9f2c" in str(row) and row.get("number", number) == number]
            assert not held, table.name
    for kind in ("json", "csv"):
        for name, content in whole.of_kind(kind, facts, date(2027, 1, 1), []):
            assert b"Marker-9f2c" not in content, name
