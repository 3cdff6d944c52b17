"""What becomes of a question's words on arrival: cleaned, measured, personal numbers masked, reasons to look noted."""

from dataclasses import dataclass

from live.rules import personal, text


@dataclass(frozen=True, slots=True)
class Written:
    """The public words, the original where it differs (for the moderator only), and flags for the moderator."""

    public: str
    original: str | None
    flags: tuple[str, ...]


def read(raw: object, limit: int) -> Written:
    """Clean ``raw`` (refuses what is empty or longer than ``limit`` graphemes) and mask personal numbers in it."""
    clean = text.normalise(raw, limit=limit)
    masked = personal.mask(clean)
    original = clean if masked.text != clean else None
    return Written(masked.text, original, tuple(f"pii:{kind}" for kind in masked.kinds))
