"""Half requests, endless heads and proxies: who is slow is cut, and nobody else notices."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from live.connections import Bounded
from live.settings import BadSetting, Settings, read
from tests.build import Room
from tests.web.house import House, serving

pytestmark = pytest.mark.asyncio(loop_scope="module")
PROXY = "127.0.0.1"


class Hasty(Bounded):
    """The limits of time, shortened."""

    head_seconds = 0.4
    body_seconds = 0.4


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    url = f"sqlite:///{tmp_path_factory.mktemp('connections') / 'jaring.db'}"
    async with serving(Settings(database_url=url, limits="open"), http=Hasty) as served:
        yield served


async def said(house: House, *pieces: bytes, pause: float = 0.0) -> bytes:
    """All that comes back for these bytes, until the server closes."""
    host, _, port = house.address.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        async with asyncio.timeout(10):
            answer = asyncio.create_task(reader.read())
            for piece in pieces:
                if answer.done():
                    break
                writer.write(piece)
                await asyncio.sleep(pause)
            return await answer
    except ConnectionError:
        return b""
    finally:
        writer.close()


def head(house: House, forum: Room, *lines: str) -> bytes:
    first = (f"POST /f/{forum.code}/questions HTTP/1.1", f"Host: {house.address.removeprefix('http://')}")
    return "\r\n".join((*first, "Connection: close", *lines, "", "")).encode()


async def test_half_heads_are_cut_and_an_honest_phone_is_served_meanwhile(house: House, forum: Room) -> None:
    half = [asyncio.create_task(said(house, b"GET / HTTP/1.1\r\nHost: x\r\nX-A: ")) for _ in range(200)]
    silent = [asyncio.create_task(said(house, b"")) for _ in range(50)]
    async with house.browser(accept="application/json") as phone:
        asked = await phone.post(f"/f/{forum.code}/questions", data={"text": "Apakah antrean tetap jalan?"})
    assert asked.status_code == 201
    assert {answer.split(b"\r\n")[0] for answer in await asyncio.gather(*half, *silent)} == {
        b"HTTP/1.1 408 Request Timeout"
    }


async def test_a_head_that_comes_byte_by_byte_is_cut(house: House) -> None:
    drops = [b"GET / HTTP/1.1\r\nHost: x\r\n", *(b"X-%d: 1\r\n" % number for number in range(12))]
    assert (await said(house, *drops, pause=0.05)).startswith(b"HTTP/1.1 408 ")


async def test_a_body_that_does_not_come_is_cut_and_asks_nothing(house: House, forum: Room) -> None:
    before = await forum.facts()
    form = "Content-Type: application/x-www-form-urlencoded"
    cut = await said(house, head(house, forum, form, "Content-Length: 40") + b"text=Setengah")
    assert cut.startswith(b"HTTP/1.1 408 ")
    assert await forum.facts() == before


async def test_an_endless_head_is_refused_before_it_is_kept(house: House) -> None:
    endless = (b"GET / HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 8192, *[b"a" * 8192] * 40)
    # The close may outrun the answer while more is on its way.
    assert (await said(house, *endless)).split(b"\r\n")[0] in (b"", b"HTTP/1.1 431 Request Header Fields Too Large")


@pytest.mark.parametrize(
    "lines",
    [
        [f"X-{number}: {'a' * 100}" for number in range(400)],
        ["Cookie: " + "a" * 40_000],
    ],
    ids=["many", "long"],
)
async def test_a_whole_head_that_is_too_large_is_431(house: House, forum: Room, lines: list[str]) -> None:
    assert (await said(house, head(house, forum, *lines, "Content-Length: 0"))).startswith(b"HTTP/1.1 431 ")


async def test_a_long_address_is_431(house: House) -> None:
    assert (await said(house, b"GET /?q=" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")).startswith(
        b"HTTP/1.1 431 "
    )


async def test_a_compressed_body_is_not_unpacked(house: House, forum: Room) -> None:
    async with house.browser(accept="application/json") as phone:
        bomb = {"content-encoding": "gzip", "content-type": "application/json"}
        answer = await phone.post(f"/f/{forum.code}/questions", content=b"\x1f\x8b" + b"\x00" * 500, headers=bomb)
    assert (answer.status_code, answer.json()["refusal"]) == (422, "bad_body")


async def test_deep_json_is_refused(house: House, forum: Room) -> None:
    async with house.browser(accept="application/json") as phone:
        for deep in ("[" * 30_000, '{"text":' * 6_000 + "1" + "}" * 6_000):
            kind = {"content-type": "application/json"}
            answer = await phone.post(f"/f/{forum.code}/questions", content=deep, headers=kind)
            assert answer.status_code == 422, answer.text


# Proxies.


async def place(house: House, forwarded: str) -> int:
    """How many failures are remembered from this address, after one from it."""
    async with house.browser(accept="application/json", x_forwarded_for=forwarded) as browser:
        browser.headers["x-forwarded-for"] = forwarded
        await browser.post("/organiser", data={"name": "siapa", "password": "salah sekali ini"})
    return len([key for key in house.hall.door._failures if key == ("siapa", forwarded)])


async def test_nobody_is_believed_who_the_request_comes_from(house: House) -> None:
    assert await place(house, "203.0.113.9") == 0


async def test_a_configured_proxy_is_believed(tmp_path_factory: pytest.TempPathFactory) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('proxy') / 'jaring.db'}"
    async with serving(Settings(database_url=url, limits="open", proxies=(PROXY,))) as behind:
        assert await place(behind, "203.0.113.9") == 1


@pytest.mark.parametrize("wrong", ["proxy.example", "10.0.0.0/99", "*"])
async def test_a_proxy_is_named_by_its_address(wrong: str) -> None:
    with pytest.raises(BadSetting, match="JARING_PROXIES"):
        read({"JARING_PROXIES": wrong})
    assert read({"JARING_PROXIES": "127.0.0.1, 10.0.0.0/8"}).proxies == ("127.0.0.1", "10.0.0.0/8")
