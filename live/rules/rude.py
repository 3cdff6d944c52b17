"""Rude words in a text: whole words only, also in digits and signs; a reason for a person to look, never to delete.

Matching parts of words is what makes such lists unusable in Indonesian: *asu* is in *masuk* and *narasumber*, *tai* in
*lantai*. What is not on the list is not found; insults without a rude word are left to a human.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from live.rules.rude_words import WORDS
from live.rules.text import fold

_SIGNS = str.maketrans("0134578@$!|€", "oieastbasiie")
_TOKEN = re.compile(r"[^\s,.;:?()\[\]{}\"“”/\\_*~<>+=&#-]+")
# Letters one by one, with the same sign or space between: "a n j i n g", "b.a.n.g.s.a.t".
_SPELLED = re.compile(r"(?<!\w)(?:[\w@$!](?P<gap>[ .\-_*])(?=[\w@$!](?!\w))){2,}[\w@$!](?!\w)")
_DRAWN = re.compile(r"(.)\1{2,}|(.)\2+$")
_ENDINGS = ("nya", "lah", "kah", "mu", "ku")
_AROUND = "'’`!?"
ORDINARY = frozenset({"sampah", "bagong"})
"""On the list, but said every day to a city's office: rubbish, and a name. Not rude unless a forum says so."""


def found(text: str, more: Iterable[str] = (), fewer: Iterable[str] = ()) -> tuple[str, ...]:
    """The rude words in ``text``, as on the list, each once, in order; ``more`` and ``fewer`` change the list."""
    rude = _list(frozenset(more), frozenset(fewer))
    words = (word for token in _tokens(fold(text)) if (word := _named(token, rude)) is not None)
    return tuple(dict.fromkeys(words))


def _tokens(text: str) -> Iterable[str]:
    yield from _TOKEN.findall(text)
    for match in _SPELLED.finditer(text):
        yield match.group().replace(match["gap"], "")


def _named(token: str, rude: dict[str, str]) -> str | None:
    if not any(char.isalpha() for char in token):
        return None  # "455" is a number
    for form in _forms(token):
        if form in rude:
            return rude[form]
    return None


def _forms(token: str) -> Iterable[str]:
    """The word as typed, in plain letters, with repeated letters drawn together, and without endings."""
    plain = token.strip(_AROUND)
    typed = [plain, token.translate(_SIGNS).strip(_AROUND), plain.translate(_SIGNS)]
    for form in dict.fromkeys([*typed, *map(_drawn, typed)]):
        yield form
        for ending in _ENDINGS:
            if form.endswith(ending) and len(form) >= len(ending) + 3:
                yield form[: -len(ending)]


def _drawn(word: str) -> str:
    """``bangsaaat`` → ``bangsat``, ``goblokk`` → ``goblok``; a pair inside a word stays, it may be spelling."""
    return _DRAWN.sub(lambda match: match[1] or match[2], word)


@lru_cache(maxsize=64)
def _list(more: frozenset[str], fewer: frozenset[str]) -> dict[str, str]:
    """Every form under which a word is looked up → the word of the list."""
    taken_out = {fold(word) for word in fewer}
    return {fold(word): fold(word) for word in (*(WORDS - ORDINARY), *more) if fold(word) not in taken_out}
