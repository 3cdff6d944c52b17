"""A server as people start it: a process of its own, on a free port, with a folder of its own."""

import asyncio
import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from live.actions import creating, organising
from live.actions.pace import Pace
from live.actions.perform import Acting
from live.places import ROOT
from live.rules.forum_file import read
from live.store.database import connect
from tests.build import Room

Made = TypeVar("Made")

LAN_NAME = "jaring.test"
"""Stands for the laptop's address in the hall: not loopback, plain http."""

START = "from live.cli import main; main(prog_name='jaring')"
"""``jaring`` in this very environment; ``python -m live`` would see to its environment first."""

DEADLINE = 60.0

LAST_YEAR = re.compile("Arsip tanya jawab.*Standar Pelayanan")
"""The name of the link to the demo's forum of last year; tests publish others."""

FORUM: dict[str, Any] = {
    "title": "Forum Konsultasi Publik",
    "agency": "Disdukcapil Kota Balikpapan",
    "place": "Aula lantai IV",
    "starts": "2026-11-24T09:00:00",
    "ends": "2026-11-24T12:00:00",
    "timezone": "Asia/Makassar",
    "moderation": "before",
    "phase": "open",
    "speakers": [
        {"name": "Narasumber 1", "field": "Pendaftaran Penduduk", "topics": ["KTP-el"]},
        {"name": "Narasumber 2", "field": "Pencatatan Sipil", "topics": ["akta"]},
        {"name": "Narasumber 3", "field": "Inovasi", "topics": ["IKD"]},
    ],
}


@dataclass(frozen=True, slots=True)
class Forum:
    """A forum's code, and the link of every role; ``links["speakers"]`` is a list."""

    code: str
    links: dict[str, Any]

    @property
    def path(self) -> str:
        """Where its pages are."""
        return f"/f/{self.code}"

    def link(self, role: str) -> str:
        """The link of a role; ``speaker:2`` names a speaker."""
        name, _, position = role.partition(":")
        return str(self.links["speakers"][int(position) - 1] if name == "speaker" else self.links[name])


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Served:
    """One installation in ``folder``; ``start`` and ``kill`` may follow each other any number of times."""

    folder: Path
    port: int = field(default_factory=free_port)
    forums: list[Forum] = field(default_factory=list)
    process: "subprocess.Popen[str] | None" = None

    @property
    def address(self) -> str:
        """Where this machine reaches it."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def database_url(self) -> str:
        """Its database; where the demo keeps its own too."""
        return f"sqlite:///{self.folder / 'data' / 'demo.db'}"

    @property
    def lan_address(self) -> str:
        """Where the hall reaches it."""
        return f"http://{LAN_NAME}:{self.port}"

    def demo(self) -> Forum:
        """Start as ``jaring demo``, and wait until it answers; returns its forum."""
        self._spawn("demo", "--json")
        assert self.process is not None and self.process.stdout is not None
        text = ""
        while not text.endswith("\n}\n"):
            line = self.process.stdout.readline()
            assert line, self.log()
            text += line
        self._wait()
        return self._remember(json.loads(text))

    def start(self) -> None:
        """Start as ``jaring serve``, and wait until it answers."""
        self._spawn("serve")
        self._wait()

    def kill(self) -> None:
        """As when somebody pulls the plug."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.communicate()
            self.process = None

    def create(self) -> Forum:
        """A new forum, made on the command line."""
        file = self.folder / "forum.json"
        file.write_text(json.dumps(FORUM), encoding="utf-8")
        command = self._command("forum", "create", "--json", "--file", str(file))
        made = subprocess.run(
            command, cwd=self.folder, env=self._environment(), capture_output=True, text=True, timeout=60, check=False
        )
        assert made.returncode == 0, made.stderr
        return self._remember(json.loads(made.stdout))

    def forum(self, **changed: Any) -> Forum:
        """A new forum, made at once; ``changed`` are fields of a forum file."""
        plan = read(json.dumps(FORUM | changed), "json")

        async def make(acting: Acting) -> dict[str, Any]:
            return await creating.create(acting.database, plan, self.address)

        return self._remember(self._at_once(make))

    def invitation(self, agency: str) -> str:
        """The secret with which an organiser of this agency sets a password."""

        async def make(acting: Acting) -> str:
            return await organising.invite(acting.database, "panitia", agency)

        return self._at_once(make)

    def _at_once(self, work: Callable[[Acting], Awaitable[Made]]) -> Made:
        async def run() -> Made:
            async with self._beside() as acting:
                return await work(acting)

        with ThreadPoolExecutor(1) as beside:  # a loop may be running in this thread
            return beside.submit(asyncio.run, run()).result()

    async def ask(self, forum: Forum, *questions: str) -> None:
        """Questions from somebody far away, one after the other; also while the server is down."""
        async with self._beside() as acting:
            room = Room(acting.database, acting, forum.code, forum.links)
            for words in questions:
                await room.ask(words)

    async def play(self, forum: Forum, story: Callable[[Room], Awaitable[None]]) -> None:
        """What many people did in a forum, without their browsers."""
        async with self._beside() as acting:
            await story(Room(acting.database, acting, forum.code, forum.links))

    def log(self) -> str:
        """What the server wrote."""
        return (self.folder / "log").read_text(encoding="utf-8")

    @contextlib.asynccontextmanager
    async def _beside(self) -> AsyncIterator[Acting]:
        database = connect(self.database_url)
        try:
            yield Acting(database, Pace("open"))
        finally:
            await database.close()

    def _remember(self, made: dict[str, Any]) -> Forum:
        self.forums.append(Forum(**made))
        return self.forums[-1]

    def _spawn(self, command: str, *more: str) -> None:
        with (self.folder / "log").open("a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                self._command(command, "--port", str(self.port), *more),
                cwd=self.folder,
                env=self._environment(),
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def _command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-c", START, *arguments]

    def _environment(self) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if not name.startswith("JARING_")}
        return ours | {
            "PYTHONPATH": str(ROOT),
            "JARING_DATABASE_URL": self.database_url,
            "JARING_PUBLIC_URL": self.address,
            "JARING_ORIGINS": self.lan_address,
        }

    def _wait(self) -> None:
        deadline = time.monotonic() + DEADLINE
        while time.monotonic() < deadline:
            assert self.process is not None and self.process.poll() is None, self.log()
            try:
                with urllib.request.urlopen(f"{self.address}/readyz", timeout=5):  # noqa: S310 - our own server
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise TimeoutError(self.log())
