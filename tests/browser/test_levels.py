"""Coming in on a real phone: the number is asked once, what was tapped is not lost, and a crowd means a little work."""

import re

import pytest
from playwright.async_api import expect

from live.rules import admission
from live.store.models import Identity
from tests.browser.conftest import NewPerson
from tests.browser.person import PHONE, card, connected
from tests.browser.served import Forum, Served
from tests.build import Room
from tests.people import HADI, MAYA

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

QUESTION = "Apakah layanan Sabtu tetap buka?"


async def crowded(room: Room) -> None:
    """A question to support, and so many newcomers within this minute that the next one has to work."""
    number = await room.ask(QUESTION, HADI)
    await room.do("show", MAYA, number)
    async with room.database.change(room.code) as change:
        for n in range(admission.FREE_JOINS + 1):
            change.session.add(Identity(forum_id=change.forum.id, participant=f"{n:032x}", since=change.now))


async def test_the_number_is_asked_once_and_the_tap_is_not_lost(served: Served, person: NewPerson) -> None:
    forum: Forum = served.forum(integrity="room")
    await served.play(forum, crowded)
    hall = await person()
    screen = await hall.enter(forum, "screen")
    shown = screen.locator("#foot [data-present]")
    await expect(shown).to_have_text(re.compile(r"\d{3} \d{3}"))

    somebody = await person(served.lan_address, **PHONE)
    somebody.foresee(r"status of (409|422|429)")
    phone = await connected(await somebody.visit(forum.path))
    await card(phone, QUESTION).get_by_role("button", name="Dukung").tap()
    dialog = phone.get_by_role("dialog", name="Sekali saja")
    typed = dialog.get_by_role("textbox", name="Angka hadir")
    await expect(typed).to_be_focused()
    await typed.fill("000 000" if await shown.text_content() != "000 000" else "000 001")
    await dialog.get_by_role("button", name="Masuk").tap()
    await expect(dialog.get_by_role("alert")).to_contain_text("tidak sama")
    await typed.fill(str(await shown.text_content()))
    await dialog.get_by_role("button", name="Masuk").tap()
    await expect(dialog).to_be_hidden()
    await expect(card(phone, QUESTION)).to_contain_text("1 dukungan")
    await card(phone, QUESTION).get_by_role("button", name="Didukung").tap()
    await expect(card(phone, QUESTION)).to_contain_text("0 dukungan")
    await expect(dialog).to_be_hidden()
