"""What a participant's, a name's or a note's text becomes before anything else looks at it."""

import unicodedata
from functools import lru_cache

import regex

from live.rules.refusal import Refusal

BYTES_PER_CHARACTER = 8
MAX_NEWLINES = 8
MAX_MARKS = 3

_NEWLINE = regex.compile(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Python's own tables are as old as the interpreter and call recent emoji "unassigned"; those of `regex` are current.
# Of the format characters only the joiners and the visible Arabic and Kaithi number signs stay.
_UNWANTED = regex.compile(
    r"(?V1)[[\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Cf}\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\U000e0000-\U000e007f]"
    r"--[\n\u200c\u200d\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd]]"
)
_MARKS = regex.compile(r"[\p{M}\u200c\u200d]{2,}")
_LOOSE = regex.compile(r"(?<!\S)[\p{M}\u200c\u200d]+|[\u200c\u200d]+(?!\S)")
_BLANKS = regex.compile(r"[^\S\n]+")
_AROUND_NEWLINE = regex.compile(r" ?\n ?")
_BLANK_LINES = regex.compile(r"\n{3,}")
_VISIBLE = regex.compile(r"[\p{L}\p{N}]")
_GRAPHEME = regex.compile(r"\X")


def normalise(raw: object, *, limit: int, lines: bool = True) -> str:
    """The text as it is stored and shown: NFC, nothing invisible, at most ``limit`` characters as a reader counts them.

    Line breaks are kept (at most 8, later ones become spaces) if ``lines``, else they become spaces. Invisible,
    control, bidirectional and private characters go; the joiners of emoji and of Indic and Arabic script stay, one at
    a time; a letter keeps at most three combining marks. The result is a fixed point: normalising it changes nothing.

    Raises ``Refusal`` (step ``fields``): ``wrong_type``, ``too_heavy`` (over 8 bytes of UTF-8 per allowed
    character, before or after), ``empty`` (no letter or digit), ``invisible`` (something was typed, nothing of it can
    be seen), ``too_long`` with params ``limit`` and ``over``. A text of any size is refused in constant time.
    """
    if not isinstance(raw, str):
        raise Refusal("wrong_type", "fields")
    _refuse_heavy(raw, limit)
    text = _fixed_point(raw, lines)
    _refuse_heavy(text, limit)
    if not _VISIBLE.search(text):
        raise Refusal("invisible" if raw.strip() and not text else "empty", "fields")
    over = length(text) - limit
    if over > 0:
        raise Refusal("too_long", "fields", params={"limit": limit, "over": over})
    return text


def length(text: str) -> int:
    """Characters as a reader counts them: grapheme clusters, so a family emoji is one."""
    return sum(1 for _ in _GRAPHEME.finditer(text))


# Every draft is compared with the same few hundred questions.
@lru_cache(maxsize=1024)
def fold(text: str) -> str:
    """One form for texts that read the same: compatibility forms, case and spacing levelled. For comparing only."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(folded.split())


def _refuse_heavy(text: str, limit: int) -> None:
    # Counting code points first costs nothing; only a text of bounded size is ever encoded.
    most = limit * BYTES_PER_CHARACTER
    if len(text) > most or len(text.encode("utf-8", "surrogatepass")) > most:
        raise Refusal("too_heavy", "fields", params={"limit": limit})


def _fixed_point(text: str, lines: bool) -> str:
    # One step can make work for another (a dropped character lets two letters compose), so go on until it is still.
    while (cleaned := _clean(text, lines)) != text:
        text = cleaned
    return text


def _clean(text: str, lines: bool) -> str:
    text = _NEWLINE.sub("\n", text).replace("\t", " ")
    text = unicodedata.normalize("NFC", _UNWANTED.sub("", text))
    text = _LOOSE.sub("", _MARKS.sub(_fewer_marks, text))
    return _spacing(text if lines else text.replace("\n", " "))


def _fewer_marks(match: regex.Match[str]) -> str:
    kept: list[str] = []
    marks = 0
    for char in match.group():
        joiner = char in "\u200c\u200d"
        if (joiner and kept[-1:] not in (["\u200c"], ["\u200d"])) or (not joiner and marks < MAX_MARKS):
            kept.append(char)
            marks += not joiner
    return "".join(kept)


def _spacing(text: str) -> str:
    text = _AROUND_NEWLINE.sub("\n", _BLANKS.sub(" ", text)).strip()
    text = _BLANK_LINES.sub("\n\n", text)
    first = text.split("\n", MAX_NEWLINES)
    first[-1] = first[-1].replace("\n", " ")
    return "\n".join(first)
