"""A file that shows what was done, after it was checked; the bytes are those that are kept."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class Proof:
    """``media_type`` is what the bytes are, not what somebody said they are."""

    name: str
    media_type: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The digest of the bytes, as 64 hex digits."""
        return hashlib.sha256(self.content).hexdigest()

    def __repr__(self) -> str:
        """Name and digest: the same file again is the same act again."""
        return f"Proof({self.name!r}, {self.sha256})"
