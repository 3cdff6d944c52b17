"""A PostgreSQL of one's own that keeps what it promises, to restart, freeze and kill."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from tests.postgres import Cluster, found_programs, readable_by_its_user, temporary_folder

DURABLE = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "64MB",
    "max_connections": "100",
    "timezone": "UTC",
}


class Durable(Cluster):
    """Started with :meth:`start`; the rest is what may happen to it."""

    @property
    def pid(self) -> int:
        return int((self.folder / "cluster" / "postmaster.pid").read_text().split()[0])

    def restart(self) -> None:
        """As an administrator does it: connections are cut, nothing is lost."""
        self.run("pg_ctl", "-m", "fast", "-w", "-t", "60", "-l", str(self.folder / "log"), "restart")

    def kill(self) -> None:
        """The postmaster dies at once; returns when its children have followed, for until then none can start."""
        children = _children(self.pid)
        os.kill(self.pid, signal.SIGKILL)
        until = time.monotonic() + 20
        while any(Path(f"/proc/{child}").exists() for child in children) and time.monotonic() < until:
            time.sleep(0.05)

    def signal_all(self, number: int) -> None:
        """To the postmaster and every one of its processes."""
        for pid in [self.pid, *_children(self.pid)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@contextlib.contextmanager
def durable() -> Iterator[tuple[Durable, str]]:
    """The cluster and the DSN of its ``postgres`` database, for as long as the block runs."""
    with temporary_folder() as folder:
        cluster = Durable(readable_by_its_user(found_programs(), folder), folder, DURABLE)
        try:
            yield cluster, cluster.start()
        finally:
            with contextlib.suppress(OSError):
                cluster.signal_all(signal.SIGCONT)
            cluster.stop()
