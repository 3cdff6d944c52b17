"""One Chromium and one demo for all browser tests; people with browsers of their own for each."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from live.providing import found_browser
from tests.browser.person import Person
from tests.browser.served import LAN_NAME, Forum, Served

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-proxy-server",
    f"--host-resolver-rules=MAP {LAN_NAME} 127.0.0.1",
)

NewPerson = Callable[..., Awaitable[Person]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """A real browser."""
    path = found_browser()
    if path is None:
        pytest.fail("no Chromium on this machine; `python3 -m live test` installs one")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The server of the demo; no test stops it."""
    server = Served(tmp_path_factory.mktemp("demo"))
    server.demo()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def demo(served: Served) -> Forum:
    """The demo's forum, in full swing; tests act in it, so none may count on its figures."""
    return served.forums[0]


@pytest.fixture(scope="session")
def lively(served: Served) -> Forum:
    """A forum in which questions are visible at once; tests leave theirs in it."""
    return served.forum(moderation="after")


@contextlib.asynccontextmanager
async def people(chromium: Browser, served: Served) -> AsyncIterator[NewPerson]:
    """Makes people; in the end none of their browsers may have complained. Options are those of a new context."""
    made: list[Person] = []

    async def new(address: str = served.address, **options: Any) -> Person:
        somebody = Person(await chromium.new_context(**options), address)
        somebody.watch()
        made.append(somebody)
        return somebody

    yield new
    for somebody in made:
        await somebody.context.close()
    assert [line for somebody in made for line in somebody.unforeseen] == []


@pytest_asyncio.fixture(loop_scope="session")
async def person(chromium: Browser, served: Served) -> AsyncIterator[NewPerson]:
    """Makes people at the demo's server for one test."""
    async with people(chromium, served) as new:
        yield new
