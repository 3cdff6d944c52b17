"""Finding questions in the record: by number, or by words."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from live.rules import topics

_NUMBER = re.compile(r"(?:no\.?\s*|#\s*)?(\d{1,6})")
_READABLE = ("text", "note", "answer")


def found(questions: Iterable[dict[str, Any]], wanted: str) -> list[int]:
    """Numbers of the questions that fit, in their order. ``questions`` are views, so only what may be read is searched.

    ``17`` and ``No. 17`` find question 17, and a merged one stands for the one it was merged into. Words must all occur
    somewhere in the text, the note or the answer, also inside longer words (*blanko* in *blankonya*), in any case.
    """
    seen = list(questions)
    clean = unicodedata.normalize("NFC", wanted).casefold().strip()
    number = _number(clean)
    numbers = {number} | {q["into"] for q in seen if q["status"] == "merged" and q["number"] == number}
    words = clean.split()
    return [q["number"] for q in seen if q["status"] != "merged" and (q["number"] in numbers or _has(q, words))]


def _number(clean: str) -> int | None:
    match = _NUMBER.fullmatch(clean)
    return int(match[1]) if match else None


def _has(question: dict[str, Any], words: list[str]) -> bool:
    text = " ".join(question[name] or "" for name in _READABLE).casefold()
    return bool(words) and all(word in text for word in words)


def chosen(questions: Iterable[dict[str, Any]], *, find: str, speaker: str, topic: str, status: str) -> list[int]:
    """Numbers of the questions that fit all that was asked for; what is empty was not asked for."""
    seen = [q for q in questions if q["status"] != "merged"]
    fit = set(found(questions, find)) if find else {q["number"] for q in seen}
    of_speaker = (q for q in seen if not speaker or str(q.get("speaker") or "") == speaker)
    of_topic = (q for q in of_speaker if not topic or topics.is_about(q["text"], topic))
    return [q["number"] for q in of_topic if q["number"] in fit and (not status or _outcome(q) == status)]


def _outcome(question: dict[str, Any]) -> str:
    if question["status"] == "written":
        return "written_done" if question["answer"] else "written"
    return "answered" if question["status"] == "answered" else "unanswered"
