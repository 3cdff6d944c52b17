"""One server for all tests of a module."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from live.settings import Settings
from tests.build import Room
from tests.store.shared import KINDS, shared_url
from tests.web.house import House, enter, serving


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=KINDS)
async def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with (
        shared_url(request, tmp_path_factory) as url,
        serving(Settings(database_url=url, limits="open")) as served,
    ):
        yield served


@pytest_asyncio.fixture(loop_scope="module")
async def forum(house: House) -> Room:
    """An open forum of its own."""
    return await house.room()


@pytest_asyncio.fixture(loop_scope="module")
async def phone(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """A participant's program: asks for JSON."""
    async with house.browser(accept="application/json") as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def desk(house: House, forum: Room) -> AsyncIterator[httpx.AsyncClient]:
    """The moderator's browser."""
    async with house.browser(accept="application/json") as browser:
        yield await enter(browser, forum, "moderator")
