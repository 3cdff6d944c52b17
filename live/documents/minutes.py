"""Notula, Laporan Pelaksanaan and the blank Daftar Hadir."""

from datetime import date

from live import dates
from live.documents import berita_acara, plans, record, words
from live.documents.paper import DOTS, Block, Heading, Items, PageBreak, Paper, Paragraph, Particulars, Signature, Table
from live.rules import agenda
from live.rules.facts import Facts, QuestionFacts
from live.rules.words import FollowUpStatus, Status

ROWS = 40
"""Rows of the blank list: two pages of twenty; more copies are printed for more guests."""


def notula(facts: Facts) -> Paper:
    """The minutes: head as offices write it, then every answer with its note, then what was promised."""
    papers = facts.forum.papers
    answered = [q for q in facts.questions if q.status is Status.ANSWERED]
    written = [q for q in facts.questions if q.status is Status.WRITTEN]
    blocks: list[Block] = [
        Particulars(_head(facts)),
        Heading("Jalannya tanya jawab"),
        Paragraph(summary(facts)),
        Paragraph(words.worth(facts)),
        _answers(facts, sorted(answered, key=_when)),
    ]
    if written:
        blocks += [Heading("Dijawab tertulis"), _written(facts, written)]
    if facts.follow_ups:
        blocks += [Heading("Kesepakatan"), berita_acara.table(facts)]
    blocks.append(Signature("Notulis,", papers.scribe, is_official=False))
    return _paper(facts, "Notula", blocks)


def attendance(facts: Facts) -> Paper:
    """The list guests sign at the door; no name is ever filled in."""
    head = (("Hari/Tanggal", words.day(facts)), ("Waktu", words.hours(facts)), ("Tempat", facts.forum.place))
    blank = [(f"{n}.", "", "", "", "") for n in range(1, ROWS + 1)]
    papers = facts.forum.papers
    headings = ("No.", "Nama", "Instansi/Organisasi", "Unsur", "Tanda Tangan")
    position = papers.head_position or f"Kepala {papers.office or facts.forum.agency}"
    return _paper(
        facts,
        "Daftar Hadir",
        [
            Particulars(head),
            Table(headings, blank, (7, 30, 27, 16, 20), row=9),
            Signature(f"{position},", papers.head_name, papers.head_rank, papers.head_nip),
        ],
    )


def report(facts: Facts, today: date) -> Paper:
    """The skeleton of the report on the forum: five chapters, what the forum itself knows is filled in."""
    fill = f"({DOTS} diisi Tim FKP {DOTS})"
    return _paper(
        facts,
        "Laporan Pelaksanaan FKP",
        [
            Heading("Kata Pengantar"),
            Paragraph(fill),
            Heading("BAB I PENDAHULUAN"),
            *_chapter(("Latar Belakang", fill), ("Dasar Hukum", "")),
            Items(
                (
                    "Undang-Undang Nomor 25 Tahun 2009 tentang Pelayanan Publik;",
                    "Peraturan Pemerintah Nomor 96 Tahun 2012 tentang Pelaksanaan Undang-Undang Nomor 25 Tahun 2009;",
                    "Peraturan Menteri PANRB Nomor 16 Tahun 2017 tentang Pedoman Penyelenggaraan Forum Konsultasi "
                    "Publik.",
                )
            ),
            *_chapter(("Maksud dan Tujuan", fill), ("Tema", words.subject(facts))),
            Heading("BAB II PELAKSANAAN"),
            Particulars(_head(facts)),
            *_agenda(facts, fill),
            Heading("BAB III HASIL"),
            Paragraph(f"{summary(facts)} {words.worth(facts)}"),
            *_chapter(("Kesepakatan", "")),
            berita_acara.table(facts),
            Heading("BAB IV RENCANA TINDAK LANJUT"),
            *[b for b in plans.plan(facts).blocks if isinstance(b, Table)],
            *_earlier(facts, today),
            Heading("BAB V PENUTUP"),
            Paragraph(fill),
            PageBreak(),
            Heading("LAMPIRAN"),
            Items(
                (
                    "Berita Acara Hasil FKP",
                    "Daftar Hadir",
                    "Notula",
                    "Undangan dan SK Tim FKP",
                    "Bahan paparan",
                    "Foto bertanggal",
                    "Tindak lanjut FKP tahun sebelumnya",
                )
            ),
        ],
    )


def summary(facts: Facts) -> str:
    """What came in and what became of it, in one sentence with the figures of the archive."""
    totals = record.totals(facts)
    by = totals["by_status"]
    hidden = by["rejected"] + by["private"]
    because = sorted(totals["rejected_because"].items())
    reasons = ", ".join(f"{words.t(f'r.{name}').partition(';')[0]} {count}" for name, count in because)
    return (
        f"Peserta menyampaikan {totals['received']} pertanyaan: {by['answered']} dijawab langsung, {by['written']} "
        f"dijawab tertulis, {by['merged']} digabung karena isinya sama, {hidden} tidak ditampilkan"
        + (f" ({reasons})" if reasons else "")
        + f". Disepakati {len(facts.follow_ups)} tindak lanjut."
    )


def _head(facts: Facts) -> list[tuple[str, str]]:
    papers = facts.forum.papers
    speakers = "; ".join(f"{s.name} ({s.field})" for s in facts.speakers)
    pairs = [
        ("Rapat", facts.forum.title),
        ("Hari/tanggal", words.day(facts)),
        ("Waktu", f"Pukul {words.hours(facts)}"),
        ("Tempat", facts.forum.place),
        ("Acara", f"{words.FORUM} tentang {words.subject(facts)}"),
        ("Pimpinan rapat", papers.chair or DOTS),
        ("Narasumber", speakers),
        ("Pencatat", papers.scribe or DOTS),
        ("Peserta", words.attendance(facts) or DOTS),
    ]
    return pairs


def _answers(facts: Facts, questions: list[QuestionFacts]) -> Table:
    zone = facts.forum.timezone
    rows = [
        (
            str(q.number),
            q.text,
            _note(q),
            words.listed((words.speaker(facts, q), dates.clock(q.answered_at, zone, "id") if q.answered_at else "")),
        )
        for q in questions
    ]
    return Table(("No.", "Pertanyaan", "Ringkasan jawaban", "Narasumber, pukul"), rows, (7, 37, 37, 19))


def _note(q: QuestionFacts) -> str:
    if q.note is None:
        return "(belum ada ringkasan)"
    return q.note if q.note_state == "confirmed" else f"{q.note} (konsep, belum dikonfirmasi)"


def _written(facts: Facts, questions: list[QuestionFacts]) -> Table:
    rows = [(str(q.number), q.text, q.answer or _waiting(q)) for q in questions]
    return Table(("No.", "Pertanyaan", "Jawaban tertulis"), rows, (7, 42, 51))


def _waiting(q: QuestionFacts) -> str:
    due = f"paling lambat {dates.day(q.due, words.LANGUAGE)}" if q.due else ""
    return words.listed(("Akan dijawab tertulis", q.owner or "", due))


def _agenda(facts: Facts, fill: str) -> list[Block]:
    """The run of show with the times that were planned."""
    if not facts.agenda:
        return _chapter(("Susunan Acara", fill))
    begins = agenda.begins(facts.agenda, facts.forum.starts, facts.forum.agenda)
    rows = [
        (f"{i.position}.", dates.clock(at, facts.forum.timezone, words.LANGUAGE), i.title, f"{i.minutes} menit")
        for i, at in zip(facts.agenda, begins, strict=True)
    ]
    return [Heading("Susunan Acara", 2), Table(("No.", "Pukul", "Acara", "Lama"), rows, (7, 15, 58, 20))]


def _earlier(facts: Facts, today: date) -> list[Block]:
    """What became of the promises of the forum before, if one was named."""
    before = facts.earlier
    if before is None:
        return []
    done = sum(f.status is FollowUpStatus.DONE for f in before.follow_ups)
    rows = [(f"{f.number}.", f.problem, plans.activity(f), f.owner, plans.status(f, today)) for f in before.follow_ups]
    return [
        Heading("Tindak Lanjut FKP Sebelumnya", 2),
        Paragraph(f"{before.title}: {done} dari {len(before.follow_ups)} tindak lanjut selesai."),
        Table(("No.", "Masalah", "Rencana", "Penanggung Jawab", "Status"), rows, (7, 30, 30, 18, 15)),
    ]


def _chapter(*sections: tuple[str, str]) -> list[Block]:
    blocks: list[Block] = []
    for title, text in sections:
        blocks += [Heading(title, 2), *([Paragraph(text)] if text else [])]
    return blocks


def _when(q: QuestionFacts) -> tuple[str, int]:
    return (q.answered_at.isoformat() if q.answered_at else "", q.number)


def _paper(facts: Facts, name: str, blocks: list[Block]) -> Paper:
    return Paper(
        name=name,
        title=(name.upper(), f"{words.FORUM.upper()} (FKP)", words.subject(facts).upper()),
        letterhead=words.letterhead(facts),
        blocks=blocks,
        is_draft=facts.forum.papers.is_draft,
    )
