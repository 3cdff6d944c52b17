"""How fast people may act, counted in this process.

Several processes each count for themselves, so a person who is spread over all of them may be as many times as fast;
what must hold exactly (who supports what, who was let in, how many joined) is in the database.
"""

import threading
import time
from typing import Literal

from live.rules.pace import CROWD, HALL, PATIENCE, Bucket, Limit, take, times
from live.rules.refusal import Refusal

FULL = 100_000
"""Buckets kept before the fuller half is dropped; a dropped bucket is a full one, so nobody is punished."""
Place = tuple[str, Limit]


class Pace:
    """Token buckets by (who, limit). ``open`` measures nothing: for load tests."""

    def __init__(self, limits: Literal["venue", "open"]) -> None:
        self._open = limits == "open"
        self._turn = threading.Lock()  # a batch of supports is decided in a thread of its own
        self._buckets: dict[Place, Bucket] = {}
        self._refused: dict[Place, tuple[int, float]] = {}

    def take(self, person: str, limit: Limit, *, forum: str = "", address: str = "") -> None:
        """Count one act of this person, then of the forum, then of the address; refuses with 429 and the wait.

        Whoever is refused has used up nothing.
        """
        if self._open:
            return
        places: list[Place] = [(person, limit)]
        places += [(f"forum {forum}", times(limit, CROWD))] if forum else []
        places += [(f"address {address}", times(limit, 10 * HALL))] if address else []
        now = time.monotonic()
        with self._turn:
            after = [take(self._buckets.get(place), place[1], now) for place in places]
            wait = next((wait for _, wait in after if wait), 0)
            if wait:
                self._note_refusal(places[0], now + wait)
                raise too_fast(wait)
            self._refused.pop(places[0], None)
            for place, (bucket, _) in zip(places, after, strict=True):
                self._put(place, bucket)

    def check(self, who: str, limit: Limit) -> None:
        """Refuse who has used up this limit, without counting."""
        if wait := self._wait(who, limit):
            raise too_fast(wait)

    def is_spent(self, who: str, limit: Limit) -> bool:
        """Whether this limit is used up."""
        return self._wait(who, limit) > 0

    def count(self, who: str, limit: Limit) -> None:
        """Count one, as far as there is anything left to count."""
        if self._open:
            return
        with self._turn:
            bucket, wait = take(self._buckets.get((who, limit)), limit, time.monotonic())
            if not wait:
                self._put((who, limit), bucket)

    def shed(self, person: str, limit: Limit) -> None:
        """Refuse at once, without a look at the database, who went on and on after being told to wait."""
        count, until = self._refused.get((person, limit), (0, 0.0))
        left = until - time.monotonic()
        if count >= PATIENCE and left > 0:
            raise too_fast(max(1, round(left)))

    def _wait(self, who: str, limit: Limit) -> int:
        if self._open:
            return 0
        with self._turn:
            return take(self._buckets.get((who, limit)), limit, time.monotonic())[1]

    def _note_refusal(self, place: Place, until: float) -> None:
        if len(self._refused) >= FULL:
            self._refused.clear()
        self._refused[place] = (self._refused.get(place, (0, 0.0))[0] + 1, until)

    def _put(self, place: Place, bucket: Bucket) -> None:
        if place not in self._buckets and len(self._buckets) >= FULL:
            oldest = sorted(self._buckets, key=lambda key: self._buckets[key].at)[: FULL // 2]
            for key in oldest:
                del self._buckets[key]
        self._buckets[place] = bucket


def too_fast(wait: int) -> Refusal:
    """The refusal that names the wait."""
    return Refusal("too_fast", "pace", params={"s": wait}, extra={"wait": wait})
