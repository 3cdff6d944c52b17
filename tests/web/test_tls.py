"""https with a self-made certificate, for a hall without a name on the internet; and what a scanner says of it."""

import re
import stat
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from cryptography import x509
from websockets.asyncio.client import connect
from websockets.typing import Origin

from live import certificate
from live.serving import addresses
from live.settings import Settings
from tests.build import Room
from tests.web.house import House, enter, serving
from tests.web.observatory import scores, total

pytestmark = pytest.mark.asyncio(loop_scope="module")
NOW = datetime(2026, 12, 1, tzinfo=UTC)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    url = f"sqlite:///{tmp_path_factory.mktemp('tls') / 'jaring.db'}"
    async with serving(Settings(database_url=url, limits="open", tls="self-signed")) as served:
        yield served


async def test_the_certificate_names_every_host_and_its_key_is_for_nobody_else(tmp_path: Path) -> None:
    made = certificate.kept(tmp_path, ["127.0.0.1", "localhost", "192.168.7.5"], NOW)
    assert stat.S_IMODE(made.key.stat().st_mode) == 0o600
    read = x509.load_pem_x509_certificate(made.path.read_bytes())
    names = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert {str(name.value) for name in names} == {"127.0.0.1", "localhost", "192.168.7.5"}
    assert re.fullmatch(r"([0-9A-F]{2}:){31}[0-9A-F]{2}", made.fingerprint)


async def test_a_device_that_accepted_the_certificate_is_asked_again_only_for_a_reason(tmp_path: Path) -> None:
    first = certificate.kept(tmp_path, ["localhost"], NOW)
    assert certificate.kept(tmp_path, ["localhost"], NOW + timedelta(days=300)) == first
    moved = certificate.kept(tmp_path, ["localhost", "10.0.0.7"], NOW)
    assert moved.fingerprint != first.fingerprint
    assert certificate.kept(tmp_path, ["localhost"], NOW + timedelta(days=390)).fingerprint != moved.fingerprint


async def test_the_start_says_what_is_protected(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'jaring.db'}"
    plain = addresses(Settings(database_url=url, host="192.168.7.5", lan=("192.168.7.5",)))
    assert any("anybody on this network can read" in line for line in plain)
    sealed = addresses(Settings(database_url=url, host="192.168.7.5", lan=("192.168.7.5",), tls="self-signed"))
    assert sealed[0] == "Jaring: https://192.168.7.5:8000"
    made = certificate.kept(tmp_path, ["192.168.7.5"], datetime.now(UTC))
    assert made.fingerprint in sealed[-1]
    assert not any("anybody on this network can read" in line for line in sealed)


async def test_a_phone_asks_and_listens_over_https(house: House, forum: Room) -> None:
    assert house.address.startswith("https://")
    async with house.browser(accept="text/html", origin=house.address) as phone:
        page = await phone.get(f"/f/{forum.code}")
        asked = await phone.post(f"/f/{forum.code}/questions", data={"text": "Lewat https?"})
        assert (page.status_code, asked.status_code) == (200, 303)
        given = [cookie for answer in (page, asked) for cookie in answer.headers.get_list("set-cookie")]
        assert given
        assert all(cookie.startswith("__Host-jaring_") for cookie in given)
    feed = f"{house.sockets}/f/{forum.code}/feed"
    async with connect(feed, origin=Origin(house.address), ssl=house.trust) as screen:
        assert await screen.recv() == f"{(await forum.facts()).forum.cursor}\n"


async def test_the_session_of_the_team_is_bound_to_the_host(house: House, forum: Room) -> None:
    async with house.browser(accept="application/json") as desk:
        await enter(desk, forum, "moderator")
        assert "__Host-jaring_s" in desk.cookies
        assert (await desk.get(f"/f/{forum.code}/state?as=moderator")).status_code == 200


async def test_a_page_over_plain_http_may_not_post(house: House, forum: Room) -> None:
    async with house.browser(origin=house.address.replace("https:", "http:")) as phone:
        assert (await phone.post(f"/f/{forum.code}/questions", data={"text": "Dari http?"})).status_code == 403


PAGES = ("", "/moderate", "/screen", "/scribe", "/manage", "/team", "/trail", "/archive")


async def test_a_header_scan_behind_tls_scores_a_hundred_or_more_on_every_page(house: House, forum: Room) -> None:
    async with house.browser(accept="text/html") as browser:
        await enter(browser, forum, "organiser", "moderator")
        paths = ["/", "/enter", "/organiser", *(f"/f/{forum.code}{page}" for page in PAGES)]
        answers = [await browser.get(path) for path in paths]
    async with house.browser(accept="text/html") as stranger:
        answers.append(await stranger.get(f"/f/{forum.code}"))
    for answer in answers:
        found = scores(answer)
        assert total(found) >= 100, (answer.url.path, found)
        assert not [name for name, score in found.items() if score < 0], (answer.url.path, found)
    assert total(scores(answers[-1])) >= 130


async def test_the_scan_finds_what_is_missing() -> None:
    request = httpx.Request("GET", "https://tanya.example/")
    bare = httpx.Response(200, request=request, headers=[("set-cookie", "jaring_s=1; Path=/")], text="<p>")
    assert total(scores(bare)) < 20
    weak = {"content-security-policy": "default-src 'self' 'unsafe-inline'"}
    assert scores(httpx.Response(200, request=request, headers=weak))["content-security-policy"] == -20
