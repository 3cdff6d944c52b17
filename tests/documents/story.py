"""A whole forum in the database, through the acts people use: 96 messages, 25 answers, 12 in writing, 10 promises."""

from datetime import UTC, datetime

from live.actions.perform import Acting
from live.rules.refusal import Refusal
from live.store.database import Database
from tests import build
from tests.build import Room
from tests.people import AHMAD, BEATRIX, CAHYA, DINA, MAYA, NINA, OKI, SARI
from tests.whole.material import messages

ANSWERED, WRITTEN, PROMISED = 25, 12, 10
REASONS = ("spam", "rude", "offtopic")
SPEAKERS = {1: AHMAD, 2: BEATRIX, 3: CAHYA}
HEADS = ("Kabid Dafduk", "Kabid Capil", "Sekretaris Dinas")
TERMS = (("short", "14 hari"), ("medium", "3 bulan"), ("long", "1 tahun"), ("study", ""))
PAPERS = {
    "government": "Pemerintah Kota Balikpapan",
    "address": "Jalan Contoh 1, Balikpapan 76114",
    "city": "Balikpapan",
    "attended": "263",
    "women": "140",
    "men": "123",
    "groups": "lima unsur masyarakat",
    "head_name": "Nama Pejabat",
    "head_rank": "Pembina Utama Muda / IV-c",
    "head_nip": "196501011990031001",
    "chair": "Wartawan Senior",
    "scribe": "Nina",
}
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


async def play(database: Database, acting: Acting) -> Room:
    """The forum, closed and published; promises 1 to 3 are done, the fourth is disputed."""
    room = await build.room(database, acting)
    for message in messages():
        await room.do("ask", SARI, text=message.text[:300], kind=message.kind)
    numbers = list(range(1, 96 + 1))
    for number in numbers[:ANSWERED]:
        await _answer(room, number)
    for number in numbers[ANSWERED : ANSWERED + WRITTEN]:
        await room.do("written", MAYA, number, owner=HEADS[number % 3])
    for number in numbers[ANSWERED : ANSWERED + WRITTEN : 2]:
        await room.do("answer", OKI, number, text=f"Jawaban tertulis untuk nomor {number}.")
    for number in numbers[ANSWERED + WRITTEN :]:
        await _leave(room, number)
    await _agree(room)
    return room


async def _answer(room: Room, number: int) -> None:
    speaker = number % 3 + 1
    await room.do("queue", MAYA, number, speaker=speaker)
    await room.do("stage", MAYA, number)
    note = {"text": f"Dijawab: nomor {number} selesai bulan depan."}
    if number <= PROMISED:
        term, duration = TERMS[number % 4]
        note |= {"promise": "yes", "problem": f"Masalah {number}", "recommendation": f"Perbaikan {number}"}
        note |= {"owner": HEADS[number % 3], "term": term, "element": f"U{number % 9 + 1}"}
        note |= {"duration": duration} if duration else {}
        note |= {"due": f"2027-{number:02}-28"} if number != PROMISED else {}
    else:
        note |= {"promise": "no"}
    await room.do("note", NINA, number, **note)
    await room.do("answered", MAYA, number)
    if number % 2:
        await room.do("confirm", SPEAKERS[speaker], number)


async def _leave(room: Room, number: int) -> None:
    if number % 4 == 0:
        await room.do("reject", MAYA, number, reason=REASONS[number % 3])
    else:
        await room.do("show", MAYA, number)


async def _agree(room: Room) -> None:
    for number in range(1, PROMISED + 1):
        await room.do("agree", MAYA, number)
    await room.do("papers", OKI, **PAPERS)
    await room.do("phase", MAYA, to="closed")
    try:
        await room.do("phase", OKI, to="published")
    except Refusal as refused:
        assert refused.reason == "undecided"
        assert refused.extra["questions"] == list(range(ANSWERED + 1, ANSWERED + WRITTEN + 1))
    await room.publish()
    for number in (1, 2, 3):
        owner = DINA if number % 3 == 0 else OKI
        await room.do("progress", owner, number, text=f"Selesai untuk butir {number}.", status="done")
    await room.do("progress", OKI, 4, text="Berjalan.", status="doing", link="https://capil.example.id/bukti")
