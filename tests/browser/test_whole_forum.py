"""The main job: one forum from its first question to its published follow-up list, on six pages at once."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import NewPerson
from tests.browser.person import PHONE, card, connected, region
from tests.browser.served import Served

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

QUESTION = "Kenapa akta kelahiran anak saya belum jadi setelah tiga minggu?"
NOTE = "Berkas dicek hari ini; akta yang lengkap selesai paling lambat lima hari kerja."
PROBLEM = "Akta kelahiran terlambat terbit"
FIX = "Pemberitahuan otomatis bila berkas kurang"
OWNER = "Kepala Bidang Pencatatan Sipil"


async def test_one_forum_from_the_first_question_to_the_published_promise(served: Served, person: NewPerson) -> None:
    forum = served.create()
    sari, budi = await person(**PHONE), await person(**PHONE)
    phone_a = await connected(await sari.visit(forum.path))
    phone_b = await connected(await budi.visit(forum.path))
    desk = await connected(await (await person()).enter(forum, "moderator"))
    speaker = await connected(await (await person()).enter(forum, "speaker:2"))
    projector = await connected(await (await person(viewport={"width": 1920, "height": 1080})).enter(forum, "screen"))
    scribe = await connected(await (await person()).enter(forum, "scribe"))

    await phone_a.get_by_role("textbox", name="Tulis pertanyaan Bapak/Ibu").fill(QUESTION)
    await phone_a.get_by_role("button", name="Kirim").tap()
    await expect(phone_a.get_by_role("status").filter(has_text="Nomor pertanyaan Anda: 1")).to_be_visible()
    await expect(region(phone_a, "Pertanyaan saya")).to_contain_text("Menunggu moderator")

    await expect(region(desk, "Masuk")).to_contain_text(QUESTION)
    await expect(phone_b.get_by_text(QUESTION)).to_have_count(0)
    await region(desk, "Masuk").get_by_role("button", name="Tampilkan pertanyaan No. 1").click()
    await expect(card(phone_b, QUESTION)).to_be_visible()
    await expect(region(phone_a, "Pertanyaan saya")).to_contain_text("Ditampilkan")
    await expect(card(phone_a, QUESTION).get_by_role("button")).to_have_count(0)

    await card(phone_b, QUESTION).get_by_role("button", name="Dukung pertanyaan No. 1").tap()
    await expect(
        card(phone_b, QUESTION).get_by_role("button", name="Didukung pertanyaan No. 1", pressed=True)
    ).to_be_visible()
    for page in (phone_a, phone_b, desk):
        await expect(card(page, QUESTION).filter(has_text="1 dukungan")).to_be_visible()

    shown = card(region(desk, "Ditampilkan"), QUESTION)
    await shown.get_by_text("Antrekan").click()
    await shown.get_by_role("button", name="2. Pencatatan Sipil").click()
    await expect(card(region(desk, "2. Pencatatan Sipil"), QUESTION)).to_be_visible()
    await expect(card(region(speaker, "Berikutnya untuk Bapak/Ibu"), QUESTION)).to_be_visible()

    await expect(projector.get_by_role("img", name="Kode QR")).to_be_visible()
    await desk.get_by_role("group", name="Layar").get_by_role("button", name="Dijawab").click()
    await expect(card(projector, QUESTION)).to_contain_text("Berikutnya")
    await desk.get_by_role("button", name="Berikutnya: No. 1").click()
    await expect(card(projector, QUESTION)).to_contain_text("Sedang dijawab")
    await expect(projector.get_by_text("Narasumber 2, Pencatatan Sipil")).to_be_visible()
    for page in (speaker, phone_a, phone_b):
        await expect(region(page, "Sedang dijawab")).to_contain_text(QUESTION)

    await write_down(scribe)
    await desk.get_by_role("button", name="Selesai dijawab").click()
    await expect(region(speaker, "Sedang dijawab")).to_contain_text("Mohon tunggu moderator")
    await expect(projector.get_by_text("Sebentar lagi")).to_be_visible()
    await desk.get_by_role("group", name="Tahap").get_by_role("button", name="Ditutup").click()
    for page in (phone_a, phone_b):
        await expect(page.locator("#banner").get_by_text("Forum ini sudah ditutup")).to_be_visible()
        await expect(page.get_by_role("button", name="Kirim")).to_be_disabled()

    organiser = await connected(await (await person()).enter(forum, "organiser"))
    await expect(organiser.get_by_text(NOTE)).to_be_visible()
    await organiser.get_by_role("button", name="Terbitkan hasil forum").click()
    await expect(organiser.get_by_text("Hasil forum sudah diterbitkan.")).to_be_visible()

    await phone_b.get_by_role("link", name="Arsip tanya jawab").tap()
    await shows_the_record(phone_b)
    await shows_the_record(await (await person(java_script_enabled=False)).visit(f"{forum.path}/archive"))


async def write_down(scribe: Page) -> None:
    """The note of what was answered and the promise that was made, in one form; it stands open by itself."""
    await card(scribe, QUESTION).get_by_role("textbox", name="Ringkasan jawaban pertanyaan No. 1").fill(NOTE)
    await card(scribe, QUESTION).get_by_role("radio", name="Ada", exact=True).check()
    for name, value in (
        ("Identifikasi masalah", PROBLEM),
        ("Usulan rekomendasi perbaikan", FIX),
        ("Penanggung jawab", OWNER),
        ("Target tanggal", "2027-01-15"),
    ):
        await card(scribe, QUESTION).get_by_label(name).fill(value)
    await card(scribe, QUESTION).get_by_role("button", name="Simpan ringkasan dan tindak lanjut").click()
    await expect(card(scribe, QUESTION).get_by_text("Konsep, belum dikonfirmasi")).to_be_visible()
    await expect(card(region(scribe, "Janji hari ini"), FIX)).to_contain_text(OWNER)
    await expect(scribe.get_by_text("Semua jawaban sudah diputuskan.")).to_be_visible()


async def shows_the_record(page: Page) -> None:
    """The archive, and by its link the follow-up list, with everything that happened."""
    answered = card(page, QUESTION)
    for words in ("No. 1", NOTE, "1 dukungan", "Narasumber 2, Pencatatan Sipil", "Sudah dijawab"):
        await expect(answered).to_contain_text(words)
    await answered.get_by_role("link", name="Janji 1").click()
    promise = card(page, FIX)
    for words in (PROBLEM, OWNER, "15 Januari 2027", "Belum dimulai", "Dasar: pertanyaan No. 1 (1 dukungan)"):
        await expect(promise).to_contain_text(words)
