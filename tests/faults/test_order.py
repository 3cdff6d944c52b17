"""No acknowledgement leaves before its commit is on the disk: read from the system calls, on both databases."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest

from live.rehearsal.material import drafts
from tests.faults.cluster import Durable
from tests.faults.conftest import SEED, SMALL, Play, prepared, started
from tests.faults.crowd import Phone
from tests.faults.hall import Hall
from tests.faults.process import Server
from tests.postgres import create_database

pytestmark = [pytest.mark.long, pytest.mark.skipif(sys.platform != "linux", reason="strace is Linux's")]
TRACING = ("strace", "-f", "-qq", "-y", "-ttt", "-s", "32", "-e", "trace=fsync,fdatasync,pwrite64,sendto,write,writev")
NO_COPIES = {"JARING_BACKUP_DIR": "none"}
ASKED = 30


def times(trace: Path, pattern: str) -> list[float]:
    """When these calls ended (a call that was interrupted in the trace ends at its second line)."""
    found = []
    for line in trace.read_text(errors="replace").splitlines():
        told = re.match(r"(\d+ +)?(\d+\.\d+) (.*)", line)
        if told and re.search(pattern, told[3]):
            found.append(float(told[2]))
    return found


async def asked(server: Server, play: Play, name: str) -> None:
    """One phone asks one thing after the other: what lies between two answers belongs to the second."""
    hall = Hall(server, Random(SEED), SMALL)
    await hall.create()
    hall.seat()
    texts = drafts(Random(SEED))
    phone = Phone(server.address, hall.code, Random(SEED), texts, [], 1.0, hall.going)
    phone.loses = 0.0
    await phone.join()
    for _ in range(ASKED):
        draft = next(texts)
        await phone.act("/questions", draft.marker, text=draft.text)
    hall.phones, hall.screens = [phone], []
    hall.over.set()
    async with hall.busy():
        pass
    verdict = await hall.verdict()
    play.note(name, server, verdict)
    assert verdict.is_good, verdict.wrong
    hall.close()


def check(answers: list[float], synced: list[float]) -> None:
    """Between every two answers the log of the database reached the disk."""
    assert len(answers) == ASKED
    pairs = zip([0.0, *answers], answers, strict=False)
    late = [after for before, after in pairs if not any(before < at < after for at in synced)]
    assert not late, f"{len(late)} of {len(answers)} answers left before their commit was on disk"


async def test_sqlite_is_on_disk_before_the_answer(tmp_path: Path, play: Play) -> None:
    trace = tmp_path / "trace"
    url = await prepared(f"sqlite:///{tmp_path / 'jaring.db'}")
    server = Server(url, tmp_path, before=(*TRACING, "-D", "-o", str(trace)), settings=NO_COPIES)
    async with started(server):
        await asked(server, play, "F18 on disk before the answer")
    synced = times(trace, r"f(data)?sync\(\d+<[^>]*jaring\.db-wal>\) += 0|f(data)?sync resumed.*= 0")
    check(times(trace, r"HTTP/1\.1 201"), synced)


async def test_postgresql_is_on_disk_before_the_answer(
    cluster: tuple[Durable, str], tmp_path: Path, play: Play
) -> None:
    url = await prepared(await create_database(cluster[1], "traced"))
    trace = tmp_path / "trace"
    server = Server(url, tmp_path, before=(*TRACING, "-D", "-o", str(trace)))
    with watched(cluster[0], tmp_path / "database"):
        async with started(server):
            await asked(server, play, "F18 on disk before the answer")
    synced = times(tmp_path / "database", r"fdatasync\(\d+<[^>]*pg_wal/[^>]*>\) += 0|fdatasync resumed.*= 0")
    check(times(trace, r"HTTP/1\.1 201"), synced)


@contextmanager
def watched(cluster: Durable, trace: Path) -> Iterator[None]:
    """Every process of this cluster is traced inside the block, those to come included."""
    tracing = subprocess.Popen([*TRACING, "-o", str(trace), "-p", str(cluster.pid)])
    try:
        yield
    finally:
        tracing.send_signal(signal.SIGINT)
        tracing.wait(30)
