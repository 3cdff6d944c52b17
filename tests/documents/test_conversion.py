"""LibreOffice opens every DOCX and XLSX: it converts them to PDF, with all their words, on A4."""

import io
from pathlib import Path

import pypdf
import pytest

from live.documents.files import File
from tests.documents import office, story
from tests.documents.reading import level

pytestmark = pytest.mark.long

A4 = {(595, 842), (842, 595)}


@pytest.fixture(scope="module")
def converted(papers: dict[str, File], tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Every DOCX and XLSX as LibreOffice prints it."""
    folder: Path = tmp_path_factory.mktemp("office")
    for name, file in papers.items():
        if not name.endswith("pdf"):
            (folder / name).write_bytes(file.content)
    return office.converted(folder)


def test_every_file_opens_and_is_a4(converted: dict[str, bytes], papers: dict[str, File]) -> None:
    assert len(converted) == sum(not name.endswith("pdf") for name in papers)
    for name, content in converted.items():
        for page in pypdf.PdfReader(io.BytesIO(content)).pages:
            size = (round(page.mediabox.width), round(page.mediabox.height))
            assert size in A4, name


def test_the_words_are_all_there(converted: dict[str, bytes]) -> None:
    for name in ("berita-acara.docx", "rencana-berita-acara.docx", "rekapitulasi.xlsx"):
        pages = pypdf.PdfReader(io.BytesIO(converted[name])).pages
        text = level(" ".join(page.extract_text() for page in pages))
        for number in range(1, story.PROMISED + 1):
            assert f"Masalah {number}" in text, name


def test_draf_is_drawn_on_every_page_and_pages_are_numbered(converted: dict[str, bytes]) -> None:
    pages = pypdf.PdfReader(io.BytesIO(converted["berita-acara.docx"])).pages
    assert len(pages) == 2
    for number, page in enumerate(pages, start=1):
        assert f"{number} / 2" in level(page.extract_text())
