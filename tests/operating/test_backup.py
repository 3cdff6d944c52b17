"""Copies and their return, on both databases."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from filelock import FileLock
from sqlalchemy import select

from live.actions import restoring
from live.actions.erasing import digest
from live.actions.pace import Pace
from live.actions.perform import Acting
from live.store import backup, journal, links
from live.store.backup import Copies, NoCopy
from live.store.database import Database, connect, utc_now
from live.store.migrating import migrate
from live.store.models import Forum
from tests import build
from tests.actions.examples import receipt_of
from tests.build import Room, full_room
from tests.people import BUDI, SARI

MARKER = "penanda-7c1e"


@pytest.fixture
def copies(database: Database, database_url: str, tmp_path: Path) -> Copies:
    return Copies.of(database, database_url, tmp_path / "copies")


async def restored(database_url: str, copy: Path, *folders: Path) -> restoring.Restored:
    return await restoring.restore(database_url, copy, folders, lambda name: None)


@contextlib.asynccontextmanager
async def opened(url: str, code: str) -> AsyncIterator[Room]:
    """The forum as a server started afterwards would find it."""
    database = connect(url)
    try:
        yield Room(database, Acting(database, Pace("open")), code, {})
    finally:
        await database.close()


def stored_in(folder: Path) -> bytes:
    return b"".join(part.read_bytes() for part in folder.glob("jaring.db*"))


async def chain_holds(room: Room) -> bool:
    async with room.database.reading() as session:
        forum = await session.scalar(select(Forum).where(Forum.code == room.code))
        assert forum is not None
        return await journal.broken_at(session, forum) is None


async def test_a_restored_copy_is_the_forum_as_it_was_with_a_new_epoch(
    database: Database, database_url: str, room: Room, copies: Copies
) -> None:
    await full_room(room)
    before = await room.facts()
    copy = await copies.make()
    await room.ask("Yang ini belum ada di cadangan?")
    await database.close()
    done = await restored(database_url, copy)
    async with opened(database_url, room.code) as again:
        after = await again.facts()
        assert after.questions == before.questions
        assert after.follow_ups == before.follow_ups
        assert after.forum.epoch != before.forum.epoch
        assert await chain_holds(again)
        assert await again.ask("Masih bisa bertanya?") == len(before.questions) + 1
    assert (done.forums, done.erased) == (1, 0)
    assert done.before is not None
    assert done.before.exists()


async def test_a_copy_made_under_load_is_one_moment_of_it(
    database: Database, database_url: str, room: Room, copies: Copies
) -> None:
    async def writing() -> None:
        for number in range(60):
            await room.ask(f"Pertanyaan {number} saat disalin?")

    task = asyncio.create_task(writing())
    made = [await copies.make(copies.folder / f"copy-{number}") for number in range(2)]
    await task
    await database.close()
    for copy in made:
        await restored(database_url, copy)
        async with opened(database_url, room.code) as again:
            facts = await again.facts()
            assert facts.forum.seq == len(facts.questions) + 1, "every question, its entry, and the restore's own"
            assert await chain_holds(again)


async def test_role_links_and_keys_still_work_after_a_restore(
    database: Database, database_url: str, room: Room, copies: Copies
) -> None:
    first = (await room.do("ask", SARI, text="Kapan?", key="draft-0001")).body["number"]
    copy = await copies.make()
    late = (await room.do("ask", SARI, text="Berapa?", key="draft-0002")).body["number"]
    secret = str(room.links["moderator"]).partition("#")[2]
    await database.close()
    await restored(database_url, copy)
    async with opened(database_url, room.code) as again:
        async with again.database.writing() as session:
            redeemed = await links.redeem(session, secret, None, utc_now())
        assert redeemed is not None
        assert (redeemed.role, redeemed.code) == ("moderator", room.code)
        # The phone sends both again, with their keys: what the copy had is known, what it had not is new.
        assert (await again.do("ask", SARI, text="Kapan?", key="draft-0001")).body["number"] == first
        assert (await again.do("ask", SARI, text="Berapa?", key="draft-0002")).body["number"] == late
        assert await again.count() == 2


async def test_an_older_copy_does_not_bring_erased_words_back(
    database: Database, database_url: str, room: Room, copies: Copies
) -> None:
    number = await room.ask(f"Nama anak saya {MARKER}?")
    receipt = await receipt_of(room, number)
    old = await copies.make(copies.folder / "old-copy")
    await room.do("erase", SARI, number, receipt=receipt)
    await copies.make()
    assert backup.erasures(copies.folder) == {digest(receipt)}
    await database.close()
    for lost in (False, True):  # with the database that knew of it, and after that laptop is gone
        if lost and database.is_sqlite:
            os.unlink(database_url.removeprefix("sqlite:///"))
        done = await restored(database_url, old)
        assert done.erased == 1
        async with opened(database_url, room.code) as again:
            assert MARKER not in str(await again.facts())
            assert await again.status(number) == "withdrawn"
            assert await chain_holds(again)


async def test_what_is_no_whole_copy_is_refused_and_nothing_changes(
    database: Database, database_url: str, room: Room, copies: Copies, tmp_path: Path
) -> None:
    await room.ask("Apakah ini tetap ada?")
    whole = (await copies.make()).read_bytes()
    bad = {
        "empty": b"",
        "text": b"not a database" * 100,
        "half": whole[: len(whole) // 2],
        "torn": whole[:8192] + os.urandom(4096) + whole[12288:],
    }
    await database.close()
    for name, content in bad.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(NoCopy):
            await restored(database_url, tmp_path / name)
        async with opened(database_url, room.code) as again:
            assert (await again.facts()).forum.seq == 1, name


async def test_the_last_ten_are_kept_and_none_past_thirty_days(copies: Copies) -> None:
    copies.folder.mkdir()
    now = utc_now()
    for days in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11):
        (copies.folder / f"jaring-{now - timedelta(days=days):%Y%m%dT%H%M%S}Z.db").touch()
    copies.drop_old()
    assert len(copies.all()) == 10
    for copy in copies.all()[1:]:
        copy.path.unlink()
    (copies.folder / f"jaring-{now - timedelta(days=31):%Y%m%dT%H%M%S}Z.db").touch()
    (copies.folder / "notes.txt").touch()
    copies.drop_old()
    assert [copy.made.date() for copy in copies.all()] == [now.date()]
    assert (copies.folder / "notes.txt").exists()


async def test_copies_are_made_while_it_serves_and_their_age_is_known(room: Room, copies: Copies) -> None:
    assert copies.age() is None
    async with backup.keeping(copies, 0.05), asyncio.timeout(30):
        while len(copies.all()) < 2:  # the names count seconds
            await room.do("ask", BUDI, text=f"Nomor {await room.count()}?")
    age = copies.age()
    assert age is not None
    assert age < 30
    assert not list(copies.folder.glob("*.part"))


async def test_a_copy_that_cannot_be_written_is_counted_and_does_not_stop_the_next(room: Room, copies: Copies) -> None:
    copies.folder.write_text("in the way")
    async with backup.keeping(copies, 0.05), asyncio.timeout(30):
        while not copies.failed:
            await room.ask(f"Nomor {await room.count()}?")
        copies.folder.unlink()
        while not copies.all():
            await room.ask(f"Nomor {await room.count()}?")


async def test_a_copy_that_another_process_is_making_is_no_failure(copies: Copies) -> None:
    copies.folder.mkdir()
    with FileLock(copies.folder / ".lock"):
        await copies.make_if_old(0.0)
    assert not copies.all()
    assert not copies.failed


async def test_erased_words_are_gone_from_the_files(tmp_path: Path) -> None:
    path = tmp_path / "jaring.db"
    database = connect(f"sqlite:///{path}")
    await migrate(database)
    room = await build.room(database, Acting(database, Pace("open")))
    number = await room.ask(f"Alamat saya {MARKER}?")
    await room.do("erase", SARI, number, receipt=await receipt_of(room, number))
    await database.forget_deleted()
    stored = stored_in(tmp_path)
    await database.close()
    assert MARKER.encode() not in stored


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_a_restore_over_a_live_server_is_refused(
    database: Database, database_url: str, room: Room, copies: Copies
) -> None:
    """On PostgreSQL; on SQLite the lock of the file says so (tests/store/test_one_server.py)."""
    copy = await copies.make()
    await database.start()
    heard = asyncio.Event()
    database.bell.listen(lambda _forum, _head: heard.set())
    async with asyncio.timeout(20):
        await heard.wait()
    with pytest.raises(NoCopy, match="stop every server"):
        await restored(database_url, copy)
    await database.close()
    assert (await restored(database_url, copy)).forums == 1
