"""Role links in the browser, several grants at once, and which page needs which."""

import asyncio
import json
import re
import traceback
from typing import Any

import httpx
import pytest
import structlog

from live.actions import creating
from live.places import STATIC
from live.rules.words import Role
from tests.build import Room, full_room
from tests.people import MAYA, OKI, SARI
from tests.web.house import House, enter, secret

pytestmark = pytest.mark.asyncio(loop_scope="module")
on_sqlite = pytest.mark.parametrize("house", ["sqlite"], indirect=True)

PAGES = {
    "moderator": "/moderate",
    "scribe": "/scribe",
    "speaker": "/speaker?speaker=1",
    "screen": "/screen",
    "helper": "/helper",
    "organiser": "/manage",
}
LOOKS = {
    "moderator": {"moderate", "scribe", "speaker", "screen", "helper"},
    "organiser": {"moderate", "scribe", "speaker", "screen", "helper", "manage"},
    "scribe": {"scribe"},
    "speaker": {"speaker"},
    "screen": {"screen"},
    "helper": {"helper"},
}


@pytest.mark.parametrize("role", PAGES)
async def test_a_role_link_opens_the_page_of_its_role(house: House, forum: Room, role: str) -> None:
    async with house.browser(accept="application/json") as browser:
        answer = await browser.post("/enter", data={"token": secret(forum, role)})
        assert answer.json() == {"role": role, "code": forum.code, "page": f"/f/{forum.code}{PAGES[role]}"}
        page = await browser.get(answer.json()["page"], headers={"accept": "text/html"})
        assert page.status_code == 200


async def test_without_a_script_the_pasted_link_leads_to_the_page(house: House, forum: Room) -> None:
    for pasted in (secret(forum, "scribe"), str(forum.links["scribe"]), f"  {forum.links['scribe']}\n"):
        async with house.browser(accept="text/html") as browser:
            answer = await browser.post("/enter", data={"token": pasted})
            assert (answer.status_code, answer.headers["location"]) == (303, f"/f/{forum.code}/scribe")


async def test_the_page_to_enter_has_a_field_for_those_without_a_script(house: House) -> None:
    async with house.browser(accept="text/html") as browser:
        page = await browser.get("/enter")
    form = re.search(r"<form[^>]*action=\"/enter\".*?</form>", page.text, re.S)
    assert form is not None
    assert re.search(r"name=\"token\"", form.group())
    assert 'method="post"' in form.group()
    assert "/enter.js" in page.text


async def test_the_script_posts_the_fragment_and_never_puts_it_into_an_address() -> None:
    script = (STATIC / "enter.js").read_text("utf-8")
    assert "location.hash" in script
    assert re.search(r"method: ?[\"']POST[\"']", script)
    assert not re.search(r"fetch\([^)]*\?token|localStorage|sessionStorage", script)


@pytest.mark.parametrize("wrong", ["", "wrong", "#", "x" * 5000, "\u0000", "😀", "' OR 1=1"])
async def test_a_wrong_link_is_403_and_gives_no_session(house: House, wrong: str) -> None:
    async with house.browser(accept="application/json") as browser:
        for sent in ({"data": {"token": wrong}}, {"json": {"token": wrong}}):
            answer = await browser.post("/enter", **sent)  # type: ignore[arg-type]
            assert answer.status_code == 403
            assert answer.json()["refusal"] == "wrong_link"
        assert "jaring_s" not in browser.cookies
        for body in ({}, {"token": None}, {"token": ["x"]}, {"token": {"a": "b"}}, {"token": 5}):
            assert (await browser.post("/enter", json=body)).status_code in (403, 422)


async def test_one_browser_opens_every_page_with_every_link(house: House, forum: Room) -> None:
    async with house.browser(accept="text/html") as browser:
        await enter(browser, forum, "moderator", "scribe", "helper", "screen", "organiser", "speaker:1", "speaker:3")
        for name in (*LOOKS["organiser"], "speaker?speaker=1", "speaker?speaker=3"):
            assert (await browser.get(f"/f/{forum.code}/{name}")).status_code == 200, name
        for audience in ("moderator", "scribe", "helper", "screen", "organiser", "speaker"):
            answer = await browser.get(f"/f/{forum.code}/state?as={audience}")
            assert answer.status_code == 200, audience


async def test_the_session_changes_with_every_link_and_the_old_one_opens_nothing(house: House, forum: Room) -> None:
    async with house.browser(accept="text/html") as browser:
        await enter(browser, forum, "scribe")
        old = browser.cookies["jaring_s"]
        await enter(browser, forum, "helper")
        assert browser.cookies["jaring_s"] != old
        assert (await browser.get(f"/f/{forum.code}/scribe")).status_code == 200
    async with house.browser(cookie=f"jaring_s={old}", accept="text/html") as thief:
        assert (await thief.get(f"/f/{forum.code}/scribe")).status_code == 403
    async with house.browser(cookie="jaring_s=chosen-by-somebody", accept="application/json") as fixed:
        await fixed.post("/enter", data={"token": secret(forum, "scribe")})
    async with house.browser(cookie="jaring_s=chosen-by-somebody", accept="text/html") as thief:
        assert (await thief.get(f"/f/{forum.code}/scribe")).status_code == 403


@pytest.mark.parametrize("role", ["participant", *LOOKS])
async def test_every_page_of_the_team_needs_its_grant(house: House, forum: Room, role: str) -> None:
    may = LOOKS.get(role, set())
    async with house.browser(accept="text/html") as browser:
        if role != "participant":
            await enter(browser, forum, role)
        for name in LOOKS["organiser"]:
            page = await browser.get(f"/f/{forum.code}/{name}")
            assert page.status_code == (200 if name in may else 403), name
            if name not in may:
                assert 'name="token"' in page.text, "where to put the link"


async def test_a_grant_opens_no_other_forum(house: House, forum: Room) -> None:
    other = await house.room()
    number = await other.ask()
    async with house.browser(accept="application/json") as browser:
        await enter(browser, forum, "moderator", "organiser", "speaker:1")
        for page in ("moderate", "manage", "speaker", "screen", "scribe", "helper"):
            assert (await browser.get(f"/f/{other.code}/{page}")).status_code == 403
        assert (await browser.get(f"/f/{other.code}/state?as=moderator")).status_code == 403
        assert (await browser.post(f"/f/{other.code}/questions/{number}/show")).status_code == 403
        assert (await browser.get(f"/f/{other.code}/archive.json")).status_code == 404


async def test_a_renewed_link_ends_every_device_at_once(house: House, forum: Room) -> None:
    async with house.browser(accept="application/json") as browser:
        await enter(browser, forum, "moderator")
        assert (await browser.get(f"/f/{forum.code}/state?as=moderator")).status_code == 200
        await creating.renew(house.hall.database, forum.code, Role.MODERATOR, house.address)
        assert (await browser.get(f"/f/{forum.code}/state?as=moderator")).status_code == 403
        assert (await browser.post(f"/f/{forum.code}/phase", data={"to": "closed"})).status_code == 403


# The archive, the exports and the description of the interface.

RECORDS = ("archive", "follow-up", "archive.json", "archive.csv", "follow-up.json", "follow-up.csv")


async def test_the_record_is_404_until_it_is_published_and_then_open_to_all(house: House, forum: Room) -> None:
    await full_room(forum)
    async with house.browser(accept="text/html") as stranger, house.browser(accept="text/html") as desk:
        await enter(desk, forum, "moderator")
        async with house.browser(accept="text/html") as scribe:
            await enter(scribe, forum, "scribe", "speaker:1", "helper", "screen")
            for name in RECORDS:
                assert (await stranger.get(f"/f/{forum.code}/{name}")).status_code == 404, name
                assert (await scribe.get(f"/f/{forum.code}/{name}")).status_code == 404, name
                assert (await desk.get(f"/f/{forum.code}/{name}")).status_code == 200, name
        assert forum.code not in (await stranger.get("/")).text
        await forum.publish()
        for name in RECORDS:
            assert (await stranger.get(f"/f/{forum.code}/{name}")).status_code == 200, name
        assert forum.code in (await stranger.get("/")).text


async def test_exports_hold_what_the_public_may_see_and_are_safe_to_open(house: House, forum: Room) -> None:
    hidden, shown = "rahasia-tertahan", '=HYPERLINK("http://evil.example")'
    await forum.ask(hidden)
    number = (await forum.do("ask", SARI, text=f"{shown} apakah aman, NIK 6471010101900001?")).body["number"]
    await forum.do("show", MAYA, number)
    await forum.do("follow-ups", OKI, problem="+62 menunggu", owner="@Kabid", question=[number])
    await forum.publish()
    async with house.browser() as browser:
        told = {name: await browser.get(f"/f/{forum.code}/{name}") for name in RECORDS[2:]}
    for name, answer in told.items():
        assert hidden not in answer.text
        assert "6471010101900001" not in answer.text
        assert answer.headers["content-disposition"].startswith("attachment; filename=")
        assert answer.headers["x-content-type-options"] == "nosniff"
        if name.endswith(".csv"):
            assert answer.content.startswith(b"\xef\xbb\xbf")
            cells = [
                cell
                for row in answer.text.splitlines()[1:]
                for cell in re.split(r",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", row)
            ]
            assert cells
            assert not [cell for cell in cells if re.match(r"\"?[=+@\t\r-]", cell)]
    record = told["archive.json"].json()
    assert [q["number"] for q in record["questions"]] == [number]
    assert record["totals"]["received"] == 2
    assert told["follow-up.json"].json()["follow_ups"][0]["problem"] == "+62 menunggu"


@on_sqlite
async def test_the_interface_describes_itself_and_names_no_foreign_host(house: House) -> None:
    async with house.browser() as browser:
        answer = await browser.get("/schema")
        assert answer.status_code == 200
        document = answer.json()
        for name in ("/schema/swagger", "/schema/elements", "/schema/redoc", "/docs"):
            assert (await browser.get(name)).status_code == 404
    assert document["openapi"].startswith("3.")
    assert {"/f/{code}/questions", "/f/{code}/state", "/f/{code}/phase", "/enter"} <= set(document["paths"])
    assert not re.findall(r"https?://(?!127\.0\.0\.1|localhost)", json.dumps(document))


@on_sqlite
async def test_health_and_readiness_answer(house: House) -> None:
    async with house.browser() as browser:
        assert [(await browser.get(path)).status_code for path in ("/healthz", "/readyz")] == [200, 200]


@on_sqlite
async def test_a_page_is_the_same_bytes_for_everybody(house: House, forum: Room) -> None:
    await full_room(forum)
    async with house.browser(accept="text/html") as owner, house.browser(accept="text/html") as stranger:
        owner.cookies.set("jaring_js", "1")  # with a script the marks are fetched after the page
        await owner.post(f"/f/{forum.code}/questions", data={"text": "Punyaku?"})
        for query in ("", "?sort=new", "?lang=en"):
            told = [(await browser.get(f"/f/{forum.code}{query}")).content for browser in (owner, stranger)]
            assert told[0] == told[1], query
            assert b"Punyaku?" not in told[0]


# Secrets and words stay out of the logs and out of addresses.


@on_sqlite
async def test_no_secret_and_no_word_of_a_person_is_ever_logged(
    house: House, forum: Room, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    words = ("kata-rahasia-satu", "nama-rahasia-dua", "catatan-rahasia-tiga")
    token = secret(forum, "moderator")
    with structlog.testing.capture_logs() as lines, caplog.at_level(0):
        async with house.browser(accept="application/json") as browser:
            await enter(browser, forum, "moderator")
            cookies = list(browser.cookies.values())
            asked = await browser.post(f"/f/{forum.code}/questions", json={"text": words[0], "name": words[1]})
            number, receipt = asked.json()["number"], asked.json()["receipt"]
            await browser.post(f"/f/{forum.code}/questions/{number}/queue", json={"speaker": 1})
            await browser.post(f"/f/{forum.code}/questions/{number}/stage")
            await browser.post(f"/f/{forum.code}/questions/{number}/note", json={"text": words[2]})
            await browser.post(f"/f/{forum.code}/questions", json={"text": words[0], "nonsense": words[1]})
            await browser.post("/enter", data={"token": "wrong-" + token})
            await failing(house, browser, forum, words)
    out, err = capfd.readouterr()
    ours = [r for r in caplog.records if not r.name.startswith(("httpx", "httpcore", "aiosqlite", "asyncio"))]
    traces = ["".join(traceback.format_exception(line["exc_info"])) for line in lines if "exc_info" in line]
    assert traces, "the failure itself was logged"
    told = f"{lines} {traces} {[(r.getMessage(), r.exc_text, r.exc_info) for r in ours]} {out} {err}"
    for hidden in (*words, token, receipt, *cookies):
        assert hidden not in told, hidden


async def failing(house: House, browser: httpx.AsyncClient, forum: Room, words: tuple[str, ...]) -> None:
    """An act that the database refuses, with words among its parameters."""
    from sqlalchemy import text

    async with house.hall.database.writing() as session:
        await session.execute(
            text(
                "CREATE TRIGGER refuse BEFORE INSERT ON question WHEN NEW.text LIKE 'kata-%' "
                "BEGIN SELECT RAISE(ABORT, 'refused by a trigger'); END"
            )
        )
    try:
        answer = await browser.post(f"/f/{forum.code}/questions", json={"text": words[0] + " lagi", "name": words[1]})
        assert answer.status_code == 500
        assert "trigger" not in answer.text
    finally:
        async with house.hall.database.writing() as session:
            await session.execute(text("DROP TRIGGER refuse"))


@on_sqlite
async def test_no_address_on_any_page_carries_a_secret(house: House, forum: Room) -> None:
    await full_room(forum)
    async with house.browser(accept="text/html") as browser:
        await enter(browser, forum, "moderator", "organiser", "speaker:1", "scribe", "helper", "screen")
        tokens: list[Any] = [secret(forum, role) for role in PAGES] + list(browser.cookies.values())
        for name in ("", "/mine", "/moderate", "/manage", "/speaker", "/scribe", "/helper", "/screen"):
            page = await browser.get(f"/f/{forum.code}{name}")
            assert page.status_code == 200
            assert not [token for token in tokens if str(token) in page.text], name


async def test_forty_people_enter_and_ask_at_once(house: House, forum: Room) -> None:
    async def come(n: int) -> int:
        async with house.browser(accept="application/json") as browser:
            await browser.get(f"/f/{forum.code}", headers={"accept": "text/html"})
            body = {"text": f"Pertanyaan dari {n}?", "key": f"draft-{n:05}"}
            return (await browser.post(f"/f/{forum.code}/questions", json=body)).status_code

    async with asyncio.timeout(60):
        assert await asyncio.gather(*(come(n) for n in range(40))) == [201] * 40
    assert [q.number for q in (await forum.facts()).questions] == list(range(1, 41))
