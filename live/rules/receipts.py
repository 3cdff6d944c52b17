"""Receipts: the short codes by which anonymous askers find their questions again."""

LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""No I, L, O, U, 0 or 1: a receipt is copied by hand from a phone."""
LENGTH = 8


def read(typed: str) -> str:
    """The receipt as it is stored, however it was typed; what cannot be one becomes the empty text."""
    wanted = typed[:40].strip().upper().replace(" ", "").replace("-", "")
    return wanted if len(wanted) == LENGTH and set(wanted) <= set(LETTERS) else ""
