"""From the last answer to the published list and the package of evidence: how long the people at the desks are busy.

A real browser does every step and the server's own time is measured; the time of hands and eyes is counted by the
keystroke-level model (Card, Moran and Newell, 1980), with the operators of an average typist.
"""

import hashlib
import re
import time
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import NewPerson
from tests.browser.person import card, connected, region
from tests.browser.served import Served
from tests.build import Room
from tests.people import MAYA, NINA, SARI
from tests.whole.material import messages

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.asyncio(loop_scope="session")]

LIMIT = 300
KEY = 0.28
"""Seconds for a key: 40 words a minute, the model's average non-secretary typist."""

CLICK = 1.35 + 1.1 + 0.2
"""Seconds for a click: to decide, to point, to press."""

HOMING = 0.4
"""Seconds for the hand between mouse and keyboard."""

ANSWERED, WRITTEN, PROMISED = 25, 12, 10
UNDATED = (3, 7)
"""Promises that were written down in a hurry, without saying how long they may take."""

NOTE = "Loket Sabtu dibuka mulai bulan depan; pengumuman dipasang di kelurahan dan di laman dinas."
DUE = "2027-01-15"


@dataclass
class Hands:
    """Does what a person does, and counts it."""

    keys: int = 0
    clicks: int = 0
    typed: list[str] = field(default_factory=list)

    async def click(self, target: Locator) -> None:
        self.clicks += 1
        await target.click()

    async def type(self, target: Locator, text: str) -> None:
        self.clicks += 1
        self.keys += len(text)
        self.typed.append(text)
        await target.fill(text)

    async def choose(self, target: Locator, label: str) -> None:
        """Open a list and click what is wanted."""
        self.clicks += 2
        await target.select_option(label=label)

    @property
    def seconds(self) -> float:
        return self.keys * KEY + self.clicks * CLICK + 2 * HOMING * len(self.typed)


def runs(text: str) -> set[tuple[str, ...]]:
    """All runs of three words: whoever types one of them a second time copies."""
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[n : n + 3]) for n in range(len(words) - 2)}


async def until_the_last_answer(room: Room) -> None:
    """25 questions were answered, of which the last one has just ended; 12 are to be answered in writing."""
    texts = [message.text for message in messages() if message.fate != "rejected"][: ANSWERED + WRITTEN]
    for number, text in enumerate(texts, start=1):
        await room.do("ask", SARI, text=text)
        if number > ANSWERED:
            await room.do("written", MAYA, number, owner="Kepala Bidang Pencatatan Sipil")
            continue
        await room.do("show", MAYA, number)
        await room.do("stage", MAYA, number, speaker=number % 3 + 1)
        if number < ANSWERED:
            await room.do("note", NINA, number, text=f"Dijawab di forum, butir {number}.", **said(number))
        await room.do("answered", MAYA, number)


def said(number: int) -> dict[str, str]:
    """What the scribe said about promises while the forum was going on."""
    if number >= PROMISED:
        return {"promise": "no"}
    agreed = {"promise": "yes", "owner": "Sekretaris Dinas"}
    return agreed if number in UNDATED else agreed | {"term": "short", "duration": "14 hari", "due": DUE}


async def write_down_the_last(hands: Hands, scribe: Page) -> None:
    last = scribe.locator(f"#q-{ANSWERED}")
    await hands.click(last.locator("summary").first)
    await hands.type(last.get_by_role("textbox", name="Ringkasan jawaban"), NOTE)
    await hands.click(last.get_by_role("radio", name="Ada", exact=True))
    await hands.type(last.get_by_label("Penanggung jawab"), "Kepala Dinas")
    await hands.choose(last.get_by_label("Jangka waktu penyelesaian"), "Jangka pendek")
    await hands.type(last.get_by_label("Target tanggal"), DUE)
    await hands.click(last.get_by_role("button", name="Simpan ringkasan dan tindak lanjut"))
    await expect(scribe.locator(f"#f-{PROMISED}")).to_be_visible()


async def decide_the_written(hands: Hands, scribe: Page) -> None:
    waiting = region(scribe, "Belum diputuskan")
    for number in range(ANSWERED + 1, ANSWERED + WRITTEN + 1):
        button = waiting.get_by_role("button", name=re.compile(f"No. {number}$"))
        await hands.click(button)
        await expect(button).to_have_count(0)
    await expect(scribe.get_by_text("Semua jawaban sudah diputuskan.")).to_be_visible()


async def agree_one_by_one(hands: Hands, closing: Page) -> None:
    for number in range(1, PROMISED + 1):
        row = closing.locator(f"#f-{number}")
        if number in UNDATED:
            await hands.click(row.locator("summary").first)
            await hands.choose(row.get_by_label("Jangka waktu penyelesaian"), "Jangka menengah")
            await hands.click(row.get_by_role("button", name="Simpan", exact=True))
            await expect(row.get_by_text("Belum ada jangka waktu")).to_have_count(0)
        await hands.click(row.get_by_role("button", name=re.compile("^Sepakat")))
        await expect(row.get_by_text("Disepakati pukul")).to_be_visible()


async def publish(hands: Hands, organiser: Page) -> Path:
    """Close, publish and take the package; what was still a draft is confirmed by publishing."""
    await hands.click(organiser.get_by_role("button", name="Tutup forum"))
    await hands.click(organiser.get_by_role("button", name="Terbitkan hasil forum"))
    await expect(organiser.get_by_text("Hasil forum sudah diterbitkan.")).to_be_visible()
    async with organiser.expect_download() as download:
        await hands.click(organiser.get_by_role("link", name=re.compile("Paket Bukti FKP")))
    return await (await download.value).path()


async def test_the_record_is_out_five_minutes_after_the_last_answer(served: Served, person: NewPerson) -> None:
    forum = served.forum()
    await served.play(forum, until_the_last_answer)
    scribe = await connected(await (await person()).enter(forum, "scribe"))
    desk = await person()
    await desk.enter(forum, "moderator")
    closing = await connected(await desk.visit(f"{forum.path}/closing"))
    organiser = await connected(await (await person()).enter(forum, "organiser"))
    known = await scribe.locator("body").inner_text()

    hands, begun = Hands(), time.perf_counter()
    await write_down_the_last(hands, scribe)
    await decide_the_written(hands, scribe)
    await agree_one_by_one(hands, closing)
    package = await publish(hands, organiser)
    waited = time.perf_counter() - begun

    seconds = hands.seconds + waited
    print(f"{hands.keys} keys, {hands.clicks} clicks: {hands.seconds:.0f} s; server and browser {waited:.0f} s")
    assert seconds <= LIMIT
    before = runs(known)
    for text in hands.typed:
        assert not runs(text) & before, f"typed twice: {text}"
        before |= runs(text)
    await anybody_reads_it(await (await person()).visit(f"{forum.path}/follow-up"))
    holds(package)


async def anybody_reads_it(page: Page) -> None:
    await expect(page.get_by_role("article")).to_have_count(PROMISED)
    await expect(card(page, NOTE)).to_contain_text("Kepala Dinas")
    await expect(card(page, NOTE)).to_contain_text("15 Januari 2027")


def holds(package: Path) -> None:
    """The package proves itself, and has the paper to sign."""
    with zipfile.ZipFile(package) as files:
        lines = files.read("MANIFEST.sha256").decode().splitlines()
        assert "Berita Acara Hasil FKP.docx" in files.namelist()
        for line in lines:
            digest, _, name = line.partition("  ")
            assert hashlib.sha256(files.read(name)).hexdigest() == digest
