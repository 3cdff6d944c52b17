"""A database that the tests of one module share, each with forums of its own: making one costs half a second."""

import contextlib
import itertools
import os
from collections.abc import AsyncIterator

import pytest

from live.store.database import connect
from live.store.migrating import migrate
from tests.conftest import TEMPLATE
from tests.postgres import create_database, drop_database

KINDS = ("sqlite", "postgres")
counter = itertools.count()


@contextlib.asynccontextmanager
async def shared_url(request: pytest.FixtureRequest, factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The address of a migrated database of the kind ``request.param``."""
    if request.param == "sqlite":
        url = f"sqlite:///{factory.mktemp('shared') / 'jaring.db'}"
        database = connect(url)
        await migrate(database)
        await database.close()
        yield url
        return
    dsn = request.getfixturevalue("postgres")
    name = f"jaring_shared_{os.getpid()}_{next(counter)}"
    yield await create_database(dsn, name, template=TEMPLATE)
    await drop_database(dsn, name)
