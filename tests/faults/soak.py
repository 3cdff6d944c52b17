"""A soak: forums with random faults, one after the other, until the time is over or an invariant is violated.

Everything random comes from the seed that is printed first, so that ``--seed`` plays the same forums and faults again
(what the machine does meanwhile is its own affair).
"""

import argparse
import asyncio
import contextlib
import json
import secrets
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median

from rich.console import Console

from live.store.database import connect
from live.store.migrating import migrate
from tests.faults.hall import Hall, Size
from tests.faults.process import Server
from tests.faults.resources import Resources, alone
from tests.faults.wire import Lost, Wire

Fault = Callable[[Hall, Random], Awaitable[None]]
console = Console(stderr=True, highlight=False)


async def killed(hall: Hall, chance: Random) -> None:
    """The server dies at once and is started again after a moment."""
    await asyncio.to_thread(hall.server.kill)
    await asyncio.sleep(chance.uniform(0, 2))
    await asyncio.to_thread(hall.server.start)


async def stopped(hall: Hall, _chance: Random) -> None:
    """The server is asked to stop and started again, as for an update."""
    await asyncio.to_thread(hall.server.stop)
    await asyncio.to_thread(hall.server.start)


async def frozen(hall: Hall, chance: Random) -> None:
    """The server stands still for some seconds, as when a laptop is asleep."""
    hall.server.signal(signal.SIGSTOP)
    await asyncio.sleep(chance.uniform(1, 6))
    hall.server.signal(signal.SIGCONT)


async def cut(hall: Hall, _chance: Random) -> None:
    """Every socket is cut at once."""
    for screen in hall.screens:
        screen.cut()


async def deaf(hall: Hall, chance: Random) -> None:
    """Some who open a socket and never read from it."""
    sockets = []
    for _ in range(5):
        with contextlib.suppress(OSError):
            reader, writer = await asyncio.open_connection(hall.server.host, hall.server.port, limit=1)
            sockets.append((reader, writer))
            writer.write(
                f"GET /f/{hall.code}/feed HTTP/1.1\r\nHost: {hall.server.host}:{hall.server.port}\r\n"
                f"Origin: {hall.server.address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
            )
    await asyncio.sleep(chance.uniform(1, 4))
    for _, writer in sockets:
        writer.transport.abort()


async def junk(hall: Hall, chance: Random) -> None:
    """Somebody floods: wrong tokens, foreign origins, huge bodies, half requests."""
    wire = Wire(hall.server.address)
    for number in range(60):
        with contextlib.suppress(Lost):
            await wire.post("/enter", {"token": f"guess-{number}"})
            await wire.post(f"/f/{hall.code}/questions/{number}/show", {})
            await wire.post(f"/f/{hall.code}/questions", {"text": "x" * chance.choice((10, 500, 70_000))})
    wire.close()


async def nothing(_hall: Hall, _chance: Random) -> None:
    """A quiet forum: the memory of the server is compared between these."""


SPARING: tuple[Fault, ...] = (nothing, frozen, cut, deaf, junk)
"""Those that the server process outlives."""

FAULTS: tuple[Fault, ...] = (*SPARING, killed, stopped, killed)

WARM = 80
"""Forums after which a process has filled its caches (it keeps the facts of 64 forums); from then on it may not grow by
more than ``GROWTH``, nor shrink (what vanishes was not its own to begin with)."""

GROWTH, AROUND = 0.1, 5
"""The share that counts as growth; forums at either end whose median is compared, since one reading is chance."""


@dataclass
class Tally:
    """What the soak has seen so far; ``held`` is what the server held after each forum since it was started last."""

    forums: int = 0
    acked: int = 0
    worst: float = 0.0
    held: list[Resources] = field(default_factory=list)

    def hold(self, now: Resources) -> None:
        """Note what the server holds after a forum."""
        self.held = [*(before for before in self.held if before.pid == now.pid), now]

    @property
    def growth(self) -> dict[str, float] | None:
        """By which share files and memory grew since the process was warm; None when it never was."""
        if len(self.held) < WARM + 2 * AROUND:
            return None
        warm, now = self.held[WARM : WARM + AROUND], self.held[-AROUND:]
        return {
            what: _grown([getattr(held, what) for held in warm], [getattr(held, what) for held in now])
            for what in ("files", "memory")
        }


def _grown(warm: list[float], now: list[float]) -> float:
    """By which share the median of ``now`` is above that of ``warm``."""
    return round(median(now) / median(warm) - 1, 3)


async def soak(minutes: float, seed: int, size: Size, only: str | None = None) -> int:
    """Play until the time is over; returns the exit code. In the last quarter nothing ends the server, so that one can
    see whether it grows."""
    command = f"python3 -m live soak --minutes {minutes:g} --phones {size.phones} --seed {seed}"
    console.print(f"seed {seed}: {command}")
    chance, tally, start = Random(seed), Tally(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="jaring-soak-") as folder:
        async with serving(Path(folder)) as server:
            while (passed := (time.monotonic() - start) / 60) < minutes:
                faults = FAULTS if passed < minutes * 0.75 else SPARING
                fault = chance.choice([fault for fault in faults if only in (None, fault.__name__)])
                if not await _forum(server, Random(chance.random()), fault, size, tally):
                    console.print(f"replay: {command}; it was forum {tally.forums}")
                    return 1
                tally.hold(await alone(server))
    report(tally, command)
    return int(any(abs(grown) > GROWTH for grown in (tally.growth or {}).values()))


@contextlib.asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[Server]:
    """A server on a fresh SQLite database."""
    url = f"sqlite:///{folder}/jaring.db"
    database = connect(url)
    await migrate(database)
    await database.close()
    server = Server(url, folder, settings={"JARING_BACKUP_SECONDS": "10"})
    await asyncio.to_thread(server.start)
    try:
        yield server
    finally:
        await asyncio.to_thread(server.stop)


async def _forum(server: Server, chance: Random, fault: Fault, size: Size, tally: Tally) -> bool:
    """One forum with one fault; False when an invariant was violated."""
    hall = Hall(server, chance, size)
    await hall.create()
    hall.seat()
    wanted = chance.randint(size.phones * 20, size.phones * 80)
    tally.forums += 1
    try:
        async with hall.busy():
            await hall.when(chance.randint(50, wanted // 2))
            await fault(hall, chance)
            await hall.when(wanted)
        verdict = await hall.verdict()
    finally:
        hall.close()
    tally.acked += verdict.acked
    tally.worst = max(tally.worst, verdict.seconds)
    name = f"forum {tally.forums} ({fault.__name__})"
    console.print(f"{name}: {verdict.acked} acknowledged, equal after {verdict.seconds} s; {tally.acked} in all")
    for line in verdict.wrong[:20]:
        console.print(f"  {line}", markup=False)
    return verdict.is_good


def report(tally: Tally, command: str) -> None:
    """One JSON document on stdout."""
    document = {
        "command": command,
        "forums": tally.forums,
        "acknowledged": tally.acked,
        "violations": 0,
        "slowest_equal_s": tally.worst,
        "forums_since_the_last_start": len(tally.held),
        "growth_since_warm": tally.growth,
        "files": tally.held[-1].files,
        "memory_mb": tally.held[-1].memory,
    }
    print(json.dumps(document), flush=True)


def main() -> int:
    """The command line of the soak."""
    parser = argparse.ArgumentParser(prog="live soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--phones", type=int, default=40)
    parser.add_argument("--only", choices=sorted({fault.__name__ for fault in FAULTS}))
    given = parser.parse_args()
    seed = secrets.randbelow(10**9) if given.seed is None else given.seed
    size = Size(phones=given.phones, screens=12, pause=0.03, asks=0.005)
    return asyncio.run(soak(given.minutes, seed, size, given.only))


if __name__ == "__main__":
    sys.exit(main())
