"""The bench itself: what it counts, what it says, and that every part of it still runs."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from live.bench import plot
from live.bench.__main__ import CLOSING, OPENING, refreshed
from live.bench.measures import Figure, Report, percentile
from live.bench.phone import Noted, Phone
from live.push.wire import Message

ROOT = Path(__file__).parents[2]


def test_a_figure_says_which_border_it_holds() -> None:
    assert [Figure("x", value, must=1.2, aim=0.95).verdict for value in (0.9, 1.0, 1.3)] == ["aim", "must", "missed"]
    more = [Figure("x", value, must=6, aim=10, better="more").verdict for value in (12, 7, 5)]
    assert more == ["aim", "must", "missed"]
    assert Figure("x", 1.0).verdict == ""


def test_percentiles_are_values_that_occurred() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile(list(map(float, range(100))), 0.99) == 99.0
    assert percentile([], 0.5) != percentile([], 0.5), "nothing measured is no number"


def test_the_report_is_a_table_a_document_and_a_picture() -> None:
    report = Report("2026-11-24", "a machine", is_quick=True)
    report.add(Figure("CPU", 1.0, "µs", 1.2, 0.95))
    for server, cpu in (("bare", 12.0), ("ours", 10.0)):
        report.runs.append({"part": "fanout", "server": server, "sockets": 1000, "deflate": False, "cpu": cpu})
    assert "| CPU | 1 µs | ≤ 1.2 | ≤ 0.95 | must |" in report.as_table()
    assert report.as_json()["figures"][0]["verdict"] == "must"
    assert "stands in the way" not in report.as_table()
    assert plot.svg(report).count("<rect") == 1 + 3 + 2


def test_an_aim_that_is_missed_has_its_sentence() -> None:
    report = Report("2026-11-24", "a machine", is_quick=False)
    report.add(Figure("CPU", 1.0, "µs", 1.2, 0.95, why="a commit costs what it costs."), Figure("other", 3.0))
    report.add(Figure("memory", 20.0, "KiB", 40, 26, why="nothing."))
    assert report.as_short_table().endswith("- CPU: a commit costs what it costs.")
    assert "other" in report.as_table()
    assert "other" not in report.as_short_table()


def test_the_table_of_a_page_is_written_anew_between_its_marks() -> None:
    page = f"Before\n{OPENING}\nold\n{CLOSING}\nAfter\n"
    assert refreshed(page, "new") == f"Before\n{OPENING}\nnew\n{CLOSING}\nAfter\n"
    with pytest.raises(ValueError, match="bench"):
        refreshed("no marks", "new")


async def test_a_phone_counts_frames_however_they_are_cut() -> None:
    phone = Phone(1, "/f/1/feed")
    phone._ready = asyncio.get_running_loop().create_future()
    phone.noted = Noted()
    frames = [Message(f"epoch.{n}\n" + "x" * size).plain for n, size in ((1, 0), (2, 200), (3, 70_000))]
    stream = b"HTTP/1.1 101 Switching Protocols\r\n\r\n" + b"".join(frames)
    for start in range(0, len(stream), 997):
        phone.data_received(stream[start : start + 997])
    assert (phone.noted.frames, phone.noted.bytes) == (3, sum(map(len, frames)))
    assert [seq for seq, _ in phone.noted.arrivals] == [1, 2, 3]
    assert (phone.epoch, phone.seq) == ("epoch", 3)


@pytest.mark.long
@pytest.mark.parametrize("part", ["fanout", "votes", "storm", "idle", "restart", "crowd", "recall", "attack"])
def test_every_part_runs(part: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "live.bench", "--quick", "--json", "--only", part, "--out", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    figures = json.loads(done.stdout)["figures"]
    assert figures
    assert all(figure["value"] == figure["value"] for figure in figures), "a figure is missing"
    assert (tmp_path / "bench.md").read_text().startswith("20")
