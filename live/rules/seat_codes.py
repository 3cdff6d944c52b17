"""Seat codes: who holds the slip of paper is one person. 50 bits, kept only as a keyed digest."""

import hashlib
import hmac

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U; whoever types an O or an I means a zero or a one."""
LENGTH = 10
MOST = 2000
"""Codes that one act makes at most."""
_MEANT = str.maketrans("OIL", "011")


def read(typed: str) -> str:
    """The code as it is digested, however it was typed; what cannot be one becomes the empty text."""
    wanted = typed[:40].strip().upper().replace(" ", "").replace("-", "").translate(_MEANT)
    return wanted if len(wanted) == LENGTH and set(wanted) <= set(LETTERS) else ""


def shown(code: str) -> str:
    """``ABCDE 12345``: as it is printed."""
    return f"{code[:5]} {code[5:]}"


def digest(key: bytes, forum: str, code: str) -> str:
    """How a code of this forum is kept. The key is not in a copy of the database when it comes from outside."""
    return hmac.new(key, f"seat {forum} {code}".encode(), hashlib.sha256).hexdigest()


def placeholder(digest: str) -> str:
    """Under which name the supports of a freed seat wait for its next phone: a pseudonym that no browser can have."""
    return digest[:32]
