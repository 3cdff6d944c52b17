"""From the address to the exit code."""

import asyncio
import logging
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from live.rehearsal import page
from live.rehearsal.address import Address, CannotGoOn, parse
from live.rehearsal.figures import acknowledged, percentiles
from live.rehearsal.hall import Hall
from live.rehearsal.mishaps import USUAL, dice
from live.rehearsal.phone import Timing
from live.rehearsal.report import Report, compile_report, publish
from live.rehearsal.session import clock
from live.rehearsal.stages import Stage, sizes

LAG_EVERY = 0.1
ALONE = "No moderator link given: participants only, and posts cannot be checked."


def rehearse(
    url: str, *, participants: int = 300, minutes: float = 2.0, moderator: str | None = None, as_json: bool = False
) -> int:
    """Rehearse a forum and print the report. ``url``: a moderator link, or a forum's address with or without one.

    Exit code: 0 nothing lost, doubled or unequal; 1 something was; 2 it could not take place, one line on stderr.
    """
    try:
        report = asyncio.run(_rehearsal(url, moderator, participants, minutes))
    except CannotGoOn as failed:
        print(failed, file=sys.stderr)
        return 2
    publish(report, as_json=as_json)
    return 0 if report.correct else 1


def in_stages(url: str, path: Path, *, participants: int, minutes: float, moderator: str | None, language: str) -> int:
    """Rehearse with growing audiences and write the report's page; ``minutes`` are those of all stages together.

    Exit code as for :func:`rehearse`.
    """
    found = sizes(participants)
    stages: list[Stage] = []
    try:
        for phones in found:
            report = asyncio.run(_rehearsal(url, moderator, phones, minutes / len(found)))
            stages.append(Stage(phones, report))
            publish(report, as_json=False)
    except CannotGoOn as failed:
        print(failed, file=sys.stderr)
        if not stages:
            return 2
    page.write(path, stages, participants, parse(url).origin, language, datetime.now(UTC))
    print(path)
    return 0 if all(stage.report.correct for stage in stages) else 1


async def _rehearsal(url: str, moderator: str | None, participants: int, minutes: float) -> Report:
    address, link = _addresses(url, moderator)
    if participants < 1 or minutes <= 0:
        raise CannotGoOn("A rehearsal needs at least one participant and some time.")
    _allow_sockets(participants)
    # One line per request would cost more than the request, and bury the report.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    hall = Hall(address.origin, participants, USUAL, dice())
    try:
        return await _hold(hall, address, link, minutes)
    except* CannotGoOn as stopped:
        reason = str(_first(stopped))
    except* httpx.HTTPError as stopped:
        reason = f"The server at {address.origin} stopped answering: {_first(stopped)!r}."
    finally:
        await hall.close()
    raise CannotGoOn(reason)


def _addresses(url: str, moderator: str | None) -> tuple[Address, Address | None]:
    """Where to rehearse, and the moderator's link if one was given, in either place."""
    address = parse(url)
    if moderator is None:
        return address, address if address.token else None
    link = parse(moderator)
    if link.token is None:
        raise CannotGoOn(f"{moderator!r} is no moderator link: it has no #TOKEN.")
    return address, link


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """One of the errors in a group: when the server goes away, every client says the same."""
    inner = group.exceptions[0]
    return _first(inner) if isinstance(inner, BaseExceptionGroup) else inner


async def _hold(hall: Hall, address: Address, link: Address | None, minutes: float) -> Report:
    """Open, play with a progress bar, and compile the report."""
    console = Console(stderr=True, highlight=False)
    if link is None:
        console.print(ALONE)
    await hall.open(address, link)
    timing = Timing.lasting(minutes, clock())
    processor = time.process_time()
    lags: list[float] = []
    beside = [asyncio.create_task(_show_progress(console, hall, timing)), asyncio.create_task(_watch_lag(lags))]
    try:
        verdict = await hall.play(timing)
    finally:
        for task in beside:
            task.cancel()
    return compile_report(
        hall.logs,
        hall.projectors,
        verdict,
        participants=len(hall.phones),
        joined=sum(phone.joined for phone in hall.phones),
        minutes=minutes,
        cpu_share=(time.process_time() - processor) / (clock() - timing.start),
        lag=percentiles(lags),
        complete=link is not None,
    )


async def _show_progress(console: Console, hall: Hall, timing: Timing) -> None:
    """A bar on stderr, until the task is cancelled."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("", total=timing.until - timing.start)
        while True:
            posts, supports = acknowledged(hall.logs, "posts"), acknowledged(hall.logs, "supports")
            joined = sum(phone.joined for phone in hall.phones)
            text = f"{joined} joined, {posts} posts, {supports} supports"
            progress.update(bar, completed=clock() - timing.start, description=text)
            await asyncio.sleep(1)


async def _watch_lag(lags: list[float]) -> None:
    """Note how late this process itself is, so that its own slowness is not taken for the server's."""
    while True:
        due = clock() + LAG_EVERY
        await asyncio.sleep(LAG_EVERY)
        lags.append(clock() - due)


def _allow_sockets(participants: int) -> None:
    """Every participant needs two open files; many systems start with room for 1,024 (Windows needs nothing)."""
    try:
        import resource
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 3 * participants + 200
    if soft < wanted:
        allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
