"""Rencana Tindak Lanjut, the master list of domain notes 1.9, in the shapes in which offices print it."""

from collections.abc import Sequence
from datetime import date

from live import dates
from live.documents import berita_acara, words
from live.documents.paper import Block, Paper, Paragraph, Table
from live.rules import follow_ups
from live.rules.facts import Facts, FollowUpFacts
from live.rules.words import FollowUpStatus

MONTHS = ("JAN", "FEB", "MAR", "APR", "MEI", "JUN", "JUL", "AGT", "SEP", "OKT", "NOV", "DES")
TICK = "✓"


def plan(facts: Facts) -> Paper:
    """Five columns: element, activity, time, who is responsible."""
    rows = [
        (f"{n}.", words.element(f.element), activity(f), words.term(f), f.owner)
        for n, f in enumerate(facts.follow_ups, start=1)
    ]
    headings = ("No.", "Prioritas Unsur", "Program/Kegiatan", "Waktu", "Penanggung Jawab")
    return _paper(facts, "Rencana Tindak Lanjut", [Table(headings, rows, (6, 20, 36, 18, 20)), _annex(facts)])


def agreed(facts: Facts) -> Paper:
    """The four columns of the Berita Acara, as an annex of its own."""
    return _paper(facts, "Rencana Tindak Lanjut (bentuk Berita Acara)", [berita_acara.table(facts)])


def monthly(facts: Facts) -> Paper:
    """A grid with a tick from the month of the forum to the month in which it is due, in the forum's year."""
    begin = dates.local(facts.forum.starts, facts.forum.timezone).date()
    rows = [
        (f"{n}.", words.element(f.element), activity(f), *ticks(f, begin), f.owner)
        for n, f in enumerate(facts.follow_ups, start=1)
    ]
    headings = ("No.", "Prioritas Unsur", "Program/Kegiatan", *months(begin), "Penanggung Jawab")
    shape = Table(headings, rows, (4, 12, 21, *([4.1] * 12), 14), frozenset({0, *range(3, 15)}))
    return _paper(facts, "Rencana Tindak Lanjut Bulanan", [shape], is_landscape=True)


def report(facts: Facts, today: date) -> Paper:
    """What became of it: problem, plan, what was done with its dates, evidence, status; and the percentage."""
    done = sum(f.status is FollowUpStatus.DONE for f in facts.follow_ups)
    percent = f"{follow_ups.percent_done(facts.follow_ups):g}".replace(".", ",")
    rows = [
        (f"{n}.", f.problem, f"{activity(f)}\n{words.term(f)}", realised(f, facts), proofs(f), status(f, today))
        for n, f in enumerate(facts.follow_ups, start=1)
    ]
    headings = ("No.", "Identifikasi Masalah", "Rencana", "Realisasi dan Tanggal", "Bukti Dukung", "Status")
    sentence = (
        f"Sampai dengan {dates.day(today, words.LANGUAGE)}, {done} dari {len(facts.follow_ups)} rencana tindak lanjut "
        f"selesai. Persentase tindak lanjut = realisasi ÷ jumlah rencana × 100% = {percent}%."
    )
    shape = Table(headings, rows, (5, 20, 22, 24, 14, 15))
    return _paper(facts, "Laporan Tindak Lanjut", [Paragraph(sentence), shape], is_landscape=True)


def activity(f: FollowUpFacts) -> str:
    """What will be done, in the most concrete words there are."""
    return f.activity or f.recommendation or f.problem


def months(begin: date) -> list[str]:
    """The twelve months from the forum's on, January with its year."""
    found = [((begin.month - 1 + n) % 12, begin.year + (begin.month - 1 + n) // 12) for n in range(12)]
    return [MONTHS[month] + (f" {year}" if month == 0 else "") for month, year in found]


def ticks(f: FollowUpFacts, begin: date) -> list[str]:
    """One cell a month: a tick until the follow-up is due; none at all without a day."""
    if f.due is None:
        return [""] * 12
    last = (f.due.year - begin.year) * 12 + f.due.month - begin.month
    return [TICK if n <= last else "" for n in range(12)]


def realised(f: FollowUpFacts, facts: Facts) -> str:
    """Every line of progress with its day."""
    zone = facts.forum.timezone
    lines = (f"{dates.day(dates.local(p.at, zone).date(), words.LANGUAGE)}: {p.text}" for p in f.progress)
    return "\n".join(lines) or "Belum ada laporan perkembangan."


def proofs(f: FollowUpFacts) -> str:
    """Links and files that show it."""
    return "\n".join(proof for p in f.progress for proof in (p.link, *(e.name for e in p.evidence)) if proof)


def status(f: FollowUpFacts, today: date) -> str:
    """Where it stands, with what is derived and why."""
    word = words.t("rec.dropped" if f.status is FollowUpStatus.DROPPED else f"st.{f.status}")
    late = words.t("st.late") if follow_ups.is_overdue(f, today) else ""
    undated = words.t("rec.no_date") if follow_ups.has_no_date(f) else ""
    disputed = words.t("st.disputed") if follow_ups.is_disputed(f) else ""
    return words.listed((word, late, undated, disputed, f.reason, f.forwarded_to))


def _annex(facts: Facts) -> Block:
    """Where each line comes from: the numbers of the questions and how many people supported them."""
    lines = [f"{n}. {words.sources(facts, f)}" for n, f in enumerate(facts.follow_ups, start=1) if f.questions]
    return Paragraph("Dasar (nomor pertanyaan dan dukungan): " + "; ".join(lines) if lines else "")


def _paper(facts: Facts, name: str, blocks: Sequence[Block], *, is_landscape: bool = False) -> Paper:
    year = dates.local(facts.forum.starts, facts.forum.timezone).year
    return Paper(
        name=name,
        title=(name.partition(" (")[0].upper(), f"{words.FORUM.upper()} TAHUN {year}", words.subject(facts).upper()),
        letterhead=words.letterhead(facts),
        blocks=blocks,
        is_draft=facts.forum.papers.is_draft,
        is_landscape=is_landscape,
    )
