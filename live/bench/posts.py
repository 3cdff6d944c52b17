"""Posting as fast as a server answers (closed loop) or at a given rate (open loop), over kept connections."""

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast


@dataclass
class Posts:
    """What came of a run: how long each acknowledged post waited, in seconds, and how many got no 2xx."""

    waits: list[float] = field(default_factory=list)
    failed: int = 0
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        """Acknowledged posts a second."""
        return len(self.waits) / self.seconds if self.seconds else 0.0

    def answered(self, line: "Line", status: int) -> None:
        """Note one answer."""
        if 200 <= status < 300:
            self.waits.append(time.monotonic() - line.due)
        else:
            self.failed += 1


class Line(asyncio.Protocol):
    """One connection, one post at a time; of an answer the status and the length are looked at."""

    def __init__(self, answered: Callable[["Line", int], None]) -> None:
        self._answered = answered
        self._head, self._status, self._left = b"", 0, -1
        self._transport: asyncio.Transport | None = None
        self.due = 0.0
        self.turn = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ready."""
        transport = cast(asyncio.Transport, transport)  # uvloop has a class of its own
        self._transport = transport

    def post(self, request: bytes, due: float) -> None:
        """Send; its wait counts from when it was due."""
        self.due = due
        if self._transport is not None:
            self._transport.write(request)

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Find the end of the answer."""
        if self._left < 0:
            self._head += data
            end = self._head.find(b"\r\n\r\n")
            if end < 0:
                return
            head, data = self._head[:end].lower() + b"\r\n", self._head[end + 4 :]
            at = head.index(b"content-length: ") + 16
            self._left, self._status, self._head = int(head[at : head.index(b"\r\n", at)]), int(head[9:12]), b""
        self._left -= len(data)
        if self._left <= 0:
            self._left = -1
            self._answered(self, self._status)


Make = Callable[[Line], bytes]


def form(port: int, path: str, cookie: str, body: str) -> bytes:
    """A post as our own page sends it."""
    host = f"127.0.0.1:{port}"
    return (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nCookie: {cookie}\r\n"
        "Accept: application/json\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body.encode())}\r\n\r\n{body}"
    ).encode()


async def closed_loop(port: int, lines: int, seconds: float, make: Make) -> Posts:
    """``lines`` connections, each posting again as soon as it is answered."""
    done, finished, busy = Posts(), asyncio.Event(), lines
    end = time.monotonic() + seconds

    def answered(line: Line, status: int) -> None:
        nonlocal busy
        done.answered(line, status)
        if (now := time.monotonic()) < end:
            line.post(make(line), now)
            return
        busy -= 1
        if not busy:
            finished.set()

    opened = await _open(port, lines, answered)
    began = time.monotonic()
    for line in opened:
        line.post(make(line), time.monotonic())
    await finished.wait()
    done.seconds = time.monotonic() - began
    _close(opened)
    return done


async def open_loop(port: int, rate: float, seconds: float, make: Make, lines: int = 256) -> Posts:
    """``rate`` posts a second (Poisson) whatever the server does. One that finds no free connection waits, and its
    wait counts from the moment it was due."""
    done = Posts(seconds=seconds)
    free: deque[Line] = deque()
    late: deque[float] = deque()

    def answered(line: Line, status: int) -> None:
        done.answered(line, status)
        if late:
            line.post(make(line), late.popleft())
        else:
            free.append(line)

    opened = await _open(port, lines, answered)
    free.extend(opened)
    began = due = time.monotonic()
    while (due := due + random.expovariate(rate)) < began + seconds:
        if (pause := due - time.monotonic()) > 0:
            await asyncio.sleep(pause)
        if free:
            line = free.popleft()
            line.post(make(line), due)
        else:
            late.append(due)
    await _all_free(free, lines)
    done.failed += lines - len(free) + len(late)
    _close(opened)
    return done


async def _all_free(free: deque[Line], lines: int) -> None:
    end = time.monotonic() + 10
    while len(free) < lines and time.monotonic() < end:  # noqa: ASYNC110 - cheaper than an event
        await asyncio.sleep(0.01)


async def _open(port: int, lines: int, answered: Callable[[Line, int], None]) -> list[Line]:
    loop = asyncio.get_running_loop()
    opened = [await loop.create_connection(lambda: Line(answered), "127.0.0.1", port) for _ in range(lines)]
    return [line for _, line in opened]


def _close(lines: list[Line]) -> None:
    for line in lines:
        line.close()
