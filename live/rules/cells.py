"""Cells of a CSV file that a spreadsheet takes for text, never for a formula (OWASP ASVS 1.2.10)."""

import unicodedata
from decimal import Decimal

_TRIGGERS = frozenset("=+-@\t\r\0")
_INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Mn"})


def safe(value: object) -> str:
    """The text of one cell. Numbers stay numbers, ``None`` is an empty cell.

    A text gets a leading apostrophe when the first character a spreadsheet would look at (after spaces and invisible
    characters) starts a formula: ``= + - @``, their full-width and small forms, TAB, CR or NUL. Any other text is
    returned unchanged. Quoting for CSV is the writer's work.
    """
    if value is None:
        return ""
    text = str(value)
    if isinstance(value, int | float | Decimal):
        return text
    return f"'{text}" if _starts_formula(text) else text


def _starts_formula(text: str) -> bool:
    for char in text:
        # Spreadsheets and their text import fold full-width forms, so NFKC decides what a character is.
        if unicodedata.normalize("NFKC", char) in _TRIGGERS:
            return True
        if unicodedata.category(char) not in _INVISIBLE:
            return False
    return False
