"""One browser holds every role of a forum at once, as whoever tries the demo does."""

import asyncio
import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import NewPerson
from tests.browser.person import arrived, card, connected, region
from tests.browser.served import Forum

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

HEADINGS = {
    "moderator": "Meja moderator",
    "scribe": "Notulis",
    "helper": "Petugas pendamping",
    "screen": "Forum Konsultasi Publik Pelayanan Administrasi Kependudukan",
    "organiser": "Forum Konsultasi Publik Pelayanan Administrasi Kependudukan",
    "speaker:1": "Pertanyaan untuk Bapak/Ibu",
    "speaker:2": "Pertanyaan untuk Bapak/Ibu",
    "speaker:3": "Pertanyaan untuk Bapak/Ibu",
}
QUESTION = "Apakah surat pindah bisa diurus oleh anak yang sudah dewasa?"
ENTRUSTED = "Bapak di baris empat bertanya: di mana loket difabel?"
NOTE = "Blanko tersedia lagi mulai bulan depan; jadwal diumumkan di setiap kecamatan."


async def test_one_browser_holds_every_role_of_the_demo_and_each_page_keeps_working(
    demo: Forum, person: NewPerson
) -> None:
    everybody = await person()
    pages = {role: await everybody.enter(demo, role) for role in HEADINGS}
    pages["participant"] = await everybody.visit(demo.path)
    await go_round(pages)
    await act_on_each(pages)
    await go_round(pages)


async def go_round(pages: dict[str, Page]) -> None:
    """Every page again, from its address, all at once: the grants of the others took nothing from it."""

    async def again(role: str, page: Page) -> None:
        await page.reload()
        await connected(page)
        name = HEADINGS.get(role, HEADINGS["screen"])
        await expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()

    await asyncio.gather(*(again(role, page) for role, page in pages.items()))


async def act_on_each(pages: dict[str, Page]) -> None:
    """One act on every page, told by all the others that it concerns."""
    phone, desk, scribe = pages["participant"], pages["moderator"], pages["scribe"]
    await phone.get_by_role("textbox", name="Tulis pertanyaan Bapak/Ibu").fill(QUESTION)
    await phone.get_by_role("button", name="Kirim").click()
    await said(phone, "Nomor pertanyaan Anda")
    await card(region(desk, "Masuk"), QUESTION).get_by_role("button", name="Tampilkan").click()
    await said(desk, "ditampilkan")
    await arrived(phone, QUESTION)

    helper = pages["helper"]
    await helper.get_by_role("textbox", name="Tulis pertanyaan, keluhan, atau usulan Bapak/Ibu").fill(ENTRUSTED)
    await helper.get_by_label("Baris / nomor kursi").fill("4")
    await helper.get_by_role("button", name="Kirim").click()
    await helper.get_by_role("button", name="Sudah dibacakan, kirim").click()
    await said(helper, "Nomor pertanyaan Anda")
    await desk.get_by_role("button", name="1 baru").click()  # it waits while somebody is further down the inbox
    await expect(card(region(desk, "Masuk"), ENTRUSTED)).to_contain_text("kursi 4")

    await pages["organiser"].get_by_role("button", name="Konfirmasi ringkasan pertanyaan No. 29").click()
    await said(pages["organiser"], "Ringkasan No. 29 dikonfirmasi")

    await desk.get_by_role("group", name="Layar").get_by_role("button", name="Dijawab").click()
    await expect(pages["screen"].get_by_role("article")).to_contain_text("Kapan blanko KTP-el tersedia kembali?")
    await pages["speaker:1"].get_by_role("button", name="Selesai dijawab pertanyaan No. 17").click()
    await said(pages["speaker:1"], "No. 17 sudah dijawab")
    answer = card(region(scribe, "Belum ada ringkasan"), "Kapan blanko KTP-el tersedia kembali?")
    await answer.get_by_role("textbox", name="Ringkasan jawaban pertanyaan No. 17").fill(NOTE)
    await answer.get_by_role("button", name="Simpan ringkasan").click()
    await said(scribe, "Ringkasan No. 17 tersimpan")

    await expect(pages["screen"].get_by_text("Sebentar lagi")).to_be_visible()
    await desk.get_by_role("button", name=re.compile("Berikutnya: No. 23")).click()
    for name in ("screen", "speaker:3"):
        await expect(pages[name].get_by_role("article").filter(has_text="Sedang dijawab")).to_contain_text("23")
    await pages["speaker:3"].get_by_role("button", name="Jawab tertulis pertanyaan No. 23").click()
    await said(pages["speaker:3"], "No. 23 akan dijawab tertulis")

    handed = pages["speaker:2"].get_by_role("article").filter(has_text="Akta kelahiran anak saya diajukan online")
    await handed.get_by_text("Lainnya").click()
    await handed.get_by_role("button", name="Narasumber 3").click()
    await said(pages["speaker:2"], "No. 9 masuk antrean")
    await expect(card(pages["speaker:3"], "Akta kelahiran anak saya diajukan online")).to_be_visible()


async def said(page: Page, words: str) -> None:
    """The page said this about the act."""
    await expect(page.get_by_role("status").filter(has_text=words)).to_be_visible()
