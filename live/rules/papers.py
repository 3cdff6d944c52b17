"""What stands on the official papers of a forum and nowhere else: letterhead, number and date, who signs."""

from dataclasses import dataclass, field, fields
from datetime import date

LIMIT = 300


@dataclass(frozen=True, slots=True)
class Papers:
    """The organiser fills these in; empty ones leave dots to be filled in by hand.

    ``reference`` is the number the registry gives, ``signed`` the local day of signing. ``head_*`` is the official who
    signs: position, name, rank and NIP. ``women`` and ``men`` are counted at the door, ``groups`` are the elements of
    society that came. ``heading_*`` replace the headings of the Berita Acara's table. ``logo`` is a PNG that lies
    apart: it is there only where papers are made.
    """

    reference: str = ""
    signed: date | None = None
    city: str = ""
    government: str = ""
    office: str = ""
    address: str = ""
    subject: str = ""
    attended: int | None = None
    women: int | None = None
    men: int | None = None
    groups: str = ""
    head_position: str = ""
    head_name: str = ""
    head_rank: str = ""
    head_nip: str = ""
    chair: str = ""
    scribe: str = ""
    heading_problem: str = ""
    heading_recommendation: str = ""
    heading_term: str = ""
    logo: bytes = field(default=b"", repr=False)

    @property
    def is_draft(self) -> bool:
        """Whether the papers carry DRAF: until number and date are set nothing claims to be official."""
        return not (self.reference and self.signed)


TEXTS = tuple(f.name for f in fields(Papers) if f.type == "str" or f.type is str)
COUNTS = ("attended", "women", "men")


def of(stored: dict[str, object]) -> Papers:
    """The papers as they are stored: one JSON object of what was filled in."""
    texts = {name: str(stored[name]) for name in TEXTS if stored.get(name)}
    counts = {name: int(str(stored[name])) for name in COUNTS if stored.get(name) is not None}
    day = stored.get("signed")
    return Papers(**texts, **counts, signed=date.fromisoformat(str(day)) if day else None)  # type: ignore[arg-type]
