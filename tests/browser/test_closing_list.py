"""The closing list is edited while it is read aloud: what one person writes survives what another one agrees."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import NewPerson
from tests.browser.person import connected
from tests.browser.served import Served
from tests.build import Room
from tests.people import NINA

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def three_promises(room: Room) -> None:
    for number in (1, 2, 3):
        await room.do("follow-ups", NINA, problem=f"Masalah {number}", term="short")


async def test_what_is_being_written_stays_open_when_another_row_is_agreed(served: Served, person: NewPerson) -> None:
    forum = served.forum()
    await served.play(forum, three_promises)
    writer = await person()
    await writer.enter(forum, "moderator")
    page = await connected(await writer.visit(f"{forum.path}/closing"))
    row = page.locator("#f-3")
    await row.locator("summary").first.click()
    await row.get_by_label("Usulan rekomendasi perbaikan").fill("Loket Sabtu")

    other = await person()
    await other.enter(forum, "moderator")
    desk = await connected(await other.visit(f"{forum.path}/closing"))
    await desk.locator("#f-1").get_by_role("button", name="Sepakat").click()
    await expect(page.locator("#f-1")).to_contain_text("Disepakati pukul")

    field = row.get_by_label("Usulan rekomendasi perbaikan")
    await expect(field).to_be_visible()
    await expect(field).to_have_value("Loket Sabtu")


async def test_the_desk_leads_to_the_closing_list_and_back_in_both_languages(served: Served, person: NewPerson) -> None:
    somebody = await person()
    page = await connected(await somebody.enter(served.forum(), "moderator"))
    assert await page.locator("#projector a", has_text="Daftar kesepakatan").count() == 1
    await page.locator("#head").get_by_role("link", name="Daftar kesepakatan").click()
    await expect(page.get_by_role("heading", level=1, name="Daftar kesepakatan")).to_be_visible()
    await page.goto(f"{page.url}?lang=en")
    await expect(page.get_by_role("heading", level=1, name="List of agreements")).to_be_visible()
    await page.get_by_role("link", name="Moderator desk").click()
    await page.locator("#head").get_by_role("link", name="List of agreements").click()
    await expect(page.get_by_role("heading", level=1, name="List of agreements")).to_be_visible()
