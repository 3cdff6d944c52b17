"""``jaring demo``: a database made anew, with a forum in full swing and last year's forum with its follow-ups."""

import asyncio
import json
import sys
from pathlib import Path

import click
from sqlalchemy.engine import make_url

from live.demo.build import Made, make
from live.serving import print_forum, serve_forever
from live.settings import Settings
from live.store.database import utc_now


def run_demo(settings: Settings, as_json: bool) -> None:
    """Remake the demo database, print every role's link, then serve until stopped.

    ``settings.database_url`` names a SQLite file, which is lost. Raises :class:`live.serving.ServerRunning`, and leaves
    the file alone, while another server uses it or the port.
    """
    serve_forever(settings, first=lambda: tell(remake(settings), as_json))


def remake(settings: Settings) -> Made:
    """Delete the demo database and make it anew; returns what is known of the forum that is going on."""
    database = make_url(settings.database_url).database
    for ending in ("", "-wal", "-shm"):
        Path(f"{database}{ending}").unlink(missing_ok=True)
    return asyncio.run(make(settings.database_url, settings.public, utc_now()))


def tell(made: Made, as_json: bool) -> None:
    """The code and every link on stdout, for a person or as one JSON document; flushed, as serving follows."""
    if as_json:
        click.echo(json.dumps(made.forum, ensure_ascii=False, indent=2))
    else:
        print_forum(made.title, made.forum)
    sys.stdout.flush()
