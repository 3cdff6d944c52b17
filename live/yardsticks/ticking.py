"""What the compared servers share: when they send, what they send, and where they write down when they sent it."""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Ticker:
    """Calls ``send(text)`` ``hertz`` times a second, while asked to, and remembers each moment."""

    body: str
    told: Path
    hertz: float
    moments: list[tuple[int, float]] = field(default_factory=list)

    async def run(self, send: Callable[[str], None]) -> None:
        """Follow the words on stdin: ``go N`` sends N times and answers ``done``; the end of stdin ends it."""
        loop, reader = asyncio.get_running_loop(), asyncio.StreamReader()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            await self._go(int(line.split()[1]), send)
            self.told.write_text(json.dumps(self.moments))
            print("done", flush=True)

    async def _go(self, times: int, send: Callable[[str], None]) -> None:
        start = time.monotonic()
        for number in range(1, times + 1):
            await asyncio.sleep(max(0.0, start + number / self.hertz - time.monotonic()))
            tick = len(self.moments) + 1
            self.moments.append((tick, time.monotonic()))
            send(f"bench.{tick}\n{self.body}")


@dataclass(frozen=True)
class Wanted:
    """The command line of a compared server."""

    port: int
    deflate: bool
    ticker: Ticker


def wanted() -> Wanted:
    """Read it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--body", type=Path, required=True, help="a file with what every message says")
    parser.add_argument("--told", type=Path, required=True, help="where the moments of sending are written")
    parser.add_argument("--hertz", type=float, required=True)
    parser.add_argument("--deflate", action="store_true")
    given = parser.parse_args()
    return Wanted(given.port, given.deflate, Ticker(given.body.read_text(), given.told, given.hertz))
