"""Several processes on one PostgreSQL: nobody misses anything, whatever happens to bells and processes."""

import asyncio
import contextlib
import itertools
import os
import re
import signal
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import asyncpg
import pytest
from websockets.asyncio.client import ClientConnection, connect

from live.actions.pace import Pace
from live.actions.perform import Acting
from live.rules.words import Moderation
from live.store import snapshot
from live.store.database import connect as open_database
from live.store.migrating import migrate
from tests import build as building
from tests.build import PLAN, Room
from tests.postgres import create_database, drop_database
from tests.push.processes import PATIENCE, Served, writer

counter = itertools.count()
EACH = 40
NUMBER = re.compile(r'id="q-(\d+)"[^>]*data-status="shown"')


@contextlib.asynccontextmanager
async def shared(postgres: str) -> AsyncIterator[tuple[str, Room]]:
    """A database of its own with an open forum that shows every question at once."""
    name = f"jaring_processes_{os.getpid()}_{next(counter)}"
    url = await create_database(postgres, name)
    database = open_database(url)
    await migrate(database)
    plan = replace(PLAN, moderation=Moderation.AFTER)
    try:
        yield url, await building.room(database, Acting(database, Pace("open")), plan)
    finally:
        await database.close()
        await drop_database(postgres, name)


class Follower:
    """A screen at one process; comes back with its cursor when the process was frozen for too long."""

    def __init__(self, served: Served, code: str) -> None:
        self.served, self.code = served, code
        self.cursor = ""
        self.is_there = asyncio.Event()
        self.cursors: list[int] = []
        self.shown: set[int] = set()

    async def follow(self, until: asyncio.Future[int]) -> None:
        """Read until everything up to the number that ``until`` will name was told."""
        while True:
            address = f"ws://{self.served.here}/f/{self.code}/feed?since={self.cursor}"
            async with connect(address, origin=f"http://{self.served.here}", open_timeout=PATIENCE) as socket:  # type: ignore[arg-type]
                with contextlib.suppress(Exception):
                    await self._read(socket, until)
                if until.done() and self.cursors[-1] >= until.result():
                    return

    async def _read(self, socket: ClientConnection, until: asyncio.Future[int]) -> None:
        while not (until.done() and self.cursors and self.cursors[-1] >= until.result()):
            self.cursor, _, html = str(await socket.recv()).partition("\n")
            self.cursors.append(int(self.cursor.partition(".")[2]))
            self.shown |= {int(number) for number in NUMBER.findall(html)}
            self.is_there.set()


async def kill_bells(url: str, times: int) -> int:
    """Cut every listening connection, several times; how many were cut."""
    connection: Any = await asyncpg.connect(url)
    cut = 0
    for _ in range(times):
        rows = await connection.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'jaring-bell' AND datname = current_database()"
        )
        cut += len(rows)
        await asyncio.sleep(0.5)
    await connection.close()
    return cut


async def test_two_writers_and_three_followers_lose_nothing(postgres: str) -> None:
    """Bells are cut and one process is frozen meanwhile: 0 lost, 0 out of order, all equal in the end."""
    async with shared(postgres) as (url, room):
        servers = [Served(url) for _ in range(3)]
        try:
            await asyncio.gather(*(served.ready() for served in servers))
            until: asyncio.Future[int] = asyncio.get_running_loop().create_future()
            followers = [Follower(served, room.code) for served in servers]
            following = [asyncio.create_task(follower.follow(until)) for follower in followers]
            async with asyncio.timeout(PATIENCE):
                await asyncio.gather(*(follower.is_there.wait() for follower in followers))
            writers = [writer(url, room.code, 1000 * n, EACH) for n in (1, 2)]
            servers[2].send(signal.SIGSTOP)
            assert await kill_bells(url, 4) >= 3
            servers[2].send(signal.SIGCONT)
            for process in writers:
                assert await asyncio.to_thread(process.wait, PATIENCE) == 0
            facts = await room.facts()
            until.set_result(facts.forum.seq)
            async with asyncio.timeout(PATIENCE):
                await asyncio.gather(*following)
        finally:
            for served in servers:
                served.end()
        async with room.database.reading() as session:
            forum = await snapshot.forum_by_code(session, room.code)
        assert forum is not None
        assert forum.seq == 2 * EACH
        for follower in followers:
            assert follower.cursors == sorted(follower.cursors), "never back"
            assert follower.shown == {question.number for question in facts.questions}, "nothing lost"


async def test_workers_share_a_port_and_a_signal_ends_them_all(postgres: str) -> None:
    async with shared(postgres) as (url, room):
        served = Served(url, "--workers", "2")
        try:
            await served.ready()
            address = f"ws://{served.here}/f/{room.code}/feed"
            async with asyncio.timeout(PATIENCE), contextlib.AsyncExitStack() as stack:
                sockets = [
                    await stack.enter_async_context(connect(address, origin=f"http://{served.here}"))  # type: ignore[arg-type]
                    for _ in range(8)
                ]
                for socket in sockets:
                    await socket.recv()
                await room.ask("Apakah sampai ke semua proses?")
                for socket in sockets:
                    assert "Apakah sampai" in str(await socket.recv())
                served.process.terminate()
                for socket in sockets:
                    await socket.wait_closed()
                    assert socket.close_code == 1012
        finally:
            served.end()
        assert served.process.returncode == 0
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", served.port)
