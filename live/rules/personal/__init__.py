"""Personal numbers in a text: where they are, and the text without them.

Own rules find runs of 16 digits (NIK and family card), phone numbers, e-mail addresses and bank accounts in any
spacing; ``lokal-id`` is asked for a second opinion. Names and street addresses are left to a human.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lokal.samaran import detect_pii

from live.rules.personal.digits import INNOCENT, Span, introduced, plain, runs
from live.rules.personal.numbers import TICKET, Found, Kind, accounts, emails, labelled_sixteen, phone_numbers, sixteen

__all__ = ["MASK", "Found", "Kind", "Masked", "find", "mask"]

MASK: Final = "[disamarkan]"

_LOKAL: Final[dict[str, Kind]] = {
    "NIK": "nik", "KK": "nik", "PHONE": "phone", "EMAIL": "email",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Masked:
    """A text fit for everybody, and what kinds of number were taken out of it, each once, in order of appearance."""

    text: str
    kinds: tuple[Kind, ...]


def mask(text: str) -> Masked:
    """``text`` with ``MASK`` in place of every personal number.

    Nothing personal can be found in the result. It may be longer than ``text``: the mask is longer than some numbers.
    """
    kinds: list[Kind] = []
    # What is taken out can bring a label closer to the next number, so look again until nothing is left.
    while found := find(text):
        kinds += [one.kind for one in found]
        for one in reversed(found):
            text = text[: one.start] + MASK + text[one.end :]
    return Masked(text, tuple(dict.fromkeys(kinds)))


def find(text: str) -> list[Found]:
    """The personal numbers in ``text``, in reading order, not overlapping.

    Dates, times, amounts of money, years and ticket numbers are passed over. Errs towards finding: a foreign number of
    exactly 16 digits counts as a NIK.
    """
    view = plain(text)
    innocent = [match.span() for match in INNOCENT.finditer(view)]
    found = [*emails(view), *labelled_sixteen(view, innocent)]
    for run in runs(view, innocent):
        phones = list(phone_numbers(run, view))
        found += [*sixteen(run, phones, view), *phones, *accounts(run, view)]
    return _merged([*found, *_second_opinion(view, found, innocent)])


def _second_opinion(view: str, known: list[Found], innocent: list[Span]) -> Iterator[Found]:
    """What lokal-id adds: spelled-out addresses and numbers, valid NIKs and landlines in more spellings.

    Not its bank accounts: it takes dates and amounts near the name of a bank for one.
    """
    taken = [*innocent, *((one.start, one.end) for one in known)]
    for match in detect_pii(view, types=("NIK", "KK", "PHONE", "EMAIL")):
        clear = not any(start < match.end and match.start < end for start, end in taken)
        if clear and not introduced(TICKET, view, match.start):
            yield Found(_LOKAL[match.type], match.start, match.end)


def _merged(found: list[Found]) -> list[Found]:
    """Overlapping finds as one, named after the longest of them; of equals a NIK, then a phone, then the rest."""
    rank = {"nik": 0, "phone": 1, "email": 2, "account": 3}
    merged: list[Found] = []
    longest = 0
    for one in sorted(found, key=lambda one: (one.start, -one.end, rank[one.kind])):
        size = one.end - one.start
        if merged and one.start < merged[-1].end:
            last = merged.pop()
            kind = one.kind if size > longest else last.kind
            merged.append(Found(kind, last.start, max(last.end, one.end)))
            longest = max(longest, size)
        else:
            merged.append(one)
            longest = size
    return merged
