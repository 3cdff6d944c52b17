"""Migrations, times and the secret that every process of an installation shares."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, event, inspect, select
from sqlalchemy.exc import StatementError

from live.places import MIGRATIONS
from live.store import installation
from live.store.database import Database, connect
from live.store.migrating import migrate
from live.store.models import Base, Forum, Installation
from tests.build import Room
from tests.postgres import create_database, drop_database

ROOT = MIGRATIONS.parent
MAKASSAR = timezone(timedelta(hours=8))


@pytest.fixture(params=["sqlite", "postgres"])
async def empty(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A database without a single table."""
    if request.param == "sqlite":
        database = connect(f"sqlite:///{tmp_path / 'folder' / 'new.db'}")
        yield database
        await database.close()
        return
    dsn = request.getfixturevalue("postgres")
    await drop_database(dsn, "jaring_empty")
    database = connect(await create_database(dsn, "jaring_empty"))
    yield database
    await database.close()
    await drop_database(dsn, "jaring_empty")


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, Base.metadata))


async def test_migrations_make_exactly_the_tables_of_the_models(empty: Database) -> None:
    async with empty.engine.connect() as connection:
        assert await connection.run_sync(differences), "the comparison sees that an empty database lacks everything"
    await migrate(empty)
    async with empty.engine.connect() as connection:
        assert await connection.run_sync(differences) == []
        names = await connection.run_sync(lambda sync: set(inspect(sync).get_table_names()))
    assert names == {*Base.metadata.tables, "alembic_version"}


async def test_migrating_again_changes_nothing(room: Room) -> None:
    await room.ask()
    before = await room.facts()
    await migrate(room.database)
    assert await room.facts() == before


async def test_processes_that_start_together_on_an_empty_database_all_come_up(empty: Database) -> None:
    address = empty.sync_engine.url
    url = address.set(drivername=address.get_backend_name()).render_as_string(hide_password=False)
    command = [sys.executable, "-m", "live", "migrate"]
    environment = {**os.environ, "JARING_DATABASE_URL": url}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    started = [await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment, **pipes) for _ in range(2)]
    async with asyncio.timeout(60):
        said = [await process.communicate() for process in started]
    assert [process.returncode for process in started] == [0, 0], said
    async with empty.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_on_sqlite_no_other_process_can_begin_between_two_migrations(tmp_path: Path) -> None:
    database = connect(f"sqlite:///{tmp_path / 'jaring.db'}")
    commits: list[Connection] = []
    event.listen(database.sync_engine, "commit", commits.append)
    await migrate(database)
    await database.close()
    assert len(commits) == 1


async def test_times_come_back_aware_and_in_utc(room: Room) -> None:
    local = datetime(2026, 11, 24, 9, 30, 15, 123456, tzinfo=MAKASSAR)
    async with room.database.writing() as session:
        forum = await session.scalar(select(Forum).where(Forum.code == room.code).with_for_update())
        assert forum is not None
        forum.published = local
    number = await room.asked("answered")
    facts = await room.facts()
    question = facts.question(number)
    assert question is not None
    assert facts.forum.published == local
    for moment in (facts.forum.published, facts.forum.starts, question.asked_at, question.answered_at):
        assert moment is not None
        assert moment.tzinfo is UTC


async def test_a_time_without_a_zone_is_a_programming_error(room: Room) -> None:
    with pytest.raises(StatementError, match="a time without a zone"):
        async with room.database.change(room.code) as change:
            change.forum.published = datetime(2026, 11, 24, 9, 30)


async def test_the_secret_is_made_once_and_shared_by_every_process(database: Database, database_url: str) -> None:
    others = [connect(database_url) for _ in range(3)]
    try:
        async with asyncio.timeout(30):
            told = await asyncio.gather(*(installation.secret(each) for each in (database, *others) for _ in range(2)))
    finally:
        for other in others:
            await other.close()
    assert len(set(told)) == 1
    assert len(told[0]) == 32
    after_a_restart = connect(database_url)
    assert await installation.secret(after_a_restart) == told[0]
    async with after_a_restart.reading() as session:
        assert len(list(await session.scalars(select(Installation)))) == 1
    await after_a_restart.close()


async def test_every_installation_has_a_secret_of_its_own(tmp_path: Path) -> None:
    told = []
    for name in ("one", "two"):
        database = connect(f"sqlite:///{tmp_path / name}.db")
        await migrate(database)
        told.append(await installation.secret(database))
        await database.close()
    assert told[0] != told[1]
