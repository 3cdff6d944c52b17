"""How many may come in a second: thousands of phones return at once after a restart, and each costs a handshake.

Who comes a little too early waits; who would wait longer than :data:`LONGEST_WAIT` seconds is sent away with a time to
come back, spread so that the same crowd does not meet again.
"""

import math
import random
from collections.abc import Callable

RATE = 1000.0
LONGEST_WAIT = 3.0
COME_BACK_SECONDS = (1, 5)


class Gate:
    """A turnstile: ``rate`` a second, a second's worth at once after a quiet time."""

    def __init__(self, clock: Callable[[], float], rate: float = RATE) -> None:
        self._clock, self._rate = clock, rate
        self._next = -math.inf

    def wait(self) -> float | None:
        """Seconds until this one's turn, which is then taken; None when the queue is too long."""
        now = self._clock()
        turn = max(self._next, now - 1)
        if turn - now > LONGEST_WAIT:
            return None
        self._next = turn + 1 / self._rate
        return max(0.0, turn - now)


def come_back() -> int:
    """Seconds after which one that was sent away should try again."""
    return random.randint(*COME_BACK_SECONDS)  # noqa: S311 - jitter, not a secret
