"""Medians, percentiles, and the lines of the report."""

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` of them lie."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))] if ranked else float("nan")


def median(values: Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(values) if values else float("nan")


@dataclass(frozen=True)
class Figure:
    """One line of the report; ``must`` and ``aim`` are borders on the side that ``better`` leaves open.

    ``why`` says what stands in the way where the aim is missed.
    """

    what: str
    value: float
    unit: str = ""
    must: float | None = None
    aim: float | None = None
    better: Literal["less", "more"] = "less"
    why: str = ""

    @property
    def verdict(self) -> str:
        """``aim``, ``must`` (held, the aim missed), ``missed``, or nothing to hold."""
        if self.must is None or self.aim is None:
            return ""
        return "aim" if self._holds(self.aim) else "must" if self._holds(self.must) else "missed"

    def _holds(self, border: float) -> bool:
        return self.value <= border if self.better == "less" else self.value >= border


@dataclass
class Report:
    """Everything that was measured: figures to read, and what every run gave."""

    date: str
    machine: str
    is_quick: bool
    figures: list[Figure] = field(default_factory=list)
    runs: list[dict[str, Any]] = field(default_factory=list)

    def add(self, *figures: Figure) -> None:
        """More lines."""
        self.figures += figures

    def as_json(self) -> dict[str, Any]:
        """One JSON document."""
        figures = [asdict(figure) | {"verdict": figure.verdict} for figure in self.figures]
        return {
            "date": self.date,
            "machine": self.machine,
            "quick": self.is_quick,
            "figures": figures,
            "runs": self.runs,
        }

    def as_table(self, figures: Sequence[Figure] | None = None) -> str:
        """A Markdown table of these figures, or of all, and a sentence for each aim that is missed."""
        shown = self.figures if figures is None else figures
        lines = ["| | measured | must | aim | |", "|---|---|---|---|---|"]
        sign = {"less": "≤", "more": "≥"}
        for f in shown:
            borders = [f"{sign[f.better]} {border:g}" if border is not None else "" for border in (f.must, f.aim)]
            lines.append(f"| {f.what} | {_short(f.value)} {f.unit} | {borders[0]} | {borders[1]} | {f.verdict} |")
        missed = [f"- {f.what}: {f.why}" for f in shown if f.verdict in ("must", "missed") and f.why]
        told = "\n\nWhat stands in the way of the aims that are missed:\n\n" + "\n".join(missed) if missed else ""
        return f"{self.date}, {self.machine}{', quick run' if self.is_quick else ''}\n\n" + "\n".join(lines) + told

    def as_short_table(self) -> str:
        """The figures that have to hold."""
        return self.as_table([figure for figure in self.figures if figure.verdict])


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
