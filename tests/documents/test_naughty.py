"""The Big List of Naughty Strings as questions, notes, promises and names, through every export."""

import asyncio
import csv
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import openpyxl
import pypdf
import pytest

from live.actions.pace import Pace
from live.actions.perform import Acting
from live.documents import files, whole
from live.rules.facts import Facts
from live.rules.refusal import Refusal
from live.store.database import connect
from live.store.migrating import migrate
from tests import build
from tests.build import Room
from tests.documents.conftest import TODAY
from tests.documents.office import converted
from tests.people import MAYA, NINA, OKI, SARI

NAUGHTY = Path(__file__).parent.parent / "vendor" / "blns.json"
FORMULAS = ('=HYPERLINK("http://x.id","klik")', "+62+1", "-2+3", "@SUM(1+1)", "=cmd|' /C calc'!A0")
MARKUP = "<script>alert(1)</script> #{7*7} \\input{x}"


async def _told(room: Room, text: str) -> bool:
    """The string as a question with its note and its promise; False when it is refused as no text at all."""
    try:
        asked = await room.acting.perform("ask", SARI, room.code, {"text": text, "name": text[:60]})
    except Refusal as refused:
        assert refused.status == 422
        return False
    number = int(asked.body["number"])
    await room.do("queue", MAYA, number, speaker=1)
    await room.do("stage", MAYA, number)
    await room.do("note", NINA, number, text=text[:300], promise="yes", owner=text[:200], duration=text[:60])
    await room.do("answered", MAYA, number)
    return True


async def _played(folder: Path, most: int | None) -> Facts:
    database = connect(f"sqlite:///{folder / 'forum.db'}")
    await migrate(database)
    try:
        room = await build.room(database, Acting(database, Pace("open")))
        strings: list[str] = json.loads(NAUGHTY.read_text("utf-8"))
        telling = [s for n, s in enumerate(strings) if n % 10 == 0 or s[:1] in "=+-@<" or "http" in s or "#{" in s]
        chosen = strings if most is None else telling[:most]
        taken = [text for text in (*FORMULAS, *chosen) if await _told(room, text)]
        assert len(taken) > 40
        await room.do("papers", OKI, head_name="=cmd|' /C calc'!A0", address=MARKUP)
        return await room.facts()
    finally:
        await database.close()


@pytest.fixture(scope="module", params=[60, pytest.param(None, marks=pytest.mark.long)], ids=["telling", "all"])
def facts(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Facts:
    """A forum made of nothing else: formulas, every tenth string, and those with links or markup; or all of them."""
    return asyncio.run(_played(tmp_path_factory.mktemp("naughty"), request.param))


@pytest.fixture(scope="module")
def made(facts: Facts) -> Iterator[dict[str, bytes]]:
    """Every file of that forum."""
    yield {name: content for kind in whole.KINDS for name, content in whole.of_kind(kind, facts, TODAY, [])}


def test_every_file_opens(facts: Facts, made: dict[str, bytes]) -> None:
    assert len(made) == 2 * 2 + len(files.names()) + 1
    for name, content in made.items():
        if name.endswith("docx"):
            assert docx.Document(io.BytesIO(content)).paragraphs
        elif name.endswith("pdf"):
            assert len(pypdf.PdfReader(io.BytesIO(content)).pages) >= 1
        elif name.endswith("xlsx"):
            assert openpyxl.load_workbook(io.BytesIO(content)).sheetnames
        elif name.endswith("zip"):
            assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
        elif name.endswith("json"):
            assert json.loads(content)["forum"]["code"] == facts.forum.code


def test_no_cell_is_a_formula_and_none_is_a_link(made: dict[str, bytes]) -> None:
    workbook = next(content for name, content in made.items() if name.endswith("xlsx"))
    cells = [cell for sheet in openpyxl.load_workbook(io.BytesIO(workbook)) for row in sheet for cell in row]
    assert any(str(cell.value).startswith("=") for cell in cells), "the words themselves are all there"
    assert not [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink]
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        assert not [name for name in parts.namelist() if name.endswith(".rels") and b"hyperlink" in parts.read(name)]


def test_no_csv_cell_starts_as_a_formula(made: dict[str, bytes]) -> None:
    for name in (name for name in made if name.endswith("csv")):
        rows = list(csv.reader(io.StringIO(made[name].decode("utf-8-sig"))))
        assert len(rows) > 40
        assert not [cell for row in rows for cell in row if cell[:1] in "=+@\t\r" and cell[:1]]
        assert {len(row) for row in rows} == {len(rows[0])}


def test_no_paper_has_a_link_or_runs_what_it_says(made: dict[str, bytes]) -> None:
    for name, content in made.items():
        if name.endswith("docx"):
            with zipfile.ZipFile(io.BytesIO(content)) as parts:
                assert b"hyperlink" not in parts.read("word/_rels/document.xml.rels"), name
        if name.endswith("pdf"):
            pages = pypdf.PdfReader(io.BytesIO(content)).pages
            assert not [page for page in pages if "/Annots" in page], name
    record = next(content for name, content in made.items() if name.startswith("berita-acara") and name.endswith("pdf"))
    letter = pypdf.PdfReader(io.BytesIO(record))
    text = letter.pages[0].extract_text()
    assert "#{7*7}" in text
    assert "<script>alert(1)</script>" in text


@pytest.mark.long
def test_libreoffice_opens_every_file(made: dict[str, bytes], tmp_path: Path) -> None:
    for name, content in made.items():
        if name.endswith(("docx", "xlsx")):
            (tmp_path / name).write_bytes(content)
    opened = converted(tmp_path)
    assert len(opened) == len(files.PAPERS) + 1
    for name, content in opened.items():
        assert len(pypdf.PdfReader(io.BytesIO(content)).pages) >= 1, name
