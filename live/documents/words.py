"""How facts are put into the words of Indonesian office papers. The papers are Indonesian in every language of the
screens: they are official documents."""

from collections.abc import Iterable

from live import dates
from live.catalogue import catalogue
from live.documents.paper import DOTS, Letterhead
from live.rules.facts import Facts, FollowUpFacts, QuestionFacts
from live.rules.words import Authority, Element, Term

LANGUAGE = "id"
t = catalogue(LANGUAGE)
FORUM = "Forum Konsultasi Publik"
NO_TERM = "belum ditetapkan"


def subject(facts: Facts) -> str:
    """What the forum is about: as filled in, else its title without "Forum Konsultasi Publik"; dots if that is all."""
    title = facts.forum.papers.subject or facts.forum.title
    return title.removeprefix(FORUM).strip(" :–-") or DOTS


def letterhead(facts: Facts) -> Letterhead:
    """As filled in; the office is the forum's agency."""
    papers = facts.forum.papers
    return Letterhead(
        papers.government.upper(), (papers.office or facts.forum.agency).upper(), papers.address, papers.logo
    )


def day(facts: Facts) -> str:
    """The forum's day: ``Kamis, 30 Juni 2022``."""
    return dates.day(dates.local(facts.forum.starts, facts.forum.timezone).date(), LANGUAGE, weekday=True)


def hours(facts: Facts) -> str:
    """``09.00 s.d. 12.00 WITA``."""
    zone = facts.forum.timezone
    begin, end = facts.forum.starts, facts.forum.ends
    name = dates.zone_name(dates.local(begin, zone), zone)
    return f"{dates.clock(begin, zone, LANGUAGE)} s.d. {dates.clock(end, zone, LANGUAGE)} {name}"


def term(f: FollowUpFacts) -> str:
    """``Jangka pendek (14 hari)``; ``Perlu kajian, dijawab 14 Juli 2022``."""
    due = dates.day(f.due, LANGUAGE) if f.due else ""
    if f.term is Term.STUDY and due:
        return f"{t('term.study')}, dijawab {due}"
    if f.term is not None:
        more = f.duration.replace(" ", "\u00a0") or due
        return t(f"term.{f.term}") + (f" ({more})" if more else "")
    return f.duration or due or NO_TERM


def element(found: Element | None) -> str:
    """``U3 Waktu penyelesaian``."""
    return f"{found} {t(f'element.{found}')}" if found else ""


def authority(found: Authority | None) -> str:
    """Whose power it needs."""
    return t(f"authority.{found}") if found else ""


def sources(facts: Facts, f: FollowUpFacts) -> str:
    """``No. 1 (4 dukungan), No. 7 (12 dukungan)``."""
    found = (facts.question(number) for number in f.questions)
    return ", ".join(f"No. {q.number} ({q.supports} dukungan)" for q in found if q is not None)


def speaker(facts: Facts, q: QuestionFacts) -> str:
    """``Narasumber 1, Pendaftaran Penduduk``."""
    found = next((s for s in facts.speakers if s.position == q.speaker), None)
    return f"{found.name}, {found.field}" if found else ""


def worth(facts: Facts) -> str:
    """What one support is worth at this forum's level of integrity, and how many were declared void."""
    void = sum(q.voided for q in facts.questions)
    return t(f"integrity.record.{facts.forum.integrity}") + (f" ({t('integrity.voided', n=void)})" if void else "")


def listed(texts: Iterable[str]) -> str:
    """The texts as one cell."""
    return "; ".join(text for text in texts if text)


def attendance(facts: Facts) -> str:
    """``263 peserta (140 perempuan, 123 laki-laki) dari …``, as far as it was counted."""
    papers = facts.forum.papers
    if papers.attended is None:
        return ""
    halves = [(papers.women, "perempuan"), (papers.men, "laki-laki")]
    split = ", ".join(f"{count} {word}" for count, word in halves if count is not None)
    groups = f" dari {papers.groups}" if papers.groups else ""
    return f"{papers.attended} peserta" + (f" ({split})" if split else "") + groups
