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
from live.store.reaching import NoDatabase

Result = TypeVar("Result")


class Program(click.Group):
    """A program that says every "no" in one line on stderr, with exit code 2."""

    def main(self, *arguments: Any, **extra: Any) -> NoReturn:
        """Run the command and leave."""
        try:
            done = super().main(*arguments, **{**extra, "standalone_mode": False})
        except click.exceptions.NoArgsIsHelpError as wrong:
            wrong.show()
            raise SystemExit(2) from None
        except click.ClickException as wrong:
            fail(_usage(wrong))
        except click.Abort:
            raise SystemExit(130) from None
        except NoDatabase as wrong:
            fail(str(wrong))
        except OSError as wrong:
            if wrong.filename is None:
                raise
            fail(f"{wrong.filename}: {wrong.strerror}")
        raise SystemExit(done if isinstance(done, int) else 0)


def _usage(wrong: click.ClickException) -> str:
    """What is wrong with the words of a command, and where they are explained."""
    text = " ".join(wrong.format_message().split()).rstrip(".")
    context = wrong.ctx if isinstance(wrong, click.UsageError) else None
    return text if context is None else f"{text}; see: {context.command_path} --help"


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
