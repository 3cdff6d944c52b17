"""Is this machine fit for the day? Each check says in plain words what it found and what to do about it.

Nothing is changed: no table is made, no migration run, no file written except one that is removed at once.
"""

import asyncio
import os
import shutil
import socket
import ssl
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from live.serving import ServerRunning, bound, kept_certificate
from live.settings import Settings, lan_addresses
from live.store import backup, journal, pg_tools, sqlite
from live.store.backup import Copies, NoCopy
from live.store.database import Database, connect, utc_now
from live.store.migrating import config
from live.store.models import Entry, Forum

Level = Literal["good", "look", "bad"]
LITTLE_MB, TOO_LITTLE_MB = 2000, 500
OLDEST_POSTGRES = 130000
OLD_SECONDS = 180
FILES = 4096


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: ``good``, ``look`` (it works, but look at it) or ``bad`` (it will not)."""

    name: str
    level: Level
    text: str


Check = Callable[[Settings, Database], Awaitable[Finding]]


async def all_findings(settings: Settings) -> list[Finding]:
    """Every check, in the order in which a person would go through them."""
    found = [of_settings(settings)]
    database = connect(settings.database_url)
    try:
        for check in CHECKS:
            found.append(await _one(check, settings, database))
    finally:
        await database.close()
    return found


async def _one(check: Check, settings: Settings, database: Database) -> Finding:
    try:
        return await check(settings, database)
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        return Finding(check.__name__, "bad", f"could not be looked at: {reason}")


def of_settings(settings: Settings) -> Finding:
    """What is in force; a wrong setting has ended the command before."""
    where = make_url(settings.database_url).render_as_string(hide_password=True)
    return Finding("settings", "good", f"{where}, limits {settings.limits}, people go to {settings.public}")


async def database(settings: Settings, database: Database) -> Finding:
    """Reachable, and of a version without known faults."""
    if database.is_sqlite:
        version = sys.modules["sqlite3"].sqlite_version
        if not sqlite.is_safe():
            told = "may lose a commit (the WAL-reset fault, 3.7.0 to 3.51.2): pip install pysqlite3, or use PostgreSQL"
            return Finding("database", "bad", f"SQLite {version} {told}")
        return Finding("database", "good", f"SQLite {version}, one server process")
    async with database.reading() as session:
        number = int(await session.scalar(text("SHOW server_version_num")) or 0)
        durable = [await session.scalar(text(f"SHOW {name}")) for name in ("fsync", "full_page_writes")]
    if durable != ["on", "on"]:
        return Finding("database", "bad", "PostgreSQL runs with fsync or full_page_writes off: a power cut loses acts")
    if number < OLDEST_POSTGRES:
        return Finding("database", "bad", f"PostgreSQL {number // 10000} is too old; 13 or newer")
    return Finding("database", "good", f"PostgreSQL {number // 10000}.{number % 10000}, any number of processes")


async def tables(settings: Settings, database: Database) -> Finding:
    """Whether the tables are those of this program."""
    head = ScriptDirectory.from_config(config()).get_current_head()
    async with database.engine.connect() as connection:
        present = await connection.run_sync(_revision)
    if present is None:
        return Finding("tables", "good", "none yet; the first start makes them")
    if present == head:
        return Finding("tables", "good", f"up to date ({head})")
    known = {script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()}
    if present not in known:
        return Finding("tables", "bad", f"made by a newer Jaring ({present}); use that one, or restore an older copy")
    return Finding("tables", "look", f"of an older Jaring ({present}); the next start brings them to {head}")


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


async def journals(settings: Settings, database: Database) -> Finding:
    """Whether every forum's journal is whole: no number missing, no line changed."""
    async with database.engine.connect() as connection:
        present = await connection.run_sync(_revision)
    if present is None:
        return Finding("journals", "good", "no forum yet")
    if present != ScriptDirectory.from_config(config()).get_current_head():
        return Finding("journals", "look", "to be read once the tables are up to date: jaring migrate")
    async with database.reading() as session:
        forums = list(await session.scalars(select(Forum).order_by(Forum.id)))
        broken = [(forum.code, at) for forum in forums if (at := await journal.broken_at(session, forum)) is not None]
        entries = await session.scalar(select(func.count()).select_from(Entry))
    if broken:
        told = ", ".join(f"forum {code} at entry {at}" for code, at in broken)
        return Finding("journals", "bad", f"changed or missing lines: {told}; restore a copy made before")
    return Finding("journals", "good", f"{len(forums)} forums, {entries} entries, every chain whole")


async def clock(settings: Settings, database: Database) -> Finding:
    """Whether this machine's clock can be believed: order never hangs on it, but times on screens do."""
    now = utc_now()
    async with database.engine.connect() as connection:
        has_tables = await connection.run_sync(_revision) is not None
    async with database.reading() as session:
        latest = await session.scalar(select(func.max(Entry.at))) if has_tables else None
        server = None if database.is_sqlite else await session.scalar(text("SELECT clock_timestamp()"))
    if now.year < 2026 or (latest is not None and latest > now + timedelta(minutes=1)):
        return Finding("clock", "bad", f"it says {now:%Y-%m-%d %H:%M} UTC, which is past; set the clock")
    if isinstance(server, datetime) and abs((server - now).total_seconds()) > 2:
        apart = abs((server - now).total_seconds())
        return Finding("clock", "look", f"this machine and the database are {apart:.0f} s apart; set both by NTP")
    return Finding("clock", "good", f"{now.astimezone():%Y-%m-%d %H:%M %Z}; compare it with your watch")


async def disk(settings: Settings, database: Database) -> Finding:
    """Room for the database and for its copies."""
    places = _places(settings)
    free = {place: _free_mb(place) for place in places}
    least = min(free, key=lambda place: free[place])
    told = f"{free[least] / 1000:.1f} GB free at {least}"
    level: Level = "bad" if free[least] < TOO_LITTLE_MB else "look" if free[least] < LITTLE_MB else "good"
    return Finding("disk", level, told if level == "good" else f"{told}; make room before the day")


def _places(settings: Settings) -> list[Path]:
    """Where Jaring writes."""
    url = make_url(settings.database_url)
    found = [Path.cwd()] if url.get_backend_name() != "sqlite" else [Path(url.database or "").resolve().parent]
    return found if settings.backup_folder is None else [*found, settings.backup_folder.resolve()]


def _free_mb(place: Path) -> float:
    while not place.exists():
        place = place.parent
    return shutil.disk_usage(place).free / 1e6


async def port(settings: Settings, database: Database) -> Finding:
    """Whether the port is free, or Jaring is at it already."""
    try:
        with bound(settings):
            return Finding("port", "good", f"{settings.port} is free")
    except ServerRunning as error:
        if await asyncio.to_thread(_is_jaring, settings):
            return Finding("port", "good", f"{settings.port}: Jaring is serving here")
        return Finding("port", "bad", str(error))


def _is_jaring(settings: Settings) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", settings.port), timeout=3) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return connection.recv(4096).rstrip().endswith(b"ok")
    return False


async def copies(settings: Settings, database: Database) -> Finding:
    """Where copies go, whether they can be written there, and how old the newest is."""
    folder = settings.backup_folder
    if folder is None:
        return Finding("backup", "look", "no copies are made: set JARING_BACKUP_DIR to a USB stick or another disk")
    try:
        await asyncio.to_thread(_write_in, folder)
    except OSError as error:
        return Finding("backup", "bad", f"{folder} cannot be written: {error.strerror}; plug it in or choose another")
    age = Copies.of(database, settings.database_url, folder).age()
    told = "no copy yet" if age is None else f"the newest copy is {age:.0f} s old"
    if database.is_sqlite and _same_disk(folder, Path(make_url(settings.database_url).database or "")):
        return Finding("backup", "look", f"{folder} is on the disk of the database: choose another; {told}")
    return Finding("backup", "good", f"{folder}: {told}")


def _write_in(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    tried = folder / ".check"
    tried.write_bytes(b"")
    tried.unlink()


def _same_disk(folder: Path, path: Path) -> bool:
    parent = path.resolve().parent
    return parent.exists() and os.stat(folder).st_dev == os.stat(parent).st_dev


async def newest_copy(settings: Settings, database: Database) -> Finding:
    """Whether the newest copy is whole: a copy nobody has read is a hope."""
    folder = settings.backup_folder
    newest = None if folder is None else next(iter(Copies.of(database, settings.database_url, folder).all()), None)
    if newest is None:
        return Finding("copy", "good", "none to read yet")
    try:
        if newest.path.suffix == ".db":
            await asyncio.to_thread(backup.check_sqlite, newest.path)
        else:
            await pg_tools.check(newest.path)
    except (NoCopy, pg_tools.ToolFailed) as error:
        return Finding("copy", "bad", f"the newest copy cannot be read: {error}")
    return Finding("copy", "good", f"{newest.path.name} was read and is whole")


async def network(settings: Settings, database: Database) -> Finding:
    """The address that phones in the room can reach."""
    found = settings.lan or lan_addresses()
    if not found:
        return Finding("network", "bad", "no address in a local network: connect this machine to the hall's Wi-Fi")
    at_venue = replace(settings, host="0.0.0.0", lan=found).public  # noqa: S104 - named, not bound
    return Finding("network", "good", f"phones go to {at_venue} (serve with --host 0.0.0.0); all: {', '.join(found)}")


async def certificate(settings: Settings, database: Database) -> Finding:
    """For a public https address: whether it answers there, and until when its certificate holds."""
    parts = urlsplit(settings.public)
    if parts.scheme != "https":
        return Finding("certificate", "good", "plain http: anybody in this network can read what is sent")
    if made := kept_certificate(settings):
        return Finding("certificate", "good", f"self-made, browsers warn once; fingerprint {made.fingerprint}")
    try:
        days = await asyncio.to_thread(_days_left, parts.hostname or "", parts.port or 443)
    except OSError as error:
        return Finding("certificate", "look", f"{settings.public} does not answer from here: {error}")
    return Finding("certificate", "good" if days > 14 else "look", f"valid for another {days} days")


def _days_left(host: str, port: int) -> int:
    context = ssl.create_default_context()
    with (
        socket.create_connection((host, port), timeout=5) as raw,
        context.wrap_socket(raw, server_hostname=host) as tls,
    ):
        ends = ssl.cert_time_to_seconds(str((tls.getpeercert() or {})["notAfter"]))
    return (datetime.fromtimestamp(ends, UTC) - utc_now()).days


async def files(settings: Settings, database: Database) -> Finding:
    """Open files: each phone needs one."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return Finding("open files", "good", "no limit here")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if min(hard, FILES) > soft:
        return Finding("open files", "look", f"{soft} are allowed; before serving: ulimit -n {min(hard, 65536)}")
    return Finding("open files", "good", f"{soft} are allowed")


CHECKS: tuple[Check, ...] = (
    database,
    tables,
    journals,
    clock,
    disk,
    port,
    copies,
    newest_copy,
    network,
    certificate,
    files,
)
