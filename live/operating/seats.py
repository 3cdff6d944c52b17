"""Making participants' cards from the command line, for a forum at the level ``strict``."""

from pathlib import Path

import click

from live.actions.doing import Outcome
from live.actions.pace import Pace
from live.actions.perform import Acting
from live.documents import seats as cards
from live.rules.actor import Actor, Granted
from live.rules.facts import ForumFacts
from live.rules.refusal import Refusal
from live.rules.words import Role
from live.store import installation, snapshot
from live.store.database import Database
from live.store.safe import Safe
from live.terminal import fail, put, settings, with_database

BY_HAND = Actor("0" * 32, (Granted(Role.ORGANISER),))
"""Who acts from the command line: nobody's browser."""


@click.command("seats")
@click.argument("code")
@click.option("--count", required=True, type=click.IntRange(1, 2000), help="How many cards.")
@click.option("--out", default=Path("cards.pdf"), show_default=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the codes as JSON instead of writing the PDF.")
def seats_command(code: str, count: int, out: Path, as_json: bool) -> None:
    """Make cards with one-time codes, to print and hand out: one card, one person. The codes are told once."""
    found = settings()

    async def make(database: Database) -> tuple[ForumFacts, Outcome] | None:
        async with database.reading() as session:
            forum = await snapshot.forum_by_code(session, code)
        if forum is None:
            return None
        safe = Safe(found.secret or await installation.secret(database))
        return forum, await Acting(database, Pace("open"), safe=safe).perform("seats", BY_HAND, code, {"count": count})

    try:
        made = with_database(found, make)
    except Refusal:
        fail(f"{code}: only a forum with integrity = strict, not published yet, has cards")
    if made is None:
        fail(f"{code}: no forum with this code; see: jaring forum list")
    forum, outcome = made
    if as_json:
        put(outcome.body | outcome.once)
        return
    out.write_bytes(cards.write(forum, outcome.once["codes"], outcome.body["first"], found.public))
    click.echo(str(out))
