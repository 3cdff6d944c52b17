"""What may happen to the server: killed, stopped, frozen, restored from an old copy. README has the table."""

import asyncio
import signal
from pathlib import Path
from random import Random

import pytest

from tests.faults.conftest import SEED, SMALL, Play
from tests.faults.hall import Hall, Size
from tests.faults.process import Server
from tests.faults.resources import alone

LARGE = Size(phones=40, screens=40, pause=0.2, asks=0.04)


async def again(server: Server) -> None:
    """Killed in the middle of its work, and started again."""
    await asyncio.to_thread(server.kill)
    await asyncio.to_thread(server.start)


async def test_killed_in_the_middle_of_its_work(sqlite_server: Server, play: Play) -> None:
    await play("F1 kill -9 under load", sqlite_server, lambda hall: again(hall.server))


def thrown_away(folder: Path) -> None:
    """The database is gone with everything that belongs to it."""
    for part in folder.glob("jaring.db*"):
        part.unlink()


@pytest.mark.long
async def test_killed_five_times(sqlite_server: Server, play: Play) -> None:
    async def five_times(hall: Hall) -> None:
        for _ in range(5):
            await hall.when(sum(act.is_acked for act in hall.acts) + hall.chance.randint(20, 300))
            await again(hall.server)

    await play("F1 kill -9, five times", sqlite_server, five_times, size=LARGE, before=300)


@pytest.mark.long
async def test_one_of_two_processes_is_killed_five_times(two_servers: tuple[Server, Server], play: Play) -> None:
    async def five_times(hall: Hall) -> None:
        for _ in range(5):
            await hall.when(sum(act.is_acked for act in hall.acts) + hall.chance.randint(20, 200))
            await again(hall.chance.choice(two_servers))

    await play("F1 kill -9 of one of two, five times", *_first(two_servers, five_times), size=LARGE, before=300)


@pytest.mark.long
async def test_one_of_two_processes_stands_still_for_twenty_seconds(
    two_servers: tuple[Server, Server], play: Play
) -> None:
    async def frozen(hall: Hall) -> None:
        two_servers[1].signal(signal.SIGSTOP)
        others = [phone for phone in hall.phones if phone.wire.address == two_servers[0].address]
        before = sum(act.is_acked for phone in others for act in phone.acts)
        await hall.until(lambda: sum(act.is_acked for phone in others for act in phone.acts) > before + 50, 20)
        await asyncio.sleep(20)
        two_servers[1].signal(signal.SIGCONT)

    await play("F7 one of two frozen for 20 s", *_first(two_servers, frozen))


@pytest.mark.long
async def test_a_rolling_restart_of_two_processes(two_servers: tuple[Server, Server], play: Play) -> None:
    async def rolling(_hall: Hall) -> None:
        for server in two_servers:
            assert await asyncio.to_thread(server.stop) in (0, -signal.SIGTERM)
            await asyncio.to_thread(server.start)

    hall = await play("F15 rolling restart of two", *_first(two_servers, rolling), size=LARGE, before=300)
    assert not [act for act in hall.acts if act.status >= 500]


@pytest.mark.long
@pytest.mark.parametrize("sockets", [2000])
async def test_a_storm_of_sockets_that_come_back_at_once(sqlite_server: Server, play: Play, sockets: int) -> None:
    seconds = 0.0

    async def storm(hall: Hall) -> None:
        nonlocal seconds
        await hall.until(lambda: all(screen.socket for screen in hall.screens))
        for screen in hall.screens:
            screen.cut()
        await asyncio.sleep(0)
        seconds = await hall.until(lambda: all(screen.socket for screen in hall.screens))

    size = Size(phones=20, screens=sockets, pause=1.0, asks=0.1)
    await play(f"F12 {sockets} sockets cut at once", sqlite_server, storm, size=size, before=20)
    print(f"all {sockets} back after {seconds:.1f} s")


@pytest.mark.long
async def test_an_old_copy_is_restored_and_phones_send_again_what_it_had_not_seen(
    sqlite_server: Server, tmp_path: Path, play: Play
) -> None:
    """The first laptop's folder is gone; the second stands in at the same address, from the copy."""
    copy, second = tmp_path / "usb" / "copy.db", tmp_path / "second"
    second.mkdir()

    async def lost_laptop(hall: Hall) -> None:
        done = await asyncio.to_thread(sqlite_server.command, "backup", "--out", str(copy))
        assert done.returncode == 0, done.stderr
        await hall.when(sum(act.is_acked for act in hall.acts) + 100)
        await hall.pause()
        await asyncio.to_thread(sqlite_server.kill)
        await asyncio.to_thread(thrown_away, tmp_path)
        sqlite_server.url, sqlite_server.folder = f"sqlite:///{second / 'jaring.db'}", second
        done = await asyncio.to_thread(sqlite_server.command, "restore", str(copy))
        assert done.returncode == 0, done.stderr
        await asyncio.to_thread(sqlite_server.start)
        await hall.desk.enter(hall.links["moderator"])  # the role link printed in the morning still works
        await hall.send_again()

    await play("F17 second laptop from an old copy", sqlite_server, lost_laptop)


@pytest.mark.long
async def test_nothing_is_left_in_the_server_after_everybody_went_home(sqlite_server: Server) -> None:
    """I8: sockets, files and memory come back to where they were."""
    found = []
    for _ in range(4):
        hall = Hall(sqlite_server, Random(SEED), SMALL)
        await hall.create()
        hall.seat()
        async with hall.busy():
            await hall.when(150)
        hall.close()
        found.append(await alone(sqlite_server))
    first, *_, last = found[1:]
    assert abs(last.files - first.files) <= 5
    assert last.memory <= first.memory * 1.1


def _first(servers: tuple[Server, Server], fault):  # type: ignore[no-untyped-def]
    """The arguments of ``play`` for two processes."""
    return servers[0], fault, servers[1]
