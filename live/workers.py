"""Several server processes on one port: ``jaring serve --workers N``, on PostgreSQL.

Each has a listening socket of its own where the operating system shares a port out evenly (SO_REUSEPORT on Linux),
else all accept from one. The parent only watches: a worker that dies is replaced, a signal ends all of them, and a
worker whose parent is gone ends by itself. The sockets belong to the parent, so nobody who is already waiting in the
queue of a dead worker is sent away.
"""

import asyncio
import contextlib
import multiprocessing
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess

import structlog

from live import logs
from live.serving import bound, listening_socket, run, run_quickly
from live.settings import Settings

END_SECONDS = 15.0
"""What a worker gets to finish what it has begun; its own limit for that is 10 s."""
AGAIN_SECONDS = 1.0
log = structlog.get_logger()


def serve_with(settings: Settings, workers: int, told: Callable[[], None]) -> None:
    """Serve from ``workers`` processes until a signal; ``told`` is called once the port is held."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    with _sockets(settings, workers) as sockets:
        told()
        team = [_started(settings, each, invites=not place) for place, each in enumerate(sockets)]
        while not stopping.wait(0.2):
            _replace_the_dead(settings, sockets, team, stopping)
        _end(team)


@contextlib.contextmanager
def _sockets(settings: Settings, many: int) -> Iterator[list[socket.socket]]:
    """A listening socket for each worker; all the same one where a port cannot be shared."""
    with bound(settings) as only:  # says so when the port is taken, which a shared port would not
        if sys.platform != "linux":
            yield [only] * many
            return
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(listening_socket(settings, is_shared=True)) for _ in range(many)]


def _started(settings: Settings, listening: socket.socket, *, invites: bool) -> SpawnProcess:
    spawning = multiprocessing.get_context("spawn")
    process = spawning.Process(target=_work, args=(settings, listening, invites), name="jaring")
    process.start()
    return process


def _replace_the_dead(
    settings: Settings, sockets: list[socket.socket], team: list[SpawnProcess], stopping: threading.Event
) -> None:
    for place, process in enumerate(team):
        if not process.is_alive():
            log.warning("a worker died and is replaced", exit=process.exitcode)
            if not stopping.wait(AGAIN_SECONDS):
                team[place] = _started(settings, sockets[place], invites=False)


def _end(team: list[SpawnProcess]) -> None:
    for process in team:
        process.terminate()
    for process in team:
        process.join(END_SECONDS)
        if process.is_alive():
            process.kill()
            process.join()


def _work(settings: Settings, listening: socket.socket, invites: bool) -> None:
    """One worker, in its own process."""
    logs.configure()
    with contextlib.suppress(KeyboardInterrupt):
        run_quickly(_serve(settings, listening, invites))


async def _serve(settings: Settings, listening: socket.socket, invites: bool) -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        watch = threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True)
        watch.start()
    with contextlib.suppress(asyncio.CancelledError):
        await run(settings, listening, invites=invites)


def _end_with(parent: int) -> None:
    wait([parent])
    os.kill(os.getpid(), signal.SIGTERM)
