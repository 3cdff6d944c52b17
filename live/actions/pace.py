"""How fast people may act, counted per person in this process (what must hold across processes is in the database)."""

import threading
import time
from typing import Literal

from live.rules.pace import Bucket, Limit, take
from live.rules.refusal import Refusal

FULL = 100_000
"""Buckets kept before the fuller half is dropped; a dropped bucket is a full one, so nobody is punished."""


class Pace:
    """Token buckets by (person, limit). ``open`` measures nothing: for load tests."""

    def __init__(self, limits: Literal["venue", "open"]) -> None:
        self._open = limits == "open"
        self._turn = threading.Lock()  # a batch of supports is decided in a thread of its own
        self._buckets: dict[tuple[str, Limit], Bucket] = {}

    def take(self, person: str, limit: Limit) -> None:
        """Count one act of this person; refuses with 429 and the seconds to wait."""
        if self._open:
            return
        with self._turn:
            bucket, wait = take(self._buckets.get((person, limit)), limit, time.monotonic())
            if wait:
                raise Refusal("too_fast", "pace", params={"s": wait}, extra={"wait": wait})
            if len(self._buckets) >= FULL:
                self._forget()
            self._buckets[person, limit] = bucket

    def _forget(self) -> None:
        oldest = sorted(self._buckets, key=lambda key: self._buckets[key].at)[: FULL // 2]
        for key in oldest:
            del self._buckets[key]
