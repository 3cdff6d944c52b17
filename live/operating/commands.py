"""The commands of whoever runs the installation."""

import asyncio
import json
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import IO

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text
from sqlalchemy.engine import make_url

from live.actions import purging, restoring
from live.actions.pace import Pace
from live.actions.perform import Acting
from live.documents import venue
from live.operating import checks
from live.operating.seats import seats_command
from live.rules import receipts
from live.rules.actor import Actor
from live.rules.facts import Facts
from live.serving import ServerRunning, only_server
from live.store import backup, snapshot
from live.store.backup import Copies, NoCopy
from live.store.database import Database
from live.terminal import fail, put, settings, with_database

SIGNS = {"good": "ok", "look": "look", "bad": "NO"}
BY_HAND = Actor("0" * 32)
"""Who acts from the command line: nobody's browser."""


def add_to(main: click.Group) -> None:
    """Make these commands part of the program."""
    made = (backup_command, restore_command, erase_command, purge_command, check_command, print_command)
    for command in (*made, seats_command):
        main.add_command(command)


@click.command("backup")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File (default: the next copy's name).")
def backup_command(out: Path | None) -> None:
    """Write a whole copy of the database, also while it is being served."""
    found = settings()
    folder = found.backup_folder or Path("backup")

    async def make(database: Database) -> Path:
        copies = Copies.of(database, found.database_url, folder)
        with bar() as progress:
            task = progress.add_task("copying", total=_size(found.database_url))
            return await copies.make(out, lambda size: progress.update(task, completed=size))

    try:
        path = with_database(found, make)
    except NoCopy as error:
        fail(str(error))
    click.echo(f"{path} ({path.stat().st_size / 1e6:.1f} MB)", err=True)
    click.echo(str(path))


@click.command("restore")
@click.argument("copy", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore_command(copy: Path) -> None:
    """Put a copy in the database's place; no server may be running.

    Phones start again by themselves and send what the copy had not seen. What was erased stays erased. The state
    before is kept beside it.
    """
    found = settings()
    folders = [folder for folder in (found.backup_folder,) if folder is not None]
    try:
        with ExitStack() as held, bar() as progress:
            held.enter_context(only_server(found))
            task = progress.add_task("checking", total=None)
            step = lambda name: progress.update(task, description=name)  # noqa: E731
            done = asyncio.run(restoring.restore(found.database_url, copy.resolve(), folders, step))
    except (NoCopy, ServerRunning) as error:
        fail(str(error))
    click.echo(f"restored from {copy.name}: {done.forums} forums, {done.erased} questions erased again")
    if done.before is not None:
        click.echo(f"the state before: {done.before}", err=True)


@click.command("erase")
@click.argument("receipt")
def erase_command(receipt: str) -> None:
    """Erase the words and the person behind a question, by its receipt; live at once, in copies after 30 days."""
    found = settings()

    async def erase(database: Database) -> tuple[str, int] | None:
        async with database.reading() as session:
            place = await snapshot.question_of_receipt(session, receipts.read(receipt))
            code = None if place is None else await snapshot.code_of(session, place[0])
        if place is None or code is None:
            return None
        await Acting(database, Pace("open")).perform("erase", BY_HAND, code, {"receipt": receipt}, place[1])
        await database.forget_deleted()
        if found.backup_folder is not None:
            await Copies.of(database, found.database_url, found.backup_folder).note_erasures()
        return code, place[1]

    done = with_database(found, erase)
    if done is None:
        fail("no question has this receipt; check its 8 letters and digits")
    click.echo(f"forum {done[0]}, No. {done[1]}: erased; in copies it is gone after {backup.LONGEST.days} days at most")


@click.command("purge")
@click.option("--days", required=True, type=click.IntRange(1, 36500), help="Forums that ended at least so long ago.")
def purge_command(days: int) -> None:
    """Take what leads to persons off old forums; the public record and the follow-up list stay."""

    async def purge(database: Database) -> list[str]:
        codes = await purging.purge(database, days)
        await database.forget_deleted()
        return codes

    codes = with_database(settings(), purge)
    click.echo(f"purged: {', '.join(codes)}" if codes else f"nothing to purge in forums that ended {days} days ago")


@click.command("check")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--json", "as_json", is_flag=True)
def check_command(port: int, as_json: bool) -> None:
    """Say in plain words whether this machine is fit for the day, and what to do where it is not."""
    found = asyncio.run(checks.all_findings(settings(port=port)))
    is_fit = all(finding.level != "bad" for finding in found)
    if as_json:
        put({"fit": is_fit, "checks": [asdict(finding) for finding in found]})
    else:
        table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
        for finding in found:
            table.add_row(SIGNS[finding.level], finding.name, Text(finding.text))
        Console(highlight=False).print(table)
        click.echo("Fit for the day." if is_fit else "Not fit yet: see the lines marked NO.")
    raise SystemExit(0 if is_fit else 1)


@click.command("print")
@click.argument("links", type=click.File("r", encoding="utf-8"))
@click.option("--out", default=Path("pack.pdf"), show_default=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--first-slip", default=1, show_default=True, type=click.IntRange(1, 9999), help="Number on the slips.")
def print_command(links: IO[str], out: Path, first_slip: int) -> None:
    """Write what is printed for the hall as PDF: posters, role cards, paper slips, run of show, emergency page.

    LINKS is what `forum create --json` printed (- for stdin): role links are told once and never stored.
    """
    try:
        made = json.load(links)
        code, given = str(made["code"]), dict(made["links"])
    except (ValueError, KeyError, TypeError):
        fail("LINKS: must be the JSON that `jaring forum create --json` printed")

    async def read(database: Database) -> Facts | None:
        async with database.reading() as session:
            known = await snapshot.forum_by_code(session, code)
            return None if known is None else await snapshot.read(session, known.id)

    facts = with_database(settings(), read)
    if facts is None:
        fail(f"{code}: no forum with this code; see: jaring forum list")
    out.write_bytes(venue.write(facts, given, first_slip))
    click.echo(str(out))


def bar() -> Progress:
    """A progress bar on stderr, gone when the work is done."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _size(url: str) -> float | None:
    place = make_url(url)
    path = Path(place.database or "")
    return path.stat().st_size if place.get_backend_name() == "sqlite" and path.is_file() else None
