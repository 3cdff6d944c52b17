"""Coming in over the public interface: with and without JavaScript, the number for the projector, cards as a PDF."""

import re
from datetime import datetime, timedelta

import httpx
import pytest

from live.rules import admission
from live.rules.bursts import LEAST
from live.store.models import Identity
from tests.build import Room
from tests.people import HADI, MAYA
from tests.web.house import House, enter

pytestmark = pytest.mark.asyncio(loop_scope="module")
HTML = {"accept": "text/html"}


async def question(room: Room) -> int:
    """A question that can be supported."""
    number = await room.ask(f"Kapan blanko KTP-el tersedia? {await room.count()}", HADI)
    await room.do("show", MAYA, number)
    return number


async def number_of(house: House, room: Room) -> str:
    """What the projector shows."""
    async with house.browser(accept="application/json") as screen:
        await enter(screen, room, "screen")
        return str((await screen.get(f"/f/{room.code}/number")).json()["number"])


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, name
    return found[1]


async def test_only_who_shows_the_number_may_read_it(house: House, phone: httpx.AsyncClient, forum: Room) -> None:
    room = await house.room(integrity="room")
    assert (await phone.get(f"/f/{room.code}/number")).status_code == 403
    assert re.fullmatch(r"\d{6}", await number_of(house, room))
    async with house.browser() as screen:
        await enter(screen, forum, "screen")
        assert (await screen.get(f"/f/{forum.code}/number")).status_code == 404, "the open level has none"


async def test_without_javascript_the_words_stay_and_the_number_goes_along(house: House) -> None:
    room = await house.room(integrity="room")
    async with house.browser(**HTML) as phone:
        await phone.get(f"/f/{room.code}")
        asked = await phone.post(f"/f/{room.code}/questions", data={"text": "Kapan <b>?", "kind": "complaint"})
        assert asked.status_code == 409
        assert "Kapan &lt;b&gt;?</textarea>" in asked.text
        fields = {"text": "Kapan <b>?", "kind": hidden(asked.text, "kind"), "code": await number_of(house, room)}
        origin = {"referer": f"{house.address}/f/{room.code}/questions"}
        done = await phone.post(f"/f/{room.code}/questions", data=fields, headers=origin)
        assert (done.status_code, done.headers["location"]) == (303, f"/f/{room.code}/mine")
    assert [q.kind for q in (await room.facts()).questions] == ["complaint"]


async def test_without_javascript_a_support_needs_the_number_once(house: House) -> None:
    room = await house.room(integrity="room")
    number = await question(room)
    at = f"/f/{room.code}/questions/{number}/support"
    async with house.browser(**HTML) as phone:
        await phone.get(f"/f/{room.code}")
        asked = await phone.post(at, data={"on": "1"})
        assert (asked.status_code, hidden(asked.text, "on")) == (409, "1")
        done = await phone.post(at, data={"on": "1", "code": await number_of(house, room)})
        assert done.status_code == 303
        assert (await phone.post(at, data={"on": "0"})).status_code == 303
        assert (await phone.post(at, data={"on": "1"})).status_code == 303
    assert [q.supports for q in (await room.facts()).questions] == [1]


async def test_without_javascript_a_crowd_means_a_page_that_waits_by_itself(house: House) -> None:
    room = await house.room(integrity="room")
    async with room.database.change(room.code) as change:
        for n in range(admission.FREE_JOINS):
            change.session.add(Identity(forum_id=change.forum.id, participant=f"{n:032x}", since=change.now))
    async with house.browser(**HTML) as phone:
        await phone.get(f"/f/{room.code}")
        told = await phone.post(f"/f/{room.code}/seat", data={"code": await number_of(house, room)})
        assert (told.status_code, told.headers["retry-after"]) == (429, str(admission.SHORTEST))
        wait = re.search(r'http-equiv="refresh" content="(\d+);url=([^"]+)"', told.text)
        assert wait is not None
        page = await phone.get(wait[2])
        assert "seat-code" not in page.text, "the number was right, and is not asked for again"
        early = await phone.post(f"/f/{room.code}/seat", data={"ticket": hidden(page.text, "ticket")})
        assert early.status_code == 429
        words = {"text": "Kapan?", "ticket": hidden(page.text, "ticket"), "code": ""}
        kept = await phone.post(f"/f/{room.code}/questions", data=words)
        assert "refresh" not in kept.text, "a page with words never leaves by itself"
        assert ">Kapan?</textarea>" in kept.text


async def test_cards_are_a_pdf_or_codes_and_only_for_the_organiser(house: House, phone: httpx.AsyncClient) -> None:
    room = await house.room(integrity="strict")
    number = await question(room)
    assert (await phone.post(f"/f/{room.code}/seats", data={"count": "3"})).status_code == 403
    async with house.browser(**HTML) as organiser:
        await enter(organiser, room, "organiser")
        made = await organiser.post(f"/f/{room.code}/seats", data={"count": "22"})
        assert made.headers["content-type"] == "application/pdf"
        assert made.content.startswith(b"%PDF-")
        assert "22 kartu" in (await organiser.get(f"/f/{room.code}/team")).text
        told = await organiser.post(
            f"/f/{room.code}/seats", data={"count": "1"}, headers={"accept": "application/json"}
        )
    code = told.json()["codes"][0]
    support = f"/f/{room.code}/questions/{number}/support"
    assert (await phone.post(support, data={"on": "1"})).json()["refusal"] == "seat_needed"
    assert (await phone.post(f"/f/{room.code}/seat", data={"code": code})).json()["seat"] == 23
    assert (await phone.post(support, data={"on": "1"})).json()["supports"] == 1


async def test_the_desk_sees_what_was_given_what_is_void_and_who_came_in_a_burst(house: House) -> None:
    room = await house.room()
    number = await question(room)
    async with house.browser(accept="application/json") as stranger:
        for _ in range(14):
            await stranger.post(f"/f/{room.code}/questions/{number}/support", data={"on": "1"})
            stranger.cookies.clear()
    async with house.browser(accept="application/json") as desk:
        assert (await desk.get(f"/f/{room.code}/supports")).status_code == 403
        await enter(desk, room, "moderator")
        told = (await desk.get(f"/f/{room.code}/supports")).json()
        assert told["questions"] == [{"number": number, "given": 14, "void": 0, "supports": 14}]
        (burst,) = told["bursts"]
        assert burst["people"] >= LEAST
        later = (datetime.fromisoformat(burst["until"]) + timedelta(minutes=1)).isoformat()
        earlier = (datetime.fromisoformat(burst["since"]) - timedelta(minutes=1)).isoformat()
        block = {"since": earlier, "until": later, "number": str(burst["question"])}
        assert (await desk.post(f"/f/{room.code}/void", data=block)).json()["people"] == 14
        told = (await desk.get(f"/f/{room.code}/supports")).json()
        assert told["questions"] == [{"number": number, "given": 14, "void": 14, "supports": 0}]
        assert told["bursts"] == []
        assert "14 lainnya tidak dihitung" in (await desk.get(f"/f/{room.code}/archive", headers=HTML)).text
