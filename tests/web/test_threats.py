"""Threats that are tried on every address at once, or that no other test names; docs/security.md lists them all."""

import re
import zlib
from typing import Any

import pytest

from tests.build import Room
from tests.web.house import House, enter
from tests.web.test_organiser import JSON, PASSWORD, invited, set_password, signed_in
from tests.web.test_raw_frames import TEXT, TOO_BIG, frame, knocking

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.parametrize("house", ["sqlite"], indirect=True)]

FOREIGN = ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}, {"origin": "null"})


async def addresses(house: House, forum: Room, method: str) -> list[str]:
    """Every address of the schema that takes this method, filled in for a forum."""
    async with house.browser() as browser:
        paths: dict[str, Any] = (await browser.get("/schema")).json()["paths"]
    filled = (path.replace("{code}", forum.code).replace("{number}", "1") for path in paths if method in paths[path])
    return [re.sub(r"\{\w+\}", "x", path) for path in filled]


async def test_no_post_of_a_foreign_page_passes_whatever_the_session(house: House, forum: Room) -> None:
    await forum.ask()
    async with house.browser(**JSON) as browser:
        await enter(browser, forum, "moderator", "organiser", "scribe")
        before, paths = await forum.facts(), await addresses(house, forum, "post")
        assert len(paths) > 55
        for place, path in enumerate(paths):
            headers = FOREIGN[place % len(FOREIGN)]
            assert (await browser.post(path, headers=headers, data={"text": "x"})).status_code == 403, path
        assert await forum.facts() == before


@pytest.mark.long
async def test_reading_changes_nothing(house: House, forum: Room) -> None:
    await forum.ask()
    await forum.publish()
    async with house.browser(accept="text/html") as browser:
        await enter(browser, forum, "moderator", "organiser", "scribe", "speaker")
        before = await forum.facts()
        for path in await addresses(house, forum, "get"):
            assert (await browser.get(path)).status_code < 500, path
        assert await forum.facts() == before


@pytest.mark.long
async def test_a_thousand_wrong_links_cost_nobody_else_anything(house: House, forum: Room) -> None:
    async with house.browser(**JSON) as guesser, house.browser(**JSON) as moderator:
        for number in range(1000):
            assert (await guesser.post("/enter", data={"token": f"tebakan-{number}"})).status_code == 403
        await enter(moderator, forum, "moderator")
        assert (await moderator.get(f"/f/{forum.code}/state?as=moderator")).status_code == 200


async def test_guessing_a_password_delays_the_guesser_and_locks_nobody_out(house: House) -> None:
    async with house.browser(**JSON) as guesser, house.browser(**JSON) as owner:
        await set_password(owner, await invited(house, "sasaran"))
        await set_password(guesser, await invited(house, "tetangga"))
        tried = [
            await guesser.post("/organiser", data={"name": "sasaran", "password": f"tebakan {number}"})
            for number in range(5)
        ]
        assert [answer.status_code for answer in tried[:2]] == [403, 429]
        assert {answer.status_code for answer in tried} == {403, 429}
        same_place = await owner.post("/organiser", data={"name": "tetangga", "password": PASSWORD})
        assert same_place.status_code == 201
        house.hall.door.passed("sasaran", "127.0.0.1")  # as from any other address
        assert (await owner.post("/organiser", data={"name": "sasaran", "password": PASSWORD})).status_code == 201


async def test_a_small_compressed_message_is_not_unpacked_to_a_large_one(house: House, forum: Room) -> None:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = deflate.compress(b"0" * 10_000_000) + deflate.flush(zlib.Z_SYNC_FLUSH)
    assert len(bomb) < 16_000
    lines = (
        f"Host: {house.address.removeprefix('http://')}",
        f"Origin: {house.address}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover; server_no_context_takeover",
    )
    async with knocking(house, f"/f/{forum.code}/feed", lines) as (said, raw):
        assert said.split()[1] == "101"
        raw.writer.write(frame(TEXT, bomb.removesuffix(b"\x00\x00\xff\xff"), rsv=4))
        assert await raw.ended_with() == TOO_BIG


async def test_a_crash_is_answered_without_a_word_of_the_program(house: House, forum: Room) -> None:
    async with house.browser(**JSON) as browser:
        await enter(browser, forum, "moderator")
        for path in ("/no/where", f"/f/{forum.code}/questions/999/show", "/r/%00", "/static/../live/app.py"):
            for answer in (await browser.get(path), await browser.post(path, content=b"\xff{")):
                assert answer.status_code in (400, 403, 404, 405, 409, 422)
                assert not re.search(r"Traceback|File \"|sqlite|sqlalchemy|litestar|/live/", answer.text, re.I)


async def test_an_organiser_page_is_closed_without_a_sign_in(house: House) -> None:
    async with house.browser(**JSON) as stranger, house.browser(**JSON) as owner:
        for path in ("/organiser/new", "/organiser/second-factor"):
            assert (await stranger.get(path)).status_code == 403
        await signed_in(house, owner, "pintu", "Dinas Pintu")
        assert (await owner.get("/organiser/second-factor")).status_code == 200
