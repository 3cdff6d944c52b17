"""Berita Acara Hasil FKP: what forum and office agreed on the day, signed by hand (domain notes 1.7).

The form is that of a signed one from the same province (Kutai Barat, 7 October 2025): three columns, commitment of the
head, monitoring by the public, ten rows to sign, never filled in beforehand.
"""

from live import dates
from live.documents import words
from live.documents.paper import DOTS, Block, Items, PageBreak, Paper, Paragraph, Signature, Table
from live.rules.facts import Facts, FollowUpFacts

NAME = "Berita Acara Hasil FKP"
SIGNERS = 10
HEADINGS = ("Identifikasi Masalah", "Usulan Rekomendasi Perbaikan", "Jangka Waktu Penyelesaian")
SIGNING = ("No.", "Nama & No. HP", "Jenis Kelamin\n(L/P)", "Jabatan/Organisasi", "Tanda Tangan")


def write(facts: Facts) -> Paper:
    """The paper; DRAF until its number and date are filled in."""
    papers = facts.forum.papers
    year = dates.local(facts.forum.starts, facts.forum.timezone).year
    return Paper(
        name=NAME,
        title=(
            "BERITA ACARA",
            "HASIL FORUM KONSULTASI PUBLIK (FKP)",
            f"TENTANG {words.subject(facts).upper()}",
            f"TAHUN {year}",
        ),
        number=papers.reference,
        letterhead=words.letterhead(facts),
        is_draft=papers.is_draft,
        blocks=(*_agreed(facts), PageBreak(), *_signed(facts)),
    )


def agreed(facts: Facts) -> list[FollowUpFacts]:
    """What was agreed in the hall; while nothing is marked as agreed yet, all that was promised."""
    return [f for f in facts.follow_ups if f.agreed] or list(facts.follow_ups)


def table(facts: Facts) -> Table:
    """Problem, recommendation, term: the shape of the signed example."""
    papers = facts.forum.papers
    given = (papers.heading_problem, papers.heading_recommendation, papers.heading_term)
    headings = tuple(own or usual for own, usual in zip(given, HEADINGS, strict=True))
    rows = [
        (f"{n}.", f.problem or DOTS, f.recommendation or f.activity, words.term(f))
        for n, f in enumerate(agreed(facts), start=1)
    ]
    return Table(("No.", *headings), rows, (7, 36, 36, 21))


def _agreed(facts: Facts) -> list[Block]:
    forum = facts.forum
    held = dates.in_words(dates.local(forum.starts, forum.timezone).date())
    came = words.attendance(facts)
    opening = (
        f"Pada hari ini, {held}, pukul {words.hours(facts)}, bertempat di {forum.place}, telah dilaksanakan "
        f"{words.FORUM} tentang {words.subject(facts)}" + (f" yang dihadiri {came}." if came else ".")
    )
    lead = "Berdasarkan hasil diskusi dan keputusan bersama menyatakan sebagai berikut:"
    return [Paragraph(opening), Paragraph(lead), table(facts)]


def _signed(facts: Facts) -> list[Block]:
    papers = facts.forum.papers
    office = papers.office or facts.forum.agency
    head = papers.head_position or f"Kepala {office}"
    blank = [(f"{n}.", "", "", "", "") for n in range(1, SIGNERS + 1)]
    signed = dates.day(papers.signed, words.LANGUAGE) if papers.signed else DOTS
    return [
        Items(
            (
                f"{head} menerima dan menyetujui seluruh identifikasi masalah, usulan rekomendasi perbaikan, dan "
                "jangka waktu penyelesaian di atas, serta berkomitmen menindaklanjutinya.",
                "Masyarakat dan pemangku kepentingan akan memantau kemajuan (progress) tindak lanjut.",
            )
        ),
        Paragraph("Demikian Berita Acara ini dibuat sebagaimana mestinya."),
        Paragraph(f"{papers.city or DOTS}, {signed}", "end"),
        Table(SIGNING, blank, (7, 31, 15, 27, 20), frozenset({0, 2}), row=11),
        Signature(f"{head},", papers.head_name, papers.head_rank, papers.head_nip),
    ]
