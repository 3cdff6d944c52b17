"""What gets installed: locks with hashes and no addresses, a whole wheel, and what the tests themselves need."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from live import providing
from live.bootstrap import RUNTIME, TESTS
from tests.postgres import Cluster, readable_by_its_user, temporary_folder, wheel_programs

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def entries(lock: str) -> dict[str, str]:
    """name → the whole entry with its hashes, as in the lock."""
    text = (ROOT / lock).read_text("utf-8")
    return {entry.split("==")[0]: entry for entry in re.split(r"\n(?=\w)", text.strip())}


@pytest.mark.parametrize("lock", [RUNTIME, TESTS])
def test_a_lock_names_no_address_and_hashes_every_package(lock: str) -> None:
    assert "://" not in (ROOT / lock).read_text("utf-8")
    assert all(re.search(r"--hash=sha256:[0-9a-f]{64}", entry) for entry in entries(lock).values())


def test_the_locks_cover_what_the_project_asks_for() -> None:
    def names(requirements: list[str]) -> set[str]:
        return {re.split(r"[\[<>=;~ ]", requirement)[0].lower() for requirement in requirements}

    assert names(PROJECT["project"]["dependencies"]) <= set(entries(RUNTIME))
    assert names(PROJECT["dependency-groups"]["test"]) <= set(entries(TESTS))


def test_the_lock_of_the_tests_holds_the_runtime_lock() -> None:
    assert entries(RUNTIME).items() <= entries(TESTS).items()


def test_a_wheel_carries_its_pages_and_finds_them(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    built = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("jaring-*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    seen = "from live.places import *; print(*(p.relative_to(PACKAGE) for p in (TEMPLATES, STATIC, MIGRATIONS)))"
    found = subprocess.run(
        [sys.executable, "-c", seen], cwd=tmp_path / "site", check=True, capture_output=True, text=True
    )
    assert found.stdout.split() == [str(Path("_files", name)) for name in ("templates", "static", "migrations")]
    assert (tmp_path / "site/live/_files/static/vendor/htmx.min.js").exists()


def test_a_named_browser_that_does_not_start_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(providing.BROWSER, str(ROOT / "LICENSE"))
    with pytest.raises(providing.Missing, match="JARING_TEST_BROWSER"):
        providing.found_browser()


def test_the_wheels_postgres_runs_where_the_machine_has_none() -> None:
    (programs,) = wheel_programs()
    with temporary_folder() as folder:
        cluster = Cluster(readable_by_its_user(programs, folder), folder)
        try:
            assert str(folder) in cluster.start()
        finally:
            cluster.stop()
        assert not (folder / "cluster" / "postmaster.pid").exists()
