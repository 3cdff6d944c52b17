"""Bringing a database to the present tables: one chain of migrations for both databases."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from live.places import MIGRATIONS
from live.store.database import Database


async def migrate(database: Database) -> None:
    """Run every migration that is missing; on a database that is up to date this changes nothing."""
    async with database.engine.connect() as connection:
        await connection.run_sync(upgrade)
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
