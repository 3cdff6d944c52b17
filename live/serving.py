"""Running the server: one process on SQLite (guarded by a lock that dies with it), any number on PostgreSQL."""

import asyncio
import errno
import gc
import socket
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
import uvicorn
from filelock import FileLock, Timeout
from sqlalchemy.engine import make_url

from live import certificate, logs
from live.actions import organising
from live.app import build, create_app
from live.certificate import Certificate
from live.connections import Bounded
from live.push.wire import SharedFrames
from live.settings import Settings, lan_addresses
from live.store import sqlite
from live.store.database import utc_now

LARGEST_FRAME = 16 * 1024


class ServerRunning(RuntimeError):
    """Another server has this database or this port; the text is one line that says what to do."""


@contextmanager
def only_server(settings: Settings) -> Iterator[None]:
    """Hold the database's lock on SQLite: two server processes would each believe to be the only one."""
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite":
        yield
        return
    path = Path(f"{url.database}.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise ServerRunning(
            f"{url.database}: another server uses this database; stop it first, or use PostgreSQL for several processes"
        ) from None
    try:
        yield
    finally:
        lock.release()


def serve_forever(settings: Settings, workers: int = 1, first: Callable[[], None] | None = None) -> None:
    """Serve until stopped; raises :class:`ServerRunning` instead of starting a second server.

    ``first`` is called when the database and the port are held, before anything is read from the database.
    """
    is_sqlite = make_url(settings.database_url).get_backend_name() == "sqlite"
    if is_sqlite and workers > 1:
        raise ServerRunning("--workers: SQLite serves from one process only; use JARING_DATABASE_URL=postgresql://…")
    if is_sqlite and not sqlite.is_safe():
        click.echo("warning: this SQLite is older than 3.51.3 and has the WAL-reset bug; install pysqlite3", err=True)
    logs.configure()
    with_lan = replace(settings, lan=settings.lan or lan_addresses())

    def begin() -> None:
        for line in addresses(with_lan):
            click.echo(line, err=True)
        if first is not None:
            first()

    if workers > 1:
        from live.workers import serve_with

        serve_with(with_lan, workers, begin)
        return
    with only_server(settings), bound(with_lan) as listening:
        begin()
        run_quickly(run(with_lan, listening))


@contextmanager
def bound(settings: Settings) -> Iterator[socket.socket]:
    """A listening socket on the wanted host and port, closed after the block."""
    listening = listening_socket(settings)
    try:
        yield listening
    finally:
        listening.close()


def listening_socket(settings: Settings, *, is_shared: bool = False) -> socket.socket:
    """The same, for who closes it; a shared port may be listened at by several sockets of ours."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # The protocol is named because asyncio switches Nagle's algorithm off only then: with it every answer whose head
    # and body leave in two writes waits 40 ms for the other side's delayed acknowledgement.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if is_shared:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        listening.close()
        is_port = error.errno in (errno.EADDRINUSE, errno.EACCES)
        what, option = (f"port {settings.port}", "--port") if is_port else (settings.host, "--host")
        raise ServerRunning(f"{what}: {error.strerror}; choose another with {option}") from None
    listening.listen(2048)
    return listening


def run_quickly(main: Coroutine[Any, Any, None]) -> None:
    """``asyncio.run`` on uvloop where there is one (not on Windows)."""
    try:
        from uvloop import new_event_loop
    except ImportError:
        asyncio.run(main)
        return
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(main)


async def run(settings: Settings, listening: socket.socket, *, invites: bool = True) -> None:
    """Build the application and serve it on this socket; of several processes one ``invites`` the first organiser."""
    hall = await build(settings)
    if invites and (secret := await organising.invite_first(hall.database)):
        address = organising.invitation(settings.public, secret)
        click.echo(f"First organiser (this address works once, for a day): {address}", err=True)
    app = create_app(hall)
    collect_rarely()
    await uvicorn.Server(configuration(app, settings)).serve(sockets=[listening])


def collect_rarely() -> None:
    """Leave what the start built out of garbage collection, and look for cycles less often.

    With 5,000 sockets a full collection stops everything for 0.15 to 0.6 s, and by default it comes after every few
    thousand new objects: raising the thresholds took a third of the CPU of a broadcast away and two fifths of that of
    coming in. Cycles are few here (reference counts free nearly everything), so little piles up meanwhile.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def configuration(app: object, settings: Settings, http: type[Bounded] = Bounded) -> uvicorn.Config:
    """uvicorn as we run it: our frames shared by all sockets, no deflate per connection, small frames from browsers,
    an end to what it waits for, graceful shutdown (sockets are closed with 1012).

    Only the proxies of the settings are believed who a request comes from.
    """
    made = kept_certificate(settings)
    return uvicorn.Config(
        app,  # type: ignore[arg-type]  # an ASGI application
        http=http,
        ws=SharedFrames,
        ws_max_size=LARGEST_FRAME,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=10,
        server_header=False,
        date_header=True,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=list(settings.proxies),
        ssl_certfile=None if made is None else made.path,
        ssl_keyfile=None if made is None else made.key,
        access_log=False,
        log_config=None,
        log_level="warning",
    )


def kept_certificate(settings: Settings) -> Certificate | None:
    """The self-made certificate for every name of this machine; None on plain http."""
    if settings.tls == "none":
        return None
    known = (urlsplit(origin).hostname for origin in settings.allowed_origins)
    return certificate.kept(settings.tls_folder, sorted(filter(None, known)), utc_now())


def addresses(settings: Settings) -> list[str]:
    """The lines that say where people go, and what is protected on the way."""
    lines = [f"Jaring: {settings.public}"]
    if settings.public != settings.served_url:
        lines.append(f"On this machine: {settings.served_url}")
    if settings.public.startswith("http:") and settings.host not in ("127.0.0.1", "localhost", "::1"):
        lines.append("Plain http: anybody on this network can read what is sent, and change it. See docs/security.md.")
    if made := kept_certificate(settings):
        lines.append("Self-made certificate: browsers warn once for each device. Its fingerprint (SHA-256):")
        lines.append(f"  {made.fingerprint}")
    return lines


def print_forum(title: str, made: dict[str, object]) -> None:
    """The code and every link, for a person."""
    click.echo(f"{title}\n\n  code          {made['code']}")
    links = made["links"]
    assert isinstance(links, dict)  # noqa: S101 - narrows a type
    for role, link in links.items():
        for position, address in enumerate(link, start=1) if isinstance(link, list) else ((0, link),):
            name = f"speaker {position}" if position else role
            click.echo(f"  {name:<13} {address}")
