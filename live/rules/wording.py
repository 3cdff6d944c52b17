"""What becomes of a question's words on arrival: cleaned, measured, personal numbers masked, reasons to look noted."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from live.rules import personal, rude, similar, text

HELD = ("pii:", "rude:")
"""Flags for which a question waits for a human even where questions are shown at once."""

VERY_SIMILAR = 0.5
SAME_TIMES = 3


@dataclass(frozen=True, slots=True)
class Written:
    """The public words, the original where it differs (for the moderator only), and flags for the moderator."""

    public: str
    original: str | None
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Likeness:
    """The numbers of the up to three most similar questions, likest first, and flags for the moderator."""

    numbers: tuple[int, ...]
    flags: tuple[str, ...]


def read(raw: object, limit: int, more: Iterable[str] = (), fewer: Iterable[str] = ()) -> Written:
    """Clean ``raw`` (refuses what is empty or longer than ``limit`` graphemes), mask personal numbers, note rude words.

    ``more`` and ``fewer`` change the list of rude words.
    """
    clean = text.normalise(raw, limit=limit)
    masked = personal.mask(clean)
    original = clean if masked.text != clean else None
    flags = [f"pii:{kind}" for kind in masked.kinds]
    flags += [f"rude:{word}" for word in rude.found(masked.text, more, fewer)]
    return Written(masked.text, original, tuple(flags))


def compare(words: str, others: Mapping[int, str]) -> Likeness:
    """Which of the ``others`` (public texts by number) ask the same; flags are suggestions, nothing merges by itself.

    ``similar:12`` when the likest one is very similar, ``same:3`` when this is at least the third time the same text
    comes.
    """
    likest = similar.most_similar(words, others)
    flags = [f"similar:{number}" for number, score in likest[:1] if score >= VERY_SIMILAR]
    times = 1 + sum(text.fold(other) == text.fold(words) for other in others.values())
    flags += [f"same:{times}"] if times >= SAME_TIMES else []
    return Likeness(tuple(number for number, _ in likest), tuple(flags))


def must_wait(flags: Iterable[str]) -> bool:
    """Whether a human looks first, whatever the forum's mode."""
    return any(flag.startswith(HELD) for flag in flags)


def hide(words: str, piece: str) -> str:
    """``words`` with ``piece`` masked wherever it stands, whatever its case; ``piece`` itself when it stands nowhere.

    So a moderator may send the words to hide, or the whole text as it shall read.
    """
    hidden = re.sub(re.escape(piece), personal.MASK, words, flags=re.IGNORECASE)
    return hidden if hidden != words else piece
