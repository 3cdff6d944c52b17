"""The kinds of personal number: each finder reads the plain view of a text and says where its numbers are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from live.rules.personal.digits import DAY, MONTH, YEAR, Group, Span, first_sixteen, introduced, runs, take, within

Kind = Literal["nik", "phone", "email", "account"]

NOT_A_DIGIT = r"(?:[^\d\n]|\n(?!\n))"
TICKET = re.compile(
    r"\b(?:registrasi|regis|reg|antrean|antrian|tiket|resi|pesanan|order|invoice|inv|trx|transaksi|pengajuan|permohonan)"
    r"(?:nya)?\b(?:no|nomor|saya|sy|kode|adalah|ini|itu|[^\w\[])*$",
    re.IGNORECASE,
)
_ABOUT_NIK = re.compile(rf"\b(?:nik|no\.? ?kk|kk|ktp|induk|keluarga)(?:nya)?\b{NOT_A_DIGIT}{{0,20}}$", re.IGNORECASE)
_ABOUT_PHONE = re.compile(
    r"(?:\b(?:no)?(?:hp|wa|telp|tlp|tel|telpon|telepon|telfon|fax)(?:nya)?|\b(?:whats?app?|hub|hubungi|kontak|call|cp|sms)"
    rf"|wa\.me/)(?![a-z]){NOT_A_DIGIT}{{0,25}}$",
    re.IGNORECASE,
)
_BANK = (
    r"(?:bca|bri|bni|btn|bsi|bpd|cimb|danamon|permata|muamalat|ocbc|panin|maybank|seabank|jago|bankaltimtara"
    r"|bank [a-z]+)"
)
_ACCOUNT_WORD = rf"(?:(?:no)?rek(?:ening)?|{_BANK}|(?:transfer|trf|tf)(?:an)?|setor|virtual account|va)"
_ABOUT_ACCOUNT = re.compile(
    rf"\b{_ACCOUNT_WORD}(?:nya)?\b{NOT_A_DIGIT}{{0,40}}$"
    rf"|\b(?:transfer|trf|tf|setor|kirim|bayar)\b[^\n]{{0,30}}\bke\b{NOT_A_DIGIT}{{0,20}}$",
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


def labelled_sixteen(view: str, innocent: list[Span]) -> Iterator[Found]:
    """16 digits after "NIK" or "KK" even if some of them look like a date ("647102 02-06-80 0001")."""
    for run in runs(view, []):
        for first, group in enumerate(run):
            window = first_sixteen(run[first : first + 16])
            rest = sum(len(one.digits) for one in window if not within(one.start, innocent))
            if rest >= 8 and introduced(_ABOUT_NIK, view, group.start):
                yield Found("nik", group.start, window[-1].end)


def sixteen(run: list[Group], phones: list[Found], view: str) -> Iterator[Found]:
    """NIK and family card numbers: 16 digits however grouped, 16 or more in one piece, or nearly so after "NIK"."""
    for first, group in enumerate(run):
        window = first_sixteen(run[first : first + 16])
        if len(group.digits) >= 16:
            yield Found("nik", group.start, group.end)
        elif window and _credible(window, phones):
            yield Found("nik", group.start, window[-1].end)
        elif introduced(_ABOUT_NIK, view, group.start) and (taken := take(run[first:], 13, 18)):
            if not any(phone.start <= group.start < phone.end for phone in phones):
                yield Found("nik", group.start, taken[-1].end)


def _credible(window: list[Group], phones: list[Found]) -> bool:
    """Whether 16 digits in groups are one number, not a row of years or a telephone number and its neighbour."""
    start, end = window[0].start, window[-1].end
    rest = list(window)
    for phone in phones:
        if phone.start < end and start < phone.end:
            if phone.start <= start or end < phone.end:
                return False
            rest = [group for group in rest if not phone.start <= group.start < phone.end]
    return not all(re.fullmatch(YEAR, group.digits) for group in rest)


def phone_numbers(run: list[Group], view: str) -> Iterator[Found]:
    """Mobile numbers from 08 or 62 8; after a word like "hub" or "WA" also without the 0, and landlines."""
    reached = 0
    for first, group in enumerate(run):
        if group.start < reached or introduced(TICKET, view, group.start):
            continue
        digits = "".join(one.digits for one in run[first : first + 4])
        labelled = introduced(_ABOUT_PHONE, view, group.start)
        country = re.match(r"(?:(?:00)?62)?", digits).end()  # type: ignore[union-attr]
        mobile = re.match(r"0?8[1-9]" if country or labelled else r"08[1-9]", digits[country:])
        landline = re.match(r"0[2-79]\d", digits) if labelled or _bracketed(view, group) else None
        least, most = (10 - labelled + max(0, country - 1), 14 + country) if mobile else (9, 12)
        if (mobile or landline) and (taken := take(run[first:], least, most)):
            reached = taken[-1].end
            yield Found("phone", _with_opening(view, group.start, reached), reached)


def _bracketed(view: str, group: Group) -> bool:
    return view[group.start - 1 : group.start] == "(" and view[group.end : group.end + 1] == ")"


def _with_opening(view: str, start: int, end: int) -> int:
    if view[start - 1 : start] == "+":
        start -= 1
    return start - (view[start - 1 : start] == "(" and ")" in view[start:end])


def accounts(run: list[Group], view: str) -> Iterator[Found]:
    """8 to 16 digits that words like "rek", "transfer" or the name of a bank go with."""
    for first, group in enumerate(run):
        taken = take(run[first:], 8, 16)
        if not taken or introduced(TICKET, view, group.start) or _plain_amount(taken):
            continue
        if introduced(_ABOUT_ACCOUNT, view, group.start) or _ACCOUNT_FOLLOWS.match(view, taken[-1].end):
            yield Found("account", group.start, taken[-1].end)


def _plain_amount(taken: list[Group]) -> bool:
    digits = "".join(group.digits for group in taken)
    written_date = rf"(?:{YEAR}{MONTH}{DAY}|{DAY}{MONTH}{YEAR})"
    years = all(re.fullmatch(YEAR, group.digits) for group in taken)
    return years or bool(re.fullmatch(rf"[1-9]\d*0{{5}}|{written_date}", digits))


def emails(view: str) -> Iterator[Found]:
    return (Found("email", *match.span()) for match in _EMAIL.finditer(view))
