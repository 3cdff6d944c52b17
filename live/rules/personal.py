"""Personal numbers in a text: where they are, and the text without them.

Own rules find runs of 16 digits (NIK and family card), phone numbers, e-mail addresses and bank accounts in any
spacing; ``lokal-id`` is asked for a second opinion. Names and street addresses are left to a human.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from lokal.samaran import detect_pii

Kind = Literal["nik", "phone", "email", "account"]
_Span = tuple[int, int]
MASK: Final = "[disamarkan]"

_LOKAL: Final[dict[str, Kind]] = {
    "NIK": "nik", "KK": "nik", "PHONE": "phone", "EMAIL": "email",
}  # fmt: skip
_IGNORABLE = "\u200d"

# What may stand between the digits of one number; comma and colon only alone.
_SEPARATOR = re.compile(rf"[ \n.\-/_()+*'|~{_IGNORABLE}]{{0,4}}|[,:]")
_GROUP = re.compile(rf"(\d+){_IGNORABLE}*")
# A word made of digits and the letters people type for them: "O680", "08l2".
_LOOKALIKE = re.compile(r"(?<![^\W\dOoIl])(?=[OoIl]*\d)[\dOoIl]*[OoIl][\dOoIl]*(?![^\W\dOoIl])")
_LOOKALIKE_DIGIT = str.maketrans("OoIl", "0011")

_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_YEAR = r"(?:19|20)\d\d"
_DATE = rf"(?:{_DAY}([-/.]){_MONTH}\1(?:{_YEAR}|\d\d)|{_YEAR}([-/.]){_MONTH}\2{_DAY})"
_DATE_AGAIN = _DATE.replace(r"\1", r"\3").replace(r"\2", r"\4")
_TIME = r"(?:[01]?\d|2[0-4])(?:[.:][0-5]\d){1,2}"
_THOUSANDS = r"[1-9]\d{0,2}(?:\.\d{3}){1,3}"
_MONEY = r"(?:rb|ribu|jt|juta|miliar|milyar|rupiah|k)"
# Dates, times, ranges of them, and amounts: no part of a person's number unless more digits are tied on.
_INNOCENT = re.compile(
    rf"(?<!\d)(?<!\d[-/.:])(?:{_DATE}(?: ?- ?{_DATE_AGAIN})?|{_TIME}(?: ?- ?{_TIME})?"
    rf"|{_THOUSANDS}(?: ?[-/] ?{_THOUSANDS})*"
    rf"|[1-9]\d{{0,8}}(?:[.,]\d{{1,3}})?(?= ?{_MONEY}\b)|(?<=rp)[ .]{{0,2}}[1-9]\d{{0,11}})(?![-/.:]?\d)",
    re.IGNORECASE,
)

_NOT_A_DIGIT = r"(?:[^\d\n]|\n(?!\n))"
_TICKET = re.compile(
    r"\b(?:registrasi|regis|reg|antrean|antrian|tiket|resi|pesanan|order|invoice|inv|trx|transaksi|pengajuan|permohonan)"
    r"(?:nya)?\b(?:no|nomor|saya|sy|kode|adalah|ini|itu|[^\w\[])*$",
    re.IGNORECASE,
)
_ABOUT_NIK = re.compile(rf"\b(?:nik|no\.? ?kk|kk|ktp|induk|keluarga)(?:nya)?\b{_NOT_A_DIGIT}{{0,20}}$", re.IGNORECASE)
_ABOUT_PHONE = re.compile(
    r"(?:\b(?:no)?(?:hp|wa|telp|tlp|tel|telpon|telepon|telfon|fax)(?:nya)?|\b(?:whats?app?|hub|hubungi|kontak|call|cp|sms)"
    rf"|wa\.me/)(?![a-z]){_NOT_A_DIGIT}{{0,25}}$",
    re.IGNORECASE,
)
_BANK = (
    r"(?:bca|bri|bni|btn|bsi|bpd|cimb|danamon|permata|muamalat|ocbc|panin|maybank|seabank|jago|bankaltimtara"
    r"|bank [a-z]+)"
)
_ACCOUNT_WORD = rf"(?:(?:no)?rek(?:ening)?|{_BANK}|(?:transfer|trf|tf)(?:an)?|setor|virtual account|va)"
_ABOUT_ACCOUNT = re.compile(
    rf"\b{_ACCOUNT_WORD}(?:nya)?\b{_NOT_A_DIGIT}{{0,40}}$"
    rf"|\b(?:transfer|trf|tf|setor|kirim|bayar)\b[^\n]{{0,30}}\bke\b{_NOT_A_DIGIT}{{0,20}}$",
    re.IGNORECASE,
)
_ACCOUNT_FOLLOWS = re.compile(rf"[ (,/\-]{{0,3}}(?:rek(?:ening)?|{_BANK})\b|,? ?(?:a\.n\b|atas nama\b)", re.IGNORECASE)

_MAILERS = r"(?:gmail|googlemail|yahoo|ymail|rocketmail|hotmail|outlook|icloud|live)"
_DOT = r"(?: ?(?:\.|\[dot\]|\(dot\)) ?| dot | titik )"
_MAILER = rf"{_MAILERS}\b(?:{_DOT}(?:com|co|id)\b)*"
_LOCAL = r"(?<![\w.+%-])[\w.+%-]+(?:(?:\(dot\)|\[dot\])[\w.+%-]+)*"
_EMAIL = re.compile(
    rf"{_LOCAL}(?:@[\w-]+(?:\.[\w-]+)+|@{_MAILER}|(?: ?(?:\(at\)|\[at\]|\(a\)) ?| @ | at |@ ){_MAILER})"
    # "fulan.contoh @gmail.com" is an address, "pakai @gmail.com" is not.
    rf"|(?<![\w.+%-])(?=[a-z]+[\d._])[\w.+%-]+ @{_MAILER}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Found:
    """One personal number: ``text[start:end]``, in characters."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Masked:
    """A text fit for everybody, and what kinds of number were taken out of it, each once, in order of appearance."""

    text: str
    kinds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class _Group:
    """Digits without a break: ``digits`` from ``start``; ``gap`` is what separates them from the group before."""

    digits: str
    start: int
    end: int
    gap: str | None


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
    view = _view(text)
    innocent = [match.span() for match in _INNOCENT.finditer(view)]
    found = [*_emails(view), *_labelled_sixteen(view, innocent)]
    for run in _runs(view, innocent):
        phones = list(_phones(run, view))
        found += [*_sixteen(run, phones, view), *phones, *_accounts(run, view)]
    return _merged([*found, *_second_opinion(view, found, innocent)])


def _view(text: str) -> str:
    """``text`` in plain characters, one for one: every kind of digit, dash, space and at sign as its ASCII form."""
    plain = "".join(map(_plain, text))
    return _LOOKALIKE.sub(lambda match: match.group().translate(_LOOKALIKE_DIGIT), plain)


def _plain(char: str) -> str:
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


def _runs(view: str, innocent: list[_Span]) -> Iterator[list[_Group]]:
    """The groups of digits that separators tie together, cut where something innocent stands."""
    run: list[_Group] = []
    for match in _GROUP.finditer(view):
        start, end = match.span()
        gap = view[run[-1].end : start] if run else ""
        if _within(start, innocent):
            continue
        if run and not _SEPARATOR.fullmatch(view, run[-1].end, start):
            yield run
            run = []
        run.append(_Group(match.group(1), start, end, gap if run else None))
    if run:
        yield run


def _within(place: int, spans: list[_Span]) -> bool:
    return any(first <= place < last for first, last in spans)


def _labelled_sixteen(view: str, innocent: list[_Span]) -> Iterator[Found]:
    """16 digits after "NIK" or "KK" even if some of them look like a date ("647102 02-06-80 0001")."""
    for run in _runs(view, []):
        for first, group in enumerate(run):
            window = _window(run[first : first + 16])
            rest = sum(len(one.digits) for one in window if not _within(one.start, innocent))
            if rest >= 8 and _introduced(_ABOUT_NIK, view, group.start):
                yield Found("nik", group.start, window[-1].end)


def _sixteen(run: list[_Group], phones: list[Found], view: str) -> Iterator[Found]:
    """NIK and family card numbers: 16 digits however grouped, 16 or more in one piece, or nearly so after "NIK"."""
    for first, group in enumerate(run):
        window = _window(run[first : first + 16])
        if len(group.digits) >= 16:
            yield Found("nik", group.start, group.end)
        elif window and _credible(window, phones):
            yield Found("nik", group.start, window[-1].end)
        elif _introduced(_ABOUT_NIK, view, group.start) and (taken := _take(run[first:], 13, 18)):
            if not any(phone.start <= group.start < phone.end for phone in phones):
                yield Found("nik", group.start, taken[-1].end)


def _window(groups: list[_Group]) -> list[_Group]:
    total = 0
    for count, group in enumerate(groups, 1):
        total += len(group.digits)
        if total >= 16:
            return groups[:count] if total == 16 else []
    return []


def _credible(window: list[_Group], phones: list[Found]) -> bool:
    """Whether 16 digits in groups are one number, not a row of years or a telephone number and its neighbour."""
    start, end = window[0].start, window[-1].end
    rest = list(window)
    for phone in phones:
        if phone.start < end and start < phone.end:
            if phone.start <= start or end < phone.end:
                return False
            rest = [group for group in rest if not phone.start <= group.start < phone.end]
    return not all(re.fullmatch(_YEAR, group.digits) for group in rest)


def _phones(run: list[_Group], view: str) -> Iterator[Found]:
    """Mobile numbers from 08 or 62 8; after a word like "hub" or "WA" also without the 0, and landlines."""
    reached = 0
    for first, group in enumerate(run):
        if group.start < reached or _introduced(_TICKET, view, group.start):
            continue
        digits = "".join(one.digits for one in run[first : first + 4])
        labelled = _introduced(_ABOUT_PHONE, view, group.start)
        country = re.match(r"(?:(?:00)?62)?", digits).end()  # type: ignore[union-attr]
        mobile = re.match(r"0?8[1-9]" if country or labelled else r"08[1-9]", digits[country:])
        landline = re.match(r"0[2-79]\d", digits) if labelled or _bracketed(view, group) else None
        least, most = (10 - labelled + max(0, country - 1), 14 + country) if mobile else (9, 12)
        if (mobile or landline) and (taken := _take(run[first:], least, most)):
            reached = taken[-1].end
            yield Found("phone", _with_opening(view, group.start, reached), reached)


def _accounts(run: list[_Group], view: str) -> Iterator[Found]:
    """8 to 16 digits that words like "rek", "transfer" or the name of a bank go with."""
    for first, group in enumerate(run):
        taken = _take(run[first:], 8, 16)
        if not taken or _introduced(_TICKET, view, group.start) or _plain_amount(taken):
            continue
        if _introduced(_ABOUT_ACCOUNT, view, group.start) or _ACCOUNT_FOLLOWS.match(view, taken[-1].end):
            yield Found("account", group.start, taken[-1].end)


def _plain_amount(taken: list[_Group]) -> bool:
    digits = "".join(group.digits for group in taken)
    written_date = rf"(?:{_YEAR}{_MONTH}{_DAY}|{_DAY}{_MONTH}{_YEAR})"
    years = all(re.fullmatch(_YEAR, group.digits) for group in taken)
    return years or bool(re.fullmatch(rf"[1-9]\d*0{{5}}|{written_date}", digits))


def _take(groups: list[_Group], least: int, most: int) -> list[_Group]:
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


def _goes_on(before: _Group, group: _Group, barely: bool) -> bool:
    tight = not any(char.isspace() for char in group.gap or "")
    wanted = 1 if tight else 2 if barely else min(3, len(before.digits))
    return before.gap == group.gap and len(group.digits) >= wanted


def _introduced(words: re.Pattern[str], view: str, start: int) -> bool:
    return words.search(view, max(0, start - 70), start) is not None


def _bracketed(view: str, group: _Group) -> bool:
    return view[group.start - 1 : group.start] == "(" and view[group.end : group.end + 1] == ")"


def _with_opening(view: str, start: int, end: int) -> int:
    if view[start - 1 : start] == "+":
        start -= 1
    return start - (view[start - 1 : start] == "(" and ")" in view[start:end])


def _emails(view: str) -> Iterator[Found]:
    return (Found("email", *match.span()) for match in _EMAIL.finditer(view))


def _second_opinion(view: str, known: list[Found], innocent: list[_Span]) -> Iterator[Found]:
    """What lokal-id adds: spelled-out addresses and numbers, valid NIKs and landlines in more spellings.

    Not its bank accounts: it takes dates and amounts near the name of a bank for one.
    """
    taken = [*innocent, *((one.start, one.end) for one in known)]
    for match in detect_pii(view, types=("NIK", "KK", "PHONE", "EMAIL")):
        clear = not any(start < match.end and match.start < end for start, end in taken)
        if clear and not _introduced(_TICKET, view, match.start):
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
