"""The report: one table for people, one JSON document for programs."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from live.rehearsal.audit import Verdict
from live.rehearsal.figures import Percentiles, Spread, acknowledged, acknowledgements, every_screen, staging
from live.rehearsal.log import Log

FAST_ENOUGH = 300.0


@dataclass(frozen=True)
class Report:
    """Everything measured. ``complete``: a moderator took part, so that lost posts could be found at all.

    ``stage_ms``: from calling the next question until a phone or the projector has it; ``projector_ms``: the latter
    alone.
    """

    participants: int
    joined: int
    minutes: float
    posts: int
    supports: int
    moderator_acts: int
    refused: dict[str, int]
    retries: int
    socket_cuts: int
    ack_ms: dict[str, Percentiles]
    every_screen_ms: Spread
    stage_ms: Spread
    projector_ms: Percentiles
    verdict: Verdict
    honest_refusals_429: int
    generator_cpu_share: float
    generator_lag_ms: Percentiles
    complete: bool

    @property
    def correct(self) -> bool:
        """Nothing lost, nothing doubled, all screens equal: what the exit code says."""
        return self.verdict.lost == self.verdict.doubled == self.verdict.unequal == 0

    @property
    def ready(self) -> bool:
        """Correct, proven with a moderator, nobody locked out, and fast in the room."""
        welcome = self.honest_refusals_429 == 0 and self.joined == self.participants
        return self.correct and self.complete and welcome and not self.slow

    @property
    def slow(self) -> list[str]:
        """What screens follow too late, each with its p95; a rehearsal too short to call a question has no stage."""
        every, stage = self.every_screen_ms.percentiles.p95, self.stage_ms.percentiles.p95
        found = [f"screens follow after {every} ms"] if every is None or every > FAST_ENOUGH else []
        return [*found, f"the stage reaches them after {stage} ms"] if stage and stage > FAST_ENOUGH else found

    def document(self) -> dict[str, Any]:
        """The JSON document."""
        return {
            "participants": self.participants,
            "joined": self.joined,
            "minutes": self.minutes,
            "posts": self.posts,
            "supports": self.supports,
            "moderator_acts": self.moderator_acts,
            "refused": self.refused,
            "retries": self.retries,
            "socket_cuts": self.socket_cuts,
            "ack_ms": {kind: asdict(figures) for kind, figures in self.ack_ms.items()},
            "every_screen_ms": _spread(self.every_screen_ms),
            "stage_ms": {**_spread(self.stage_ms), "projector": asdict(self.projector_ms)},
            "lost": self.verdict.lost,
            "doubled": self.verdict.doubled,
            "unequal": self.verdict.unequal,
            "honest_refusals_429": self.honest_refusals_429,
            "generator_cpu_share": self.generator_cpu_share,
            "generator_lag_ms": asdict(self.generator_lag_ms),
            "ready": self.ready,
        }


def _spread(found: Spread) -> dict[str, Any]:
    return {**asdict(found.percentiles), "pairs": found.pairs, "missing": found.missing}


def compile_report(
    logs: Sequence[Log],
    projectors: Sequence[Log],
    verdict: Verdict,
    *,
    participants: int,
    joined: int,
    minutes: float,
    cpu_share: float,
    lag: Percentiles,
    complete: bool,
) -> Report:
    """Compute every figure from the clients' logs."""
    refused = sum((log.refused for log in logs), Counter[str]())
    return Report(
        participants=participants,
        joined=joined,
        minutes=minutes,
        posts=acknowledged(logs, "posts"),
        supports=acknowledged(logs, "supports"),
        moderator_acts=acknowledged(logs, "moderator", "stage"),
        refused=dict(refused.most_common()),
        retries=sum(log.retries for log in logs),
        socket_cuts=sum(log.cuts for log in logs),
        ack_ms={
            "posts": acknowledgements(logs, "posts"),
            "supports": acknowledgements(logs, "supports"),
            "moderator": acknowledgements(logs, "moderator", "stage"),
        },
        every_screen_ms=every_screen(logs),
        stage_ms=staging(logs, logs),
        projector_ms=staging(logs, projectors).percentiles,
        verdict=verdict,
        honest_refusals_429=sum(log.too_fast for log in logs),
        generator_cpu_share=round(cpu_share, 3),
        generator_lag_ms=lag,
        complete=complete,
    )


def publish(report: Report, *, as_json: bool) -> None:
    """The table goes to stdout, or to stderr when stdout is for the JSON document."""
    console = Console(stderr=as_json, highlight=False)
    console.print(_timings(report))
    console.print(_counts(report))
    for example in report.verdict.examples[:5]:
        console.print(f"  {example}", markup=False)
    console.print("Ready for the hall." if report.ready else f"Not ready: {', '.join(_obstacles(report))}.")
    if as_json:
        print(json.dumps(report.document(), ensure_ascii=False), flush=True)


def _timings(report: Report) -> Table:
    table = Table("milliseconds", "p50", "p95", "p99", title="How fast")
    rows = {f"{kind}: act to receipt": figures for kind, figures in report.ack_ms.items()}
    rows["act to every screen"] = report.every_screen_ms.percentiles
    rows["next question to phones and projector"] = report.stage_ms.percentiles
    rows["next question to the projector"] = report.projector_ms
    rows["lag of this audience itself"] = report.generator_lag_ms
    for name, figures in rows.items():
        values = (figures.p50, figures.p95, figures.p99)
        table.add_row(name, *("-" if value is None else f"{value:.1f}" for value in values))
    return table


def _counts(report: Report) -> Table:
    table = Table("what", "how many", title="What happened")
    refused = ", ".join(f"{reason} {count}" for reason, count in report.refused.items()) or "0"
    rows = {
        "participants, joined": f"{report.participants}, {report.joined}",
        "posts, supports, moderator acts": f"{report.posts}, {report.supports}, {report.moderator_acts}",
        "refused": refused,
        "retries, sockets cut on purpose": f"{report.retries}, {report.socket_cuts}",
        "pairs of act and screen, missing": f"{report.every_screen_ms.pairs}, {report.every_screen_ms.missing}",
        "refused for pace (429)": str(report.honest_refusals_429),
        "lost, doubled, unequal screens": f"{report.verdict.lost}, {report.verdict.doubled}, {report.verdict.unequal}",
        "processor share of this audience": f"{report.generator_cpu_share:.0%} of one core",
    }
    for name, value in rows.items():
        table.add_row(name, value)
    return table


def _obstacles(report: Report) -> list[str]:
    checks = {
        "acts were lost or doubled": report.verdict.lost + report.verdict.doubled > 0,
        "screens differ": report.verdict.unequal > 0,
        "posts were not checked, no moderator took part": not report.complete,
        "participants could not join": report.joined < report.participants,
        "participants were refused for pace": report.honest_refusals_429 > 0,
        f"{', '.join(report.slow)} (p95), {FAST_ENOUGH:.0f} are allowed": bool(report.slow),
    }
    return [text for text, is_so in checks.items() if is_so]
