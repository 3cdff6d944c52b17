"""Sealing what must not lie open in the database: telephone numbers.

Fernet (AES-128-CBC with HMAC-SHA-256) from the ``cryptography`` library, under a key derived from the installation's
secret. With ``JARING_SECRET`` set outside, a copy of the database alone opens nothing; without it the secret lies in
the same database, and sealing only keeps numbers out of casual sight, logs and searches.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Safe:
    """Seals and opens short texts under one secret."""

    def __init__(self, secret: bytes) -> None:
        key = HKDF(SHA256(), length=32, salt=None, info=b"jaring contact").derive(secret)
        self._fernet = Fernet(base64.urlsafe_b64encode(key))
        self.admission = HKDF(SHA256(), length=32, salt=None, info=b"jaring admission").derive(secret)
        """The key of numbers on the projector, of tickets and of seat codes."""

    def seal(self, text: str) -> str:
        """The sealed text; the same text gives another one each time."""
        return self._fernet.encrypt(text.encode()).decode("ascii")

    def open(self, sealed: str) -> str | None:
        """What was sealed, or None under another secret."""
        try:
            return self._fernet.decrypt(sealed.encode("ascii")).decode()
        except InvalidToken:
            return None
