"""A rehearsal in stages: a quarter of the phones, half, all, and half as many again, to find where it stops."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from live.rehearsal.report import FAST_ENOUGH, Report

SHARES = (0.25, 0.5, 1.0, 1.5)
OWN_LAG, OWN_SHARE = 50.0, 0.85
Advice = Literal[
    "fault", "locked_out", "not_joined", "own_limit", "slow_at_once", "slow_beyond", "missing", "no_moderator", "good"
]


@dataclass(frozen=True)
class Stage:
    """One size of audience and what was measured with it."""

    phones: int
    report: Report

    @property
    def p95(self) -> float | None:
        return self.report.every_screen_ms.percentiles.p95

    @property
    def is_fast(self) -> bool:
        return self.p95 is not None and self.p95 <= FAST_ENOUGH and self.report.joined == self.phones


def sizes(participants: int) -> list[int]:
    """How many phones each stage has; every size once."""
    return sorted({max(1, round(participants * share)) for share in SHARES})


def stops_at(stages: Sequence[Stage]) -> int | None:
    """The first size that was too slow or could not all join; None when every stage went well."""
    return next((stage.phones for stage in stages if not stage.is_fast), None)


def carries(stages: Sequence[Stage]) -> int:
    """The largest size before that; 0 when the first was too much."""
    stop = stops_at(stages)
    return max((stage.phones for stage in stages if stop is None or stage.phones < stop), default=0)


def is_ready(stages: Sequence[Stage], participants: int) -> bool:
    """Nothing lost, nobody locked out, and fast up to as many phones as are expected."""
    return all(s.report.ready for s in stages if s.phones <= participants)


def advice(stages: Sequence[Stage], participants: int) -> list[Advice]:
    """What to do about it, the gravest first."""
    reports = [stage.report for stage in stages]
    stop = stops_at(stages)
    checks: dict[Advice, bool] = {
        "fault": any(not report.correct for report in reports),
        "no_moderator": any(not report.complete for report in reports),
        "locked_out": any(report.honest_refusals_429 for report in reports),
        "not_joined": any(report.joined < report.participants for report in reports),
        "missing": any(report.every_screen_ms.missing for report in reports),
        "own_limit": any(_is_own_limit(stage) for stage in stages),
        "slow_at_once": stop is not None and stop <= participants,
        "slow_beyond": stop is not None and stop > participants,
    }
    return [name for name, is_so in checks.items() if is_so] or ["good"]


def _is_own_limit(stage: Stage) -> bool:
    """Whether the simulated audience itself was the slow part."""
    lag = stage.report.generator_lag_ms.p95 or 0.0
    return not stage.is_fast and (lag > OWN_LAG or stage.report.generator_cpu_share > OWN_SHARE)
