"""The participant's page is light: what a first visit costs on the wire, and where its requests go."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import CDPSession, expect

from tests.browser.conftest import NewPerson
from tests.browser.person import PHONE, connected
from tests.browser.served import LAN_NAME, Forum, Served

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MOST_BYTES = 60_000
QUESTIONS = 50


@dataclass
class Wire:
    """What Chromium says of every request and socket of a page: headers and bodies as they travelled."""

    sizes: dict[str, int] = field(default_factory=dict)
    hosts: set[str] = field(default_factory=set)
    _paths: dict[str, str] = field(default_factory=dict)

    async def watch(self, line: CDPSession) -> None:
        line.on("Network.requestWillBeSent", self._asked)
        line.on("Network.webSocketCreated", lambda event: self.hosts.add(str(urlsplit(event["url"]).hostname)))
        line.on("Network.loadingFinished", self._came)
        line.on("Network.webSocketFrameReceived", self._told)
        await line.send("Network.enable")

    @property
    def total(self) -> int:
        return sum(self.sizes.values())

    def _asked(self, event: dict[str, Any]) -> None:
        address = urlsplit(event["request"]["url"])
        if address.scheme != "data":
            self._paths[event["requestId"]] = address.path
            self.hosts.add(str(address.hostname))

    def _came(self, event: dict[str, Any]) -> None:
        if path := self._paths.get(event["requestId"]):
            self.sizes[path] = self.sizes.get(path, 0) + int(event["encodedDataLength"])

    def _told(self, event: dict[str, Any]) -> None:
        self.sizes["feed"] = self.sizes.get("feed", 0) + len(event["response"]["payloadData"].encode())


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def fifty(served: Served) -> Forum:
    """A forum with fifty shown questions, as long as people write them."""
    forum = served.forum(moderation="after")
    await served.ask(forum, *(f"{words(number)} ({number})?" for number in range(QUESTIONS)))
    return forum


def words(number: int) -> str:
    """A question of about 90 characters, hardly like the one before."""
    services = ("KTP-el", "kartu keluarga", "akta kelahiran", "surat pindah", "KIA", "IKD", "akta kematian")
    places = ("kantor kecamatan", "loket lantai satu", "mal pelayanan publik", "kelurahan", "layanan daring")
    wants = ("berapa lama selesai", "apa saja syaratnya", "mengapa ditolak", "siapa yang boleh mengambil", "kapan ada")
    service, place, want = services[number % 7], places[number % 5], wants[(number // 3) % 5]
    return f"Kalau mengurus {service} yang rusak lewat {place}, {want} dan ke mana kami bertanya lagi"


async def first_visit(person: NewPerson, address: str, forum: Forum) -> Wire:
    """A new phone opens the forum at this address."""
    somebody = await person(address, **PHONE)
    page, wire = await somebody.context.new_page(), Wire()
    await wire.watch(await somebody.context.new_cdp_session(page))
    await connected(await somebody.visit(forum.path, page))
    await page.wait_for_load_state("networkidle")
    await expect(page.locator("#list > .ticket")).to_have_count(QUESTIONS)
    return wire


async def test_a_first_visit_in_the_hall_with_fifty_questions_stays_under_sixty_kilobytes(
    served: Served, fifty: Forum, person: NewPerson
) -> None:
    wire = await first_visit(person, served.lan_address, fifty)
    for path, size in sorted(wire.sizes.items(), key=lambda one: -one[1]):
        print(f"{size:>7,} {path}")
    print(f"{wire.total:>7,} bytes on the wire, gzip")
    assert {path.rpartition("/")[2] for path in wire.sizes} >= {
        "style.css",
        "htmx.min.js",
        "live.js",
        "phone.js",
        "mine",
    }
    assert wire.total <= MOST_BYTES
    assert wire.hosts == {LAN_NAME}
