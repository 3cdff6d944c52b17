"""A paper as blocks, before it is a file: every document is described once, and written as DOCX and as PDF alike."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

DOTS = "…" * 18
"""What is left to be filled in by hand."""

UNFILLED = "(alamat, kode pos, pos-el, dan laman)"
"""What stands in the letterhead until the organiser fills it in."""

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def plain(text: str) -> str:
    """The text without what no XML file may hold; stored texts hold nothing of it anyway."""
    return _NOT_XML.sub("", text)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The head of the office's letters; ``logo`` is a PNG, or empty."""

    government: str
    office: str
    address: str
    logo: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside the paper."""

    text: str
    level: Literal[1, 2] = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str
    align: Literal["justify", "center", "end"] = "justify"
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A numbered list."""

    texts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Particulars:
    """Label and value, one pair a line, as at the head of minutes."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose headings repeat on every page. ``widths`` are shares; ``centred`` names columns by position from 0;
    ``row`` is the least height of a row in millimetres, for writing by hand."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]
    centred: frozenset[int] = frozenset({0})
    row: float = 0


@dataclass(frozen=True, slots=True)
class Signature:
    """The official's block, at the end of the paper: room to sign, then name, rank and NIP or dots for them."""

    position: str
    name: str = ""
    rank: str = ""
    nip: str = ""
    is_official: bool = True


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""


Block = Heading | Paragraph | Items | Particulars | Table | Signature | PageBreak


@dataclass(frozen=True, slots=True)
class Paper:
    """One document. ``name`` is its file's name without ending; ``number`` is None where none belongs."""

    name: str
    title: Sequence[str]
    letterhead: Letterhead
    blocks: Sequence[Block] = field(default_factory=tuple)
    number: str | None = None
    is_draft: bool = False
    is_landscape: bool = False
