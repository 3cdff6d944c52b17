"""docs/security.md names a test for each threat, and each test it names is there; and two that need no server."""

import json
import re
import subprocess
import sys

from live.places import ROOT, TEMPLATES

PAGE = (ROOT / "docs" / "security.md").read_text("utf-8")
TESTS = {
    name
    for path in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"^(?:async )?def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
}


def test_every_threat_has_a_rule_and_a_test() -> None:
    rows = [line.split("|") for line in PAGE.splitlines() if re.match(r"\| \d+ \|", line)]
    assert [int(row[1]) for row in rows] == list(range(1, 24))
    for row in rows:
        assert row[2].strip() and row[3].strip()
        assert re.search(r"`test_\w+`", row[4]), row[2]


def test_every_test_that_the_page_names_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    assert named - TESTS == set()


def test_a_line_of_the_log_stays_one_line_whatever_stands_in_it() -> None:
    evil = 'x\r\n{"event":"forged"}\x1b[2K\u202e\u2028'
    program = (
        f"import structlog; from live import logs; logs.configure(); structlog.get_logger().error('', path={evil!r})"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    lines = [line for line in done.stderr.split("\n") if line]
    assert [json.loads(line)["path"] for line in lines] == [evil]
    assert "\x1b" not in done.stderr


def test_no_template_switches_escaping_off() -> None:
    for path in TEMPLATES.rglob("*.html"):
        assert not re.search(r"\|\s*safe\b|autoescape\s+false|Markup", path.read_text("utf-8")), path.name
