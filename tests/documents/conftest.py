"""One forum for all tests here that read papers, on SQLite: what is on paper does not depend on the database."""

import asyncio
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from live.actions.pace import Pace
from live.actions.perform import Acting
from live.documents import files, pack, record
from live.documents.files import File
from live.rules.audience import Viewer
from live.rules.facts import Facts
from live.rules.words import Audience
from live.store.database import connect
from live.store.migrating import migrate
from tests.documents import story

TODAY = date(2027, 2, 15)


async def _played(folder: Path) -> Facts:
    database = connect(f"sqlite:///{folder / 'forum.db'}")
    try:
        await migrate(database)
        room = await story.play(database, Acting(database, Pace("open")))
        return await room.facts()
    finally:
        await database.close()


@pytest.fixture(scope="session")
def facts() -> Iterator[Facts]:
    """The forum of 96 messages, played once."""
    with tempfile.TemporaryDirectory() as folder:
        yield asyncio.run(_played(Path(folder)))


@pytest.fixture(scope="session")
def papers(facts: Facts) -> dict[str, File]:
    """Every file of that forum, made once."""
    return {name: files.make(name, facts, TODAY) for name in files.names()}


@pytest.fixture(scope="session")
def package(facts: Facts) -> bytes:
    """The package of evidence of that forum."""
    made = record.of(facts, Viewer(Audience.PUBLIC), whole=True)
    return pack.write(facts, made, TODAY, [File("Tindak lanjut 1 - 1 foto.jpg", b"jpeg", "image/jpeg")]).content
