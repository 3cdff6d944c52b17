"""Reaching the database: whatever keeps it out of reach is told in one line that names it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
from alembic.util.exc import CommandError
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

SQLITE_HEAD = b"SQLite format 3\0"
OUT_OF_REACH = (OSError, SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError)


class NoDatabase(Exception):
    """The database cannot be used; the text is one line that names it, without its password, and says why."""


@contextmanager
def reaching(url: URL) -> Iterator[None]:
    """Connect inside; raises :class:`NoDatabase` for what keeps the database out of reach."""
    if url.get_backend_name() == "sqlite":
        _check_file(Path(url.database or ""))
    try:
        yield
    except OUT_OF_REACH as error:
        reason = str(getattr(error, "orig", None) or error) or type(error).__name__
        raise NoDatabase(f"{_name(url)}: {reason.splitlines()[0]}; see JARING_DATABASE_URL") from error


@contextmanager
def migrating(url: URL) -> Iterator[None]:
    """Migrate inside; raises :class:`NoDatabase` when the database knows migrations that this program does not."""
    try:
        yield
    except CommandError as error:
        raise NoDatabase(f"{_name(url)}: made by a newer Jaring; use that, or restore an older copy") from error


def _check_file(path: Path) -> None:
    if path.is_dir():
        raise NoDatabase(f"{path}: is a folder; see JARING_DATABASE_URL")
    if not path.is_file() or path.stat().st_size == 0:
        return
    with path.open("rb") as file:
        if file.read(len(SQLITE_HEAD)) != SQLITE_HEAD:
            raise NoDatabase(f"{path}: is no SQLite database; see JARING_DATABASE_URL")


def _name(url: URL) -> str:
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return url.set(drivername="postgresql").render_as_string(hide_password=True)
