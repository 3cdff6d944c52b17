"""Bringing a database to the present tables: one chain of migrations for both databases."""

import contextlib
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from live.places import MIGRATIONS
from live.store.database import Database
from live.store.reaching import migrating, reaching

TURN = 0x6A6172696E67
"""The number of the lock that whoever migrates holds."""


async def migrate(database: Database) -> None:
    """Run every migration that is missing; on a database that is up to date this changes nothing.

    Processes that start together take turns: SQLite has one writer anyway, PostgreSQL is given a lock. Raises
    :class:`live.store.reaching.NoDatabase` when it cannot be reached or was made by a newer program.
    """
    url = database.engine.url
    async with contextlib.AsyncExitStack() as stack:
        with reaching(url):
            connection = await stack.enter_async_context(database.engine.connect())
        if not database.is_sqlite:
            await connection.execute(text("SELECT pg_advisory_lock(:turn)"), {"turn": TURN})
            await connection.commit()
        try:
            with migrating(url):
                await connection.run_sync(upgrade)
            await connection.commit()
        finally:
            if not database.is_sqlite:
                await connection.rollback()
                await connection.execute(text("SELECT pg_advisory_unlock(:turn)"), {"turn": TURN})
                await connection.commit()


def upgrade(connection: Connection) -> None:
    """The same on an open synchronous connection."""
    command.upgrade(config(connection), "head")


def config(connection: Connection | None = None, folder: Path = MIGRATIONS) -> Config:
    """Alembic's configuration; there is no ini file."""
    settings = Config()
    settings.set_main_option("script_location", str(folder))
    attributes: dict[str, Any] = settings.attributes
    attributes["connection"] = connection
    return settings
