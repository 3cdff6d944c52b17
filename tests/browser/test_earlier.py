"""Last time first: the projector and the phones open with what became of the promises of the forum before."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import NewPerson
from tests.browser.person import PHONE, connected
from tests.browser.served import LAST_YEAR, Forum, Served
from tests.browser.test_accessible import AXE, RULES, SEARCH

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_the_projector_and_the_phones_open_with_the_last_forum(
    served: Served, demo: Forum, person: NewPerson
) -> None:
    desk = await person()
    await desk.hold(demo, "moderator", "screen")
    before = await (await desk.visit("/")).get_by_role("link", name=LAST_YEAR).get_attribute("href")
    forum = served.forum(predecessor=str(before).split("/")[2])
    await desk.hold(forum, "moderator", "screen")
    projector = await connected(await desk.visit(f"{forum.path}/screen"))
    page = await connected(await desk.visit(f"{forum.path}/moderate"))
    await page.get_by_role("group", name="Layar").get_by_role("button", name="Forum lalu").click()
    await expect(projector.get_by_text("5 dari 12 tindak lanjut selesai (41,7%).")).to_be_visible()
    await projector.evaluate(AXE)
    assert await projector.evaluate(SEARCH, {"rules": RULES, "within": None}) == []

    phone = await connected(await (await person(**PHONE)).visit(forum.path))
    await phone.get_by_text("Tindak lanjut forum sebelumnya: 5 dari 12 selesai").tap()
    await expect(phone.get_by_role("link", name="Lihat semua tindak lanjutnya")).to_be_visible()
    await page.get_by_role("group", name="Tahap").get_by_role("button", name="Jeda").click()
    await expect(phone.get_by_text("Tindak lanjut forum sebelumnya")).to_have_count(0)


@pytest.mark.long
async def test_an_unfinished_promise_is_carried_over_from_the_closing_list(
    served: Served, demo: Forum, person: NewPerson
) -> None:
    desk = await person()
    before = await (await desk.visit("/")).get_by_role("link", name=LAST_YEAR).get_attribute("href")
    forum = served.forum(predecessor=str(before).split("/")[2])
    await desk.hold(forum, "moderator")
    closing = await connected(await desk.visit(f"{forum.path}/closing"))
    await closing.get_by_role("button", name="Lanjutkan di forum ini Janji 4").click()
    await expect(closing.locator("#f-1")).to_be_visible()
    await expect(closing.get_by_role("link", name="Dilanjutkan sebagai Janji 1")).to_be_visible()
    board = await desk.visit(str(before).replace("/archive", "/follow-up"))
    await expect(board.locator("#f-4").get_by_role("link", name="Dilanjutkan di forum berikutnya")).to_be_visible()
