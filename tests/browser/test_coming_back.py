"""Screens come back by themselves and miss nothing: after a crash, from a pocket, and where sockets are blocked."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, WebSocketRoute, expect

from tests.browser.conftest import NewPerson, people
from tests.browser.person import PHONE, Person, arrived, card, connected
from tests.browser.served import Forum, Served

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MEANWHILE = "Mengapa layar sempat padam?"
HALF = "Yang ingin saya tanyakan sebenarnya"


@pytest_asyncio.fixture(loop_scope="session")
async def mortal(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    """A server that a test may kill."""
    server = Served(tmp_path_factory.mktemp("mortal"))
    await asyncio.to_thread(server.start)
    yield server
    server.kill()


async def test_after_a_crash_of_the_server_every_screen_shows_what_happened_meanwhile(
    chromium: Browser, mortal: Served
) -> None:
    forum = mortal.forum(moderation="after")
    async with people(chromium, mortal) as new:
        crowd = [await new(**PHONE), await new()]
        for somebody in crowd:
            somebody.foresee("ERR_CONNECTION|WebSocket|Failed to load resource")
        await crowd[1].hold(forum, "moderator", "screen")
        await crowd[1].context.request.post(f"{mortal.address}{forum.path}/show-on-screen", form={"view": "list"})
        phone = await staying(await crowd[0].visit(forum.path))
        projector = await staying(await crowd[1].visit(f"{forum.path}/screen"))
        box = phone.get_by_role("textbox", name="Tulis pertanyaan Bapak/Ibu")
        await box.press_sequentially(HALF)

        await asyncio.to_thread(mortal.kill)
        await expect(phone.get_by_text("Data terakhir pukul")).to_be_visible()
        await mortal.ask(forum, MEANWHILE)
        await asyncio.to_thread(mortal.start)
        for page in (phone, projector):
            await expect(card(page, MEANWHILE)).to_be_visible()
            assert await page.evaluate("window.stayed") is True
        await connected(phone)
        await expect(box).to_have_value(HALF)
        await expect(box).to_be_focused()
        await box.press_sequentially(" lain.")
        await phone.get_by_role("button", name="Kirim").tap()
        await expect(card(projector, f"{HALF} lain.")).to_be_visible()


async def staying(page: Page) -> Page:
    """A connected page with a mark that a reload would wipe away."""
    await page.evaluate("window.stayed = true")
    return await connected(page)


async def test_where_sockets_are_blocked_the_page_asks_by_itself(
    served: Served, lively: Forum, person: NewPerson
) -> None:
    somebody = await person(**PHONE)
    await somebody.context.route_web_socket("**/feed?*", lambda socket: socket.close())
    page = await somebody.visit(lively.path)
    await expect(page.locator("html")).to_have_attribute("data-live", "polling")
    words = "Apakah tetap sampai tanpa soket?"
    await served.ask(lively, words)
    await arrived(page, words)
    await expect(page.get_by_text("Tersambung", exact=True)).to_be_visible()


async def test_a_phone_that_slept_ten_minutes_in_a_pocket_shows_what_it_missed_and_lost_nothing(
    served: Served, lively: Forum, person: NewPerson
) -> None:
    page = await (await person(**PHONE)).context.new_page()
    await page.clock.install()
    await page.goto(f"{served.address}{lively.path}")
    await staying(page)
    await page.locator("#text").fill(HALF)
    await put_away(page, True)
    await expect(page.locator("html")).to_have_attribute("data-live", "paused")
    words = "Apakah masih sama setelah dari saku?"
    await served.ask(lively, words)
    await page.clock.fast_forward("10:00")
    await expect(page.locator("html")).to_have_attribute("data-live", "paused")
    await put_away(page, False)
    await arrived(page, words)
    await connected(page)
    await expect(page.locator("#text")).to_have_value(HALF)
    assert await page.evaluate("window.stayed") is True


async def put_away(page: Page, hidden: bool) -> None:
    """As the browser tells a page whose phone is put away or taken out."""
    await page.evaluate(
        """(hidden) => {
            Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
            document.dispatchEvent(new Event('visibilitychange'));
        }""",
        hidden,
    )


async def test_a_socket_that_died_in_silence_is_noticed_and_replaced(
    served: Served, lively: Forum, person: NewPerson
) -> None:
    somebody: Person = await person(**PHONE)
    opened: list[WebSocketRoute] = []

    def through(route: WebSocketRoute) -> None:
        """The first socket carries its first message and then nothing more, without being closed."""
        opened.append(route)
        server = route.connect_to_server()
        first, heard = len(opened) == 1, []
        server.on_message(lambda message: None if first and heard else (heard.append(message), route.send(message)))

    await somebody.context.route_web_socket("**/feed?*", through)
    page = await somebody.context.new_page()
    await page.clock.install()
    await somebody.visit(lively.path, page)
    await staying(page)
    words = "Apakah soket yang diam diketahui?"
    await served.ask(lively, words)
    await page.clock.fast_forward(36_000)
    await page.clock.fast_forward(8_000)
    await arrived(page, words)
    assert len(opened) > 1
    assert await page.evaluate("window.stayed") is True
