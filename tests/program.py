"""The program as people start it: commands and servers in processes of their own."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from live.places import MIGRATIONS

ROOT = MIGRATIONS.parent
# Past `python -m live`, which would first see to the environment that the tests already run in.
COMMAND = [sys.executable, "-c", "from live.cli import main; main(prog_name='jaring')"]
PATIENCE = 120.0


@dataclass(frozen=True)
class Program:
    """Runs in ``folder``, with these ``JARING_*`` variables and no others."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """What its processes get."""
        bare = {name: value for name, value in os.environ.items() if not name.startswith("JARING_")}
        return {**bare, "PYTHONPATH": str(ROOT), **self.variables}

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """One command, to its end."""
        return subprocess.run(
            [*COMMAND, *arguments],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """A command that goes on."""
        return subprocess.Popen(
            [*COMMAND, *arguments],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    @contextlib.contextmanager
    def serving(self, port: int) -> Iterator["subprocess.Popen[str]"]:
        """``jaring serve`` on this port, started but perhaps not ready yet; asked to stop at the end."""
        process = self.start("serve", "--port", str(port))
        try:
            yield process
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE)


def free_port() -> int:
    """A port that nobody listens at now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_until_ready(process: "subprocess.Popen[str]", port: int) -> None:
    """Until the server takes requests; fails with what it said when it ends instead."""
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as said:
            if said.status == 200:
                return
        time.sleep(0.02)
    process.kill()
    raise AssertionError(f"the server did not come up: {process.communicate(timeout=5)}")
