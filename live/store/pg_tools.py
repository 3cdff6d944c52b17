"""PostgreSQL's own programs for copying a database out and in."""

import asyncio
import glob
import os
import shutil
from pathlib import Path

from sqlalchemy.engine import URL

FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")


class ToolFailed(Exception):
    """A program is missing or said no; the text is one line."""


async def dump(url: URL, path: Path) -> None:
    """Write one moment of the database into ``path``; others go on writing meanwhile."""
    await _run("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={path}")


async def load(url: URL, path: Path) -> None:
    """Fill the (empty) database from ``path``, all of it or nothing."""
    options = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
    await _run("pg_restore", url, *options, str(path))


async def check(path: Path) -> None:
    """Refuse a file that is no dump."""
    await _run("pg_restore", None, "--list", str(path))


def program(name: str) -> str:
    """Where this program is: on the path, or the newest where distributions put it."""
    places = sorted((found for folder in FOLDERS for found in glob.glob(f"{folder}/{name}")), reverse=True)
    if found := shutil.which(name) or next(iter(places), None):
        return found
    raise ToolFailed(f"{name}: not found; install PostgreSQL's client programs (Debian: apt install postgresql-client)")


async def _run(name: str, url: URL | None, *arguments: str) -> None:
    process = await asyncio.create_subprocess_exec(
        program(name),
        *(("--no-password", f"--dbname={_address(url)}") if url is not None else ()),
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        # The password travels in the environment: every user of the machine can read a command line.
        env={**os.environ, **({"PGPASSWORD": str(url.password)} if url and url.password else {})},
    )
    try:
        _, said = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if process.returncode:
        lines = said.decode(errors="replace").strip().splitlines()
        raise ToolFailed(lines[0] if lines else f"{name}: failed with {process.returncode}")


def _address(url: URL) -> str:
    return url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
