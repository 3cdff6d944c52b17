"""Every file that leaves: which there are, who may have them, and how each is made. Making one blocks: call it in a
thread."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from live.documents import berita_acara, minutes, plans
from live.documents.paper import Paper
from live.rules.facts import Facts

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"
MEDIA = {"docx": DOCX, "xlsx": XLSX, "pdf": PDF}

PAPERS: dict[str, Callable[[Facts, date], Paper]] = {
    "berita-acara": lambda facts, _today: berita_acara.write(facts),
    "notula": lambda facts, _today: minutes.notula(facts),
    "daftar-hadir": lambda facts, _today: minutes.attendance(facts),
    "rencana-tindak-lanjut": lambda facts, _today: plans.plan(facts),
    "rencana-berita-acara": lambda facts, _today: plans.agreed(facts),
    "rencana-bulanan": lambda facts, _today: plans.monthly(facts),
    "laporan-tindak-lanjut": plans.report,
    "laporan-pelaksanaan": minutes.report,
}
"""Name in the address → the paper, made of the facts and of the forum's local day."""

PUBLIC = frozenset(
    {"berita-acara.pdf", "rencana-tindak-lanjut.pdf", "laporan-tindak-lanjut.pdf", "notula.pdf", "rekapitulasi.xlsx"}
)
"""Files that everybody may have once the forum is published; the others are for its organisers."""


@dataclass(frozen=True, slots=True)
class File:
    """One file with the name people see."""

    name: str
    content: bytes
    media_type: str


def names() -> list[str]:
    """All files, as they are called in addresses."""
    return [*(f"{name}.{kind}" for name in PAPERS for kind in ("docx", "pdf")), "rekapitulasi.xlsx"]


def make(name: str, facts: Facts, today: date) -> File:
    """One of :func:`names`."""
    # Loaded when the first file is asked for: the libraries take a while, and no other command or page needs them.
    from live.documents import pdf, spreadsheet, word

    stem, _, kind = name.partition(".")
    if kind == "xlsx":
        return File("Rekapitulasi Pertanyaan.xlsx", spreadsheet.write(facts, today), XLSX)
    paper = PAPERS[stem](facts, today)
    content = word.write(paper) if kind == "docx" else pdf.write(paper)
    return File(f"{paper.name}.{kind}", content, MEDIA[kind])
