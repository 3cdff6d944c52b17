"""Who may support and ask, by the forum's level of integrity: the number on the projector, and the work of a crowd.

The number follows from the installation's secret and the minute, so it is stored nowhere and every process knows it.
Beyond a rate of joining, whoever comes next first does some work, or waits: a *ticket* says for how long, and whether
the number was right when it was typed. It is signed for one person in one forum, so it is worth nothing to another.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime

STEP = 60
"""A number lasts so many seconds, and is accepted for as many more."""
DIGITS = 6
FREE_JOINS = 300
"""So many new people a minute come in without work: a whole hall at once."""
BITS = 16
"""Leading zero bits that the work has to find: 65,536 hashes on average, under a second or two on a slow phone."""
SHORTEST, LONGEST = 5, 60
"""Seconds that a browser without JavaScript waits instead."""
TICKET_SECONDS = 600
TICKET = r"^\d{1,11}\.\d{1,3}\.[01]\.[0-9a-f]{32}$"
"""What a ticket looks like."""


def number(key: bytes, code: str, now: datetime, steps_ago: int = 0) -> str:
    """The six digits that the projector of this forum shows now."""
    step = int(now.timestamp()) // STEP - steps_ago
    digest = _sign(key, f"number {code} {step}")
    return str(int(digest[:15], 16) % 10**DIGITS).zfill(DIGITS)


def seconds_left(now: datetime) -> int:
    """For how long this number is still shown."""
    return STEP - int(now.timestamp()) % STEP


def is_number(key: bytes, code: str, typed: str, now: datetime) -> bool:
    """Whether this is the number now, or was the one before; spaces do not matter."""
    digits = "".join(typed.split())
    return any(hmac.compare_digest(digits.encode(), number(key, code, now, ago).encode()) for ago in (0, 1))


def wait(joined: int) -> int:
    """The seconds to wait after so many people joined within a minute; 0 for nobody."""
    return 0 if joined < FREE_JOINS else min(LONGEST, SHORTEST + (joined - FREE_JOINS) // 10)


@dataclass(frozen=True, slots=True)
class Ticket:
    """When it was given, how long to wait, and whether the number had been typed rightly by then."""

    given: int
    wait: int
    is_right: bool

    def sealed(self, key: bytes, code: str, person: str) -> str:
        """The ticket as its person carries it."""
        plain = f"{self.given}.{self.wait}.{int(self.is_right)}"
        return f"{plain}.{_sign(key, f'ticket {code} {person} {plain}')[:32]}"

    def left(self, now: datetime) -> int:
        """The seconds still to wait, for whoever does no work."""
        return max(0, self.given + self.wait - int(now.timestamp()))

    def is_over(self, now: datetime) -> bool:
        """Whether it is too old to be used."""
        return int(now.timestamp()) > self.given + TICKET_SECONDS


def opened(key: bytes, code: str, person: str, sealed: str) -> Ticket | None:
    """The ticket that was given to this person in this forum, or None for anything else."""
    if not re.fullmatch(TICKET, sealed, re.ASCII):
        return None
    fields = sealed.split(".")
    ticket = Ticket(int(fields[0]), int(fields[1]), fields[2] == "1")
    return ticket if hmac.compare_digest(ticket.sealed(key, code, person).encode(), sealed.encode()) else None


def is_worked(sealed: str, proof: str, bits: int = BITS) -> bool:
    """Whether SHA-256 of ``ticket:proof`` begins with so many zero bits."""
    digest = hashlib.sha256(f"{sealed}:{proof}".encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:8], "big") >> (64 - bits) == 0


def _sign(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
