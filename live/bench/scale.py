"""Several processes on one PostgreSQL: what they carry together, and what one support costs them.

Servers, database and generator share the machine, so on a small one the rates say where *it* ends; the processor time
of a support is what can be reckoned with (docs/scale.md). The database's own time is not in it.
"""

import asyncio
import contextlib
import os
import subprocess
import sys
import urllib.request
from collections.abc import AsyncIterator
from pathlib import Path

from live.bench.crowd import Crowd
from live.bench.forum import Forum
from live.bench.machine import cpu_seconds, unpin
from live.bench.measures import Figure, Report, percentile
from live.bench.posts import closed_loop
from live.bench.servers import ROOT, free_port
from live.bench.votes import LINES, VOTERS, voting

PROGRAM = (sys.executable, "-c", "from live.cli import main; main()")
START_SECONDS = 180
PROCESSES = (1, 2, 4)


async def measure(report: Report, forum: Forum, sockets: int, seconds: float) -> None:
    """The same storm of supports, with ``sockets`` listening, at each number of processes."""
    is_filled = False
    for many in PROCESSES:
        async with _serving(forum, many) as (port, parent):
            if not is_filled:
                await forum.fill(port)
                is_filled = True
            make = voting(port, forum.code, await forum.people(port, VOTERS))
            crowd = Crowd(port, forum.feed)
            await crowd.come(sockets)
            await closed_loop(port, LINES, 0.5, make)
            before, noted = _used(parent), crowd.note()
            posts = await closed_loop(port, LINES, seconds, make)
            used, frames = _used(parent) - before, noted.frames / sockets / posts.seconds
            crowd.leave()
        cost, p99 = used / max(1, len(posts.waits)) * 1e6, percentile(posts.waits, 0.99) * 1000
        run = {"part": "scale", "processes": many, "per_second": posts.per_second, "p99": p99, "frames": frames}
        report.runs.append(run | {"cpu": cost, "cores": used / posts.seconds, "failed": posts.failed})
        name = f"{many} process{'es' if many > 1 else ''} on PostgreSQL, {sockets} sockets"
        report.add(
            Figure(f"acknowledged supports, {name}", posts.per_second, "/s"),
            Figure(f"processor for each, {name}", cost, "µs"),
        )


@contextlib.asynccontextmanager
async def _serving(forum: Forum, many: int) -> AsyncIterator[tuple[int, int]]:
    """``jaring serve --workers``, on every core: its port and the process that watches the others."""
    port = free_port()
    process = subprocess.Popen(  # noqa: S603, ASYNC220 - our own program
        [*PROGRAM, "serve", "--port", str(port), "--workers", str(many)],
        cwd=ROOT,
        env={**os.environ, **forum.environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    unpin(process.pid)
    try:
        await asyncio.wait_for(_ready(port), START_SECONDS)
        yield port, process.pid
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait, 30)


async def _ready(port: int) -> None:
    while not await asyncio.to_thread(_answers, port):  # noqa: ASYNC110 - another process has no event
        await asyncio.sleep(0.2)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return int(answer.status) == 200
    except OSError:
        return False


def _used(pid: int) -> float:
    """Seconds of processor of a process and of all that it started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return cpu_seconds(pid) + sum(map(_used, map(int, children)))
