"""What the organiser fills in for the official papers."""

from live.actions.doing import Doing, Outcome
from live.actions.fields import Fields, day
from live.rules import papers, text
from live.rules.refusal import of_field

MOST = 100_000


class Filled(Fields, frozen=True, kw_only=True):
    """The fields of ``papers``, all of them at once: what is left out is emptied."""

    reference: str | None = None
    signed: str | None = None
    city: str | None = None
    government: str | None = None
    office: str | None = None
    address: str | None = None
    subject: str | None = None
    attended: int | None = None
    women: int | None = None
    men: int | None = None
    groups: str | None = None
    head_position: str | None = None
    head_name: str | None = None
    head_rank: str | None = None
    head_nip: str | None = None
    chair: str | None = None
    scribe: str | None = None
    heading_problem: str | None = None
    heading_recommendation: str | None = None
    heading_term: str | None = None


async def fill(doing: Doing, fields: Filled) -> Outcome:
    """Set the letterhead, number, date and names of the papers. DRAF goes when number and date are there."""
    filled: dict[str, object] = {name: _text(name, fields) for name in papers.TEXTS if getattr(fields, name)}
    filled |= {name: _count(name, fields) for name in papers.COUNTS if getattr(fields, name) is not None}
    if (signed := day(fields.signed, "signed")) is not None:
        filled["signed"] = signed.isoformat()
    if filled != doing.change.forum.papers:
        doing.change.forum.papers = filled
        doing.note_down()
    return Outcome({"draft": papers.of(filled).is_draft})


def _text(name: str, fields: Filled) -> str:
    return text.normalise(getattr(fields, name), limit=papers.LIMIT, lines=False)


def _count(name: str, fields: Filled) -> int:
    count: int = getattr(fields, name)
    if not 0 <= count <= MOST:
        raise of_field(name)
    return count
