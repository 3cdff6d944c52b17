"""One phone of the crowd: a raw socket that counts frames and notes when they came.

A WebSocket library would cost more than the server does; this reads the head of a frame and its cursor.
"""

import asyncio
import base64
import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

ADDRESSES = 8
"""A loopback address has 28,000 ports to call from: the crowd calls from several."""


@dataclass
class Noted:
    """What all phones of a crowd noted: frames, their bytes, and (cursor number, moment) of each."""

    frames: int = 0
    bytes: int = 0
    arrivals: list[tuple[int, float]] = field(default_factory=list)


class Phone(asyncio.Protocol):
    """Shakes hands, then counts. ``seq`` is the number of its cursor, as far as frames came uncompressed."""

    def __init__(self, port: int, path: str, *, deflate: bool = False) -> None:
        self.port, self.path, self.deflate = port, path, deflate
        self.epoch, self.seq, self.text = "", 0, ""
        self.noted: Noted | None = None
        self.on_frame: Callable[[Phone], None] | None = None
        self.on_close: Callable[[Phone], None] | None = None
        self._rest = b""
        self._is_open = False
        self._transport: asyncio.Transport | None = None

    async def connect(self) -> None:
        """Shake hands and, at a feed, wait for the first frame; OSError when nobody answers."""
        loop = asyncio.get_running_loop()
        self._ready: asyncio.Future[None] = loop.create_future()
        source = f"127.0.0.{random.randint(1, ADDRESSES)}"  # noqa: S311 - not a secret
        await loop.create_connection(lambda: self, "127.0.0.1", self.port, local_addr=(source, 0))
        await self._ready

    def hang_up(self) -> None:
        """Cut the connection."""
        self.on_close = None
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the socket."""
        transport = cast(asyncio.Transport, transport)  # uvloop has a class of its own
        self._transport = transport
        host = f"127.0.0.1:{self.port}"
        extension = "Sec-WebSocket-Extensions: permessage-deflate\r\n" if self.deflate else ""
        transport.write(
            f"GET {self.path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\n"
            f"Sec-WebSocket-Version: 13\r\n{extension}\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        """The end of the handshake, then frames."""
        if self._rest:
            data, self._rest = self._rest + data, b""
        if not self._is_open:
            end = data.find(b"\r\n\r\n")
            if end < 0:
                self._rest = data
                return
            if not data.startswith(b"HTTP/1.1 101"):
                self._failed(ConnectionRefusedError(data[:60].decode("latin-1")))
                return
            self._is_open = True
            if "/feed" not in self.path:
                self._ready.set_result(None)  # a compared server says nothing at first
            data = data[end + 4 :]
        if data:
            self._frames(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits."""
        self._failed(ConnectionResetError("closed"))
        if self.on_close is not None:
            self.on_close(self)

    def _failed(self, error: OSError) -> None:
        if not self._ready.done():
            self._ready.set_exception(error)
        if self._transport is not None:
            self._transport.close()

    def _frames(self, data: bytes) -> None:
        now, begin, size = time.monotonic(), 0, len(data)
        while size - begin >= 2:
            length, start = data[begin + 1], begin + 2
            if length == 126:
                length, start = int.from_bytes(data[begin + 2 : begin + 4], "big"), begin + 4
            elif length == 127:
                length, start = int.from_bytes(data[begin + 2 : begin + 10], "big"), begin + 10
            if size < start + length:
                break
            self._frame(data, begin, start, start + length, now)
            begin = start + length
        self._rest = data[begin:] if begin < size else b""

    def _frame(self, data: bytes, begin: int, start: int, end: int, now: float) -> None:
        kind = data[begin]
        if kind == 0x89 and self._transport is not None:
            self._transport.write(bytes((0x8A, 0x80 | (end - start))) + bytes(4) + data[start:end])
        if kind & 0x0F != 1:
            return
        if kind == 0x81:
            line = data.find(b"\n", start, end)
            dot = data.rfind(b".", start, line)
            if dot > 0:
                self.seq = int(data[dot + 1 : line])
        if self.noted is not None:
            self.noted.frames += 1
            self.noted.bytes += end - begin
            self.noted.arrivals.append((self.seq, now))
        if not self._ready.done():
            self.epoch = data[start : data.find(b".", start)].decode("latin-1")
            self._ready.set_result(None)
        if self.on_frame is not None:
            self.text = data[start:end].decode("utf-8", "replace")
            self.on_frame(self)
