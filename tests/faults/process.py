"""A real server in a process of its own, and what can be done to it."""

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]
PROGRAM = [sys.executable, "-c", "from live.cli import main; main()"]


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@dataclass
class Server:
    """``jaring serve`` on one port; its log goes to ``folder/log``. ``before`` is put in front of the command."""

    url: str
    folder: Path
    port: int = field(default_factory=free_port)
    host: str = "127.0.0.1"
    before: tuple[str, ...] = ()
    settings: dict[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / f"log-{self.port}"

    def environment(self) -> dict[str, str]:
        """What every command on this database gets."""
        paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
        ours = {name: value for name, value in os.environ.items() if not name.startswith("JARING_")}
        return ours | {"PYTHONPATH": paths, "JARING_DATABASE_URL": self.url, "JARING_LIMITS": "open"} | self.settings

    def start(self, *, wait: bool = True) -> "Server":
        """Start it; by default until it answers."""
        command = [*self.before, *PROGRAM, "serve", "--host", self.host, "--port", str(self.port)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=self.folder, env=self.environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        if wait:
            self.wait_until_ready()
        return self

    def wait_until_ready(self, seconds: float = 180) -> None:
        """Until /readyz says so; fails with the log when it does not come."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.running.poll() is None:
            if self.is_ready():
                return
            time.sleep(0.05)
        raise AssertionError(f"the server did not come up: {self.log.read_text(errors='replace')[-2000:]}")

    def is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.address}/readyz", timeout=5, trust_env=False).status_code == 200
        except httpx.TransportError:
            return False

    @property
    def running(self) -> "subprocess.Popen[bytes]":
        assert self.process is not None
        return self.process

    def signal(self, number: int) -> None:
        self.running.send_signal(number)

    def kill(self) -> None:
        """Dead at once, as after a power cut of the process."""
        self.running.kill()
        self.running.wait(30)

    def stop(self) -> int:
        """The polite way; returns the exit code."""
        if self.running.poll() is None:
            self.running.send_signal(signal.SIGCONT)
            self.running.terminate()
        try:
            return self.running.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError("the server did not stop within 30 s") from None

    def command(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Another command of the program on the same database."""
        return subprocess.run(
            [*PROGRAM, *arguments],
            cwd=self.folder,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
