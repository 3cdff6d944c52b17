"""A text as the digits in it: every spelling made plain, groups tied into runs, what is innocent left out."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

Span = tuple[int, int]
_IGNORABLE = "\u200d"

# What may stand between the digits of one number; comma and colon only alone.
_SEPARATOR = re.compile(rf"[ \n.\-/_()+*'|~{_IGNORABLE}]{{0,4}}|[,:]")
_GROUP = re.compile(rf"(\d+){_IGNORABLE}*")
# A word made of digits and the letters people type for them: "O680", "08l2".
_LOOKALIKE = re.compile(r"(?<![^\W\dOoIl])(?=[OoIl]*\d)[\dOoIl]*[OoIl][\dOoIl]*(?![^\W\dOoIl])")
_LOOKALIKE_DIGIT = str.maketrans("OoIl", "0011")

DAY = r"(?:0?[1-9]|[12]\d|3[01])"
MONTH = r"(?:0?[1-9]|1[0-2])"
YEAR = r"(?:19|20)\d\d"
_DATE = rf"(?:{DAY}([-/.]){MONTH}\1(?:{YEAR}|\d\d)|{YEAR}([-/.]){MONTH}\2{DAY})"
_DATE_AGAIN = _DATE.replace(r"\1", r"\3").replace(r"\2", r"\4")
_TIME = r"(?:[01]?\d|2[0-4])(?:[.:][0-5]\d){1,2}"
_THOUSANDS = r"[1-9]\d{0,2}(?:\.\d{3}){1,3}"
_MONEY = r"(?:rb|ribu|jt|juta|miliar|milyar|rupiah|k)"
# Dates, times, ranges of them, and amounts: no part of a person's number unless more digits are tied on.
INNOCENT = re.compile(
    rf"(?<!\d)(?<!\d[-/.:])(?:{_DATE}(?: ?- ?{_DATE_AGAIN})?|{_TIME}(?: ?- ?{_TIME})?"
    rf"|{_THOUSANDS}(?: ?[-/] ?{_THOUSANDS})*"
    rf"|[1-9]\d{{0,8}}(?:[.,]\d{{1,3}})?(?= ?{_MONEY}\b)|(?<=rp)[ .]{{0,2}}[1-9]\d{{0,11}})(?![-/.:]?\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Group:
    """Digits without a break: ``digits`` from ``start``; ``gap`` is what separates them from the group before."""

    digits: str
    start: int
    end: int
    gap: str | None


def plain(text: str) -> str:
    """``text`` in plain characters, one for one: every kind of digit, dash, space and at sign as its ASCII form."""
    spelled = "".join(map(_plain_char, text))
    return _LOOKALIKE.sub(lambda match: match.group().translate(_LOOKALIKE_DIGIT), spelled)


def _plain_char(char: str) -> str:
    if char.isascii():
        return " " if char in "\t\r\v\f" else char
    if (digit := unicodedata.digit(char, None)) is not None:
        return str(digit)
    category = unicodedata.category(char)
    if category in ("Mn", "Me", "Cf"):
        return _IGNORABLE
    by_category = {"Zs": " ", "Pd": "-", "Zl": "\n", "Zp": "\n"}
    if char in "\u2212\u00b7\u2022\u2219":
        return "-" if char == "\u2212" else "."
    wide = unicodedata.normalize("NFKC", char)
    return by_category.get(category) or (wide if len(wide) == 1 and wide.isascii() else char)


def runs(view: str, innocent: list[Span]) -> Iterator[list[Group]]:
    """The groups of digits that separators tie together, cut where something innocent stands."""
    run: list[Group] = []
    for match in _GROUP.finditer(view):
        start, end = match.span()
        gap = view[run[-1].end : start] if run else ""
        if within(start, innocent):
            continue
        if run and not _SEPARATOR.fullmatch(view, run[-1].end, start):
            yield run
            run = []
        run.append(Group(match.group(1), start, end, gap if run else None))
    if run:
        yield run


def within(place: int, spans: list[Span]) -> bool:
    """Whether one of ``spans`` covers ``place``."""
    return any(first <= place < last for first, last in spans)


def first_sixteen(groups: list[Group]) -> list[Group]:
    """The groups from the first on that have exactly 16 digits together; none if they do not come out even."""
    total = 0
    for count, group in enumerate(groups, 1):
        total += len(group.digits)
        if total >= 16:
            return groups[:count] if total == 16 else []
    return []


def take(groups: list[Group], least: int, most: int) -> list[Group]:
    """The groups from the first on that make one number of ``least`` to ``most`` digits; none if they cannot.

    Once there are enough digits, a further group belongs to the number only if it is set off like the one before and
    is no stray short figure ("0812-0000-0001 2 kali").
    """
    total = 0
    for count, group in enumerate(groups):
        if total >= least and not _goes_on(groups[count - 1], group, total == least):
            return groups[:count]
        total += len(group.digits)
        if total > most:
            return groups[:count] if total - len(group.digits) >= least else []
    return groups if total >= least else []


def _goes_on(before: Group, group: Group, barely: bool) -> bool:
    tight = not any(char.isspace() for char in group.gap or "")
    wanted = 1 if tight else 2 if barely else min(3, len(before.digits))
    return before.gap == group.gap and len(group.digits) >= wanted


def introduced(words: re.Pattern[str], view: str, start: int) -> bool:
    """Whether ``words`` end where the number begins; they are looked for a short way back."""
    return words.search(view, max(0, start - 70), start) is not None
