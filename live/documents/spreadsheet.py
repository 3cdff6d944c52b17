"""Rekapitulasi as XLSX: typed cells, filters, frozen and repeated headings. Texts are texts: no formula, no link."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import xlsxwriter

from live import dates
from live.documents import plans, record, words
from live.documents.paper import plain
from live.rules import audience, follow_ups
from live.rules.audience import Viewer
from live.rules.facts import Facts, FollowUpFacts, QuestionFacts
from live.rules.words import PUBLIC_STATUSES, Audience, FollowUpStatus, Status

LONGEST = 32_767
"""Characters that a cell may hold."""

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
Shape = Literal["text", "count", "day", "moment"]
Value = str | int | float | date | datetime | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, its width in characters, and what its cells are."""

    heading: str
    width: int
    shape: Shape = "text"


QUESTIONS = (
    Column("No.", 6, "count"),
    Column("Jenis", 14),
    Column("Pertanyaan", 60),
    Column("Status", 22),
    Column("Dukungan", 10, "count"),
    Column("Narasumber", 34),
    Column("Ringkasan jawaban", 50),
    Column("Jawaban tertulis", 50),
    Column("Ditanyakan", 17, "moment"),
    Column("Dijawab", 17, "moment"),
    Column("Menit di panggung", 10, "count"),
    Column("Penanggung jawab tertulis", 26),
    Column("Tenggat tertulis", 13, "day"),
    Column("Tindak lanjut", 14),
    Column("Dukungan batal", 10, "count"),
)
FOLLOW_UPS = (
    Column("No.", 6, "count"),
    Column("Unsur layanan", 24),
    Column("Identifikasi masalah", 44),
    Column("Usulan rekomendasi perbaikan", 44),
    Column("Program/kegiatan", 36),
    Column("Jangka waktu", 24),
    Column("Target tanggal", 13, "day"),
    Column("Penanggung jawab", 28),
    Column("Indikator/keluaran", 28),
    Column("Anggaran perlu?", 10),
    Column("Kewenangan", 16),
    Column("Status", 24),
    Column("Realisasi & tanggal", 50),
    Column("Bukti dukung", 30),
    Column("Keterangan", 30),
    Column("Dasar", 30),
    Column("Disepakati", 17, "moment"),
)


def write(facts: Facts, today: date) -> bytes:
    """The workbook: totals, questions (public texts only) and follow-ups; times are the forum's local ones."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        book.set_properties({"title": facts.forum.title, "company": facts.forum.agency, "created": facts.forum.starts})
        sheets = _Sheets(book, facts)
        sheets.totals("Ringkasan", _totals(facts))
        sheets.table("Pertanyaan", QUESTIONS, [_question(q, facts) for q in facts.questions if _is_listed(q)])
        sheets.table("Tindak Lanjut", FOLLOW_UPS, [_follow_up(f, facts, today) for f in facts.follow_ups])
    return out.getvalue()


class _Sheets:
    """Writes sheets of one workbook."""

    def __init__(self, book: Any, facts: Facts) -> None:
        self._book, self._facts = book, facts
        look = {"valign": "top", "text_wrap": True, "font_name": "Arial", "font_size": 10}
        self._head = book.add_format({**look, "bold": True, "bg_color": "#DCEBE3", "border": 1})
        self._formats = {
            "text": book.add_format({**look, "num_format": "@"}),
            "count": book.add_format({**look, "num_format": "0"}),
            "day": book.add_format({**look, "num_format": "dd/mm/yyyy"}),
            "moment": book.add_format({**look, "num_format": "dd/mm/yyyy hh:mm"}),
        }

    def table(self, name: str, columns: Sequence[Column], rows: Sequence[Sequence[Value]]) -> None:
        """A sheet with a filter over frozen headings, set up to be printed on landscape A4."""
        sheet = self._book.add_worksheet(name)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, column.heading, self._head)
        for line, row in enumerate(rows, start=1):
            for place, (column, value) in enumerate(zip(columns, row, strict=True)):
                self._cell(sheet, line, place, column.shape, value)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(1, len(rows)), len(columns) - 1)
        self._printed(sheet)
        sheet.repeat_rows(0)

    def totals(self, name: str, rows: Sequence[tuple[str, Value]]) -> None:
        """A sheet of figures, one a line."""
        sheet = self._book.add_worksheet(name)
        sheet.set_column(0, 0, 44)
        sheet.set_column(1, 1, 60)
        for line, (label, value) in enumerate(rows):
            sheet.write_string(line, 0, plain(label), self._head)
            self._cell(sheet, line, 1, "text" if isinstance(value, str) else "count", value)
        self._printed(sheet)

    def _cell(self, sheet: Any, line: int, place: int, shape: Shape, value: Value) -> None:
        look = self._formats[shape]
        if value is None or value == "":
            sheet.write_blank(line, place, None, look)
        elif isinstance(value, str):
            sheet.write_string(line, place, plain(value)[:LONGEST], look)
        elif isinstance(value, datetime):
            there = dates.local(value, self._facts.forum.timezone).replace(tzinfo=None)
            sheet.write_datetime(line, place, there, look)
        elif isinstance(value, date):
            sheet.write_datetime(line, place, value, look)
        else:
            sheet.write_number(line, place, value, look)

    def _printed(self, sheet: Any) -> None:
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P / &N")


def _is_listed(q: QuestionFacts) -> bool:
    return q.status in PUBLIC_STATUSES or q.status is Status.MERGED


def _question(q: QuestionFacts, facts: Facts) -> list[Value]:
    seen = audience.question(q, Viewer(Audience.PUBLIC), facts) or {}
    spent = sum(answer.seconds or 0 for answer in facts.answers.get(q.number, ()))
    promised = ", ".join(str(f.number) for f in facts.follow_ups if q.number in f.questions)
    return [
        q.number,
        words.t(f"kind.{q.kind}") if "text" in seen else "",
        seen.get("text", ""),
        _status(q),
        q.supports if "text" in seen else None,
        words.speaker(facts, q),
        seen.get("note"),
        seen.get("answer"),
        q.asked_at,
        q.answered_at,
        round(spent / 60) if spent else None,
        q.owner if q.status is Status.WRITTEN else "",
        q.due if q.status is Status.WRITTEN else None,
        promised,
        q.voided or None,
    ]


def _status(q: QuestionFacts) -> str:
    if q.status is Status.MERGED:
        return f"Digabung dengan No. {q.merged_into}"
    if q.status is Status.WRITTEN:
        return words.t("rec.outcome.written_done" if q.answer else "rec.outcome.written")
    return words.t("rec.outcome.answered" if q.status is Status.ANSWERED else "rec.outcome.unanswered")


def _follow_up(f: FollowUpFacts, facts: Facts, today: date) -> list[Value]:
    return [
        f.number,
        words.element(f.element),
        f.problem,
        f.recommendation,
        f.activity,
        words.term(f) if f.term or f.duration else "",
        f.due,
        f.owner,
        f.indicator,
        "Ya" if f.needs_budget else "Tidak",
        words.authority(f.authority),
        plans.status(f, today),
        plans.realised(f, facts) if f.progress else "",
        plans.proofs(f),
        words.listed((f.reason, f.forwarded_to, words.t("rec.partial") if f.partial else "")),
        words.sources(facts, f),
        f.agreed,
    ]


def _totals(facts: Facts) -> list[tuple[str, Value]]:
    found = record.totals(facts)
    outcome: Callable[[str], str] = lambda name: words.t(f"rec.outcome.{name}")  # noqa: E731
    rows: list[tuple[str, Value]] = [
        ("Forum", facts.forum.title),
        ("Penyelenggara", facts.forum.agency),
        ("Waktu", f"{words.day(facts)}, pukul {words.hours(facts)}"),
        ("Tempat", facts.forum.place),
        ("Arti jumlah dukungan", words.worth(facts)),
        ("Pertanyaan masuk", found["received"]),
    ]
    rows += [(outcome(name), found["by_status"][name]) for name in ("answered", "written", "merged", "private")]
    rows += [
        (f"{outcome('rejected')}: {words.t(f'r.{reason}').partition(';')[0]}", count)
        for reason, count in sorted(found["rejected_because"].items())
    ]
    done = sum(f.status is FollowUpStatus.DONE for f in facts.follow_ups)
    rows += [("Tindak lanjut", len(facts.follow_ups)), ("Tindak lanjut selesai", done)]
    return [*rows, ("Persentase tindak lanjut (realisasi ÷ jumlah rencana × 100)", _percent(facts))]


def _percent(facts: Facts) -> str:
    return f"{follow_ups.percent_done(facts.follow_ups):g}%".replace(".", ",")
