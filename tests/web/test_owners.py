"""The organiser's page of reminders: what is due, and where owners are written to; nobody else's business."""

import pytest

from tests.people import NINA
from tests.web.house import House, enter

pytestmark = pytest.mark.asyncio(loop_scope="module")
OWNER = "Kepala Bidang Dafduk"


async def test_the_organiser_sees_what_is_due_and_keeps_the_owners_addresses(house: House) -> None:
    room = await house.room()
    number = await room.asked("stage")
    await room.do("note", NINA, number, text="Bulan depan.", promise="yes", owner=OWNER, due="2020-01-31")
    async with house.browser() as organiser:
        await enter(organiser, room, "organiser")
        page = f"/f/{room.code}/owners"
        first = await organiser.get(page)
        assert (first.status_code, OWNER in first.text, "31 Januari 2020" in first.text) == (200, True, True)
        kept = await organiser.post(f"{page}/address", data={"owner": OWNER, "address": "kabid@dinas.example"})
        assert (kept.status_code, kept.headers["location"]) == (303, page)
        assert 'value="kabid@dinas.example"' in (await organiser.get(page)).text
        wrong = await organiser.post(f"{page}/address", data={"owner": OWNER, "address": "a b@c"})
        assert wrong.status_code == 422
        await organiser.post(f"{page}/address", data={"owner": OWNER, "address": ""})
        assert "kabid@dinas.example" not in (await organiser.get(page)).text


async def test_nobody_else_sees_or_sets_an_address(house: House) -> None:
    room = await house.room()
    async with house.browser(accept="application/json") as scribe:
        await enter(scribe, room, "scribe", "moderator")
        assert (await scribe.get(f"/f/{room.code}/owners")).status_code == 403
        sent = await scribe.post(f"/f/{room.code}/owners/address", data={"owner": OWNER, "address": "a@b.example"})
        assert sent.status_code == 403
