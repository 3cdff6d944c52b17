"""Telephone numbers that people leave for a reply."""

import re
import unicodedata

from live.rules.refusal import Refusal

_BETWEEN = re.compile(r"[\s().\-/]+")
_NUMBER = re.compile(r"\+?\d{8,15}")
_LONGEST = 40


def read(raw: str) -> str:
    """The number as it can be dialled from anywhere: ``0812-3456-7890`` → ``+6281234567890``.

    A number without a country is Indonesian. Refuses with ``bad_phone`` what cannot be a telephone number.
    """
    digits = _BETWEEN.sub("", unicodedata.normalize("NFKC", raw[:_LONGEST]))
    if not _NUMBER.fullmatch(digits) or len(raw) > _LONGEST or not digits.isascii():
        raise Refusal("bad_phone", "fields", extra={"field": "phone"})
    if digits.startswith("+"):
        return digits
    return f"+62{digits[1:]}" if digits.startswith("0") else f"+{digits}"
