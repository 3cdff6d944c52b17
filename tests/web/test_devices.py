"""A strange computer shows six digits; the desk types them, and that computer is let in and no other."""

import re
from datetime import timedelta

import httpx
import pytest

from live.store import pairings
from live.store.models import Pairing
from tests.build import Room
from tests.web.house import House, enter

pytestmark = pytest.mark.asyncio(loop_scope="module")
on_sqlite = pytest.mark.parametrize("house", ["sqlite"], indirect=True)


def number_on(page: httpx.Response) -> str:
    """The six digits that a device shows."""
    found = re.search(r'class="code" aria-label="(\d{6})"', page.text)
    assert found is not None
    return found[1]


async def typed(desk: httpx.AsyncClient, forum: Room, number: str) -> httpx.Response:
    return await desk.post(f"/f/{forum.code}/pair", json={"digits": number})


@pytest.mark.parametrize("role", ["screen", "helper", "scribe"])
async def test_a_strange_device_opens_when_the_desk_types_its_number(
    house: House, forum: Room, desk: httpx.AsyncClient, role: str
) -> None:
    address, state = f"/f/{forum.code}/{role}", f"/f/{forum.code}/device?as={role}"
    async with house.browser(accept="text/html") as device, house.browser(accept="text/html") as stranger:
        closed = await device.get(address)
        assert closed.status_code == 403
        number = number_on(closed)
        assert number_on(await device.get(address)) == number, "it stays while it is valid"
        assert number_on(await stranger.get(address)) != number
        assert (await device.get(state)).json() == {"state": "waiting"}
        assert (await typed(desk, forum, f"{number[:3]} {number[3:]}")).json()["role"] == role
        assert (await device.get(state)).json() == {"state": "open"}
        assert (await stranger.get(state)).json() == {"state": "waiting"}
        assert (await stranger.get(address)).status_code == 403
        let_in = await device.get(address)
        assert (let_in.status_code, let_in.headers["location"]) == (303, address)
        assert (await device.get(address)).status_code == 200
        others = {"screen", "helper", "scribe", "moderate", "manage", "speaker"} - {role}
        for other in others:
            assert (await device.get(f"/f/{forum.code}/{other}")).status_code == 403
    assert (await typed(desk, forum, number)).status_code == 422, "a number serves once"


async def test_a_number_is_over_after_five_minutes(
    house: House, forum: Room, desk: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = house.hall.database.clock
    async with house.browser(accept="text/html") as device:
        number = number_on(await device.get(f"/f/{forum.code}/screen"))
        monkeypatch.setattr(house.hall.database, "clock", lambda: clock() + timedelta(minutes=5, seconds=1))
        assert (await device.get(f"/f/{forum.code}/device?as=screen")).json() == {"state": "over"}
        answer = await typed(desk, forum, number)
        assert (answer.status_code, answer.json()["refusal"]) == (422, "no_such_device")
        assert number_on(await device.get(f"/f/{forum.code}/screen")) != number


@on_sqlite
async def test_a_number_of_one_forum_opens_no_other(house: House, forum: Room, desk: httpx.AsyncClient) -> None:
    other = await house.room()
    async with house.browser(accept="text/html") as device:
        number = number_on(await device.get(f"/f/{other.code}/screen"))
    assert (await typed(desk, forum, number)).status_code == 422


@on_sqlite
async def test_a_flood_of_devices_is_told_to_wait_and_the_link_still_works(house: House, forum: Room) -> None:
    forum_id = (await forum.facts()).forum.id
    expires = house.hall.database.clock() + pairings.LIFE
    async with house.hall.database.writing() as session:
        for n in range(pairings.MOST):
            waiting = Pairing(forum_id=forum_id, role="screen", number=f"{n:06}", device=f"{n:064}", expires=expires)
            session.add(waiting)
    async with house.browser(accept="text/html") as device:
        page = await device.get(f"/f/{forum.code}/screen")
        assert page.status_code == 403
        assert 'class="code"' not in page.text
        await enter(device, forum, "screen")
        assert (await device.get(f"/f/{forum.code}/screen")).status_code == 200


@on_sqlite
async def test_the_desk_and_the_speakers_are_not_let_in_by_number(house: House, forum: Room) -> None:
    async with house.browser(accept="text/html") as device:
        for name in ("moderate", "manage", "speaker"):
            page = await device.get(f"/f/{forum.code}/{name}")
            assert page.status_code == 403
            assert 'id="token"' in page.text
        assert (await device.get(f"/f/{forum.code}/device?as=moderator")).status_code == 422
