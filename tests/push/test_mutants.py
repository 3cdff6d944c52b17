"""Six bugs that a program like this has had, put in one at a time: the model catches each of them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NEEDED = ("live", "tests", "templates", "static", "migrations", "pyproject.toml")

MUTANTS: dict[str, tuple[str, str, str]] = {
    "acknowledged before it is committed": (
        "live/store/straight.py",
        """            session.commit()
        except BaseException:
""",
        """            try:
                session.commit()
            except DBAPIError:
                session.roll_back()
        except BaseException:
""",
    ),
    "read before joining": (
        "live/push/feed.py",
        """        self._rooms[listener.viewer][listener] = None
""",
        """        room = self._rooms[listener.viewer]
        asyncio.get_running_loop().call_later(0.05, room.__setitem__, listener, None)
""",
    ),
    "a retry is not recognised": (
        "live/actions/perform.py",
        "        key, digest = _key(act.name, number, given, key)\n",
        '        key, digest = None, ""\n',
    ),
    "what waits for the moderator is public": (
        "live/rules/audience.py",
        "    if q.status not in PUBLIC_STATUSES:\n",
        '    if q.status not in PUBLIC_STATUSES | {Status("pending")}:\n',
    ),
    "a gap in the journal is not noticed": (
        "live/push/stretch.py",
        "        is_whole = reached - since == len(entries) and reached >= seq\n",
        "        is_whole = True\n",
    ),
    "an old frame is taken for news": (
        "tests/push/model.py",
        "        if epoch == self.cursor[0] and int(seq) < self.cursor[1]:\n",
        "        if epoch == self.cursor[0] and int(seq) < 0:\n",
    ),
}


@pytest.mark.long
@pytest.mark.parametrize("name", MUTANTS)
def test_the_model_catches(name: str, tmp_path: Path) -> None:
    """In a copy of the tree; the model is given up to 1,000 examples to notice; it stops at the first."""
    path, before, after = MUTANTS[name]
    for part in NEEDED:
        source = ROOT / part
        shutil.copytree(source, tmp_path / part) if source.is_dir() else shutil.copy(source, tmp_path / part)
    mutated = tmp_path / path
    text = mutated.read_text()
    assert text.count(before) == 1, f"{path} changed: bring the mutant up to date"
    mutated.write_text(text.replace(before, after))
    done = run_model(tmp_path, examples=1000, steps=40)
    assert done.returncode == 1, done.stdout[-2000:]
    assert "AssertionError" in done.stdout


@pytest.mark.long
def test_the_model_finds_nothing_in_the_program_itself() -> None:
    done = run_model(ROOT, examples=600, steps=50)
    assert done.returncode == 0, done.stdout[-2000:]


def run_model(folder: Path, *, examples: int, steps: int) -> "subprocess.CompletedProcess[str]":
    """The model in a process of its own, on the tree in ``folder``."""
    environment = {**os.environ, "MODEL_EXAMPLES": str(examples), "MODEL_STEPS": str(steps), "PYTHONPATH": str(folder)}
    environment["MODEL_UNSHRUNK"] = "1"  # that it is found is enough
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "tests/push/test_model.py"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
