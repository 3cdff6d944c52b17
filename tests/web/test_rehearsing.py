"""Rehearsals: made from the organiser's page, marked everywhere, and gone before the real forum begins."""

import asyncio
import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from live.actions import rehearsing
from live.rules import rehearsals
from live.rules.words import Phase
from live.store.database import Database, utc_now
from live.store.models import Base, Forum
from live.web.rehearsing import named
from tests import build
from tests.build import PLAN, STARTS, Room
from tests.people import MAYA, NINA, OKI
from tests.web.house import House, enter
from tests.web.test_organiser import JSON, signed_in

pytestmark = pytest.mark.asyncio(loop_scope="module")

MARK = "Latihan."
PAGES = {
    "participant": ("", "/mine"),
    "moderator": ("/moderate",),
    "scribe": ("/scribe",),
    "speaker": ("/speaker",),
    "helper": ("/helper",),
    "screen": ("/screen",),
    "organiser": ("/manage", "/team", "/plan", "/trail", "/contacts"),
}


async def real_one(house: House, **changed: Any) -> Room:
    """A forum that is still being prepared, three days ahead."""
    starts = utc_now() + timedelta(days=3)
    times: dict[str, Any] = {"starts": starts, "ends": starts + timedelta(hours=3), "phase": Phase.DRAFT}
    return await house.room(**(times | changed))


async def rehearsed(house: House, real: Room) -> Room:
    """A rehearsal of it."""
    made = await rehearsing.create(house.hall.database, real.code, named, "http://jaring.test")
    links = made["links"]
    assert isinstance(links, dict)
    return Room(house.hall.database, house.hall.acting, str(made["code"]), links)


async def rows_of(database: Database, forum_id: int) -> dict[str, int]:
    """How many rows of each table belong to this forum, as far as a table says so."""
    tables = [table for table in Base.metadata.sorted_tables if "forum_id" in table.c]
    assert len(tables) > 15
    async with database.reading() as session:
        counts = {
            table.name: await session.scalar(select(func.count()).where(table.c.forum_id == forum_id))
            for table in tables
        }
    return {name: count for name, count in counts.items() if count}


async def id_of(room: Room) -> int:
    return (await room.facts()).forum.id


async def is_there(house: House, code: str) -> bool:
    async with house.hall.database.reading() as session:
        return await session.scalar(select(Forum.id).where(Forum.code == code)) is not None


async def test_a_rehearsal_has_the_plan_of_the_forum_and_links_of_its_own(house: House) -> None:
    real = await real_one(house, agency="Dinas Latihan")
    async with house.browser(accept="text/html") as browser:
        await signed_in(house, browser, "latihan", "Dinas Latihan")
        assert f"/f/{real.code}/rehearsal" in (await browser.get("/organiser")).text
        assert real.code in (await browser.get(f"/f/{real.code}/rehearsal")).text
        made = await browser.post(f"/f/{real.code}/rehearsal")
        assert made.status_code == 201
        found = re.findall(r'href="[^"]*/enter#([\w-]+)"', made.text)
        assert len(found) == 8
        answer = (await browser.post("/enter", data={"token": found[-1]}, headers=JSON)).json()
        assert answer["role"] == "speaker"
        assert answer["code"] != real.code
        state = (await browser.get(f"/f/{answer['code']}/state")).json()["forum"]
        there = (await browser.get(f"/f/{real.code}/state")).json()["forum"]
        assert state["title"] == f"Latihan – {there['title']}"
        assert (state["phase"], there["phase"]) == ("open", "draft")
        assert state["erase_at"] == there["starts"]
        same = ("place", "starts", "ends", "speakers", "max_length", "moderation", "integrity")
        assert {name: state[name] for name in same} == {name: there[name] for name in same}


async def test_every_page_says_that_it_is_a_rehearsal_and_none_of_the_real_forum_does(house: House) -> None:
    real = await real_one(house)
    rehearsal = await rehearsed(house, real)
    for room, is_marked in ((rehearsal, True), (real, False)):
        for role, paths in PAGES.items():
            async with house.browser(accept="text/html") as browser:
                if role != "participant":
                    await enter(browser, room, role)
                for path in paths:
                    page = await browser.get(f"/f/{room.code}{path}")
                    assert page.status_code == 200, (role, path)
                    assert (MARK in page.text) == is_marked, (role, path)
        async with house.browser(accept="text/html") as stranger:
            number = await stranger.get(f"/f/{room.code}/screen")
            assert (number.status_code, MARK in number.text) == (403, is_marked)


async def test_a_published_rehearsal_is_marked_and_not_on_the_front_page(house: House) -> None:
    real = await real_one(house)
    rehearsal = await rehearsed(house, real)
    await rehearsal.ask()
    await rehearsal.publish()
    async with house.browser(accept="text/html") as browser:
        for path in ("/archive", "/follow-up"):
            page = await browser.get(f"/f/{rehearsal.code}{path}")
            assert (page.status_code, MARK in page.text) == (200, True), path
        assert rehearsal.code not in (await browser.get("/")).text


async def test_opening_the_real_forum_erases_its_rehearsals_with_everything_in_them(house: House) -> None:
    real = await real_one(house)
    one, other, foreign = (
        await rehearsed(house, real),
        await rehearsed(house, real),
        await rehearsed(house, await real_one(house)),
    )
    for status in ("shown", "queued", "answered", "stage"):
        await one.asked(status)
    await one.do("follow-ups", NINA, problem="Antrean panjang", owner="Sekretaris Dinas", due="2026-12-24")
    forum_id = await id_of(one)
    assert len(await rows_of(house.hall.database, forum_id)) > 6
    await real.do("phase", MAYA, to="open")
    assert await rows_of(house.hall.database, forum_id) == {}
    assert [await is_there(house, room.code) for room in (one, other, foreign, real)] == [False, False, True, True]


async def test_the_code_of_an_erased_rehearsal_says_what_became_of_it_and_is_never_given_out_again(
    house: House,
) -> None:
    rehearsal = await rehearsed(house, await real_one(house))
    await rehearsing.erase(house.hall.database, rehearsal.code)
    async with house.browser() as browser:
        gone = await browser.get(f"/f/{rehearsal.code}", headers=JSON)
        assert (gone.status_code, gone.json()["refusal"]) == (404, "rehearsal_over")
        never = await browser.get("/f/000000", headers=JSON)
        assert (never.status_code, never.json()["refusal"]) == (404, "no_such_forum")
        asked = await browser.post(f"/f/{rehearsal.code}/questions", data={"text": "Halo?"}, headers=JSON)
        assert asked.status_code == 404


@pytest.mark.parametrize("audience", ["participant", "moderator"])
async def test_open_screens_of_an_erased_rehearsal_are_told_within_seconds(house: House, audience: str) -> None:
    rehearsal = await rehearsed(house, await real_one(house))
    async with house.browser() as browser:
        if audience == "moderator":
            await enter(browser, rehearsal, "moderator")
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies.jar)
        headers = {"Cookie": cookies} if cookies else {}
        address = f"{house.sockets}/f/{rehearsal.code}/feed?as={audience}"
        async with connect(address, origin=Origin(house.address), additional_headers=headers) as socket:
            await socket.recv()
            await rehearsing.erase(house.hall.database, rehearsal.code)
            async with asyncio.timeout(10):
                with pytest.raises(ConnectionClosed) as closed:
                    while True:
                        await socket.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4404


async def test_a_rehearsal_is_erased_when_its_time_is_over(house: House) -> None:
    real = await real_one(house)
    due, later = await rehearsed(house, real), await rehearsed(house, real)
    async with house.hall.database.change(due.code) as change:
        change.forum.erase_at = change.now
    assert await rehearsing.sweep(house.hall.database) == [due.code]
    assert await rehearsing.sweep(house.hall.database) == []
    assert [await is_there(house, room.code) for room in (due, later, real)] == [False, True, True]


async def test_a_rehearsal_leaves_nothing_in_the_forum_before(house: House) -> None:
    real = await real_one(house)
    before = await build.predecessor(real)
    rehearsal = await rehearsed(house, real)
    cursor = (await before.facts()).forum.cursor
    await rehearsal.do("carry", NINA, item=1)
    assert [f.problem for f in (await rehearsal.facts()).follow_ups] == ["Antrean panjang"]
    there = await before.facts()
    assert (there.forum.cursor, there.follow_ups[0].carried_to) == (cursor, None)


@pytest.mark.parametrize(
    ("what", "status", "refusal"),
    [
        ("a forum that has begun", 409, "only_before"),
        ("a rehearsal", 409, "only_before"),
        ("a forum of another agency", 403, "not_allowed"),
        ("no forum", 404, "no_such_forum"),
    ],
)
async def test_only_a_forum_of_the_own_agency_that_has_not_begun_is_rehearsed(
    house: House, what: str, status: int, refusal: str
) -> None:
    agency = f"Dinas {what}"
    real = await real_one(house, agency="Dinas Lain" if what == "a forum of another agency" else agency)
    code = "999999" if what == "no forum" else real.code
    if what == "a forum that has begun":
        await real.do("phase", OKI, to="open")
    if what == "a rehearsal":
        code = (await rehearsed(house, real)).code
    async with house.browser() as browser:
        await signed_in(house, browser, f"oleh-{what.replace(' ', '-')}", agency)
        answer = await browser.post(f"/f/{code}/rehearsal", headers=JSON)
        assert (answer.status_code, answer.json()["refusal"]) == (status, refusal)


async def test_erasing_reaches_rehearsals_only_and_only_for_organisers(house: House) -> None:
    real = await real_one(house, agency="Dinas Hapus")
    rehearsal = await rehearsed(house, real)

    async def erase(browser: httpx.AsyncClient, code: str) -> int:
        return (await browser.post(f"/f/{code}/rehearsal/erase", headers=JSON)).status_code

    async with house.browser() as browser, house.browser() as stranger:
        assert await erase(stranger, rehearsal.code) == 403
        await signed_in(house, browser, "penghapus", "Dinas Hapus")
        assert await erase(browser, real.code) == 404
        assert await erase(browser, rehearsal.code) == 200
        assert [await is_there(house, room.code) for room in (real, rehearsal)] == [True, False]


async def test_a_rehearsal_ends_before_the_real_start_and_within_a_week() -> None:
    assert rehearsals.erase_at(STARTS - timedelta(days=1), STARTS) == STARTS
    assert rehearsals.erase_at(STARTS - timedelta(days=30), STARTS) == STARTS - timedelta(days=23)
    assert rehearsals.erase_at(STARTS, STARTS) == STARTS + timedelta(days=1)
    assert PLAN.starts == STARTS
