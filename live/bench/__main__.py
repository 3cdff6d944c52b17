"""``python -m live.bench``: every measurement, or some; ``jaring bench`` starts this as a process of its own."""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from live.bench import attack, fanout, plot, recall, returning, scale, votes
from live.bench.forum import Forum
from live.bench.machine import GENERATOR_CORE, described, pin
from live.bench.measures import Report
from live.bench.servers import running

PARTS = ("fanout", "votes", "storm", "idle", "restart", "second", "crowd", "scale", "recall", "attack")
POSTGRES = "BENCH_POSTGRES"
ORIGIN = "Written by `python3 -m live bench --out docs/bench --readme README.md`; nothing here is by hand."
OPENING, CLOSING = "<!-- bench -->", "<!-- end of bench -->"


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="jaring bench", description="Measure this program beside others.")
    parser.add_argument("--only", default=",".join(PARTS), help=f"any of {', '.join(PARTS)}, with commas")
    parser.add_argument("--rounds", type=int, default=3, help="of A B A B; figures are medians (default 3)")
    parser.add_argument("--quick", action="store_true", help="small numbers, one round: does it run at all?")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    parser.add_argument("--out", type=Path, help="a folder for bench.json, bench.md and bench.svg")
    parser.add_argument("--readme", type=Path, help="a file whose table between the marks “bench” is written anew")
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
        "second": lambda: _on_postgres(folder, lambda it: returning.second_process(report, it, 10 if quick else 40)),
        "crowd": lambda: votes.beside_a_crowd(report, forum, rounds, many, 2 if quick else 8),
        "scale": lambda: _on_postgres(folder, lambda it: scale.measure(report, it, few, 2 if quick else 10)),
        "recall": lambda: _recall(report, folder),
        "attack": lambda: attack.measure(report, forum, rounds, 50 if quick else attack.PEOPLE),
    }
    for part in PARTS:
        if part in asked.parts:
            print(f"bench: {part}", file=sys.stderr, flush=True)
            await work[part]()
            keep(report, asked.out, asked.readme)


async def _on_postgres(folder: Path, work: Callable[[Forum], Awaitable[None]]) -> None:
    if url := os.environ.get(POSTGRES):
        await work(await asyncio.to_thread(Forum.make, folder, url))
    else:
        print(f"bench: this part needs a PostgreSQL: set {POSTGRES}", file=sys.stderr)


async def _recall(report: Report, folder: Path) -> None:
    """In a forum of its own: the questions of the other parts would be offered too."""
    await recall.measure(report, await asyncio.to_thread(Forum.make, folder, f"sqlite:///{folder / 'recall.db'}"))


def main() -> None:
    """Measure, and tell."""
    asked = arguments()
    pin(0, GENERATOR_CORE)
    report = Report(time.strftime("%Y-%m-%d"), described(), asked.quick)
    with tempfile.TemporaryDirectory(prefix="jaring-bench-") as folder:
        _run(measure(report, asked, Path(folder)))
    print(json.dumps(report.as_json(), indent=1) if asked.json else report.as_table(), flush=True)


def keep(report: Report, out: Path | None, readme: Path | None) -> None:
    """Write down what was measured so far: a part that fails, or is stopped, costs nothing of the parts before it."""
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / "bench.json").write_text(json.dumps(report.as_json(), indent=1) + "\n")
        (out / "bench.md").write_text(f"{report.as_table()}\n\n{ORIGIN}\n")
        (out / "bench.svg").write_text(plot.svg(report))
    if readme is not None:
        readme.write_text(refreshed(readme.read_text(), report.as_short_table()))


def refreshed(text: str, table: str) -> str:
    """``text`` with ``table`` in place of what stood between the marks."""
    before, opening, rest = text.partition(OPENING)
    _, closing, after = rest.partition(CLOSING)
    if not closing:
        raise ValueError(f"no {OPENING} … {CLOSING}")
    return f"{before}{opening}\n{table}\n{closing}{after}"


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
