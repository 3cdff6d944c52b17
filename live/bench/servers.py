"""Servers as processes of their own, on a core of their own."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

from live.bench.machine import SERVER_CORE, cpu_seconds, pin, resident_bytes

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    """A port nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A running program of :mod:`live.yardsticks`."""

    def __init__(self, process: "subprocess.Popen[str]", port: int) -> None:
        self._process, self.port = process, port

    @classmethod
    async def start(
        cls, name: str, *options: str, port: int | None = None, environment: Mapping[str, str] | None = None
    ) -> "Server":
        """Start ``live.yardsticks.<name>`` and wait until it says that it is ready."""
        port = port or free_port()
        command = [sys.executable, "-m", f"live.yardsticks.{name}", "--port", str(port), *options]
        process = subprocess.Popen(  # noqa: S603, ASYNC220 - our own program
            command,
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        pin(process.pid, SERVER_CORE)
        server = cls(process, port)
        await server._line("ready")
        return server

    async def ask(self, line: str = "") -> None:
        """Say a line to it and wait until it is done."""
        assert self._process.stdin is not None  # noqa: S101 - narrows a type
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        await self._line("done")

    def cpu(self) -> float:
        """Seconds of processor it has used."""
        return cpu_seconds(self._process.pid)

    def memory(self) -> int:
        """Bytes it has in memory."""
        return resident_bytes(self._process.pid)

    async def kill(self) -> None:
        """As a power cut would."""
        self._process.send_signal(signal.SIGKILL)
        await asyncio.to_thread(self._process.wait)

    async def stop(self) -> None:
        """End it, and wait for that."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.terminate()
        try:
            await asyncio.to_thread(self._process.wait, 15)
        except subprocess.TimeoutExpired:
            await self.kill()

    async def _line(self, expected: str) -> None:
        assert self._process.stdout is not None  # noqa: S101 - narrows a type
        said = await asyncio.to_thread(self._process.stdout.readline)
        if said.strip() != expected:
            raise RuntimeError(f"a server said {said!r} instead of {expected!r}")


@contextlib.asynccontextmanager
async def running(name: str, *options: str, environment: Mapping[str, str] | None = None) -> AsyncIterator[Server]:
    """A server for a block."""
    server = await Server.start(name, *options, environment=environment)
    try:
        yield server
    finally:
        await server.stop()
