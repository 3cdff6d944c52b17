"""What a server process holds: open files and memory."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from tests.faults.process import Server

OPEN = {"01", "08"}
"""States of a connection in /proc/net/tcp that hold a file: established, and closed by the other end only."""


@dataclass(frozen=True)
class Resources:
    """``memory`` in MB (resident)."""

    pid: int
    files: int
    memory: float


def of(server: Server) -> Resources:
    """Read from /proc: Linux only."""
    folder = Path(f"/proc/{server.running.pid}")
    pages = int((folder / "statm").read_text().split()[1])
    return Resources(server.running.pid, len(list((folder / "fd").iterdir())), round(pages * 4096 / 1e6, 1))


async def alone(server: Server, patience: float = 30.0) -> Resources:
    """The same when nobody is connected any more: what a crowd still holds while it leaves is not the server's own.

    Raises ``TimeoutError`` when connections stay open for ``patience`` seconds: that is a leak as well.
    """
    async with asyncio.timeout(patience):
        while _connections(server.port):  # noqa: ASYNC110 - another process, nothing here is told
            await asyncio.sleep(0.05)
    return of(server)


def _connections(port: int) -> int:
    rows = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    return sum(row[1].endswith(f":{port:04X}") and row[3] in OPEN for row in rows)
