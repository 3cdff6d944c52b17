"""Server and writer processes of their own, on one PostgreSQL."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]
PATIENCE = 90.0

WRITER = """
import asyncio, sys
from live.actions.pace import Pace
from live.actions.perform import Acting
from live.store.database import connect
from tests.people import person

async def main(url, code, first, many):
    database = connect(url)
    acting = Acting(database, Pace("open"))
    for number in range(first, first + many):
        await acting.perform("ask", person(number), code, {"text": f"Pertanyaan penulis {number}?"})
    await database.close()

asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
"""


def environment(url: str) -> dict[str, str]:
    """Settings for a process on this database."""
    return {**os.environ, "JARING_DATABASE_URL": url, "JARING_LIMITS": "open", "PYTHONPATH": str(ROOT)}


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Served:
    """``jaring serve`` in a process of its own."""

    def __init__(self, url: str, *options: str) -> None:
        self.port = free_port()
        command = [sys.executable, "-m", "live", "serve", "--port", str(self.port), *options]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment(url), stderr=subprocess.DEVNULL)

    @property
    def here(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def ready(self) -> None:
        """Wait until it says so."""
        async with asyncio.timeout(PATIENCE), httpx.AsyncClient() as client:
            while True:
                assert self.process.poll() is None, "it ended"
                try:
                    if (await client.get(f"http://{self.here}/readyz")).status_code == 200:
                        return
                except httpx.TransportError:
                    await asyncio.sleep(0.05)

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def end(self) -> int:
        """Stop it and give its exit code."""
        self.process.send_signal(signal.SIGCONT)
        self.process.terminate()
        return self.process.wait(30)


def writer(url: str, code: str, first: int, many: int) -> "subprocess.Popen[bytes]":
    """A process that asks ``many`` questions, one after the other."""
    command = [sys.executable, "-c", WRITER, url, code, str(first), str(many)]
    return subprocess.Popen(command, cwd=ROOT, env=environment(url))
