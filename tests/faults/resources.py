"""What a server process holds: open files and memory."""

from dataclasses import dataclass
from pathlib import Path

from tests.faults.process import Server


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
