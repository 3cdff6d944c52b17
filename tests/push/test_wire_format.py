"""The shared frame: the bytes that a browser's WebSocket reads, compressed or not, and what the extension promises."""

import asyncio
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.asyncio.client import connect
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory, PerMessageDeflate

from live.push.wire import (
    EXTENSION,
    FULL_WINDOW,
    WORTH_DEFLATING,
    Message,
    PlainWire,
    SharedWire,
    wire_of,
)
from tests.build import Room
from tests.people import MAYA
from tests.push.screen import Screen, listening, true_soon
from tests.web.house import House

module_loop = pytest.mark.asyncio(loop_scope="module")


@given(st.text(max_size=70_000))
def test_a_message_says_its_text_plain_and_compressed(text: str) -> None:
    message = Message(text)
    assert unframed(message.plain) == (0x81, text.encode())
    head, payload = unframed(message.deflated)
    if head == 0xC1:
        payload = zlib.decompressobj(-FULL_WINDOW).decompress(payload + b"\x00\x00\xff\xff")
    assert payload == text.encode()
    assert len(message.deflated) <= len(message.plain)


def unframed(frame: bytes) -> tuple[int, bytes]:
    """First byte and payload of an unmasked frame."""
    size, start = frame[1], 2
    if size >= 126:
        start = 4 if size == 126 else 10
        size = int.from_bytes(frame[2:start], "big")
    assert len(frame) == start + size
    return frame[0], frame[start:]


def test_a_message_is_framed_and_compressed_once() -> None:
    message = Message("x" * 1000)
    assert message.plain is message.plain
    assert message.deflated is message.deflated
    assert len(Message("a" * (WORTH_DEFLATING - 10)).deflated) == WORTH_DEFLATING - 8


@module_loop
@pytest.mark.parametrize(
    "factory", [None, ClientPerMessageDeflateFactory(), "window"], ids=["none", "deflate", "window"]
)
async def test_every_browser_reads_the_same_whatever_it_negotiates(house: House, forum: Room, factory: Any) -> None:
    """A browser that asks for a smaller window than the frame was compressed with gets it plain."""
    if factory == "window":
        factory = ClientPerMessageDeflateFactory(server_max_window_bits=10)
    extensions = [factory] if factory else None
    number = await forum.ask("Apakah terbaca? " * 15)
    address = f"{house.sockets}/f/{forum.code}/feed"
    async with (
        connect(address, origin=house.address, compression=None, extensions=extensions) as socket,  # type: ignore[arg-type]
        listening(house, forum) as other,
    ):
        screen = Screen(socket)
        for each in (screen, other):
            await each.next()
        await forum.do("show", MAYA, number)
        for each in (screen, other):
            await each.reach(forum)
        negotiated = [each for each in socket.protocol.extensions if isinstance(each, PerMessageDeflate)]
        assert bool(negotiated) == bool(factory)
        assert all(each.remote_no_context_takeover for each in negotiated)
    assert screen.frames[-1] == other.frames[-1]
    assert "Apakah terbaca?" in screen.frames[-1]


@module_loop
async def test_a_restart_closes_every_socket_with_1012(house: House, forum: Room) -> None:
    async with listening(house, forum) as screen:
        await screen.next()
        server = next(each for each in connections(house) if isinstance(each, SharedWire))
        server._protocol.shutdown()
        assert await screen.closed() == 1012


def connections(house: House) -> list[object]:
    """The server's side of every connection, found through a listener's wire."""
    rooms = [feed._rooms for feed in house.hall.hub._feeds.values()]
    return [listener._wire for room in rooms for listeners in room.values() for listener in listeners]


@module_loop
async def test_a_close_reaches_the_browser_and_ends_the_handler(house: House, forum: Room) -> None:
    async with listening(house, forum) as screen:
        await screen.next()
        await true_soon(lambda: house.hall.hub.listeners == 1)
        wire = connections(house)[0]
        assert isinstance(wire, SharedWire)
        wire.close(1013, "too slow")
        with pytest.raises(ConnectionResetError):
            wire.write(Message("e.1\n"))
        assert await screen.closed() == 1013
        await true_soon(lambda: house.hall.hub.listeners == 0)


# Under another server.


def test_without_the_extension_plain_asgi_serves() -> None:
    async def send(_message: dict[str, Any]) -> None:
        raise AssertionError

    offered: Any = object()
    assert wire_of({"extensions": {EXTENSION: {"wire": offered}}}, send) is offered
    assert isinstance(wire_of({"extensions": {"websocket.http.response": {}}}, send), PlainWire)
    assert isinstance(wire_of({}, send), PlainWire)


async def test_a_plain_send_that_blocks_holds_one_message_and_says_when_there_is_room() -> None:
    sent: list[dict[str, Any]] = []
    free = asyncio.Event()

    async def send(message: dict[str, Any]) -> None:
        await free.wait()
        sent.append(message)

    wire = PlainWire(send)
    assert wire.write(Message("one"))
    assert not wire.write(Message("two"))
    room = asyncio.create_task(wire.room())
    await asyncio.sleep(0)
    assert not room.done()
    free.set()
    async with asyncio.timeout(5):
        await room
        await true_soon(lambda: wire.write(Message("three")))
    wire.close(1013, "too slow")
    await true_soon(lambda: len(sent) == 3)
    assert [message.get("text", message.get("code")) for message in sent] == ["one", "three", 1013]


async def test_a_plain_send_that_fails_is_a_connection_that_is_gone() -> None:
    async def send(_message: dict[str, Any]) -> None:
        raise RuntimeError("each server has its own error")

    wire = PlainWire(send)
    for _ in range(2):
        with pytest.raises(ConnectionError):
            wire.write(Message("one"))
