"""Percentiles in milliseconds, from the clients' logs only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from live.rehearsal.log import Act, Kind, Log


@dataclass(frozen=True)
class Percentiles:
    """Nearest-rank percentiles in milliseconds; None where nothing was measured."""

    p50: float | None
    p95: float | None
    p99: float | None


@dataclass(frozen=True)
class Spread:
    """How fast acts reached screens. ``missing``: pairs whose screen, connected all along, never got there."""

    percentiles: Percentiles
    pairs: int
    missing: int


def percentiles(seconds: Iterable[float]) -> Percentiles:
    """Of durations in seconds."""
    ranked = sorted(seconds)
    return Percentiles(*(_rank(ranked, share) for share in (0.50, 0.95, 0.99)))


def _rank(ranked: Sequence[float], share: float) -> float | None:
    return round(ranked[ceil(share * len(ranked)) - 1] * 1000, 1) if ranked else None


def acknowledgements(logs: Sequence[Log], *kinds: Kind) -> Percentiles:
    """From the first sending of an act to its acknowledgement, without acts disturbed on purpose."""
    return percentiles(act.acked - act.sent for act in _timed(logs) if act.kind in kinds and act.acked is not None)


def every_screen(logs: Sequence[Log]) -> Spread:
    """How fast acts of every kind reached every client; see :func:`spread`."""
    return spread(_timed(logs), logs)


def staging(logs: Sequence[Log], screens: Sequence[Log]) -> Spread:
    """How fast the next question, once called, reached these screens."""
    return spread([act for act in _timed(logs) if act.kind == "stage"], screens)


def spread(timed: Sequence[Act], screens: Sequence[Log]) -> Spread:
    """From sending an act to the first frame at or past its position, over every screen connected at the sending.

    A client that cut its own socket in between is left out: the wait would be its own doing. A socket the server closed
    stays in, with the time it took to come back.
    """
    acts = [(act.sent, act.seq) for act in timed if act.seq is not None]
    waits: list[float] = []
    missing = 0
    for log in screens:
        for sent, seq in acts:
            span, arrived = log.span_at(sent), log.first_at(seq)
            if span is None or (span.own_cut and (arrived is None or arrived > span.closed)):
                continue
            if arrived is None:
                missing += 1
            elif arrived >= sent:  # Earlier: a repeat that changed nothing, acknowledged with a position passed before.
                waits.append(arrived - sent)
    return Spread(percentiles(waits), len(waits), missing)


def acknowledged(logs: Sequence[Log], *kinds: Kind) -> int:
    """How many acts of these kinds were acknowledged."""
    return sum(act.kind in kinds and act.acked is not None for log in logs for act in log.acts)


def _timed(logs: Sequence[Log]) -> list[Act]:
    return [act for log in logs for act in log.acts if act.acked is not None and not act.disturbed]
