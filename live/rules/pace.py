"""How fast people may act: token buckets, as pure arithmetic on a clock that is passed in.

The person is what is limited. A forum and an address are nets far below: a forum may be as fast as :data:`CROWD` people
at full speed, an address as ten halls, for a whole hall sits behind one.
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limit:
    """``burst`` acts at once, then one every ``seconds``."""

    burst: int
    seconds: float


ASKING = Limit(burst=3, seconds=20.0)
SUPPORTING = Limit(burst=20, seconds=0.5)
LOOKING = Limit(burst=20, seconds=1.0)
TAPPING = Limit(burst=20, seconds=2.0)
"""For the small taps of one participant."""
LIMITS = dict.fromkeys(("ask", "dispute"), ASKING)
LIMITS |= dict.fromkeys(("group", "help", "contact", "feedback", "erase", "forget"), TAPPING)
"""What limits an act of a participant, beside supporting."""
TEAM_LIMITS = {"pair": Limit(burst=10, seconds=6.0)}
"""What limits an act of the team: numbers are typed, not tried."""
GUESSING = Limit(burst=5, seconds=12.0)
"""Wrong numbers and codes of one person; right ones never count."""
GUESSES = Limit(burst=1000, seconds=0.06)
"""Wrong numbers in one forum; beyond it every guess costs work or waiting first, and nobody is refused."""
KNOCKING = Limit(burst=20, seconds=3.0)
"""Wrong role links from one browser."""
HALL = 300
CROWD = 2000
PATIENCE = 20
"""After so many refusals on end, whoever goes on is refused without looking further until the wait is over."""


def times(limit: Limit, people: int) -> Limit:
    """What so many people may do together."""
    return Limit(limit.burst * people, limit.seconds / people)


@dataclass(slots=True)
class Bucket:
    """Tokens left at a moment (seconds of a monotonic clock)."""

    tokens: float
    at: float


def take(bucket: Bucket | None, limit: Limit, now: float) -> tuple[Bucket, int]:
    """The bucket after one more act, and the whole seconds to wait: 0 when the act may go ahead."""
    left = limit.burst if bucket is None else min(limit.burst, bucket.tokens + (now - bucket.at) / limit.seconds)
    if left >= 1:
        return Bucket(left - 1, now), 0
    return Bucket(left, now), max(1, math.ceil((1 - left) * limit.seconds))
