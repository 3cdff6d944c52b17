"""Reading papers back: the words a person would see, line breaks and spaces levelled."""

import io
from typing import Any

import docx
import pypdf


def level(text: str) -> str:
    """One space wherever the layout put space."""
    return " ".join(text.replace("\u00a0", " ").split())


def docx_text(content: bytes) -> str:
    """All words of a DOCX in their order of parts: paragraphs, then tables, then headers."""
    document = docx.Document(io.BytesIO(content))
    lines = [paragraph.text for paragraph in document.paragraphs]
    for table in document.tables:
        lines += [" ".join(cell.text for cell in row.cells) for row in table.rows]
    return level(" ".join(lines))


def docx_tables(content: bytes) -> list[list[list[str]]]:
    """Tables → rows → cells."""
    document = docx.Document(io.BytesIO(content))
    return [[[level(cell.text) for cell in row.cells] for row in table.rows] for table in document.tables]


def docx_header(content: bytes) -> str:
    """The XML of the first page header, where the watermark is."""
    section: Any = docx.Document(io.BytesIO(content)).sections[0]
    return str(section.header._element.xml)


def pdf_pages(content: bytes) -> list[str]:
    """The words of each page."""
    return [level(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def pdf_text(content: bytes) -> str:
    """All words of a PDF."""
    return " ".join(pdf_pages(content))
