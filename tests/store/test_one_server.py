"""One server on one SQLite file; and acts of another process beside it reach the screens through the poll."""

import asyncio
import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from websockets.asyncio.client import connect as open_socket

from live.actions.pace import Pace
from live.actions.perform import Acting
from live.serving import ServerRunning, only_server
from live.settings import Settings
from live.store.database import connect
from tests.people import SARI
from tests.program import ROOT, Program, free_port, wait_until_ready

FORUM = {
    "title": "Forum uji",
    "agency": "Dinas",
    "place": "Aula",
    "starts": "2026-11-24T09:00:00",
    "ends": "2026-11-24T12:00:00",
    "timezone": "Asia/Makassar",
    "moderation": "after",
    "phase": "open",
    "speakers": [{"name": "Narasumber", "field": "Pendaftaran"}],
}


@dataclass(frozen=True)
class Served:
    """A server in a process of its own, and the program beside it."""

    url: str
    port: int
    program: Program


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    url = f"sqlite:///{folder / 'jaring.db'}"
    program, port = Program(folder, {"JARING_DATABASE_URL": url}), free_port()
    with program.serving(port) as process:
        wait_until_ready(process, port)
        yield Served(url, port, program)


@pytest.fixture(scope="module")
def code(served: Served, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A forum made by the command line beside the running server."""
    path = tmp_path_factory.mktemp("forum") / "forum.json"
    path.write_text(json.dumps(FORUM))
    done = served.program.run("forum", "create", "--file", str(path), "--json")
    assert done.returncode == 0, done.stderr
    return str(json.loads(done.stdout)["code"])


def test_a_second_server_on_one_sqlite_file_is_refused_in_one_line(served: Served) -> None:
    done = served.program.run("serve", "--port", str(free_port()))
    assert done.returncode == 2
    said = done.stderr.strip().splitlines()
    assert len(said) == 1
    assert "another server uses this database" in said[0]
    assert Path(served.url.removeprefix("sqlite:///")).name in said[0]


def test_a_command_beside_the_server_works(served: Served, code: str) -> None:
    done = served.program.run("forum", "list", "--json")
    assert done.returncode == 0, done.stderr
    assert [forum["code"] for forum in json.loads(done.stdout)] == [code]
    with urllib.request.urlopen(f"http://127.0.0.1:{served.port}/f/{code}", timeout=10) as page:
        assert "Forum uji" in page.read().decode()


async def test_an_act_of_another_process_reaches_a_connected_socket(served: Served, code: str) -> None:
    here = f"127.0.0.1:{served.port}"
    database = connect(served.url)
    try:
        async with asyncio.timeout(20), open_socket(f"ws://{here}/f/{code}/feed", origin=f"http://{here}") as screen:  # type: ignore[arg-type]
            await screen.recv()  # where it is now
            await Acting(database, Pace("open")).perform("ask", SARI, code, {"text": "Apakah terlihat dari luar?"})
            frame = str(await screen.recv())
            while "Apakah terlihat dari luar?" not in frame:
                frame = str(await screen.recv())
    finally:
        await database.close()
    assert '<article id="q-1"' in frame


def test_the_lock_dies_with_its_server(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'jaring.db'}")
    hold = (
        "import sys, time\nfrom live.serving import only_server\nfrom live.settings import Settings\n"
        "with only_server(Settings(database_url=sys.argv[1])):\n    print('held', flush=True)\n    time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", hold, settings.database_url], cwd=ROOT, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(ServerRunning), only_server(settings):
            pass
    finally:
        process.kill()
        process.communicate(timeout=30)
    with only_server(settings):
        pass
