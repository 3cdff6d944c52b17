"""A socket that does not read costs nobody else anything, keeps nothing but its place, and is closed in the end."""

import asyncio
import contextlib
import gc
import socket
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from live.push.frame import Frame
from live.push.listener import SLOW_SECONDS, TOO_SLOW, Listener, offer
from live.push.wire import Message
from live.rules.audience import Viewer
from live.rules.words import Audience
from live.settings import Settings
from tests.build import Room
from tests.people import BUDI, MAYA, SARI
from tests.push.screen import Screen, listening, true_soon
from tests.web.house import House, serving

pytestmark = pytest.mark.asyncio(loop_scope="module")
BUFFER = 4096
WORDS = "Pertanyaan panjang sekali " * 10


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    url = f"sqlite:///{tmp_path_factory.mktemp('slow') / 'jaring.db'}"
    async with serving(Settings(database_url=url, limits="open"), buffers=BUFFER) as served:
        yield served


async def blocked(house: House, forum: Room) -> socket.socket:
    """A socket that shakes hands and then never reads again."""
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
    raw.setblocking(False)
    host = house.address.removeprefix("http://")
    name, _, port = host.partition(":")
    loop = asyncio.get_running_loop()
    await loop.sock_connect(raw, (name, int(port)))
    shake = (
        f"GET /f/{forum.code}/feed HTTP/1.1\r\nHost: {host}\r\nOrigin: {house.address}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    await loop.sock_sendall(raw, shake.encode())
    said = await loop.sock_recv(raw, 12)
    assert said == b"HTTP/1.1 101"
    return raw


async def big_frames(forum: Room, screen: Screen, numbers: list[int], turn: int) -> float:
    """Change every question, and return how long the reading screen waited for the news."""
    clock = asyncio.get_running_loop().time
    for number in numbers:
        await forum.do("rephrase", MAYA, number, text=f"{WORDS}{turn}?")
    began = clock()
    await screen.reach(forum)
    return clock() - began


def pending_bytes(house: House) -> int:
    """Bytes that transports of this process hold for sockets that do not take them."""
    # type(), as isinstance() follows weak proxies, and a dead one of another test raises.
    transports = [each for each in gc.get_objects() if issubclass(type(each), asyncio.Transport)]
    found = 0
    for transport in transports:
        with contextlib.suppress(Exception):
            found += transport.get_write_buffer_size()
    return found


async def test_a_socket_that_never_reads_delays_nobody_and_is_closed(house: House) -> None:
    forum = await house.room()
    numbers = [await forum.asked("shown") for _ in range(12)]
    hub, loop = house.hall.hub, asyncio.get_running_loop()
    async with contextlib.AsyncExitStack() as stack:
        slow = [stack.enter_context(contextlib.closing(await blocked(house, forum))) for _ in range(3)]
        screen = await stack.enter_async_context(listening(house, forum))
        await screen.next()
        waits, held = [], []
        began = loop.time()
        turn = 0
        async with asyncio.timeout(SLOW_SECONDS * 3):
            while hub.listeners > 1:
                turn += 1
                waits.append(await big_frames(forum, screen, numbers, turn))
                held.append(pending_bytes(house))
        assert max(waits) < SLOW_SECONDS / 2, "who reads does not wait for who does not"
        assert sorted(waits)[len(waits) // 2] < 1.5
        assert loop.time() - began >= SLOW_SECONDS - 1, "who is slow gets its time"
        assert max(held) > 0, "it was seen to wait"
        one_frame = max(len(frame.encode()) for frame in screen.frames)
        sent = sum(len(frame.encode()) for frame in screen.frames)
        assert max(held) <= len(slow) * (64 * 1024 + 2 * one_frame), "a slow socket holds one send, whatever is missed"
        assert sent > 10 * one_frame, "much more was said than is ever held"
        await forum.do("rephrase", MAYA, numbers[0], text="Masih jalan?")
        await screen.reach(forum)
        assert "Masih jalan?" in screen.frames[-1]


async def test_a_slow_socket_that_reads_again_is_caught_up_from_its_place(house: House) -> None:
    forum = await house.room()
    numbers = [await forum.asked("shown") for _ in range(12)]
    with contextlib.closing(await blocked(house, forum)) as raw:
        async with listening(house, forum) as screen:
            await screen.next()
            for turn in range(25):
                await big_frames(forum, screen, numbers, turn)
            head = (await forum.facts()).forum.cursor.encode()
            got = b""
            async with asyncio.timeout(8):
                while head not in got or not got.endswith(b"</article>"):
                    got += await asyncio.get_running_loop().sock_recv(raw, 65536)
    assert f"{WORDS}24?".encode() in got, "it ends with the present"
    said = len("".join(screen.frames).encode())
    assert len(got) < said / 2, f"{len(got)} of {said} bytes: what it missed came as one frame"


# The listener alone, with a send that a test holds in its hand.


class Wire:
    """A connection that takes nothing until the test lets it."""

    def __init__(self, *, is_free: bool) -> None:
        self.texts: list[str] = []
        self.free = asyncio.Event()
        self.asked = 0
        self.ended: int | None = None
        if is_free:
            self.free.set()

    def write(self, message: Message) -> bool:
        self.asked += 1
        if self.free.is_set():
            self.texts.append(message.text)
        return self.free.is_set()

    async def room(self) -> None:
        await self.free.wait()

    def close(self, code: int, reason: str) -> None:
        self.ended = code


def listener(wire: Wire, participant: str | None = None) -> Listener:
    return Listener(wire, Viewer(Audience.PARTICIPANT), ("e", 0), participant)


async def test_a_frame_is_offered_only_to_who_is_inside_its_stretch() -> None:
    wire = Wire(is_free=True)
    screen = listener(wire)
    assert offer(Frame(3, 5, "e.5\nx"), [screen]) == [screen], "it is further behind: it must catch up"
    assert offer(Frame(0, 5, "e.5\nx"), [screen]) == []
    assert screen.position == ("e", 5)
    assert offer(Frame(0, 5, "e.5\nx"), [screen]) == [], "it has that already"
    assert offer(Frame(3, 7, "e.7\ny"), [screen]) == [], "further along inside the stretch"
    assert wire.texts == ["e.5\nx", "e.7\ny"]


async def test_a_blocked_listener_keeps_nothing_and_takes_nothing_until_there_is_room() -> None:
    wire = Wire(is_free=False)
    screen = listener(wire)
    asked: list[tuple[str, int]] = []

    async def source(behind: Listener) -> Frame | None:
        asked.append(behind.position)
        return Frame(0, 499, "e.499\nall") if behind.seq < 499 else None

    for seq in range(1, 500):
        assert offer(Frame(seq - 1, seq, "e\n" + "b" * 1000), [screen]) == [screen]
        screen.catch_up(source)
        screen.beat(Message("e.0\n"))
    await true_soon(lambda: wire.asked == 2)
    assert screen.position == ("e", 0)
    wire.free.set()
    await true_soon(lambda: screen.position == ("e", 499) and not screen.is_busy)
    assert wire.texts == ["e.499\nall"], "one frame for all that was missed"
    assert asked[0] == ("e", 0)
    assert len(asked) <= 4


async def test_a_listener_that_stays_blocked_is_closed_as_too_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("live.push.listener.SLOW_SECONDS", 0.05)
    wire = Wire(is_free=False)
    screen = listener(wire)

    async def source(_: Listener) -> Frame | None:
        return Frame(0, 1, "e.1\na")

    screen.catch_up(source)
    await true_soon(lambda: wire.ended is not None)
    assert wire.ended == TOO_SLOW == 1013
    assert screen.is_closed


async def test_a_nudge_is_not_lost_on_a_screen_that_was_behind(house: House) -> None:
    forum = await house.room()
    own, other = await forum.ask(), await forum.asked("shown")
    facts = await forum.facts()
    feed, place = house.hall.hub.feed(facts.forum.id), (facts.forum.epoch, facts.forum.seq)
    wire, quick = Wire(is_free=False), Wire(is_free=True)
    screen = Listener(wire, Viewer(Audience.PARTICIPANT), place, SARI.id)
    ahead = Listener(quick, Viewer(Audience.PARTICIPANT), place, None)
    feed.join(screen)
    feed.join(ahead)
    try:
        await forum.do("support", BUDI, other, on=True)
        await true_soon(lambda: wire.asked > 0)
        await forum.do("private", MAYA, own)
        head = (await forum.facts()).forum.seq
        await true_soon(lambda: ahead.position[1] == head)
        wire.free.set()  # the news was told while this one was still blocked
        await true_soon(lambda: screen.position[1] == head and not screen.is_busy)
    finally:
        await feed.leave(screen)
        await feed.leave(ahead)
    assert 'id="nudge"' in wire.texts[-1]
    assert not [text for text in quick.texts if "nudge" in text]


async def test_a_broken_connection_closes_its_listener_and_hurts_nobody() -> None:
    class Broken(Wire):
        def write(self, message: Message) -> bool:
            raise ConnectionResetError

    screen = listener(Broken(is_free=True))
    assert offer(Frame(0, 1, "e.1\na"), [screen]) == []
    assert screen.is_closed
    screen.catch_up(lambda _: pytest.fail("never asked"))  # type: ignore[arg-type, return-value]
    assert not screen.is_busy


async def test_a_nudge_is_only_for_its_listener_and_says_nothing() -> None:
    mine, others, nobodys = (Wire(is_free=True) for _ in range(3))
    screens = [listener(mine, "sari"), listener(others, "budi"), listener(nobodys)]
    assert offer(Frame(0, 1, "e.1\nx"), screens, owners={"sari"}) == []
    assert mine.texts == ['e.1\nx<i id="nudge" data-seq="1" hidden></i>']
    assert others.texts == nobodys.texts == ["e.1\nx"]
