"""Servers to hurt, and the table that the runs leave behind."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from live.store.database import connect
from live.store.migrating import migrate
from tests.faults.cluster import Durable, durable
from tests.faults.hall import Hall, Size, Verdict
from tests.faults.process import Server
from tests.postgres import create_database

SEED = int(os.environ.get("FAULT_SEED", "20261124"))
SMALL = Size(phones=12, screens=4, pause=0.1, asks=0.08)

Fault = Callable[[Hall], Awaitable[None]]


@dataclass
class Play:
    """Plays one forum with one fault, has the checker read everything, and notes the figures."""

    test: pytest.Item

    async def __call__(
        self,
        name: str,
        server: Server,
        fault: Fault,
        *others: Server,
        size: Size = SMALL,
        before: int = 60,
        addresses: tuple[str, ...] = (),
    ) -> Hall:
        """``before`` acknowledged acts, the fault, and the verdict, which must be good."""
        seen = addresses or tuple(s.address for s in (server, *others))
        hall = Hall(server, Random(SEED), size, *seen)
        await hall.create()
        hall.seat()
        try:
            async with hall.busy():
                await hall.when(before)
                await fault(hall)
            verdict = await hall.verdict()
            self.note(name, server, verdict)
            assert verdict.is_good, verdict.wrong[:10]
        finally:
            hall.close()
        return hall

    def note(self, name: str, server: Server, verdict: Verdict) -> None:
        kind = "SQLite" if server.url.startswith("sqlite") else "PostgreSQL"
        figures = {"acked": verdict.acked, "lost": verdict.lost, "doubled": verdict.doubled, "seconds": verdict.seconds}
        self.test.user_properties.append(("fault", {"name": name, "database": kind, **figures}))


@pytest.fixture
def play(request: pytest.FixtureRequest) -> Play:
    return Play(request.node)


async def prepared(url: str) -> str:
    """The database with its tables."""
    database = connect(url)
    await migrate(database)
    await database.close()
    return url


@contextlib.asynccontextmanager
async def started(*servers: Server) -> AsyncIterator[None]:
    """The servers run inside the block, and every line of their logs is one of ours."""
    try:
        await asyncio.gather(*(asyncio.to_thread(server.start) for server in servers))
        yield
    finally:
        for server in servers:
            await asyncio.to_thread(server.stop)


@pytest.fixture
async def sqlite_server(tmp_path: Path) -> AsyncIterator[Server]:
    server = Server(await prepared(f"sqlite:///{tmp_path / 'jaring.db'}"), tmp_path)
    async with started(server):
        yield server


@pytest.fixture(scope="module")
def cluster() -> Iterator[tuple[Durable, str]]:
    with durable() as found:
        yield found


@pytest.fixture
async def two_servers(cluster: tuple[Durable, str], tmp_path: Path) -> AsyncIterator[tuple[Server, Server]]:
    """Two processes on one PostgreSQL database."""
    url = await prepared(await create_database(cluster[1], f"forum_{tmp_path.name.replace('-', '_')}"))
    first, second = Server(url, tmp_path), Server(url, tmp_path)
    async with started(first, second):
        yield first, second


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The fault table, in Markdown: it stands in README as it is printed here."""
    reports = [report for found in terminalreporter.stats.values() for report in found if hasattr(report, "when")]
    faults = [
        row for report in reports if report.when == "call" for name, row in report.user_properties if name == "fault"
    ]
    if not faults:
        return
    terminalreporter.section(f"faults (seed {SEED})")
    terminalreporter.line("| Fault | Database | Acknowledged | Lost | Doubled | Equal after |")
    terminalreporter.line("|---|---|---|---|---|---|")
    for row in sorted(faults, key=_number):
        figures = f"{row['acked']:,} | {row['lost']} | {row['doubled']} | {row['seconds']:.1f} s"
        terminalreporter.line(f"| {row['name']} | {row['database']} | {figures} |")


def _number(row: dict[str, str]) -> tuple[int, str]:
    return int(row["name"].split()[0].removeprefix("F")), row["name"]
