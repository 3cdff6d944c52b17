"""96 messages as citizens type them, through a whole forum on a real server: at the end the record is right."""

import asyncio
import csv
import html
import io
import json
import re
import subprocess
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import func, select

from live.store import journal
from live.store.database import connect
from live.store.models import Entry, Forum
from tests.program import Program, free_port, wait_until_ready
from tests.store.shared import KINDS, shared_url
from tests.whole.material import FOLLOW_UPS, NOT_SHOWN, PERSONAL, REPHRASED, Message, messages
from tests.whole.play import Cast, gather, in_the_hall, play

pytestmark = pytest.mark.asyncio(loop_scope="module")

FORUM = """
title = "Forum Konsultasi Publik Pelayanan Administrasi Kependudukan"
agency = "Dinas Kependudukan dan Pencatatan Sipil Kota Balikpapan"
place = "Aula lantai IV"
starts = 2022-06-30T09:00:00
ends = 2022-06-30T12:00:00
timezone = "Asia/Makassar"
moderation = "before"
phase = "open"
max_length = 600
speakers = [
    {name = "Narasumber Satu", field = "Pendaftaran Penduduk", topics = ["KTP-el", "KK"]},
    {name = "Narasumber Dua", field = "Pencatatan Sipil", topics = ["akta"]},
    {name = "Narasumber Tiga", field = "Inovasi"},
]
"""
NAMES = {1: "Narasumber Satu", 2: "Narasumber Dua", 3: "Narasumber Tiga"}
ALL = messages()
SHOWN = [message for message in ALL if message.reason is None]
MASK = "[disamarkan]"


@dataclass(frozen=True)
class Played:
    """A forum that is over: who was there, and the server that still serves its record."""

    program: Program
    code: str
    cast: Cast


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=KINDS)
async def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Played]:
    folder = tmp_path_factory.mktemp("played")
    (folder / "forum.toml").write_text(FORUM, "utf-8")
    port = free_port()
    async with shared_url(request, tmp_path_factory) as url, httpx.AsyncHTTPTransport() as wires:
        program = Program(folder, {"JARING_DATABASE_URL": url})
        with program.serving(port) as server:
            made = await asyncio.to_thread(create, program)
            await asyncio.to_thread(wait_until_ready, server, port)
            cast = await gather(f"http://127.0.0.1:{port}", made, len(ALL), wires)
            async with asyncio.timeout(300):
                await play(cast, ALL)
            yield Played(program, made["code"], cast)


def create(program: Program) -> dict[str, Any]:
    """``jaring forum create``, beside the server that is starting."""
    done = program.run("forum", "create", "--file", "forum.toml", "--json")
    assert done.returncode == 0, done.stderr
    made: dict[str, Any] = json.loads(done.stdout)
    return made


def wanted(message: Message) -> dict[str, Any]:
    """How a shown message stands in the record."""
    return {
        "number": message.number,
        "status": message.fate,
        "kind": message.kind,
        "supports": len(message.supporters),
        "speaker": message.speaker if message.fate == "answered" else None,
        "note": message.note,
        "answer": message.written_answer,
        "due": "2099-12-31" if message.fate == "written" else None,
        "follow_ups": [n for n, f in enumerate(FOLLOW_UPS, start=1) if message.number in f["question"]],  # type: ignore[operator]
    }


def check_text(number: int, text: str) -> None:
    """As it was typed, but for what is personal and what the moderator put into better words."""
    sent = REPHRASED.get(number, ALL[number - 1].text)
    if number not in PERSONAL:
        assert text == sent
        return
    kept = re.escape(sent)
    for secret in PERSONAL[number]:
        kept = kept.replace(re.escape(secret), r"\S*" + re.escape(MASK))
    assert re.fullmatch(kept, text), text


def check_questions(questions: list[dict[str, Any]], expected: list[Message]) -> None:
    """Exactly these, each as it ended."""
    assert [q["number"] for q in questions] == [m.number for m in expected]
    for question, message in zip(questions, expected, strict=True):
        want = wanted(message)
        assert {name: question[name] for name in want} == want
        check_text(message.number, question["text"])


# What every audience is told at the end.


@pytest.mark.parametrize("audience", ["participant", "public", "screen", "helper", "scribe"])
async def test_the_hall_sees_what_was_shown_and_how_it_ended(played: Played, audience: str) -> None:
    seen = await played.cast.browser_of(audience).state(audience)
    check_questions(seen["questions"], SHOWN)
    assert (seen["forum"]["phase"], seen["stage"], seen["next"]) == ("published", None, None)
    assert [f["id"] for f in seen["follow_ups"]] == [1, 2, 3, 4, 5]
    assert not {"original", "flags", "reason"} & {name for q in seen["questions"] for name in q}


@pytest.mark.parametrize("audience", ["moderator", "organiser"])
async def test_the_desk_sees_all_of_them_with_their_reasons(played: Played, audience: str) -> None:
    seen = await played.cast.browser_of(audience).state(audience)
    by_number = {q["number"]: q for q in seen["questions"]}
    assert sorted(by_number) == [message.number for message in ALL]
    check_questions([by_number[message.number] for message in SHOWN], SHOWN)
    for message in ALL:
        question = by_number[message.number]
        assert (question["status"], question["reason"]) == (message.fate, message.reason)
        assert question["original"] is None, "the words behind a mask do not outlive the forum"
        check_text(message.number, question["text"])
    assert seen["queues"] == {"1": [], "2": [], "3": []}


async def test_every_speaker_has_answered_the_own_queue(played: Played) -> None:
    for position, browser in played.cast.speakers.items():
        seen = await browser.state("speaker", position)
        assert (seen["questions"], seen["queues"]) == ([], {str(position): []})
        own = [m for m in ALL if m.fate == "answered" and m.speaker == position]
        assert next(s["answered"] for s in seen["forum"]["speakers"] if s["position"] == position) == len(own)


async def test_an_asker_reads_by_receipt_why_the_own_question_is_not_shown(played: Played) -> None:
    for number, reason in NOT_SHOWN.items():
        phone = played.cast.phones[number]
        own = (await phone.get(f"{phone.base}/mine"))["questions"]
        assert [(q["number"], q["status"], q["reason"]) for q in own] == [(number, "rejected", reason)]
        receipt = played.cast.receipts[number]
        found = (await played.cast.screen.get(f"/r/{receipt}"))["questions"]
        assert [(q["number"], q["reason"]) for q in found] == [(number, reason)]


# The record, as a citizen opens it on a phone that was never in the hall.


async def pages(played: Played) -> dict[str, bytes]:
    """Everything public, as bytes, fetched without a cookie."""
    names = ("", "/archive", "/follow-up", "/archive.json", "/archive.csv", "/follow-up.json", "/follow-up.csv")
    names += ("/state?as=participant", "/state?as=public", "/archive?find=KTP", "/archive?lang=en")
    address = played.cast.moderator.address
    async with httpx.AsyncClient(base_url=f"{address}/f/{played.code}", trust_env=False) as stranger:
        found = {name: await stranger.get(name) for name in names}
    assert {name: answer.status_code for name, answer in found.items()} == dict.fromkeys(names, 200)
    return {name: answer.content for name, answer in found.items()}


def cards(page: str, prefix: str) -> dict[int, str]:
    """Number → the card on the page, without its markup."""
    found = re.findall(rf'<article class="ticket" id="{prefix}-(\d+)"(.*?)</article>', page, re.S)
    return {int(number): " ".join(html.unescape(re.sub(r"<[^>]*>", " ", card)).split()) for number, card in found}


async def test_the_archive_page_shows_every_question_with_its_answer_speaker_and_supports(played: Played) -> None:
    found = cards((await pages(played))["/archive"].decode(), "q")
    assert list(found) == [message.number for message in SHOWN]
    for message in SHOWN:
        card = found[message.number]
        assert f"{len(message.supporters)} dukungan" in card
        if message.number not in PERSONAL:
            assert " ".join(REPHRASED.get(message.number, message.text).split()) in card
        assert (message.note or message.written_answer or "Akan dijawab tertulis") in card
        assert (NAMES[message.speaker] in card) == (message.fate == "answered")
    for number, follow_up in [(1, 1), (42, 3), (51, 5)]:
        assert str(follow_up) in found[number].rpartition("dukungan")[2]


async def test_the_follow_up_page_shows_every_promise_with_owner_date_and_standing(played: Played) -> None:
    found = cards((await pages(played))["/follow-up"].decode(), "f")
    assert list(found) == [1, 2, 3, 4, 5]
    told = [
        ("Lewat tenggat", "Kabid Pendaftaran Penduduk", "31 Agustus 2022", "Stok blanko diumumkan setiap hari"),
        ("Dalam proses", "Kepala Seksi Inovasi", "31 Januari 2099", "Kuota ditambah menjadi 200 nomor per hari"),
        ("Selesai", "Sekretaris Dinas", "29 Juli 2022", "=1+1 loket prioritas belum ada"),
        ("Belum dimulai", MASK),
        ("Diteruskan", "Inspektorat Daerah", "Diminta uang rokok di kelurahan"),
    ]
    for number, parts in enumerate(told, start=1):
        assert [part for part in parts if part not in found[number]] == []


def check_record(archive: dict[str, Any]) -> None:
    """The JSON record, whole."""
    check_questions(archive["questions"], SHOWN)
    for question in archive["questions"]:
        assert question["speaker_name"] == NAMES.get(question["speaker"])
    ends = Counter(message.fate for message in ALL)
    assert archive["totals"] == {
        "received": 96,
        "by_status": dict.fromkeys(archive["totals"]["by_status"], 0) | ends,
        "rejected_because": dict(Counter(NOT_SHOWN.values())),
    }
    told = [
        {name: f[name] for name in ("problem", "recommendation", "owner", "due", "status")}
        for f in archive["follow_ups"]
    ]
    for follow_up, want in zip(told, FOLLOW_UPS, strict=True):
        expected = {name: want.get(name, None if name == "due" else "") for name in follow_up}
        if "0812" in str(expected["recommendation"]):
            expected["recommendation"] = f"Pemberitahuan melalui telepon {MASK}"
        assert follow_up == expected


def check_rows(table: bytes) -> None:
    """The CSV record, as a spreadsheet reads it."""
    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))
    assert [int(row["number"]) for row in rows] == [message.number for message in SHOWN]
    for row, message in zip(rows, SHOWN, strict=True):
        want = wanted(message)
        want["follow_ups"] = ", ".join(map(str, want["follow_ups"]))
        want["speaker_name"] = NAMES.get(want["speaker"])
        assert {name: row[name] for name in want} == {
            name: "" if value is None else str(value) for name, value in want.items()
        }
        check_text(message.number, row["text"])


def check_promises(table: bytes) -> None:
    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))
    assert [(row["id"], row["status"]) for row in rows] == [(str(n), f["status"]) for n, f in enumerate(FOLLOW_UPS, 1)]
    assert rows[0]["questions"] == "1, 2, 3"
    assert rows[2]["problem"] == "'=1+1 loket prioritas belum ada", "a spreadsheet must not calculate it"


async def test_the_downloads_hold_all_of_it(played: Played) -> None:
    found = await pages(played)
    check_record(json.loads(found["/archive.json"]))
    check_rows(found["/archive.csv"])
    check_promises(found["/follow-up.csv"])
    assert json.loads(found["/follow-up.json"])["follow_ups"] == json.loads(found["/archive.json"])["follow_ups"]


async def test_the_command_line_exports_the_same_files(played: Played) -> None:
    done: subprocess.CompletedProcess[str] = await asyncio.to_thread(
        played.program.run, "export", played.code, "--out", "taken"
    )
    assert done.returncode == 0, done.stderr
    found = await pages(played)
    for name in ("archive", "follow-up"):
        for kind in ("json", "csv"):
            file = Path("taken", f"{name}-{played.code}.{kind}")
            assert str(file) in done.stdout
            written = await asyncio.to_thread((played.program.folder / file).read_bytes)
            assert written == found[f"/{name}.{kind}"]


# What must never leave, and what must never break.


async def test_no_public_byte_holds_a_personal_number_or_what_was_not_shown(played: Played) -> None:
    wire = {f"frame {n}": frame.encode() for n, frame in enumerate(played.cast.wire)}
    assert any(b"q-1" in frame for frame in wire.values()), "the screens were listening"
    secrets = [secret for told in PERSONAL.values() for secret in told]
    digits = [re.sub(r"\D", "", secret) for secret in secrets if "@" not in secret]
    spelled = [r"[\s.,/-]?".join(number) for number in [*digits, "081234567890"]]
    rejected = [m.text for m in ALL if m.reason is not None and m.number not in PERSONAL and len(m.text) > 10]
    rejected += [ALL[number - 1].text for number in REPHRASED]
    rejected += ["Ready stok pulsa", "Fulan bin Fulan", "Jl. Contoh Indah"]
    for name, content in {**await pages(played), **wire}.items():
        text = html.unescape(
            json.dumps(json.loads(content), ensure_ascii=False) if "json" in name else content.decode()
        )
        assert "warga.contoh@" not in text, name
        assert not [number for number in spelled if re.search(number, text)], name
        assert not [words for words in rejected if words in text], name
        assert not [number for number in NOT_SHOWN if re.search(rf'id="q-{number}"[^>]*data-status="(?!gone)', text)]


async def test_the_journal_has_no_gap_and_its_chain_holds(played: Played) -> None:
    database = connect(played.program.variables["JARING_DATABASE_URL"])
    try:
        async with database.reading() as session:
            forum = await session.scalar(select(Forum).where(Forum.code == played.code))
            assert forum is not None
            assert await journal.broken_at(session, forum) is None
            entries = await journal.after(session, forum.id, 0, 10_000)
            count = await session.scalar(select(func.count()).select_from(Entry).where(Entry.forum_id == forum.id))
    finally:
        await database.close()
    assert [entry.seq for entry in entries] == list(range(1, forum.seq + 1))
    assert count == forum.seq
    kinds = Counter(entry.kind for entry in entries)
    hall = in_the_hall(ALL)
    assert (kinds["ASKED"], kinds["REJECTED"]) == (96, len(NOT_SHOWN) + len(REPHRASED))
    assert kinds["STAGED"] == kinds["ANSWERED"] == kinds["NOTED"] == kinds["CONFIRMED"] == len(hall)
    assert (forum.last_question, forum.last_follow_up) == (96, len(FOLLOW_UPS))
