"""One database for all tests of a module, a forum of its own for each test."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from live.actions.pace import Pace
from live.actions.perform import Acting
from live.store.database import Database, connect
from tests import build
from tests.build import Room
from tests.store.shared import KINDS, shared_url


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=KINDS)
async def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Database]:
    async with shared_url(request, tmp_path_factory) as url:
        opened = connect(url)
        yield opened
        await opened.close()


@pytest_asyncio.fixture(loop_scope="module")
async def room(database: Database) -> Room:
    """An open forum, moderation before, no limits of pace."""
    return await build.room(database, Acting(database, Pace("open")))
