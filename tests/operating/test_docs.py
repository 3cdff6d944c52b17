"""What docs/ says is followed here as far as one machine can: commands, settings, nginx, systemd."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from live.cli import main
from live.places import ROOT
from live.settings import _READERS
from tests.faults.process import Server, free_port

DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_and_setting_in_it_exists(page: Path) -> None:
    text = page.read_text("utf-8")
    commands = set(re.findall(r"`(?:[A-Z_]+=\S+ )?jaring ([a-z]+)|^ {4}jaring ([a-z]+)", text, re.MULTILINE))
    named = {first or second for first, second in commands} - {"@"}
    assert named <= set(main.commands), named - set(main.commands)
    assert set(re.findall(r"JARING_([A-Z_]+)", text)) <= set(_READERS)


def test_the_settings_page_names_every_setting() -> None:
    text = (DOCS / "operation.md").read_text("utf-8")
    assert set(_READERS) <= set(re.findall(r"`JARING_([A-Z_]+)`", text))


@pytest.mark.long
def test_copies_are_made_restored_and_erased_as_the_page_says(tmp_path: Path) -> None:
    server = Server(f"sqlite:///{tmp_path / 'data' / 'jaring.db'}", tmp_path)
    (tmp_path / "forum.toml").write_text(FORUM)
    made = server.command("forum", "create", "--file", "forum.toml", "--json")
    (tmp_path / "links.json").write_text(made.stdout)
    steps = [
        ["print", "links.json"],
        ["backup", "--out", "friday.db"],
        ["restore", "friday.db"],
        ["purge", "--days", "365"],
        ["check"],
    ]
    for step in steps:
        done = server.command(*step)
        assert done.returncode == 0, (step, done.stderr, done.stdout)
    assert (tmp_path / "pack.pdf").stat().st_size > 10_000
    assert server.command("erase", "ABCD2345").returncode == 2


FORUM = """
title = "Forum uji"
agency = "Dinas"
place = "Aula"
starts = "2026-11-24T09:00:00"
ends = "2026-11-24T12:00:00"
timezone = "Asia/Makassar"
[[speakers]]
name = "Narasumber"
field = "Pendaftaran"
"""


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="Debian's nginx")
def test_nginx_takes_the_configuration(tmp_path: Path) -> None:
    """With a certificate of its own, and ports that anybody may open."""
    made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=tanya.example"]
    subprocess.run(
        ["openssl", *made, "-keyout", tmp_path / "key", "-out", tmp_path / "cert"], check=True, capture_output=True
    )
    text = (DOCS / "nginx.conf").read_text("utf-8")
    text = re.sub(r"ssl_certificate /\S+;", f"ssl_certificate {tmp_path / 'cert'};", text)
    text = re.sub(r"ssl_certificate_key /\S+;", f"ssl_certificate_key {tmp_path / 'key'};", text)
    text = text.replace("listen 80;", f"listen {free_port()};").replace(
        "listen 443 ssl http2;", f"listen {free_port()} ssl http2;"
    )
    (tmp_path / "nginx.conf").write_text(f"pid {tmp_path / 'pid'};\nevents {{}}\nhttp {{\n{text}\n}}\n")
    done = subprocess.run(
        ["nginx", "-t", "-p", tmp_path, "-c", tmp_path / "nginx.conf", "-e", tmp_path / "log"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="systemd is Linux's")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    unit = (DOCS / "jaring@.service").read_text("utf-8")
    unit = unit.replace("/opt/jaring/venv/bin/jaring", "/bin/true").replace("User=jaring\nGroup=jaring\n", "")
    (tmp_path / "jaring@8001.service").write_text(unit)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", tmp_path / "jaring@8001.service"],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in done.stderr.splitlines() if "jaring@8001" in line]
    assert not ours, ours
