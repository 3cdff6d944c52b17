"""What one client did and saw. Nothing but these logs feeds the figures."""

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from math import inf
from typing import Literal

Kind = Literal["posts", "supports", "moderator", "stage"]
"""``stage``: the moderator calls the next question; every other act of the moderator is ``moderator``."""


@dataclass(slots=True)
class Act:
    """One act, from its first sending. Times are seconds of one monotonic clock; ``seq`` is the acknowledged position.

    ``disturbed``: its reply was lost on purpose, so its times say nothing about the server.
    """

    kind: Kind
    sent: float
    acked: float | None = None
    seq: int | None = None
    disturbed: bool = False


@dataclass(slots=True)
class Span:
    """One life of a socket. ``own_cut``: the client itself cut it, as a mishap."""

    opened: float
    closed: float = inf
    own_cut: bool = False


@dataclass
class Log:
    """The log of one client. ``times`` and ``seqs`` hold only arrivals that brought something newer, so both rise."""

    acts: list[Act] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    retries: int = 0
    cuts: int = 0
    too_fast: int = 0
    frames: int = 0
    times: list[float] = field(default_factory=list)
    seqs: list[int] = field(default_factory=list)

    def begin(self, kind: Kind, now: float) -> Act:
        """Note the first sending of an act."""
        act = Act(kind, now)
        self.acts.append(act)
        return act

    def saw(self, now: float, seq: int) -> None:
        """Note a frame. One that brings nothing newer can never be the first to reach a position."""
        self.frames += 1
        if not self.seqs or seq > self.seqs[-1]:
            self.times.append(now)
            self.seqs.append(seq)

    def connected(self, now: float) -> None:
        self.spans.append(Span(now))

    def disconnected(self, now: float, *, own_cut: bool) -> None:
        self.spans[-1].closed = now
        self.spans[-1].own_cut = own_cut
        self.cuts += own_cut

    def first_at(self, seq: int) -> float | None:
        """When the first frame at or past ``seq`` arrived; None if none ever did."""
        at = bisect_left(self.seqs, seq)
        return self.times[at] if at < len(self.times) else None

    def span_at(self, moment: float) -> Span | None:
        """The socket that was open at that moment."""
        return next((span for span in self.spans if span.opened <= moment < span.closed), None)
