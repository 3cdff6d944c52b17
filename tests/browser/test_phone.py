"""The participant's phone, 360 x 740 with touch: asking, supporting, waiting, and what is said aloud."""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Page, expect

from live.places import ROOT
from tests.browser.conftest import NewPerson
from tests.browser.person import PHONE, card, connected, region
from tests.browser.served import Forum, Served

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

AXE = (ROOT / "tests/vendor/axe.min.js").read_text("utf-8")
SEARCH = """async () => (await axe.run(document, { resultTypes: ['violations'], preload: false,
  runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] },
})).violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join()}`)"""
LISTEN = """() => {
  const line = document.getElementById('heard');
  window.told = [];
  new MutationObserver(() => window.told.push(line.textContent)).observe(line, { childList: true });
}"""
INSIDE = """() => [...document.querySelectorAll('.ticket button, .ticket p')]
  .filter((one) => one.getBoundingClientRect().right > one.closest('.ticket').getBoundingClientRect().right)
  .map((one) => one.outerHTML)"""
LOST = r"ERR_INTERNET_DISCONNECTED|ERR_FAILED|WebSocket|status of 409"

Opened = Callable[..., Awaitable[Page]]


@pytest.fixture
def forum(served: Served) -> Forum:
    """A forum of its own whose questions are visible at once."""
    return served.forum(moderation="after")


@pytest.fixture
def opened(person: NewPerson, forum: Forum) -> Opened:
    """Opens the forum on a new phone."""

    async def open_page(path: str = "", **options: Any) -> Page:
        somebody = await person(**(PHONE | options))
        somebody.foresee(LOST)
        return await connected(await somebody.visit(f"{forum.path}{path}"))

    return open_page


async def ask(page: Page, words: str) -> None:
    """Type and send, and wait for the receipt."""
    await page.locator("#text").fill(words)
    await page.get_by_role("button", name="Kirim").tap()
    await expect(page.locator("#outbox")).to_be_hidden()
    await expect(region(page, "Kode tanda terima")).to_be_visible()


async def edit(page: Page, words: str) -> None:
    """Give the own question other words, on *my questions*."""
    await page.get_by_text("Ubah", exact=True).tap()
    await page.get_by_role("textbox").fill(words)
    await page.get_by_role("button", name="Simpan").tap()


async def numbers(page: Page) -> list[str]:
    """The slips of the list that show, from the top."""
    return [
        str(at) for at in await page.locator("#list > .ticket:not([hidden])").evaluate_all("(c) => c.map((x) => x.id)")
    ]


async def has_no_barrier(page: Page) -> None:
    """axe finds nothing."""
    await page.evaluate(AXE)
    assert await page.evaluate(SEARCH) == []


async def test_a_question_is_asked_without_a_gate_and_gives_a_receipt_that_opens_anywhere(
    opened: Opened, person: NewPerson
) -> None:
    page = await opened()
    await ask(page, "Berapa lama pengurusan akta kelahiran?")
    link = await region(page, "Kode tanda terima").get_by_role("link").get_attribute("href")
    await has_no_barrier(page)
    elsewhere = await (await person(**PHONE)).context.new_page()
    await elsewhere.goto(str(link))
    await expect(card(elsewhere, "Berapa lama pengurusan akta kelahiran?")).to_contain_text("Ditampilkan")


async def test_what_is_written_without_a_connection_is_sent_once_when_it_is_back(opened: Opened) -> None:
    page, watcher = await opened(), await opened()
    await ask(watcher, "Kapan loket buka?")
    await expect(page.locator("#q-1")).to_be_visible()
    await page.context.set_offline(True)
    await page.locator("#text").fill("Apakah tulisan ini hilang?")
    await page.get_by_role("button", name="Kirim").tap()
    waiting = page.locator("#outbox article")
    await expect(waiting).to_contain_text("Akan dikirim saat tersambung")
    await card(page.locator("#list"), "Kapan loket buka?").get_by_role("button").tap()
    await expect(card(page.locator("#list"), "Kapan loket buka?").get_by_role("button")).to_have_attribute(
        "aria-pressed", "true"
    )
    await has_no_barrier(page)
    await page.context.set_offline(False)
    await expect(page.locator("#outbox")).to_be_hidden()
    await watcher.locator("#fresh").tap()
    await expect(card(watcher.locator("#list"), "Apakah tulisan ini hilang?")).to_have_count(1)
    await expect(watcher.locator("#n-1")).to_have_text("1")


async def test_an_unsent_question_outlives_a_reload(opened: Opened) -> None:
    page = await opened()
    await page.route("**/questions", lambda route: route.abort())
    await page.locator("#text").fill("Apakah ini selamat?")
    await page.get_by_role("button", name="Kirim").tap()
    await expect(page.locator("#outbox article")).to_contain_text("Apakah ini selamat?")
    await page.reload()
    await expect(page.locator("#outbox article")).to_contain_text("Apakah ini selamat?")
    await page.unroute("**/questions")
    await page.get_by_role("button", name="Coba lagi").tap()
    await expect(page.locator("#outbox")).to_be_hidden()
    await page.reload()
    await connected(page)
    await expect(card(page.locator("#list"), "Apakah ini selamat?")).to_have_count(1)


async def test_a_lost_answer_does_not_double_the_question(opened: Opened) -> None:
    page = await opened()
    lost = []

    async def lose_the_first(route: Any) -> None:
        if lost:
            await route.continue_()
            return
        lost.append(await route.fetch())
        await route.abort()

    await page.route("**/questions", lose_the_first)
    await page.locator("#text").fill("Dua kali atau sekali?")
    await page.get_by_role("button", name="Kirim").tap()
    await expect(page.locator("#outbox article")).to_contain_text("Akan dikirim saat tersambung")
    await page.get_by_role("button", name="Coba lagi").tap()
    await expect(page.locator("#outbox")).to_be_hidden()
    await page.reload()
    await expect(card(page.locator("#list"), "Dua kali atau sekali?")).to_have_count(1)


async def test_a_draft_and_what_was_tapped_survive_a_reload_and_the_back_button(opened: Opened) -> None:
    other, page = await opened(), await opened()
    await ask(other, "Kapan loket buka?")
    await page.get_by_role("button", name="Dukung pertanyaan No. 1").tap()
    await expect(other.locator("#n-1")).to_have_text("1")
    await page.locator("#text").press_sequentially("Belum selesai")
    await page.reload()
    await expect(page.locator("#text")).to_have_value("Belum selesai")
    await page.goto(page.url.split("?")[0] + "/mine")
    await page.go_back()
    await expect(page.locator("#text")).to_have_value("Belum selesai")
    await expect(page.get_by_role("button", name="Didukung pertanyaan No. 1", pressed=True)).to_be_visible()
    await connected(page)


async def test_a_personal_number_is_warned_of_while_it_is_typed(opened: Opened) -> None:
    page = await opened()
    await page.locator("#text").fill("NIK saya 6471 0000 0000 0007")
    await expect(page.locator("#pii")).to_be_visible()
    await has_no_barrier(page)
    await page.locator("#text").fill("NIK saya hilang")
    await expect(page.locator("#pii")).to_be_hidden()


async def test_a_similar_question_is_offered_and_can_be_supported_instead(opened: Opened) -> None:
    first, second = await opened(), await opened()
    await ask(first, "Kapan blanko KTP-el tersedia kembali di kecamatan?")
    await second.locator("#text").fill("Blanko KTP-el kapan tersedia kembali?")
    offered = second.locator("#similar")
    await expect(offered).to_contain_text("Kapan blanko KTP-el tersedia kembali di kecamatan?")
    await has_no_barrier(second)
    await offered.get_by_role("button", name="Dukung pertanyaan No. 1").tap()
    await expect(first.locator("#n-1")).to_have_text("1")
    await second.get_by_role("button", name="Bukan, pertanyaan saya berbeda").tap()
    await expect(offered).to_be_hidden()
    await expect(second.locator("#text")).to_have_value("Blanko KTP-el kapan tersedia kembali?")


async def test_support_is_taken_back_honestly_when_the_server_says_no(opened: Opened, forum: Forum) -> None:
    first, second = await opened(), await opened()
    await ask(first, "Kapan loket buka?")
    refusal = {"status": 409, "content_type": "application/json", "body": json.dumps({"message": "Sudah dijawab."})}
    await second.route("**/support", lambda route: route.fulfill(**refusal))
    button = card(second.locator("#list"), "Kapan loket buka?").get_by_role("button")
    box = await button.bounding_box()
    assert box is not None
    assert box["height"] >= 48
    await button.tap()
    await expect(second.locator("#said")).to_have_text("Sudah dijawab.")
    await expect(button).to_have_attribute("aria-pressed", "false")
    await expect(second.locator("#n-1")).to_have_text("0")


async def test_a_support_button_does_not_move_when_its_word_changes(opened: Opened) -> None:
    first, second = await opened(), await opened()
    await ask(first, "Kapan loket buka?")
    button = card(second.locator("#list"), "Kapan loket buka?").get_by_role("button")
    before = await button.evaluate("(b) => [b.offsetLeft, b.offsetWidth]")
    await button.tap()
    await expect(button).to_have_accessible_name("Didukung pertanyaan No. 1")
    assert await button.evaluate("(b) => [b.offsetLeft, b.offsetWidth]") == before


async def test_the_own_question_says_kindly_that_it_needs_no_support(opened: Opened) -> None:
    page = await opened()
    await ask(page, "Kapan loket buka?")
    own = card(page.locator("#list"), "Kapan loket buka?")
    await expect(own).to_contain_text("Pertanyaan Anda sendiri")
    await expect(own.get_by_role("button")).to_have_count(0)


async def test_the_list_waits_for_the_reader(opened: Opened) -> None:
    asker, reader, supporter = await opened(), await opened("?sort=top"), await opened("?sort=top")
    for words in ("Pertama?", "Kedua?", "Ketiga?"):
        await ask(asker, words)
    for page in (reader, supporter):
        await page.reload()
        await connected(page)
    assert await numbers(reader) == ["q-1", "q-2", "q-3"]
    await reader.locator("#list").evaluate("(list) => scrollTo(0, list.offsetTop)")
    place = await reader.locator("#q-3").bounding_box()
    await supporter.locator("#q-3").get_by_role("button").tap()
    await expect(reader.locator("#n-3")).to_have_text("1")
    await expect(reader.get_by_role("button", name="Urutkan ulang (1 berubah)")).to_be_visible()
    assert await numbers(reader) == ["q-1", "q-2", "q-3"]
    await ask(supporter, "Keempat?")
    await expect(reader.locator("#fresh")).to_have_text("1 pertanyaan baru")
    assert await numbers(reader) == ["q-1", "q-2", "q-3"]
    await has_no_barrier(reader)
    assert (await reader.locator("#q-3").bounding_box() or {}).get("y") == (place or {}).get("y")
    await reader.get_by_role("button", name="Urutkan ulang").tap()
    assert await numbers(reader) == ["q-3", "q-1", "q-2"]
    await reader.locator("#fresh").tap()
    assert "q-4" in await numbers(reader)
    await reader.get_by_role("link", name="Terbaru").tap()
    assert await numbers(reader) == ["q-4", "q-3", "q-2", "q-1"]
    await reader.get_by_role("link", name="Sudah dijawab").tap()
    await expect(reader.get_by_text("Belum ada pertanyaan yang dijawab")).to_be_visible()
    assert reader.url.endswith("?sort=answered")


async def test_one_line_says_what_matters_and_never_a_count(opened: Opened, person: NewPerson, served: Served) -> None:
    forum = served.forum(moderation="before")
    asker, desk = await person(**PHONE), await person()
    page = await asker.context.new_page()
    await page.clock.install()
    await connected(await asker.visit(forum.path, page))
    await page.evaluate(LISTEN)
    await desk.hold(forum, "moderator")
    await ask(page, "Kapan loket buka?")
    await served.ask(forum, "Kapan loket tutup?")

    async def act(path: str, **fields: str) -> None:
        answer = await desk.context.request.post(f"{served.address}{forum.path}{path}", form=fields)
        assert answer.ok, await answer.text()

    async def told(sentence: str) -> None:
        await expect(page.locator("#heard")).to_contain_text(sentence)
        await page.clock.fast_forward(1500)  # the time that one sentence is given

    await act("/questions/1/show")
    await told("Pertanyaan Anda No. 1: Ditampilkan")
    await act("/questions/2/show")
    await told("1 pertanyaan baru masuk")
    await act("/questions/1/support", on="1")
    await expect(page.locator("#n-1")).to_have_text("1")
    await act("/questions/1/queue", speaker="1")
    await told("Dalam antrean jawab")
    await act("/questions/1/stage")
    await told("Sedang dijawab")
    await act("/phase", to="closed")
    await told("Forum ini sudah ditutup")
    assert [sentence.partition(".")[0] for sentence in await page.evaluate("window.told")] == [
        "Terkirim",
        "Pertanyaan Anda No",
        "1 pertanyaan baru masuk",
        "Pertanyaan Anda No",
        "Sedang dijawab: No",
        "Pertanyaan Anda No",
        "Forum ini sudah ditutup",
    ]
    regions = await page.evaluate(
        "[...document.querySelectorAll('[aria-live], [role=status], [role=alert], [role=log]')].map((x) => x.id)"
    )
    assert regions == ["heard"]


async def test_a_screen_reader_is_told_names_roles_and_states(opened: Opened) -> None:
    other, page = await opened(), await opened()
    await ask(other, "Kapan loket buka?")
    await expect(page.locator("#q-1")).to_be_visible()
    await expect(page.locator("body")).to_match_aria_snapshot(
        """
        - link "Lewati ke tulis pertanyaan"
        - banner:
          - button "Perbesar huruf"
          - button "Kontras tinggi"
          - link "English"
          - heading "Forum Konsultasi Publik" [level=1]
        - main:
          - region "Tulis pertanyaan Bapak/Ibu":
            - textbox "Tulis pertanyaan Bapak/Ibu"
            - button "Kirim"
          - region "Pertanyaan warga":
            - heading "Pertanyaan warga" [level=2]
            - navigation "Urutan daftar":
              - link "Campuran"
              - link "Pertanyaan saya"
            - article:
              - button "Dukung pertanyaan No. 1"
          - region "Perlu bantuan?"
        """
    )
    box = page.locator("#text")
    await expect(box).to_have_accessible_description(re.compile("jangan tulis NIK.*Sisa 300 karakter"))
    await page.get_by_role("button", name="Dukung pertanyaan No. 1", pressed=False).tap()
    await expect(page.get_by_role("button", name="Didukung pertanyaan No. 1", pressed=True)).to_be_visible()
    await expect(page.get_by_role("link", name="Campuran")).to_have_attribute("aria-current", "true")
    await page.get_by_role("button", name="Perbesar huruf", pressed=False).tap()
    await expect(page.get_by_role("button", name="Perbesar huruf", pressed=True)).to_be_visible()
    await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    controls = r"^\s*- (button|link|textbox|combobox|checkbox|radio)(?! \")"
    assert re.findall(controls, await page.locator("body").aria_snapshot(), re.MULTILINE) == []


async def test_a_question_is_edited_until_the_hall_sees_it(person: NewPerson, served: Served) -> None:
    forum = served.forum(moderation="before")
    asker, desk = await person(**PHONE), await person()
    asker.foresee("status of 409")
    await desk.hold(forum, "moderator")
    page = await connected(await asker.visit(forum.path))
    await ask(page, "Kapan loket buka?")
    await page.goto(f"{served.address}{forum.path}/mine")
    await edit(page, "Kapan loket buka hari Sabtu?")
    await expect(page.locator("#mine-1 .body > p").first).to_have_text("Kapan loket buka hari Sabtu?")
    shown = await desk.context.request.post(f"{served.address}{forum.path}/questions/1/show")
    assert shown.ok
    await edit(page, "Kapan loket buka hari Minggu?")
    await expect(page.get_by_role("heading", name="Belum dapat dilakukan")).to_be_visible()
    await expect(page.get_by_role("textbox")).to_have_value("Kapan loket buka hari Minggu?")
    await has_no_barrier(page)
    await page.goto(f"{served.address}{forum.path}/mine")
    await expect(card(page, "Kapan loket buka hari Sabtu?")).to_contain_text("Ditampilkan")
    await expect(page.get_by_text("Ubah", exact=True)).to_have_count(0)
    await page.get_by_role("button", name="Tarik pertanyaan").tap()
    await expect(card(page, "Kapan loket buka hari Sabtu?")).to_contain_text("Ditarik penanya")


async def test_waiting_paused_and_closed_switch_by_themselves(person: NewPerson, served: Served) -> None:
    forum = served.forum(phase="draft")
    somebody, desk = await person(**PHONE), await person()
    page = await connected(await somebody.visit(forum.path))
    await desk.hold(forum, "moderator")
    await expect(page.locator("#banner")).to_contain_text("Forum belum dibuka")
    await page.locator("#text").fill("Ditulis sambil menunggu")
    for phase, says in (("open", ""), ("supporting", "dukung"), ("closed", "Forum ini sudah ditutup")):
        await desk.context.request.post(f"{served.address}{forum.path}/phase", form={"to": phase})
        await expect(page.locator("#banner")).to_have_attribute("data-phase", phase)
        await expect(page.locator("#banner")).to_contain_text(says)
        await expect(page.locator("#text")).to_have_value("Ditulis sambil menunggu")
        await has_no_barrier(page)
    await page.get_by_role("group", name="Acara mudah diikuti").get_by_role("button", name="Ya").tap()
    pressed = page.get_by_role("group", name="Acara mudah diikuti").get_by_role("button", name="Ya", pressed=True)
    await expect(pressed).to_be_visible()
    organiser = await (await person()).enter(forum, "organiser")
    row = organiser.get_by_role("row", name="Acara mudah diikuti")
    await expect(row.get_by_role("cell").nth(0)).to_have_text("1")
    await expect(organiser.get_by_role("table", name="Umpan balik acara: 1 orang")).to_be_visible()


async def test_group_help_contact_and_erasing_take_a_tap_each(
    opened: Opened, person: NewPerson, served: Served, forum: Forum
) -> None:
    page = await opened()
    team = await person()
    helper = await connected(await team.enter(forum, "helper"))
    await page.get_by_text("Anda hadir sebagai").tap()
    await page.get_by_role("button", name="Media Massa").tap()
    await expect(page.locator("#group summary")).to_contain_text("Media Massa")
    await page.locator("#aid summary").filter(has_text="Minta bantuan petugas").tap()
    await page.get_by_label("Baris atau nomor kursi").fill("F12")
    await page.get_by_role("button", name="Minta bantuan petugas").tap()
    await expect(page.locator("#aid")).to_contain_text("Petugas sudah diberi tahu")
    await expect(helper.locator("#calls")).to_contain_text("Baris/kursi F12")
    await helper.get_by_role("button", name="Sudah dibantu").click()
    await expect(page.locator("#aid")).not_to_contain_text("Petugas sudah diberi tahu")

    await ask(page, "Bisakah saya dihubungi?")
    await page.locator("#aid summary").filter(has_text="Ingin dihubungi").tap()
    await page.get_by_label("Nomor HP", exact=True).fill("0812 0000 0000")
    await page.get_by_role("checkbox", name="Saya setuju nomor HP").check()
    await page.get_by_role("button", name="Simpan nomor HP").tap()
    await expect(page.locator("#aid")).to_contain_text("Nomor HP Anda tersimpan")
    await has_no_barrier(page)
    organiser = await team.enter(forum, "organiser")
    await organiser.goto(f"{served.address}{forum.path}/contacts")
    await expect(organiser.get_by_role("link", name="+6281200000000")).to_be_visible()

    await page.locator("#aid summary").filter(has_text="Hapus data saya").tap()
    await page.get_by_role("button", name="Hapus semua data saya sekarang").tap()
    await expect(page.locator("#aid")).not_to_contain_text("Nomor HP Anda tersimpan")
    await expect(page.locator("#list")).not_to_contain_text("Bisakah saya dihubungi?")


async def test_two_tabs_of_one_phone_agree(opened: Opened) -> None:
    other = await opened()
    await ask(other, "Kapan loket buka?")
    one = await opened()
    two = await one.context.new_page()
    await two.goto(one.url)
    await connected(two)
    await one.locator("#q-1").get_by_role("button").tap()
    await expect(two.locator("#q-1").get_by_role("button")).to_have_attribute("aria-pressed", "true")
    await ask(one, "Dari tab pertama?")
    await expect(two.locator("#mine")).to_contain_text("Pertanyaan Anda yang terakhir")


async def test_a_cleared_cookie_leaves_the_receipts_on_the_phone(opened: Opened) -> None:
    page = await opened()
    await ask(page, "Masih bisakah saya menemukannya?")
    await page.context.clear_cookies()
    await page.reload()
    await page.locator("#receipts summary").tap()
    await page.locator("#receipts").get_by_role("link").tap()
    await expect(card(page, "Masih bisakah saya menemukannya?")).to_be_visible()
    await page.go_back()
    await connected(page)
    await ask(page, "Masih bisakah saya bertanya?")


async def test_a_browser_that_keeps_nothing_still_asks_and_supports(person: NewPerson, forum: Forum) -> None:
    somebody = await person(**PHONE)
    await somebody.context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('blocked'); } })"
    )
    page = await connected(await somebody.visit(forum.path))
    await ask(page, "Tanpa penyimpanan?")
    await expect(card(page.locator("#list"), "Tanpa penyimpanan?")).to_have_count(1)


async def test_everything_works_with_the_keyboard_alone(opened: Opened) -> None:
    other, page = await opened(), await opened(has_touch=False, is_mobile=False)
    await ask(other, "Kapan loket buka?")
    await ask(other, "Kapan loket tutup?")
    await expect(page.locator("#fresh")).to_be_visible()
    await page.locator("#fresh").press("Enter")
    await expect(page.locator("#fresh")).to_be_hidden()
    assert await page.evaluate("document.activeElement.id") == "list"
    for _ in range(12):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.matches('#q-1 .support')"):
            break
    await page.keyboard.press("Space")
    await expect(page.locator("#q-1").get_by_role("button", pressed=True)).to_be_visible()
    assert await page.evaluate("document.activeElement.matches('#q-1 .support')")
    await page.locator("#text").focus()
    await page.keyboard.type("Dengan papan ketik?")
    for _ in range(6):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.matches('#ask .main')"):
            break
    await page.keyboard.press("Enter")
    await expect(region(page, "Kode tanda terima")).to_be_visible()


async def test_the_page_fits_at_four_hundred_percent_in_landscape_and_with_long_words(opened: Opened) -> None:
    other, page = await opened(), await opened("?lang=en")
    await ask(other, "Ketidaksesuaian" * 18)
    await expect(page.locator("#q-1")).to_be_visible()
    for width, height in ((320, 256), (740, 360)):
        await page.set_viewport_size({"width": width, "height": height})
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await has_no_barrier(page)
    await page.get_by_role("button", name="Larger text").tap()
    await page.set_viewport_size({"width": 360, "height": 740})
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await page.evaluate(INSIDE) == []


async def test_language_and_large_letters_are_remembered(opened: Opened) -> None:
    page = await opened()
    await page.get_by_role("button", name="Perbesar huruf").tap()
    await page.get_by_role("link", name="English").tap()
    await expect(page.get_by_role("heading", name="Questions from the hall")).to_be_visible()
    await page.goto(page.url.split("?")[0])
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await expect(page.locator("html")).to_have_attribute("data-size", "large")
    await page.get_by_role("link", name="My questions").tap()
    await expect(page.get_by_role("button", name="Larger text", pressed=True)).to_be_visible()
    await page.get_by_role("link", name="Bahasa Indonesia").tap()
    await expect(page.get_by_role("heading", name="Pertanyaan saya")).to_be_visible()


async def test_nothing_moves_for_those_who_ask_for_less_motion(opened: Opened) -> None:
    page = await opened(reduced_motion="reduce")
    await ask(page, "Apakah ini bergerak?")
    assert await page.evaluate("document.getAnimations().length") == 0
