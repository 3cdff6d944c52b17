"""The report's page, from stages that were measured somewhere."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from live.rehearsal.audit import Verdict
from live.rehearsal.figures import Percentiles, Spread
from live.rehearsal.page import chart, write
from live.rehearsal.report import Report
from live.rehearsal.run import in_stages
from live.rehearsal.stages import Stage, advice, carries, is_ready, sizes, stops_at
from tests.rehearsal.stand_in import CODE, TOKEN, Forum, serving


def stage(phones: int, p95: float, **changed: object) -> Stage:
    """A stage in which all went well, but for what is given."""
    report = Report(
        participants=phones,
        joined=phones,
        minutes=0.5,
        posts=phones // 2,
        supports=phones * 3,
        moderator_acts=20,
        refused={},
        retries=0,
        socket_cuts=0,
        ack_ms={kind: Percentiles(5.0, p95 / 3, p95) for kind in ("posts", "supports", "moderator")},
        every_screen_ms=Spread(Percentiles(p95 / 3, p95, p95 * 2), 1000, 0),
        stage_ms=Spread(Percentiles(p95 / 3, p95 + 1, p95 * 2), 100, 0),
        projector_ms=Percentiles(p95 / 3, p95, p95 * 2),
        verdict=Verdict(),
        honest_refusals_429=0,
        generator_cpu_share=0.3,
        generator_lag_ms=Percentiles(0.1, 2.0, 5.0),
        complete=True,
    )
    return Stage(phones, replace(report, **changed))  # type: ignore[arg-type]


SMALL: dict[str, Any] = {"participants": 4, "minutes": 0.1, "language": "id"}
GOOD = [stage(75, 80), stage(150, 95), stage(300, 140), stage(450, 210)]


def test_the_stages_lead_past_what_is_expected() -> None:
    assert sizes(300) == [75, 150, 300, 450]
    assert sizes(1) == [1, 2]


def test_a_hall_that_went_well_is_ready_and_has_nothing_to_change() -> None:
    assert is_ready(GOOD, 300)
    assert (stops_at(GOOD), carries(GOOD), advice(GOOD, 300)) == (None, 450, ["good"])


def test_where_it_stops_beyond_the_expected_is_told_and_is_no_obstacle() -> None:
    slow = [*GOOD[:3], stage(450, 700)]
    assert is_ready(slow, 300)
    assert (stops_at(slow), carries(slow), advice(slow, 300)) == (450, 300, ["slow_beyond"])


def test_too_slow_for_the_expected_is_not_ready() -> None:
    slow = [*GOOD[:2], stage(300, 900), stage(450, 2000)]
    assert not is_ready(slow, 300)
    assert (stops_at(slow), advice(slow, 300)) == (300, ["slow_at_once"])


def test_a_tester_out_of_breath_is_not_taken_for_the_server() -> None:
    tired = [*GOOD[:3], stage(450, 900, generator_lag_ms=Percentiles(1.0, 120.0, 300.0))]
    assert "own_limit" in advice(tired, 300)


def test_a_lost_act_comes_before_all_other_advice() -> None:
    lost = [*GOOD[:3], stage(450, 900, verdict=Verdict(lost=1))]
    assert advice(lost, 300)[0] == "fault"


@pytest.mark.parametrize(("language", "verdict"), [("id", "Siap untuk acara"), ("en", "Ready for the day")])
def test_the_page_says_it_in_one_file_that_needs_nothing_else(tmp_path: Path, language: str, verdict: str) -> None:
    path = tmp_path / "report.html"
    write(path, GOOD, 300, "http://192.168.1.5:8000", language, datetime(2026, 11, 23, 8, 0, tzinfo=UTC))
    text = path.read_text("utf-8")
    assert verdict in text
    assert "450" in text
    assert "47 / 141 / 280" in text, "from the stage to every screen"
    assert text.count("http") == 1, "the address that was measured, and no other"
    assert "<script" not in text


def test_the_curve_stays_inside_its_drawing() -> None:
    drawn = chart([*GOOD, stage(600, 12_345.6)])
    points = [point for line in drawn["points"].values() for point in line]
    assert all(0 <= x <= drawn["width"] and 0 <= y <= drawn["base"] for x, y in points)
    assert 0 < drawn["limit"] < drawn["base"]


def test_a_rehearsal_in_stages_writes_the_page(tmp_path: Path) -> None:
    with serving(Forum(phase="draft")) as origin:
        link = f"{origin}/enter#{TOKEN}"
        code = in_stages(f"{origin}/f/{CODE}", tmp_path / "r.html", **SMALL, moderator=link)
    assert code == 0
    assert "Laporan gladi" in (tmp_path / "r.html").read_text("utf-8")
