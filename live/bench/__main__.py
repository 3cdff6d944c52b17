"""``python -m live.bench``: every measurement, or some; ``jaring bench`` starts this as a process of its own."""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from live.bench import fanout, plot, returning, votes
from live.bench.forum import Forum
from live.bench.machine import GENERATOR_CORE, described, pin
from live.bench.measures import Report
from live.bench.servers import running

PARTS = ("fanout", "votes", "storm", "idle", "restart", "second", "crowd")
POSTGRES = "BENCH_POSTGRES"


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="jaring bench", description="Measure this program beside others.")
    parser.add_argument("--only", default=",".join(PARTS), help=f"any of {', '.join(PARTS)}, with commas")
    parser.add_argument("--rounds", type=int, default=3, help="of A B A B; figures are medians (default 3)")
    parser.add_argument("--quick", action="store_true", help="small numbers, one round: does it run at all?")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    parser.add_argument("--out", type=Path, help="a folder for bench.json, bench.md and bench.svg")
    asked = parser.parse_args()
    asked.parts = [part.strip() for part in asked.only.split(",")]
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"--only: no part is called {', '.join(sorted(unknown))}")
    return asked


async def measure(report: Report, asked: argparse.Namespace, folder: Path) -> None:
    """Every wanted part, one after the other."""
    quick, rounds = asked.quick, 1 if asked.quick else asked.rounds
    forum = Forum.make(folder, f"sqlite:///{folder / 'bench.db'}")
    async with running("ours", environment=forum.environment) as server:
        await forum.fill(server.port)
    few, many = (300, 500) if quick else (1000, 5000)
    work = {
        "fanout": lambda: fanout.measure(report, forum, folder, rounds, (300,) if quick else (300, 1000, 5000)),
        "votes": lambda: votes.measure(report, forum, rounds, 1 if quick else 5),
        "storm": lambda: votes.storm(report, forum, 50 if quick else 300, 2 if quick else 8),
        "idle": lambda: returning.idle(report, forum, few if quick else many),
        "restart": lambda: returning.restart(report, forum, rounds, (200,) if quick else (2000, 5000)),
        "second": lambda: _second(report, folder, 10 if quick else 40),
        "crowd": lambda: votes.beside_a_crowd(report, forum, rounds, many, 2 if quick else 8),
    }
    for part in PARTS:
        if part in asked.parts:
            print(f"bench: {part}", file=sys.stderr, flush=True)
            await work[part]()


async def _second(report: Report, folder: Path, acts: int) -> None:
    if url := os.environ.get(POSTGRES):
        await returning.second_process(report, await asyncio.to_thread(Forum.make, folder, url), acts)
    else:
        print(f"bench: second needs a PostgreSQL: set {POSTGRES}", file=sys.stderr)


def main() -> None:
    """Measure, and tell."""
    asked = arguments()
    pin(0, GENERATOR_CORE)
    report = Report(time.strftime("%Y-%m-%d"), described(), asked.quick)
    with tempfile.TemporaryDirectory(prefix="jaring-bench-") as folder:
        _run(measure(report, asked, Path(folder)))
    if asked.out is not None:
        asked.out.mkdir(parents=True, exist_ok=True)
        (asked.out / "bench.json").write_text(json.dumps(report.as_json(), indent=1))
        (asked.out / "bench.md").write_text(report.as_table() + "\n")
        (asked.out / "bench.svg").write_text(plot.svg(report))
    print(json.dumps(report.as_json(), indent=1) if asked.json else report.as_table(), flush=True)


def _run(work: object) -> None:
    try:
        from uvloop import new_event_loop
    except ImportError:
        asyncio.run(work)  # type: ignore[arg-type]
        return
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(work)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
