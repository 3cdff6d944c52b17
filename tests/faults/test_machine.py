"""What may happen to the machine: a full disk, a clock that jumps, and the order of write and answer."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.conftest import Play, prepared, started
from tests.faults.hall import Hall
from tests.faults.process import Server

pytestmark = pytest.mark.long
is_root = pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs root: mount, namespaces")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 12 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", place], check=True)
    yield place
    subprocess.run(["umount", "-l", place], check=True)


@is_root
async def test_the_disk_is_full(small_disk: Path, tmp_path: Path, play: Play) -> None:
    server = Server(
        await prepared(f"sqlite:///{small_disk / 'jaring.db'}"), tmp_path, settings={"JARING_BACKUP_DIR": "none"}
    )

    async def full(hall: Hall) -> None:
        filler = small_disk / "filler"
        await asyncio.to_thread(fill, filler)
        before = sum(act.is_acked for act in hall.acts)
        await asyncio.sleep(4)
        after = sum(act.is_acked for act in hall.acts)
        reader = hall.desk.wire_of_its_own()
        assert (await reader.get(f"/f/{hall.code}/state")).status == 200, "reading goes on"
        reader.close()
        filler.unlink()
        await hall.when(after + 20)  # without a restart
        print(f"{after - before} acknowledged within 4 s of a full disk")

    async with started(server):
        await play("F9 disk full, then room again", server, full)


def fill(path: Path) -> None:
    """Until not one byte more fits."""
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 4096)
        except OSError:
            return


def libfaketime() -> Path:
    (found,) = Path("/usr/lib").glob("*/faketime/libfaketime.so.1")
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="libfaketime is preloaded as Linux does it")
async def test_the_clock_jumps_two_hours_each_way(tmp_path: Path, play: Play) -> None:
    jumps = tmp_path / "jumps"
    jumps.write_text("+0")
    settings = {
        "LD_PRELOAD": str(libfaketime()),
        "FAKETIME_TIMESTAMP_FILE": str(jumps),
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_NO_CACHE": "1",
    }
    server = Server(await prepared(f"sqlite:///{tmp_path / 'jaring.db'}"), tmp_path, settings=settings)

    async def jump(hall: Hall) -> None:
        for offset in ("+2h", "-2h", "+0"):
            jumps.write_text(offset)
            await hall.when(sum(act.is_acked for act in hall.acts) + 40)

    async with started(server):
        await play("F10 clock two hours ahead, then back", server, jump)
