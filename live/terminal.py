"""What every command of the command line shares: settings, the database, one line of failure, one JSON document."""

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn, TypeVar

import click

from live.settings import BadSetting, Settings, read
from live.store.database import Database, connect
from live.store.migrating import migrate

Result = TypeVar("Result")


def fail(text: str) -> NoReturn:
    """End with one line on stderr and exit code 2."""
    click.echo(text, err=True)
    raise SystemExit(2)


def settings(**given: object) -> Settings:
    """The settings, or one line that names the bad one."""
    try:
        return read(None, **given)
    except BadSetting as error:
        fail(str(error))


def with_database(found: Settings, work: Callable[[Database], Coroutine[Any, Any, Result]]) -> Result:
    """Open the database, bring it up to date, do the work, close it."""

    async def run() -> Result:
        database = connect(found.database_url)
        try:
            await migrate(database)
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(run())


def put(document: object) -> None:
    """One JSON document on stdout, flushed."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    sys.stdout.flush()
