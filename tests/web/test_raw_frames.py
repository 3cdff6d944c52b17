"""The socket spoken to byte by byte: what RFC 6455 forbids ends it with the right code, what it allows changes nothing.

The feed goes from server to client only, so whatever a client sends may cost at most its own connection. In place of
the Autobahn suite, which runs on no present Python.
"""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from live.serving import LARGEST_FRAME
from tests.build import Room
from tests.web.house import House

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.parametrize("house", ["sqlite"], indirect=True)]

MORE, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
PROTOCOL_ERROR, BAD_TEXT, TOO_BIG, NORMAL, GOING = 1002, 1007, 1009, 1000, 1001


def frame(opcode: int, payload: bytes = b"", *, fin: bool = True, rsv: int = 0, masked: bool = True) -> bytes:
    """One frame as RFC 6455, 5.2, has it."""
    first = (0x80 if fin else 0) | rsv << 4 | opcode
    size = len(payload)
    if size < 126:
        head = bytes((first, size | (0x80 if masked else 0)))
    elif size < 65536:
        head = bytes((first, 126 | (0x80 if masked else 0))) + size.to_bytes(2, "big")
    else:
        head = bytes((first, 127 | (0x80 if masked else 0))) + size.to_bytes(8, "big")
    if not masked:
        return head + payload
    key = secrets.token_bytes(4)
    return head + key + bytes(byte ^ key[place % 4] for place, byte in enumerate(payload))


def closing(code: int, reason: bytes = b"") -> bytes:
    return frame(CLOSE, code.to_bytes(2, "big") + reason)


@dataclass
class Raw:
    """A socket after its handshake."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def read(self) -> tuple[int, bytes]:
        """The next frame of the server: opcode and payload; servers do not mask."""
        first, second = await self.reader.readexactly(2)
        size = second & 0x7F
        if size >= 126:
            size = int.from_bytes(await self.reader.readexactly(2 if size == 126 else 8), "big")
        return first & 0x0F, await self.reader.readexactly(size)

    async def ended_with(self) -> int | None:
        """The close code; None when the connection just ends."""
        try:
            while True:
                opcode, payload = await self.read()
                if opcode == CLOSE:
                    return int.from_bytes(payload[:2], "big") if payload else 1005
        except (asyncio.IncompleteReadError, ConnectionError):
            return None

    async def answers(self) -> bool:
        """Whether a ping is still answered."""
        token = secrets.token_bytes(8)
        self.writer.write(frame(PING, token))
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                opcode, payload = await self.read()
                if opcode == CLOSE:
                    return False
                if (opcode, payload) == (PONG, token):
                    return True
        return False


ALWAYS = ("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13")
KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="


@contextlib.asynccontextmanager
async def knocking(house: House, address: str, lines: tuple[str, ...]) -> AsyncIterator[tuple[str, Raw]]:
    """The status line of the answer to a handshake with these header lines, and the socket."""
    host, _, port = house.address.removeprefix("http://").partition(":")
    async with asyncio.timeout(10):
        reader, writer = await asyncio.open_connection(host, int(port))
        try:
            writer.write("\r\n".join((f"GET {address} HTTP/1.1", *lines, "", "")).encode("latin-1"))
            head = await reader.readuntil(b"\r\n\r\n")
            yield head.split(b"\r\n")[0].decode(), Raw(reader, writer)
        finally:
            writer.close()


@contextlib.asynccontextmanager
async def opened(house: House, forum: Room, query: str = "") -> AsyncIterator[Raw]:
    ours = (f"Host: {house.address.removeprefix('http://')}", f"Origin: {house.address}", *ALWAYS, KEY)
    async with knocking(house, f"/f/{forum.code}/feed{query}", ours) as (status, raw):
        assert status.startswith("HTTP/1.1 101 ")
        yield raw


FORBIDDEN = {
    "unmasked text": (frame(TEXT, b"x", masked=False), PROTOCOL_ERROR),
    "unmasked ping": (frame(PING, b"x", masked=False), PROTOCOL_ERROR),
    "reserved bit 2": (frame(TEXT, b"x", rsv=2), PROTOCOL_ERROR),
    "reserved bit 3": (frame(TEXT, b"x", rsv=1), PROTOCOL_ERROR),
    "compressed without having agreed": (frame(TEXT, b"x", rsv=4), PROTOCOL_ERROR),
    "reserved opcode 3": (frame(0x3, b"x"), PROTOCOL_ERROR),
    "reserved opcode 7": (frame(0x7, b"x"), PROTOCOL_ERROR),
    "reserved control opcode 11": (frame(0xB, b""), PROTOCOL_ERROR),
    "reserved control opcode 15": (frame(0xF, b""), PROTOCOL_ERROR),
    "ping of 126 bytes": (frame(PING, b"x" * 126), PROTOCOL_ERROR),
    "ping in pieces": (frame(PING, b"x", fin=False), PROTOCOL_ERROR),
    "close in pieces": (frame(CLOSE, b"", fin=False), PROTOCOL_ERROR),
    "continuation of nothing": (frame(MORE, b"x"), PROTOCOL_ERROR),
    "text within a text": (frame(TEXT, b"x", fin=False) + frame(TEXT, b"y"), PROTOCOL_ERROR),
    "text that is no UTF-8": (frame(TEXT, b"\xff\xfe"), BAD_TEXT),
    "half a surrogate pair": (frame(TEXT, b"\xed\xa0\x80"), BAD_TEXT),
    "overlong UTF-8": (frame(TEXT, b"\xc0\xaf"), BAD_TEXT),
    "a text of 16 KiB and one byte": (frame(TEXT, b"x" * (LARGEST_FRAME + 1)), TOO_BIG),
    "a binary of 70 KiB": (frame(BINARY, b"x" * 70_000), TOO_BIG),
    "a length of 2 to the 62": (bytes((0x81, 0xFF)) + (2**62).to_bytes(8, "big") + b"\0\0\0\0", TOO_BIG),
    "pieces that are too much together": (
        frame(TEXT, b"x" * 10_000, fin=False) + frame(MORE, b"x" * 10_000),
        TOO_BIG,
    ),
    "close with half a code": (frame(CLOSE, b"\x03"), PROTOCOL_ERROR),
    "close with code 999": (closing(999), PROTOCOL_ERROR),
    "close with code 1005": (closing(1005), PROTOCOL_ERROR),
    "close with code 1006": (closing(1006), PROTOCOL_ERROR),
    "close with a reason that is no UTF-8": (closing(NORMAL, b"\xff"), BAD_TEXT),
    "close with a reason of 124 bytes": (closing(NORMAL, b"x" * 124), PROTOCOL_ERROR),
}


@pytest.mark.parametrize("case", FORBIDDEN)
async def test_what_is_forbidden_ends_the_socket_with_its_code(house: House, forum: Room, case: str) -> None:
    sent, code = FORBIDDEN[case]
    async with opened(house, forum) as raw:
        raw.writer.write(sent)
        assert await raw.ended_with() == code


ALLOWED = {
    "a text": frame(TEXT, b"halo"),
    "an act as text": frame(TEXT, b'{"act":"next","role":"moderator"}'),
    "an empty text": frame(TEXT),
    "a binary": frame(BINARY, b"\x00\xff"),
    "a text of exactly 16 KiB": frame(TEXT, b"x" * LARGEST_FRAME),
    "a text in three pieces with a ping between": frame(TEXT, b"a", fin=False)
    + frame(PING, b"between")
    + frame(MORE, b"b", fin=False)
    + frame(MORE, b"c"),
    "a ping of 125 bytes": frame(PING, b"x" * 125),
    "a pong that nobody asked for": frame(PONG, b"x"),
    "a thousand empty pieces": frame(TEXT, fin=False) + frame(MORE, fin=False) * 1000 + frame(MORE),
    "a flood of texts": frame(TEXT, b"x") * 2000,
}


@pytest.mark.parametrize("case", ALLOWED)
async def test_what_is_allowed_changes_nothing_and_the_socket_goes_on(house: House, forum: Room, case: str) -> None:
    before = await forum.facts()
    async with opened(house, forum) as raw:
        raw.writer.write(ALLOWED[case])
        assert await raw.answers()
    assert await forum.facts() == before


@pytest.mark.parametrize(
    ("sent", "code"),
    [(closing(NORMAL), NORMAL), (closing(GOING), GOING), (frame(CLOSE), 1005)],
    ids=["normal", "going away", "without a code"],  # a frame is masked by chance, and each process must find the same
)
async def test_a_close_is_answered_in_kind(house: House, forum: Room, sent: bytes, code: int) -> None:
    async with opened(house, forum) as raw:
        raw.writer.write(sent)
        assert await raw.ended_with() == code


@pytest.mark.parametrize(
    "query",
    [
        "?since=x",
        "?since=.",
        "?since=0.99999999999999999999",
        "?since=%00.1",
        "?since=a.%C2%B2",
        "?since=a%0A%3Cp%20id=x%3E.1",
    ],
)
async def test_a_cursor_that_is_none_gets_a_reset_and_nothing_else(house: House, forum: Room, query: str) -> None:
    async with opened(house, forum, query) as raw:
        assert await raw.read() == (TEXT, b"!reset\n")


@pytest.mark.parametrize("query", ["?as=moderator", "?as=", "?as=speaker&speaker=1", "?as=ORGANISER", "?as=%F0%9F"])
async def test_a_view_that_is_not_given_is_closed_with_4403_or_is_the_participants(
    house: House, forum: Room, query: str
) -> None:
    async with opened(house, forum, query) as raw:
        if query == "?as=":
            assert await raw.answers()
        else:
            assert await raw.ended_with() == 4403


HANDSHAKES: dict[str, tuple[tuple[str, ...], str]] = {
    "no key": (ALWAYS, "400"),
    "a key that is too short": ((*ALWAYS, "Sec-WebSocket-Key: YWJj"), "400"),
    "two keys": ((*ALWAYS, KEY, KEY), "400"),
    "version 8": (("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 8", KEY), "400"),
    "no version": (("Upgrade: websocket", "Connection: Upgrade", KEY), "400"),
    "a header of 9 KiB": ((*ALWAYS, KEY, "X-Junk: " + "a" * 9_000), "431"),
    "300 headers": ((*ALWAYS, KEY, *(f"X-{number}: 1" for number in range(300))), "431"),
    "a header without a name": ((*ALWAYS, KEY, ": x"), "400"),
}


@pytest.mark.parametrize("case", HANDSHAKES)
async def test_a_handshake_that_is_none_is_refused(house: House, forum: Room, case: str) -> None:
    lines, status = HANDSHAKES[case]
    ours = (f"Host: {house.address.removeprefix('http://')}", f"Origin: {house.address}", *lines)
    async with knocking(house, f"/f/{forum.code}/feed", ours) as (said, _):
        assert said.split()[1] == status
