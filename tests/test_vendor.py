"""Every file of others is the file we say it is, under a licence that lies beside it."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LISTS = (ROOT / "static/vendor/README.md", ROOT / "tests/vendor/README.md")
FOLDERS = (ROOT / "static/vendor", ROOT / "static/fonts", ROOT / "tests/vendor")


@dataclass(frozen=True)
class Row:
    """One line of a list: the vendored file, its licence files, its version and digest."""

    file: Path
    licences: tuple[Path, ...]
    version: str
    digest: str


def rows(page: Path) -> list[Row]:
    """The table of `page`; paths in it are relative to the page."""
    lines = [line for line in page.read_text("utf-8").splitlines() if line.startswith("| `")]
    return [row(page.parent, [cell.strip() for cell in line.strip("|").split("|")]) for line in lines]


def row(folder: Path, cells: list[str]) -> Row:
    file, _, version, licence, _, digest = cells
    licences = tuple((folder / name).resolve() for name in re.findall(r"\]\(([^)]+)\)", licence))
    return Row((folder / file.strip("`")).resolve(), licences, version, digest.strip("`"))


ROWS = [row for page in LISTS for row in rows(page)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.file.name)
def test_a_vendored_file_is_what_its_list_says(row: Row) -> None:
    assert hashlib.sha256(row.file.read_bytes()).hexdigest() == row.digest
    assert re.fullmatch(r"\d+\.\d+\.\d+", row.version)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.file.name)
def test_a_vendored_file_has_its_licence_beside_it(row: Row) -> None:
    assert row.licences
    assert all(licence.stat().st_size > 300 for licence in row.licences)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.relative_to(ROOT).as_posix())
def test_nothing_vendored_is_unlisted(folder: Path) -> None:
    listed = {path for row in ROWS for path in (row.file, *row.licences)} | set(LISTS)
    assert {path.resolve() for path in folder.iterdir()} <= listed


def test_the_lists_are_read_at_all() -> None:
    assert {"htmx.min.js", "axe.min.js", "atkinson-hyperlegible-next.woff2"} <= {row.file.name for row in ROWS}
