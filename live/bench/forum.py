"""A forum to measure on, made through the command line and the public interface."""

import asyncio
import http.client
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

from live.bench.posts import Line, form
from live.bench.servers import ROOT

QUESTIONS = 40
PLAN = {
    "title": "Forum uji beban",
    "agency": "Dinas",
    "place": "Aula",
    "starts": "2026-11-24T09:00:00",
    "ends": "2026-11-24T12:00:00",
    "timezone": "Asia/Makassar",
    "moderation": "after",
    "phase": "open",
    "max_length": 1000,
    "speakers": [{"name": "Narasumber 1", "field": "Pendaftaran"}, {"name": "Narasumber 2", "field": "Pencatatan"}],
}
WORDS = "Bagaimana caranya mengurus akta kelahiran bagi anak yang lahir di luar kota dan belum punya surat? "


class Forum:
    """A forum in one database, and the people who act in it."""

    def __init__(self, environment: Mapping[str, str], code: str, token: str) -> None:
        self.environment, self.code, self._token = environment, code, token

    @classmethod
    def make(cls, folder: Path, database_url: str) -> "Forum":
        """A new forum, by the command line."""
        path = folder / "forum.json"
        path.write_text(json.dumps(PLAN))
        environment = {"JARING_DATABASE_URL": database_url, "JARING_LIMITS": "open"}
        command = [sys.executable, "-m", "live", "forum", "create", "--file", str(path), "--json"]
        done = subprocess.run(  # noqa: S603 - our own program
            command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=True
        )
        made = json.loads(done.stdout)
        return cls(environment, made["code"], made["links"]["moderator"].partition("#")[2])

    @property
    def feed(self) -> str:
        """Where its sockets are."""
        return f"/f/{self.code}/feed"

    async def people(self, port: int, many: int) -> list[str]:
        """Cookies of ``many`` new participants."""
        return await asyncio.to_thread(lambda: [_cookie(port, f"/f/{self.code}") for _ in range(many)])

    async def fill(self, port: int) -> None:
        """Ask the questions, each by somebody else."""
        for number, cookie in enumerate(await self.people(port, QUESTIONS)):
            desk = Desk(port, cookie)
            await desk.post(f"/f/{self.code}/questions", text=f"{WORDS}Nomor {number}?")
            desk.close()

    async def moderator(self, port: int) -> "Desk":
        """The moderator's browser."""
        cookie = await asyncio.to_thread(_cookie, port, "/enter", {"token": self._token})
        return Desk(port, cookie)


class Desk:
    """Somebody who posts one thing after the other."""

    def __init__(self, port: int, cookie: str) -> None:
        self._port, self.cookie = port, cookie
        self._line: Line | None = None
        self._status: asyncio.Future[int] | None = None

    async def post(self, path: str, **fields: object) -> None:
        """Post, and wait for the answer; RuntimeError when it is no 2xx."""
        loop = asyncio.get_running_loop()
        if self._line is None:
            _, self._line = await loop.create_connection(lambda: Line(self._answered), "127.0.0.1", self._port)
        self._status = loop.create_future()
        self._line.post(form(self._port, path, self.cookie, urlencode(fields)), loop.time())
        if not 200 <= (status := await self._status) < 300:
            raise RuntimeError(f"POST {path}: {status}")

    def close(self) -> None:
        """Hang up."""
        if self._line is not None:
            self._line.close()

    def _answered(self, _line: Line, status: int) -> None:
        if self._status is not None and not self._status.done():
            self._status.set_result(status)


def _cookie(port: int, path: str, fields: Mapping[str, str] | None = None) -> str:
    """The cookies that an answer sets, as a browser gives them back."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Origin": f"http://127.0.0.1:{port}", "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST" if fields else "GET", path, urlencode(fields) if fields else None, headers)
    answer = connection.getresponse()
    answer.read()
    given = [value.partition(";")[0] for name, value in answer.getheaders() if name.lower() == "set-cookie"]
    connection.close()
    return "; ".join(given)
