"""What may happen to PostgreSQL below two running processes."""

import asyncio
import signal

import asyncpg
import pytest

from tests.faults.cluster import Durable
from tests.faults.conftest import Play
from tests.faults.hall import Hall
from tests.faults.process import Server

pytestmark = pytest.mark.long
Two = tuple[Server, Server]
Postgres = tuple[Durable, str]
LISTENING = """
    SELECT count(*) FROM pg_stat_activity WHERE application_name = 'jaring-bell' AND datname = current_database()"""
ENDED = LISTENING.replace("count(*)", "count(pg_terminate_backend(pid))")


async def test_restarted_by_its_administrator(two_servers: Two, cluster: Postgres, play: Play) -> None:
    async def restart(_hall: Hall) -> None:
        await asyncio.to_thread(cluster[0].restart)

    await play("F2 PostgreSQL restarted", two_servers[0], restart, two_servers[1])


async def test_killed(two_servers: Two, cluster: Postgres, play: Play) -> None:
    async def killed(hall: Hall) -> None:
        await asyncio.to_thread(cluster[0].kill)
        await asyncio.sleep(1)
        acked = sum(act.is_acked for act in hall.acts)
        await asyncio.sleep(1)
        assert sum(act.is_acked for act in hall.acts) == acked, "nothing is acknowledged without a database"
        await asyncio.to_thread(cluster[0].serve)

    await play("F2 PostgreSQL killed", two_servers[0], killed, two_servers[1])


async def test_frozen_for_ten_seconds(two_servers: Two, cluster: Postgres, play: Play) -> None:
    async def frozen(hall: Hall) -> None:
        cluster[0].signal_all(signal.SIGSTOP)
        await asyncio.sleep(1)
        acked = sum(act.is_acked for act in hall.acts)
        await asyncio.sleep(9)
        assert sum(act.is_acked for act in hall.acts) == acked, "nothing is acknowledged meanwhile"
        cluster[0].signal_all(signal.SIGCONT)

    await play("F8 PostgreSQL frozen for 10 s", two_servers[0], frozen, two_servers[1])


async def test_the_bell_s_connection_is_terminated(two_servers: Two, play: Play) -> None:
    async def deaf(hall: Hall) -> None:
        connection = await asyncpg.connect(hall.server.url)
        ended = await connection.fetchval(ENDED)
        assert ended == 2
        before = sum(act.is_acked for act in hall.acts)
        await hall.when(before + 40)

        async def listen_again() -> bool:
            return bool(await connection.fetchval(LISTENING) == 2)

        await hall.until(listen_again, 30)
        await connection.close()

    await play("F16 the listening connection terminated", two_servers[0], deaf, two_servers[1])
