"""The practice questions, each posted with a marker that tells it apart from all others."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

MAX_LENGTH = 300
MARKER_LETTERS = "bcdfghjkmnpqrstvwxz"
MARKER_LENGTH = 8
MARKER = re.compile(rf"\(latihan ([{MARKER_LETTERS}]{{{MARKER_LENGTH}}})\)")
KINDS = ("question", "complaint", "suggestion", "appreciation")


@dataclass(frozen=True)
class Draft:
    """One question ready to post: ``text`` holds the marker and fits in ``MAX_LENGTH`` characters."""

    text: str
    kind: str
    marker: str


@cache
def _lines() -> tuple[tuple[str, str], ...]:
    """All practice questions as (text, kind). Off-topic and rude ones are posted as questions, as people do."""
    content = Path(__file__).with_name("questions.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in content.splitlines() if line.strip()]
    return tuple((row["text"], row["kind"] if row["kind"] in KINDS else "question") for row in rows)


def drafts(chance: Random) -> Iterator[Draft]:
    """Endless drafts in random order, no marker twice."""
    used: set[str] = set()
    while True:
        for text, kind in chance.sample(_lines(), len(_lines())):
            marker = _fresh_marker(chance, used)
            yield Draft(with_marker(text, marker), kind, marker)


def _fresh_marker(chance: Random, used: set[str]) -> str:
    """Consonants only: no digits that look like a personal number, no vowels that would spell a rude word."""
    while True:
        marker = "".join(chance.choices(MARKER_LETTERS, k=MARKER_LENGTH))
        if marker not in used:
            used.add(marker)
            return marker


def with_marker(text: str, marker: str) -> str:
    """The text, shortened at a word so that it fits together with its marker."""
    tail = f" (latihan {marker})"
    room = MAX_LENGTH - len(tail)
    if len(text) > room:
        text = text[: room - 1].rsplit(" ", 1)[0] + "…"
    return text + tail


def marker_in(text: str) -> str | None:
    """The marker a text carries, None if it was not posted by a rehearsal."""
    found = MARKER.search(text)
    return found[1] if found else None
