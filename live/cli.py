"""The command line (design 6.1): one clear line and a non-zero exit on error; with ``--json`` only JSON on stdout."""

from datetime import date
from pathlib import Path

import click

from live import __version__, dates, forums
from live.documents import whole
from live.documents.files import File
from live.documents.whole import KINDS
from live.operating import commands
from live.rules.facts import Facts
from live.rules.words import LANGUAGES
from live.serving import ServerRunning, serve_forever
from live.store import offices, promises, snapshot
from live.store.database import Database
from live.terminal import Program, fail, settings, with_database


@click.group("jaring", cls=Program)
@click.version_option(__version__, prog_name="jaring")
def main() -> None:
    """Jaring: live question-and-answer for a public forum, and the follow-up list that comes out of it."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="At a venue: 0.0.0.0")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="PostgreSQL only")
@click.option("--self-signed", is_flag=True, help="https with a certificate made here, as with JARING_TLS=self-signed.")
def serve(host: str, port: int, workers: int, self_signed: bool) -> None:
    """Bring the database up to date, then serve."""
    tls = {"tls": "self-signed"} if self_signed else {}
    try:
        serve_forever(settings(host=host, port=port, **tls), workers)
    except ServerRunning as error:
        fail(str(error))


@main.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--json", "as_json", is_flag=True, help="Print the links as one JSON document.")
def demo(port: int, as_json: bool) -> None:
    """Serve a forum in full swing, made anew in ./data/demo.db."""
    from live.demo import run_demo

    try:
        run_demo(
            settings(host="127.0.0.1", port=port, database_url="sqlite:///./data/demo.db", backup_dir="none"), as_json
        )
    except ServerRunning as error:
        fail(str(error))


@main.command()
@click.argument("code")
@click.option(
    "--format", "formats", default="json,csv", show_default=True, help=f"Any of {', '.join(KINDS)}, with commas."
)
@click.option("--out", default=Path(), type=click.Path(file_okay=False, path_type=Path), help="Folder (default: here).")
def export(code: str, formats: str, out: Path) -> None:
    """Write the record, the follow-up list and the official papers of a forum as files."""
    kinds = [kind.strip() for kind in formats.split(",")]
    for kind in kinds:
        if kind not in KINDS:
            fail(f"--format: {kind!r} is not one of {', '.join(KINDS)}")
    read = with_database(settings(), lambda database: _facts_and_evidence(database, code))
    if read is None:
        fail(f"{code}: no forum with this code; see: jaring forum list")
    facts, today, evidence = read
    out.mkdir(parents=True, exist_ok=True)
    for kind in kinds:
        for name, content in whole.of_kind(kind, facts, today, evidence):
            path = out / name
            path.write_bytes(content)
            click.echo(str(path))


async def _facts_and_evidence(database: Database, code: str) -> tuple[Facts, date, list[File]] | None:
    async with database.reading() as session:
        known = await snapshot.forum_by_code(session, code)
        if known is None:
            return None
        facts = await offices.with_logo(session, await snapshot.read(session, known.id))
        evidence = await promises.all_evidence(session, known.id)
    today = dates.local(database.clock(), facts.forum.timezone).date()
    return facts, today, whole.named(evidence)


@main.command("migrate")
def migrate_command() -> None:
    """Bring the database up to date."""

    async def nothing(_database: Database) -> None:
        return None

    with_database(settings(), nothing)
    click.echo("up to date")


@main.command()
@click.argument("url")
@click.option("--participants", default=300, show_default=True, type=click.IntRange(1, 5000))
@click.option("--minutes", default=2.0, show_default=True, type=click.FloatRange(0.1, 600))
@click.option("--moderator", help="The moderator's link, when URL is a participant's address.")
@click.option("--json", "as_json", is_flag=True)
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Grow in stages; write a page.")
@click.option("--language", type=click.Choice(LANGUAGES), default="id", show_default=True, help="Of the report's page.")
def rehearse(
    url: str,
    participants: int,
    minutes: float,
    moderator: str | None,
    as_json: bool,
    report: Path | None,
    language: str,
) -> None:
    """Play a simulated audience against a running server; URL is the moderator's link (or a forum's address)."""
    from live.rehearsal import run

    if report is None:
        played = run.rehearse(url, participants=participants, minutes=minutes, moderator=moderator, as_json=as_json)
        raise SystemExit(played)
    played = run.in_stages(
        url, report, participants=participants, minutes=minutes, moderator=moderator, language=language
    )
    raise SystemExit(played)


@main.command("bench", context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def bench_command(arguments: tuple[str, ...]) -> None:
    """Measure this program beside others; see `bench --help` for parts of it."""
    from live.testing import bench

    raise SystemExit(bench(list(arguments)))


@main.command("test", context_settings={"ignore_unknown_options": True})
@click.option("--long", "is_long", is_flag=True, help="Also the long tests: storms, mutants, namespaces.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def test_command(is_long: bool, arguments: tuple[str, ...]) -> None:
    """Run the tests, on both databases and in a real browser; brings what they need."""
    from live.testing import run

    raise SystemExit(run(is_long, list(arguments)))


@main.command("soak", context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def soak_command(arguments: tuple[str, ...]) -> None:
    """Play forums with random faults for --minutes N, and stop at the first violated invariant (a checkout only)."""
    from live.testing import soak

    raise SystemExit(soak(list(arguments)))


@main.command()
def lint() -> None:
    """Check style and types."""
    from live.testing import lint as check

    raise SystemExit(check())


main.add_command(forums.forum)
main.add_command(forums.organiser)
commands.add_to(main)
