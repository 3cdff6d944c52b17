"""A forum's plan changed in the browser: what may change, what stays, and that open pages learn of it."""

import html
import json
import re
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.typing import Origin

from tests.build import Room
from tests.people import MAYA
from tests.web.house import House, enter, secret
from tests.web.test_organiser import JSON

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.parametrize("house", ["sqlite"], indirect=True)]


def shown(page: str) -> dict[str, str]:
    """The fields of the form as a browser would send them back."""
    found = dict(re.findall(r'<input id="[\w-]+" name="([\w-]+)"[^>]* value="([^"]*)"', page))
    found |= dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    found |= dict(re.findall(r'<input type="radio" name="(\w+)" value="(\w+)" ?checked', page))
    found |= dict(re.findall(r'<textarea[^>]* name="(more)"[^>]*>([^<]*)<', page))
    zone = re.search(r'<option value="([^"]+)" selected', page)
    assert zone
    return {name: html.unescape(value) for name, value in (found | {"timezone": zone[1]}).items()}


async def form(browser: httpx.AsyncClient, forum: Room) -> dict[str, str]:
    page = await browser.get(f"/f/{forum.code}/plan", headers={"accept": "text/html"})
    assert page.status_code == 200
    return shown(page.text)


async def saved(browser: httpx.AsyncClient, forum: Room, given: dict[str, Any]) -> httpx.Response:
    return await browser.post(f"/f/{forum.code}/plan", data=given, headers={"accept": "text/html"})


async def test_the_form_sent_back_as_it_was_changes_nothing(house: House, forum: Room) -> None:
    async with house.browser() as browser:
        await enter(browser, forum, "organiser")
        before, given = await forum.facts(), await form(browser, forum)
        answer = await saved(browser, forum, given)
        assert answer.status_code == 200, answer.text
        assert await forum.facts() == before
        assert "[[agenda]]" in given["more"]


async def test_a_new_title_is_on_every_open_page_and_in_the_trail(house: House, forum: Room) -> None:
    async with house.browser() as browser, connect(
        f"{house.sockets}/f/{forum.code}/feed", origin=Origin(house.address)
    ) as screen:  # fmt: skip
        await screen.recv()
        await enter(browser, forum, "organiser")
        given = await form(browser, forum) | {"title": "Forum <b>baru</b>", "name-2": "Ibu Ratna"}
        answer = await saved(browser, forum, given)
        assert answer.status_code == 200
        assert "Tersimpan" in answer.text
        assert await screen.recv() == "!reset\n"
        page = (await browser.get(f"/f/{forum.code}", headers={"accept": "text/html"})).text
        assert "Forum &lt;b&gt;baru&lt;/b&gt;" in page
        assert (await forum.facts()).speakers[1].name == "Ibu Ratna"
        trail = (await browser.get(f"/f/{forum.code}/trail.csv")).text
        assert "PLAN_CHANGED" in trail
        assert "baru" not in trail


async def test_a_later_end_prolongs_the_role_links(house: House, forum: Room) -> None:
    async with house.browser() as browser:
        await enter(browser, forum, "organiser")
        before = re.findall(r"Berlaku sampai[^<]*", (await browser.get(f"/f/{forum.code}/team")).text)
        await saved(browser, forum, await form(browser, forum) | {"ends": "2027-01-20T12:00"})
        after = re.findall(r"Berlaku sampai[^<]*", (await browser.get(f"/f/{forum.code}/team")).text)
        assert len(before) == len(after) > 5
        assert not set(before) & set(after)
        assert all("27 Januari 2027" in line for line in after)


async def test_a_speaker_is_added_with_a_link_and_keeps_the_number(house: House, forum: Room) -> None:
    async with house.browser() as browser, house.browser(**JSON) as speaker:
        await enter(browser, forum, "organiser")
        given = await form(browser, forum) | {"name-4": "Narasumber 4", "field-4": "Pengaduan", "topics-4": "aduan"}
        assert (await saved(browser, forum, given)).status_code == 200
        link = await browser.post(f"/f/{forum.code}/links", data={"role": "speaker", "speaker": "4"}, headers=JSON)
        entered = await speaker.post("/enter", data={"token": link.json()["link"].rpartition("#")[2]})
        assert entered.json()["page"].endswith("speaker?speaker=4")
        assert [s.name for s in (await forum.facts()).speakers][3] == "Narasumber 4"


async def test_a_speaker_with_questions_stays_and_one_without_may_go(house: House, forum: Room) -> None:
    await forum.do("queue", MAYA, await forum.ask(), speaker=3)
    async with house.browser() as browser, house.browser(**JSON) as second:
        await enter(browser, forum, "organiser")
        plan = {"title": "Dua", "agency": "Disdukcapil Kota Balikpapan", "place": "Aula", "timezone": "Asia/Makassar",
                "starts": "2026-11-24T09:00:00", "ends": "2026-11-24T12:00:00",
                "speakers": [{"name": "A", "field": "B"}, {"name": "C", "field": "D"}]}  # fmt: skip
        before = await forum.facts()
        refused = await changed(browser, forum, plan)
        assert (refused.status_code, refused.json()["refusal"]) == (409, "speaker_stays")
        assert "Narasumber 3" in refused.json()["message"]
        assert await forum.facts() == before
        other = await house.room()
        await enter(browser, other, "organiser")
        assert (await changed(browser, other, plan)).status_code == 200
        gone = await second.post("/enter", data={"token": secret(other, "speaker", 3)})
        assert (gone.status_code, len((await other.facts()).speakers)) == (403, 2)


async def changed(browser: httpx.AsyncClient, forum: Room, plan: dict[str, Any]) -> httpx.Response:
    return await browser.post(f"/f/{forum.code}/plan", json={"plan": json.dumps(plan)}, headers=JSON)


@pytest.mark.parametrize(
    ("given", "refusal", "status"),
    [
        ({"language": "en"}, "Bahasa forum", 409),
        ({"integrity": "strict"}, "Tingkat keutuhan", 409),
        ({"ends": "2026-11-24T08:00"}, "belum benar", 422),
        ({"name-2": "", "field-2": "", "topics-2": ""}, "belum benar", 422),
        ({"predecessor": "000000"}, "belum benar", 422),
        ({"more": "agenda = 3"}, "belum benar", 422),
    ],
)
async def test_what_would_break_a_forum_is_refused_and_nothing_is_lost(
    house: House, forum: Room, given: dict[str, str], refusal: str, status: int
) -> None:
    async with house.browser() as browser:
        await enter(browser, forum, "organiser")
        before = await forum.facts()
        answer = await saved(browser, forum, await form(browser, forum) | {"place": "Gedung lain"} | given)
        assert answer.status_code == status
        assert refusal in answer.text
        assert 'value="Gedung lain"' in answer.text
        assert await forum.facts() == before


async def test_the_run_of_show_keeps_what_has_begun(house: House, forum: Room) -> None:
    await forum.do("agenda", MAYA, item=2)
    async with house.browser() as browser:
        await enter(browser, forum, "organiser")
        given = await form(browser, forum)
        head = given["more"].partition("[[agenda]]")[0]
        one = f'{head}[[agenda]]\ntitle = "Pembukaan"\nminutes = 20\n'
        assert (await saved(browser, forum, given | {"more": one})).status_code == 409
        two = f'{one}[[agenda]]\ntitle = "Paparan singkat"\nminutes = 30\n'
        assert (await saved(browser, forum, given | {"more": two})).status_code == 200
        items = (await forum.facts()).agenda
        assert [(item.title, item.started is not None) for item in items] == [
            ("Pembukaan", False),
            ("Paparan singkat", True),
        ]


async def test_the_plan_is_the_organisers_alone(house: House, forum: Room) -> None:
    async with house.browser(**JSON) as browser:
        await enter(browser, forum, "moderator", "scribe", "speaker")
        assert (await browser.get(f"/f/{forum.code}/plan")).status_code == 403
        assert (await browser.post(f"/f/{forum.code}/plan", data={"plan": "{}"})).status_code == 403
        assert (await saved(browser, forum, {"title": "x"})).status_code == 403


async def test_the_preview_shows_what_is_typed_as_text(house: House) -> None:
    async with house.browser() as browser:
        given = {"title": "<script>alert(1)</script>", "place": "Aula", "name-1": "Ibu Ratna", "field-1": "Akta"}
        piece = (await browser.post("/organiser/preview", data=given)).text
        assert "&lt;script&gt;" in piece
        assert "Ibu Ratna" in piece
