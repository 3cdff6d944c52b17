"""Fixtures: both databases, a forum, and a real server in the test's own loop."""

import asyncio
import contextlib
import itertools
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn

from live.actions.pace import Pace
from live.actions.perform import Acting
from live.app import build, create_app
from live.serving import bound, configuration
from live.settings import Settings
from live.store.database import Database, connect
from live.store.migrating import migrate
from live.web.hall import Hall
from tests import build as building
from tests.build import Room
from tests.postgres import create_database, drop_database, server

TEMPLATE = f"jaring_template_{os.getpid()}"
"""Each process that runs tests has its own: several share one server."""

counter = itertools.count()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """One PostgreSQL server for the whole run, with a migrated template database."""
    with server() as dsn, ThreadPoolExecutor(1) as beside:  # a test's loop may be running in this thread
        beside.submit(asyncio.run, _make_template(dsn)).result()
        yield dsn


async def _make_template(dsn: str) -> None:
    await drop_database(dsn, TEMPLATE)
    database = connect(await create_database(dsn, TEMPLATE))
    await migrate(database)
    await database.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One migrated file: a copy of it costs a hundredth of the migrations."""
    path = tmp_path_factory.mktemp("template") / "jaring.db"
    with ThreadPoolExecutor(1) as beside:
        beside.submit(asyncio.run, _make_sqlite_template(path)).result()
    return path


async def _make_sqlite_template(path: Path) -> None:
    database = connect(f"sqlite:///{path}")
    await migrate(database)
    await database.forget_deleted()  # nothing is left beside the file
    await database.close()


@contextlib.asynccontextmanager
async def empty_database(request: pytest.FixtureRequest, folder: Path) -> AsyncIterator[str]:
    """The address of an empty, migrated database of the kind ``request.param``."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), folder / "jaring.db")
        yield f"sqlite:///{folder / 'jaring.db'}"
        return
    dsn = request.getfixturevalue("postgres")
    name = f"jaring_{os.getpid()}_{next(counter)}"
    yield await create_database(dsn, name, template=TEMPLATE)
    await drop_database(dsn, name)


@pytest.fixture(params=["sqlite", "postgres"])
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """An empty, migrated database of each kind."""
    async with empty_database(request, tmp_path) as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The database, open."""
    opened = connect(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def room(database: Database) -> Room:
    """An open forum with three speakers, moderation before, and no limits of pace."""
    return await building.room(database, Acting(database, Pace("open")))


@dataclass(frozen=True, slots=True)
class Running:
    """A real server on a free port, in this loop, with an open forum."""

    hall: Hall
    address: str
    room: Room


@pytest.fixture
async def running(database_url: str) -> AsyncIterator[Running]:
    """uvicorn as ``jaring serve`` runs it."""
    with bound(Settings(port=0)) as listening:
        port = listening.getsockname()[1]
        hall = await build(Settings(database_url=database_url, limits="open", port=port))
        server = uvicorn.Server(configuration(create_app(hall), hall.settings))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:  # noqa: ASYNC110 - uvicorn offers no event
            await asyncio.sleep(0.01)
        room = await building.room(hall.database, hall.acting)
        yield Running(hall, f"http://127.0.0.1:{port}", room)
        server.should_exit = True
        await serving
