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
