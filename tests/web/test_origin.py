"""The same-origin rule of design 6.3, for posts and for sockets, and the headers of every answer."""

import contextlib
import re
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from live.settings import Settings
from tests.build import Room
from tests.people import SARI
from tests.web.house import House, enter, serving

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.parametrize("house", ["sqlite"], indirect=True)]


def port(house: House) -> str:
    return house.address.rpartition(":")[2]


def good(house: House) -> list[str]:
    return [f"http://{host}:{port(house)}" for host in ("127.0.0.1", "localhost", "[::1]")]


def bad(house: House) -> list[str]:
    ours = port(house)
    return [
        "null",
        "",
        "http://evil.example",
        f"http://evil.example:{ours}",
        f"https://127.0.0.1:{ours}",
        "http://127.0.0.1",
        "http://127.0.0.1:1",
        f"http://127.0.0.1:{ours}.evil.example",
        f"http://127.0.0.1:{ours}/",
        f"http://127.0.0.1.evil.example:{ours}",
        f"HTTP://127.0.0.1:{ours}",
        "file://",
    ]


async def asked(house: House, forum: Room, **headers: str) -> int:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    async with house.browser(accept="application/json", **sent) as browser:
        body = {"text": f"Pertanyaan {await forum.count()}?"}
        return (await browser.post(f"/f/{forum.code}/questions", data=body)).status_code


async def test_a_post_from_our_own_pages_passes(house: House, forum: Room) -> None:
    for origin in good(house):
        assert await asked(house, forum, origin=origin) == 201, origin
    for site in ("same-origin", "none"):
        assert await asked(house, forum, origin=good(house)[0], sec_fetch_site=site) == 201, site
        assert await asked(house, forum, sec_fetch_site=site) == 201, site


async def test_a_post_from_anywhere_else_is_403_and_changes_nothing(house: House, forum: Room) -> None:
    before = await forum.facts()
    for origin in bad(house):
        assert await asked(house, forum, origin=origin) == 403, origin
    for site in ("cross-site", "same-site", "", "SAME-ORIGIN", "nonsense"):
        assert await asked(house, forum, sec_fetch_site=site) == 403, site
        assert await asked(house, forum, sec_fetch_site=site, origin=good(house)[0]) == 403, site
    assert await asked(house, forum, origin="null", sec_fetch_site="same-origin") == 403
    assert await forum.facts() == before


async def test_one_good_origin_beside_a_foreign_one_does_not_pass(house: House, forum: Room) -> None:
    headers = [("origin", good(house)[0]), ("origin", "http://evil.example")]
    for order in (headers, headers[::-1]):
        async with house.browser() as browser:
            answer = await browser.post(f"/f/{forum.code}/questions", data={"text": "Dua asal?"}, headers=order)
        assert answer.status_code == 403


async def test_a_program_without_any_word_of_its_origin_is_decided_by_its_session(house: House, forum: Room) -> None:
    number = await forum.ask()
    async with house.browser(accept="application/json") as stranger:
        assert (await stranger.post(f"/f/{forum.code}/questions/{number}/show")).status_code == 403
    async with house.browser(accept="application/json") as browser:
        await enter(browser, forum, "moderator")
        assert (await browser.post(f"/f/{forum.code}/questions/{number}/show")).status_code == 200


async def test_a_foreign_page_cannot_redeem_a_link_or_use_a_session(house: House, forum: Room) -> None:
    number = await forum.ask()
    async with house.browser(accept="application/json") as browser:
        await enter(browser, forum, "moderator")
        browser.headers["origin"] = "http://evil.example"
        assert (await browser.post("/enter", data={"token": "x"})).status_code == 403
        assert (await browser.post(f"/f/{forum.code}/questions/{number}/show")).status_code == 403
        assert (await browser.get(f"/f/{forum.code}/state?as=moderator")).status_code == 200
    assert await forum.status(number) == "pending"


async def test_further_origins_and_the_public_address_are_allowed_exactly(
    house: House, tmp_path_factory: pytest.TempPathFactory
) -> None:
    settings = Settings(
        database_url=f"sqlite:///{tmp_path_factory.mktemp('public') / 'jaring.db'}",
        limits="open",
        public_url="https://tanya.example",
        origins=("https://proxy.example:8443",),
        lan=("192.168.7.5",),
    )
    async with serving(settings) as served:
        room = await served.room()
        lan = f"http://192.168.7.5:{port(served)}"
        for origin in ("https://tanya.example", "https://proxy.example:8443", lan, *good(served)):
            assert await asked(served, room, origin=origin) == 201, origin
        for origin in ("http://tanya.example", "https://proxy.example", "https://192.168.7.5", "http://192.168.7.5"):
            assert await asked(served, room, origin=origin) == 403, origin
        async with served.browser(accept="text/html") as browser:
            page = await browser.get(f"/f/{room.code}", headers={"host": "tanya.example"})
            assert "connect-src 'self' wss://tanya.example;" in page.headers["content-security-policy"]
            assert page.headers["strict-transport-security"].startswith("max-age=")
            given = page.headers.get_list("set-cookie")
            assert given
            assert all(cookie.startswith("__Host-") and "; Secure" in cookie for cookie in given)
            at_lan = await browser.get(f"/f/{room.code}", headers={"host": lan.removeprefix("http://")})
            assert f"connect-src 'self' ws://192.168.7.5:{port(served)};" in at_lan.headers["content-security-policy"]


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "localhost.evil.example"]
)
async def test_a_page_asked_by_an_unknown_name_is_refused_and_says_what_to_do(
    house: House, forum: Room, host: str
) -> None:
    async with house.browser() as browser:
        answer = await browser.get(f"/f/{forum.code}", headers={"host": host})
    assert (answer.status_code, answer.json()["refusal"]) == (400, "unknown_host")
    assert "JARING_ORIGINS" in answer.json()["message"]
    assert forum.code not in answer.text


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "10.1.2.3:8000", "[::1]:8000", "[fe80::1]"])
async def test_a_page_asked_by_our_name_or_a_plain_address_is_given(house: House, forum: Room, host: str) -> None:
    async with house.browser() as browser:
        assert (await browser.get(f"/f/{forum.code}", headers={"host": host})).status_code == 200


# Sockets.


@contextlib.asynccontextmanager
async def opened(house: House, address: str, **options: object) -> AsyncIterator[ClientConnection]:
    async with connect(f"{house.sockets}{address}", **options) as screen:  # type: ignore[arg-type]
        yield screen


async def test_a_socket_of_our_own_page_opens(house: House, forum: Room) -> None:
    for origin in good(house):
        async with opened(house, f"/f/{forum.code}/feed", origin=origin) as screen:
            assert await screen.recv() == f"{(await forum.facts()).forum.cursor}\n"


async def test_a_socket_without_our_origin_is_403_before_it_is_accepted(house: House, forum: Room) -> None:
    for origin in (None, *bad(house)):
        options = {"additional_headers": {"origin": origin}} if origin is not None else {}
        with pytest.raises(InvalidStatus) as said:
            async with opened(house, f"/f/{forum.code}/feed", **options):
                raise AssertionError("never opened")
        assert said.value.response.status_code == 403, origin


async def closed_with(house: House, address: str, **options: object) -> int:
    """The close code; the socket itself is accepted first."""
    async with opened(house, address, origin=house.address, **options) as screen:
        with pytest.raises(ConnectionClosed) as said:
            await screen.recv()
    assert said.value.rcvd is not None
    return said.value.rcvd.code


async def test_a_socket_that_is_not_allowed_is_accepted_and_closed_with_4403(house: House, forum: Room) -> None:
    for audience in ("moderator", "scribe", "speaker", "screen", "helper", "organiser", "nobody", "%00"):
        assert await closed_with(house, f"/f/{forum.code}/feed?as={audience}") == 4403, audience


async def test_a_socket_of_no_forum_is_accepted_and_closed_with_4404(house: House) -> None:
    for code in ("000000", "x", "%00", "9" * 50):
        assert await closed_with(house, f"/f/{code}/feed") == 4404, code


async def test_a_speaker_may_not_listen_for_another_speaker(house: House, forum: Room) -> None:
    async with house.browser() as browser:
        await enter(browser, forum, "speaker:2")
        cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    mine = {"additional_headers": {"cookie": cookie}}
    for other in ("1", "3", "²", "9" * 30):
        assert await closed_with(house, f"/f/{forum.code}/feed?as=speaker&speaker={other}", **mine) == 4403
    for own in ("", "&speaker=2"):
        async with opened(house, f"/f/{forum.code}/feed?as=speaker{own}", origin=house.address, **mine) as screen:
            assert str(await screen.recv()).strip()


# Headers.

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self' ws://{host}; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PAGES = ("", "/mine", "/moderate", "/scribe", "/speaker", "/screen", "/helper", "/manage", "/archive", "/follow-up")


async def everywhere(house: House, forum: Room, browser: httpx.AsyncClient) -> list[httpx.Response]:
    """Every page, and every kind of answer besides."""
    await forum.publish()
    addresses = [f"/f/{forum.code}{page}" for page in PAGES]
    addresses += ["/", "/enter", "/?code=000000", "/f/000000", "/r/XXXXXXXX", "/healthz", "/readyz", "/schema"]
    addresses += [
        f"/f/{forum.code}/state",
        f"/f/{forum.code}/frames",
        house.hall.static.address + "/style.css",
        "/no/where",
    ]
    return [await browser.get(address) for address in addresses]


async def test_every_answer_carries_the_policy_exactly_as_written(house: House, forum: Room) -> None:
    async with house.browser(accept="text/html") as browser:
        await enter(browser, forum, "moderator", "organiser", "scribe", "helper", "screen", "speaker:1")
        answers = await everywhere(house, forum, browser)
        answers.append(await browser.post(f"/f/{forum.code}/questions", data={"text": ""}))
        answers.append(await browser.post("/enter", headers={"origin": "null"}))
    host = house.address.removeprefix("http://")
    for answer in answers:
        at = answer.request.url.path
        assert answer.headers.get_list("content-security-policy") == [POLICY.format(host=host)], at
        assert answer.headers["referrer-policy"] == "same-origin", at
        assert answer.headers["x-content-type-options"] == "nosniff", at
        assert "server" not in answer.headers, at
    pages = [a for a in answers if a.headers["content-type"].startswith("text/html")]
    assert len(pages) > len(PAGES)
    assert all(a.status_code == 200 for a in answers[: len(PAGES)])
    for page in pages:
        assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|<style|javascript:", page.text, re.I)
        assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//(?!" + re.escape(host) + ")", page.text)


async def test_nothing_but_static_files_is_kept_by_a_cache(house: House, forum: Room) -> None:
    async with house.browser(accept="text/html") as browser:
        for answer in await everywhere(house, forum, browser):
            if answer.request.url.path.startswith("/static/"):
                assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
            else:
                assert answer.headers["cache-control"] == "no-store", answer.request.url.path


async def test_cookies_are_for_this_host_only_and_no_script_reads_them(house: House, forum: Room) -> None:
    async with house.browser(accept="text/html") as browser:
        first = await browser.get(f"/f/{forum.code}")
        second = await browser.get(f"/f/{forum.code}")
        token = str(forum.links["moderator"]).partition("#")[2]
        third = await browser.post("/enter", data={"token": token})
    assert second.headers.get_list("set-cookie") == []
    given = [*first.headers.get_list("set-cookie"), *third.headers.get_list("set-cookie")]
    assert [cookie.partition("=")[0] for cookie in given] == ["jaring_p", "jaring_s"]
    for cookie in given:
        assert {"Path=/", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
        assert "Domain" not in cookie
        assert re.search(r"Max-Age=\d{6,}", cookie)


async def test_a_cookie_that_we_did_not_sign_is_nobody(house: House, forum: Room) -> None:
    number = (await forum.do("ask", replace(SARI, id="a" * 32), text="Kapan buka?")).body["number"]
    forged = ["a" * 32, "a" * 32 + ".", "a" * 32 + "." + "0" * 32, "a.b", ".", '"\\', "%00", "é" * 32 + ".x"]
    for value in forged:
        headers = {"cookie": f"jaring_p={value}".encode(), "accept": b"application/json"}
        async with httpx.AsyncClient(base_url=house.address) as browser:
            mine = await browser.get(f"/f/{forum.code}/mine", headers=headers)
            assert mine.json()["questions"] == [], value
            tried = await browser.post(f"/f/{forum.code}/questions/{number}/withdraw", headers=headers)
            assert tried.status_code == 403, value
