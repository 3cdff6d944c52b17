"""The report as a page to look at and to print: one file, no other address, both languages in it."""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from live.rehearsal.report import FAST_ENOUGH
from live.rehearsal.stages import Stage, advice, carries, is_ready, stops_at

WIDTH, HEIGHT, LEFT, BOTTOM = 640, 280, 56, 36


def write(path: Path, stages: Sequence[Stage], participants: int, address: str, language: str, made: datetime) -> None:
    """Write the page; ``made`` is shown as local time of this machine."""
    words = _words()[language]
    text = _template().render(
        w=words,
        language=language,
        stages=stages,
        participants=participants,
        address=address,
        made=f"{made.astimezone():%Y-%m-%d %H:%M %Z}",
        is_ready=is_ready(stages, participants),
        stops_at=stops_at(stages),
        carries=carries(stages),
        advice=[words[f"advice_{name}"] for name in advice(stages, participants)],
        chart=chart(stages),
        limit=FAST_ENOUGH,
    )
    path.write_text(text, encoding="utf-8")


def chart(stages: Sequence[Stage]) -> dict[str, Any]:
    """Where the points, the lines and the labels of the curve stand, in units of the drawing."""
    most = max(stage.phones for stage in stages)
    highest = max([FAST_ENOUGH * 1.3, *(stage.p95 or 0 for stage in stages)])
    top = ceil(highest / 100) * 100

    def x(phones: float) -> float:
        return round(LEFT + (WIDTH - LEFT - 24) * phones / most, 1)

    def y(milliseconds: float) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - BOTTOM - 16) * milliseconds / top, 1)

    found = [(stage, stage.report.every_screen_ms.percentiles) for stage in stages]
    lines = {"p50": [(stage, f.p50) for stage, f in found], "p95": [(stage, f.p95) for stage, f in found]}
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "base": y(0),
        "limit": y(FAST_ENOUGH),
        "ticks": [(y(ms), ms) for ms in _ticks(top)],
        "columns": [(x(stage.phones), stage.phones) for stage in stages],
        "points": {
            name: [(x(stage.phones), y(value)) for stage, value in line if value is not None]
            for name, line in lines.items()
        },
    }


def _ticks(top: int) -> list[int]:
    step = next(step for step in (50, 100, 200, 500, 1000, 2000, 5000, 10_000, 100_000) if top / step <= 6)
    return list(range(0, top + 1, step))


@cache
def _words() -> dict[str, dict[str, str]]:
    """Here and not in the program's catalogue: a rehearsal knows nothing of the program it measures."""
    found: dict[str, dict[str, str]] = json.loads(Path(__file__).with_name("report_words.json").read_text("utf-8"))
    return found


@cache
def _template() -> Template:
    loader = FileSystemLoader(Path(__file__).parent)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    environment.filters["ms"] = lambda value: "–" if value is None else f"{value:.0f}"
    return environment.get_template("report.html")
