"""One command on a fresh machine makes the environment once, whole, and runs inside it."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from uv import find_uv_bin

from live.bootstrap import RUNTIME, TESTS, Environment, base_python, locked, try_lock, wanted

ROOT = Path(__file__).parent.parent
# Stands for the real command line: says in JSON what it was given and where it runs.
COMMAND_LINE = """
import json, sys
def main(prog_name):
    print(json.dumps({"arguments": sys.argv[1:], "environment": sys.prefix}))
"""


class Pretended(Environment):
    """An environment that is filled at once and remembers what it was filled from."""

    def __init__(self, root: Path, during: Callable[[], object] = lambda: None) -> None:
        super().__init__(root)
        self.during = during
        self.filled: list[tuple[str, bool]] = []

    def fill(self, lock: str, whole: bool) -> None:
        self.filled.append((lock, whole))
        self.during()
        self.python.parent.mkdir(parents=True, exist_ok=True)
        self.python.touch()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout with two locks."""
    for lock in (RUNTIME, TESTS):
        (tmp_path / lock).parent.mkdir()
        (tmp_path / lock).write_text(f"# {lock}\n")
    return tmp_path


@pytest.fixture
def checkout(root: Path) -> Path:
    """A checkout that can be started: our set-up, a command line that only reports, and locks without packages."""
    for name in ("__init__", "__main__", "bootstrap"):
        shutil.copy(ROOT / "live" / f"{name}.py", root / "live")
    (root / "live" / "cli.py").write_text(COMMAND_LINE)
    (root / "pyproject.toml").touch()
    return root


def start(checkout: Path, *arguments: str, path: str = "", code: str = "") -> subprocess.CompletedProcess[str]:
    """`python3 -m live …` outside any environment, with only the programs in `path`."""
    kept = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    command = ["-c", code] if code else ["-m", "live"]
    return subprocess.run(
        [base_python(), *command, *arguments],
        cwd=checkout,
        env={**kept, "PATH": path},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_an_environment_is_ready_only_once_filled(root: Path) -> None:
    environment = Pretended(root)
    assert not environment.has(RUNTIME)
    environment.provide(RUNTIME)
    assert environment.has(RUNTIME)
    assert not environment.has(TESTS)


def test_a_second_start_does_nothing(root: Path) -> None:
    Pretended(root).provide(RUNTIME)
    later = Pretended(root)
    later.provide(RUNTIME)
    assert later.filled == []


def test_a_changed_lock_is_installed_into_the_same_environment(root: Path) -> None:
    environment = Pretended(root)
    environment.provide(RUNTIME)
    (root / RUNTIME).write_text("# newer\n")
    environment.provide(RUNTIME)
    assert environment.filled == [(RUNTIME, False), (RUNTIME, True)]


def test_an_environment_whose_python_is_gone_is_made_anew(root: Path) -> None:
    environment = Pretended(root)
    environment.provide(RUNTIME)
    environment.python.unlink()
    environment.provide(RUNTIME)
    assert environment.filled == [(RUNTIME, False)] * 2


def test_an_environment_of_another_python_is_made_anew(root: Path) -> None:
    environment = Pretended(root)
    environment.provide(RUNTIME)
    environment.stamp.write_text(environment.stamp.read_text().replace("cpython-3", "cpython-2"))
    environment.provide(RUNTIME)
    assert environment.filled == [(RUNTIME, False)] * 2


def test_an_environment_for_tests_serves_the_demo_and_stays_one(root: Path) -> None:
    environment = Pretended(root)
    environment.provide(TESTS)
    environment.provide(RUNTIME)
    (root / RUNTIME).write_text("# newer\n")
    environment.provide(RUNTIME)
    assert environment.filled == [(TESTS, False), (TESTS, True)]


def test_an_interrupted_set_up_is_made_anew(root: Path) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    Pretended(root).provide(RUNTIME)
    (root / RUNTIME).write_text("# newer\n")
    with pytest.raises(KeyboardInterrupt):
        Pretended(root, during=interrupted).provide(RUNTIME)
    environment = Pretended(root)
    environment.provide(RUNTIME)
    assert environment.filled == [(RUNTIME, False)]


def test_of_two_first_starts_one_sets_up_and_the_other_waits(root: Path) -> None:
    both = threading.Event()
    other = Pretended(root, during=both.set)
    waiting = threading.Thread(target=other.provide, args=(RUNTIME,))

    def meanwhile() -> None:
        waiting.start()
        assert not both.wait(0.5)

    Pretended(root, during=meanwhile).provide(RUNTIME)
    waiting.join(10)
    assert not waiting.is_alive()
    assert other.filled == []


def test_a_dead_set_up_does_not_hold_the_lock(root: Path) -> None:
    held = f"import os\nfrom live.bootstrap import *\nwith locked(Path({str(root / 'lock')!r})): os._exit(9)"
    assert start(ROOT, code=held).returncode == 9
    with locked(root / "lock"):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="there a lock is not inherited")
def test_the_next_start_waits_for_what_a_dead_set_up_left_running(root: Path) -> None:
    lock, pipe = root / "lock", root / "pipe"
    os.mkfifo(pipe)
    reading = f"from live.bootstrap import *\nwith locked(Path({str(lock)!r})): succeeds('cat', {str(pipe)!r})"
    dying = subprocess.Popen([base_python(), "-c", reading], cwd=ROOT)
    with open(pipe, "w"), open(lock) as file:  # the first returns once somebody reads
        dying.kill()
        dying.wait(10)
        assert not try_lock(file.fileno())
    with locked(lock):
        pass


@pytest.mark.parametrize(
    ("arguments", "lock"),
    [
        (["test", "--long"], TESTS),
        (["lint"], TESTS),
        (["bench"], TESTS),
        (["demo", "--json"], RUNTIME),
        (["--help"], RUNTIME),
        ([], RUNTIME),
    ],
)
def test_only_developing_needs_the_tests_lock(arguments: list[str], lock: str) -> None:
    assert wanted(arguments) == lock


@pytest.mark.parametrize("tool", ["pip", "uv"])
def test_a_first_start_makes_the_environment_and_runs_inside_it(checkout: Path, tool: str) -> None:
    path = str(Path(find_uv_bin()).parent) if tool == "uv" else ""
    first = start(checkout, "demo", "--json", path=path)
    assert json.loads(first.stdout) == {"arguments": ["demo", "--json"], "environment": str(checkout / ".venv")}
    assert "setting up .venv" in first.stderr
    assert ("uv = " in (checkout / ".venv/pyvenv.cfg").read_text()) == (tool == "uv")
    later = start(checkout, "forum", "list", path=path)
    assert json.loads(later.stdout)["arguments"] == ["forum", "list"]
    assert later.stderr == ""


@pytest.mark.skipif(sys.platform == "win32", reason="pretends with a shell script")
def test_where_uv_fails_pip_is_tried(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "uv").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "uv").chmod(0o755)
    started = start(checkout, "demo", path=str(tmp_path))
    assert json.loads(started.stdout)["environment"] == str(checkout / ".venv")


def test_an_installed_program_sets_nothing_up(checkout: Path) -> None:
    (checkout / "pyproject.toml").unlink()
    started = start(checkout, "check")
    assert json.loads(started.stdout)["environment"] != str(checkout / ".venv")
    assert not (checkout / ".venv").exists()


def test_a_python_without_ensurepip_gets_one_line_of_advice(checkout: Path) -> None:
    bare = "import sys; sys.modules['ensurepip'] = None; from live.bootstrap import enter; sys.exit(enter(['demo']))"
    started = start(checkout, code=bare)
    assert started.returncode == 2
    assert started.stdout == ""
    assert re.fullmatch(r"jaring: .*apt install python3-venv\n", started.stderr)


def test_a_package_that_cannot_be_had_stops_the_start_with_one_line(checkout: Path) -> None:
    (checkout / RUNTIME).write_text("./nowhere.whl --hash=sha256:" + "0" * 64 + "\n")
    started = start(checkout, "demo")
    assert started.returncode == 2
    assert started.stderr.endswith(f"\njaring: set-up failed: pip could not install the packages of {RUNTIME}\n")
    assert not Environment(checkout).stamped()
