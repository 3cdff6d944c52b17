"""The moderator's desk on a laptop and on a tablet: every act by tap, by key and by hand; no barrier in any state."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from tests.browser.conftest import people
from tests.browser.overheard import overheard
from tests.browser.person import PHONE, Person, connected, region
from tests.browser.served import Forum, Served
from tests.browser.test_accessible import AXE, RULES, SEARCH

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SIZES = {"laptop": (1366, 768), "tablet": (1024, 768)}
NIK = "6471010101900001"
JSON = {"accept": "application/json"}
CUT_OFF = """() => [...document.querySelectorAll('.sheet')].filter((sheet) => {
  sheet.open = true;
  const box = sheet.lastElementChild.getBoundingClientRect();
  sheet.open = false;
  return box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight;
}).map((sheet) => sheet.innerText)"""
"""The sheets of the strip that do not lie whole within the window."""


@dataclass
class Desk:
    """A moderator at the desk of a forum of its own."""

    served: Served
    forum: Forum
    person: Person
    page: Page
    new: Any

    async def ask(self, *texts: str) -> list[int]:
        """Questions of as many people; they are on the desk when this returns."""
        numbers = []
        for text in texts:
            async with httpx.AsyncClient(base_url=self.served.address, timeout=30, headers=JSON) as phone:
                answer = await phone.post(f"{self.forum.path}/questions", json={"text": text})
                numbers.append(answer.json()["number"])
        for number in numbers:
            await expect(self.card(number)).to_be_attached()
        return numbers

    def card(self, number: int) -> Locator:
        return self.page.locator(f"#q-{number}")

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.page.keyboard.press(key)

    async def stands(self, number: int, where: str) -> None:
        """The card has arrived in this list."""
        await expect(self.page.locator(f"#{where} > #q-{number}")).to_be_attached()

    async def said(self, words: str) -> None:
        await expect(self.page.locator("#said")).to_contain_text(words)

    async def focused(self) -> str:
        found: str = await self.page.evaluate(
            "document.activeElement.closest('.ticket')?.id || document.activeElement.id"
        )
        return found

    async def has_no_barrier(self) -> None:
        await self.page.evaluate(AXE)
        assert await self.page.evaluate(SEARCH, {"rules": RULES, "within": None}) == []

    async def seen_by(self, audience: str) -> dict[str, Any]:
        answer = await self.person.context.request.get(f"{self.served.address}{self.forum.path}/state?as={audience}")
        found: dict[str, Any] = await answer.json()
        return found


@pytest_asyncio.fixture(loop_scope="session", params=SIZES)
async def desk(request: pytest.FixtureRequest, chromium: Browser, served: Served) -> AsyncIterator[Desk]:
    width, height = SIZES[request.param]
    forum = served.forum()
    async with people(chromium, served) as new:
        person = await new(viewport={"width": width, "height": height}, has_touch=request.param == "tablet")
        person.foresee("409")
        page = await connected(await person.enter(forum, "moderator"))
        async with overheard(served, forum):
            yield Desk(served, forum, person, page, new)


async def test_the_inbox_says_how_many_wait_since_when_and_why_to_look_and_a_tap_decides(desk: Desk) -> None:
    pii, rude, first, twin = await desk.ask(
        f"NIK saya {NIK}, kapan jadi?",
        "dasar goblok, kapan jadi",
        "Kapan blanko KTP-el tersedia kembali?",
        "kpn blangko ktp-el tersedia kembali?",
    )
    inbox = region(desk.page, "Masuk (4)")
    await expect(inbox).to_contain_text("Tertua baru saja")
    order = await desk.page.locator("#inbox > article").evaluate_all("all => all.map((card) => card.id)")
    assert order == [f"q-{number}" for number in (pii, rude, first, twin)]
    await expect(desk.card(pii)).to_contain_text("Data pribadi disamarkan: NIK/KK")
    await expect(desk.card(pii)).to_contain_text("NIK saya [disamarkan]")
    await expect(desk.card(rude)).to_contain_text("Kata kasar: “goblok”")
    await expect(desk.card(twin)).to_contain_text(f"Sangat mirip dengan No. {first}")
    await desk.card(pii).locator("summary", has_text="Naskah asli").click()
    await expect(desk.card(pii).get_by_text(NIK)).to_be_visible()
    await desk.has_no_barrier()
    await desk.card(first).get_by_role("button", name="Tampilkan").click()
    await desk.stands(first, "shown")
    await desk.card(pii).get_by_role("button", name="Loket").click()
    await desk.stands(pii, "away")
    await desk.card(rude).get_by_text("Jangan tampilkan").click()
    await desk.card(rude).get_by_role("button", name="memuat kata kasar").click()
    await desk.stands(rude, "away")
    await expect(region(desk.page, "Masuk (1)")).to_be_visible()


async def test_words_are_tidied_or_masked_and_the_original_stays_with_the_desk(desk: Desk) -> None:
    (number,) = await desk.ask("Bu Ratna di loket lima lambat sekali")
    await desk.press("i", "r")
    box = desk.page.get_by_role("textbox", name=f"Redaksi No. {number}")
    await expect(box).to_be_focused()
    await desk.card(number).get_by_role("button", name="Samarkan").click()
    await desk.said("Pilih dahulu kata")
    await box.evaluate("(box) => box.setSelectionRange(0, 8)")
    await desk.card(number).get_by_role("button", name="Samarkan").click()
    await expect(desk.card(number)).to_contain_text("[disamarkan] di loket lima")
    await desk.press("r")
    await box.fill("Loket lima lambat.")
    await desk.has_no_barrier()
    await desk.card(number).get_by_role("button", name="Simpan redaksi").click()
    await desk.said("dirapikan")
    assert await desk.focused() == f"q-{number}"
    await desk.press("t")
    await desk.stands(number, "shown")
    assert "Ratna" not in str(await desk.seen_by("participant"))
    assert "Ratna" in str(await desk.seen_by("moderator"))


async def test_a_flagged_text_is_shown_after_three_seconds_in_which_it_can_be_stopped(desk: Desk) -> None:
    (number,) = await desk.ask("goblok semua, kapan jadi?")
    await desk.press("i", "t")
    await desk.said(f"No. {number} tampil dalam")
    await desk.press("z")
    await expect(desk.card(number)).not_to_have_attribute("data-going", "")
    assert await desk.focused() == f"q-{number}"
    assert (await desk.seen_by("participant"))["questions"] == []
    await desk.press("t")
    await desk.stands(number, "shown")


async def test_a_person_merges_what_is_alike_and_takes_it_apart_again(desk: Desk) -> None:
    first, twin = await desk.ask("Kapan blanko KTP-el tersedia kembali?", "kpn blangko ktp-el tersedia kembali?")
    await desk.press("i", "t")
    await desk.stands(first, "shown")
    await desk.press("g")
    await desk.stands(twin, "away")
    await expect(desk.card(first)).to_contain_text(f"Termasuk No. {twin}")
    await desk.page.locator("summary", has_text="Tidak ditampilkan (").click()
    await expect(desk.card(twin)).to_contain_text(f"Digabung dengan No. {first}")
    await desk.has_no_barrier()
    await desk.card(twin).get_by_role("button", name="Pisahkan lagi").click()
    await desk.stands(twin, "inbox")


async def test_cards_are_carried_by_mouse_finger_keys_and_buttons_and_keep_their_number(desk: Desk) -> None:
    one, two, three = await desk.ask("Kapan blanko KTP-el ada?", "Syarat akta lahir apa?", "Biaya pindah berapa?")
    await carry(desk, one, desk.page.locator("[data-queue='2']"))
    await desk.stands(one, "queue-2")
    await desk.press("i", "2")
    await desk.stands(two, "queue-2")
    await carry(desk, two, desk.card(one))
    await order_is(desk, 2, [two, one])
    await desk.card(one).focus()
    await desk.press("u")
    await order_is(desk, 2, [one, two])
    assert await desk.focused() == f"q-{one}"
    await desk.press("d")
    await order_is(desk, 2, [two, one])
    await desk.card(one).get_by_role("button", name="Naikkan").click()
    await order_is(desk, 2, [one, two])
    await desk.has_no_barrier()
    await desk.card(one).focus()
    await desk.press("3")
    await desk.stands(one, "queue-3")
    await carry(desk, two, desk.page.locator("#shown"))
    await desk.stands(two, "shown")
    await desk.card(three).get_by_text("Antrekan").click()
    await desk.card(three).get_by_role("button", name="1. Pendaftaran Penduduk").click()
    await desk.stands(three, "queue-1")


async def test_undo_blank_and_pause_are_one_key_away_and_a_notice_reaches_the_hall(desk: Desk) -> None:
    (number,) = await desk.ask("Kapan buka?")
    phone = await connected(await (await desk.new(**PHONE)).visit(desk.forum.path))
    await desk.press("i", "t")
    await desk.stands(number, "shown")
    await expect(desk.page.get_by_role("button", name=f"Urungkan: No. {number} ditampilkan")).to_be_visible()
    await expect(phone.get_by_text("Kapan buka?")).to_be_visible()
    await desk.press("z")
    await desk.stands(number, "inbox")
    await expect(phone.get_by_text("Kapan buka?")).to_have_count(0)
    for key, name in (("b", "Kosongkan"), ("p", "Jeda masuk")):
        button = desk.page.get_by_role("button", name=name)
        await desk.press(key)
        await expect(button).to_have_attribute("aria-pressed", "true")
        await desk.press(key)
        await expect(button).to_have_attribute("aria-pressed", "false")
    await desk.page.get_by_text("Pemberitahuan", exact=True).click()
    await desk.page.get_by_label("Pemberitahuan untuk HP dan layar").fill("Lima menit lagi.")
    await desk.page.get_by_role("button", name="Umumkan").click()
    await expect(phone.locator("#notice")).to_contain_text("Lima menit lagi.")
    await desk.has_no_barrier()


async def test_two_moderators_see_each_other_and_nobody_overwrites(desk: Desk) -> None:
    number, other = await desk.ask("Kapan buka?", "Berapa biayanya?")
    second = Desk(desk.served, desk.forum, await desk.new(), desk.page, desk.new)
    second.person.foresee("409|ERR_INTERNET_DISCONNECTED")
    second.page = await connected(await second.person.enter(desk.forum, "moderator"))
    await second.person.context.set_offline(True)
    await desk.press("i", "t")
    await desk.stands(number, "shown")
    await second.person.context.set_offline(False)
    seen = await second.card(number).locator("input[name=seen]").first.get_attribute("value")
    answer = await second.person.context.request.post(
        f"{desk.served.address}{desk.forum.path}/questions/{number}/private",
        form={"seen": str(seen).replace(str(seen).rpartition(".")[2], "1")},
        headers={"Accept": "application/json"},
    )
    told = await answer.json()
    assert (answer.status, told["refusal"], told["did"], told["by"]) == (409, "moved_on", "SHOWN", "moderator")
    await second.stands(number, "shown")
    await expect(second.page.locator("#recent")).to_contain_text(f"No. {number} ditampilkan (moderator)")
    await second.page.locator(f"#q-{other}").get_by_role("button", name="Loket").click()
    await desk.stands(other, "away")
    assert (await desk.focused()) != ""
    await desk.page.get_by_text("Serah terima").click()
    await desk.page.get_by_role("button", name="Buat tautan").click()
    link = await desk.page.get_by_label("Tautan peran").input_value()
    await desk.has_no_barrier()
    third = await (await desk.new()).visit(link.removeprefix(desk.served.address))
    await expect(third.get_by_role("heading", level=1, name="Meja moderator")).to_be_visible()


async def test_a_question_on_paper_is_read_back_before_it_is_sent_and_gets_its_share(desk: Desk) -> None:
    helper = await connected(await (await desk.new(**PHONE)).enter(desk.forum, "helper"))
    for page, words, seat in ((helper, "Di mana loket difabel?", "Baris 4"), (desk.page, "Lift rusak?", "Baris 9")):
        if page is desk.page:
            await page.locator("summary", has_text="Titipan").click()
        await page.get_by_label("Tulis pertanyaan, keluhan, atau usulan Bapak/Ibu").fill(words)
        await page.get_by_label("Baris / nomor kursi").fill(seat)
        await page.get_by_label("Nomor kertas").fill("17")
        await page.get_by_label("Cara disampaikan").select_option("paper")
        await page.get_by_role("button", name="Kirim", exact=True).click()
        await expect(page.get_by_role("dialog")).to_contain_text(words)
        await page.get_by_role("button", name="Sudah dibacakan, kirim").click()
        card = region(desk.page, "Masuk").get_by_role("article").filter(has_text=words)
        await expect(card).to_contain_text(f"Kertas · Baris / nomor kursi {seat} · Nomor kertas 17")
    await desk.has_no_barrier()
    await expect(desk.page.locator("#share")).to_contain_text("Tanpa HP: 0 dari 0 jawaban.")


async def test_the_desk_is_run_by_keys_alone_from_the_inbox_to_the_next_question(desk: Desk) -> None:
    akta, ktp, ad = await desk.ask("Syarat akta kelahiran apa?", "KTP-el saya kapan jadi?", "Jual pulsa murah")
    await desk.press("i", "a")
    await desk.stands(akta, "queue-2")
    assert await desk.focused() == f"q-{ktp}"
    await desk.press("1")
    await desk.stands(ktp, "queue-1")
    await desk.press("x", "6")
    await desk.stands(ad, "away")
    await desk.press("n")
    await expect(region(desk.page, "Sedang dijawab")).to_contain_text("KTP-el saya kapan jadi?")
    assert await desk.page.locator("#shown").evaluate("(list) => list.clientHeight") > 60, "below it a card has room"
    assert await desk.page.evaluate(CUT_OFF) == []
    await desk.press("n")
    await expect(region(desk.page, "Sedang dijawab")).to_contain_text("Syarat akta kelahiran apa?")
    await desk.press("?")
    help_ = desk.page.get_by_role("dialog", name="Tombol papan ketik")
    await expect(help_).to_be_visible()
    await desk.has_no_barrier()
    await help_.get_by_label("Pakai tombol satu huruf").uncheck()
    await desk.press("Escape", "n", "z")
    await desk.page.get_by_role("button", name="Tombol ?").click()
    await help_.get_by_label("Pakai tombol satu huruf").check()
    await desk.press("Escape")
    await desk.page.get_by_text("Pemberitahuan", exact=True).click()
    await desk.page.get_by_label("Pemberitahuan untuk HP dan layar").press_sequentially("nz b")
    await expect(region(desk.page, "Sedang dijawab")).to_contain_text("Syarat akta kelahiran apa?")
    assert (await desk.seen_by("moderator"))["stage"]["number"] == akta, "keys were off, and then typed into a field"


async def test_new_cards_wait_while_somebody_is_further_down_and_the_focus_is_never_lost(desk: Desk) -> None:
    first, second, third = await desk.ask("Satu?", "Dua?", "Tiga?")
    await desk.press("i", "j")
    waiting = await desk.ask("Empat?", "Lima?", "Enam?")
    for number in waiting:
        await expect(desk.card(number)).to_be_hidden()
    pill = desk.page.get_by_role("button", name="3 baru")
    await expect(pill).to_be_visible()
    assert await desk.focused() == f"q-{second}"
    async with httpx.AsyncClient(base_url=desk.served.address) as other:
        token = desk.forum.link("moderator").partition("#")[2]
        await other.post("/enter", data={"token": token})
        await other.post(f"{desk.forum.path}/questions/{second}/reject", data={"reason": "spam"})
    await desk.stands(second, "away")
    assert re.match(r"q-\d+|inbox", await desk.focused()), "the focus stays on a card"
    await desk.has_no_barrier()
    await pill.click()
    for number in waiting:
        await expect(desk.card(number)).to_be_visible()
    assert await desk.focused() == f"q-{waiting[0]}"
    assert first and third


async def order_is(desk: Desk, speaker: int, numbers: list[int]) -> None:
    """The queue has come to stand so."""
    await desk.page.wait_for_function(
        "([id, wanted]) => [...document.getElementById(id).children].map((card) => card.id).join() === wanted",
        arg=[f"queue-{speaker}", ",".join(f"q-{number}" for number in numbers)],
    )


async def carry(desk: Desk, number: int, target: Locator) -> None:
    """Drag a card by its stub, with the finger on a tablet and the mouse on a laptop, to the top of ``target``."""
    stub = desk.card(number).locator(".no").first
    await stub.scroll_into_view_if_needed()
    start, end = await stub.bounding_box(), await target.bounding_box()
    assert start is not None and end is not None
    points = [(start["x"] + 15, start["y"] + 20), (start["x"] + 30, start["y"] + 30), (end["x"] + 40, end["y"] + 8)]
    if desk.page.viewport_size == {"width": 1024, "height": 768}:
        hand = await desk.person.context.new_cdp_session(desk.page)
        for kind, (x, y) in zip(("touchStart", "touchMove", "touchMove"), points, strict=True):
            await hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        await hand.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        return
    await desk.page.mouse.move(*points[0])
    await desk.page.mouse.down()
    for x, y in points[1:]:
        await desk.page.mouse.move(x, y, steps=4)
    await desk.page.mouse.up()
