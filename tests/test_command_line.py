"""The command line: whatever is wrong is one line on stderr that says what, exit code 2, and nothing is created."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import structlog
from click.testing import CliRunner, Result

from live.cli import main
from live.serving import bound, only_server
from live.settings import Settings

GOOD = """
title = "Forum Konsultasi Publik"
agency = "Dinas"
place = "Aula"
starts = 2022-06-30T09:00:00
ends = 2022-06-30T12:00:00
timezone = "Asia/Makassar"

[[speakers]]
name = "Narasumber"
field = "Pendaftaran"
"""
BAD_FILES: dict[str, tuple[str, bytes, str]] = {
    "an unknown field": ("forum.toml", b'colour = "red"\n' + GOOD.encode(), "colour: unknown field"),
    "a missing field": ("forum.toml", GOOD.replace('agency = "Dinas"', "").encode(), "agency: missing"),
    "a bad time": ("forum.toml", GOOD.replace("2022-06-30T09:00:00", '"besok"').encode(), "starts: must be a time"),
    "a bad zone": ("forum.toml", GOOD.replace("Asia/Makassar", "WITA").encode(), "timezone: must be a name"),
    "no speaker": ("forum.toml", GOOD.partition("[[")[0].encode(), "speakers: missing"),
    "an empty list of speakers": ("forum.toml", b"speakers = []\n" + GOOD.partition("[[")[0].encode(), "speakers: at"),
    "a bad speaker": ("forum.toml", GOOD.replace('field = "Pen', 'feld = "Pen').encode(), "speakers[1].field: missing"),
    "bad TOML": ("forum.toml", GOOD.encode() + b"x = = 1", "file: not TOML"),
    "bad JSON": ("forum.json", b'{"title": ', "file: not JSON"),
    "another encoding": ("forum.toml", GOOD.replace("Aula", "Aulé").encode("latin-1"), "file: not UTF-8"),
    "another kind of file": ("forum.yaml", GOOD.encode(), "must end in .toml or .json"),
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder to stand in."""
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    structlog.reset_defaults()  # a server that starts logs to the stderr of its command, which has ended


def run(*arguments: str, **variables: str | None) -> Result:
    """One command, with its own settings only."""
    bare = {f"JARING_{name}": None for name in ("DATABASE_URL", "SECRET", "PUBLIC_URL", "ORIGINS", "LIMITS")}
    given = {f"JARING_{name}": value for name, value in variables.items()}
    return CliRunner(env=bare | given).invoke(main, arguments)


def check(done: Result, *told: str) -> None:
    """One line that tells all of this."""
    assert (done.exit_code, done.stdout) == (2, ""), (done.output, done.exception)
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert [words for words in told if words not in done.stderr] == [], done.stderr
    assert not re.search(r"Traceback|Error\b|sqlalchemy|asyncpg|sqlite3\.", done.stderr)


@pytest.mark.parametrize("what", BAD_FILES)
def test_a_forum_file_with_a_mistake_is_told_by_its_field_and_creates_nothing(folder: Path, what: str) -> None:
    name, content, told = BAD_FILES[what]
    (folder / name).write_bytes(content)
    check(run("forum", "create", "--file", name, "--json"), f"{name}: ", told)
    assert [path.name for path in folder.iterdir()] == [name]


@pytest.mark.parametrize("wrong", ["nowhere.toml", "."])
def test_a_forum_file_that_is_not_there_is_told_and_creates_nothing(folder: Path, wrong: str) -> None:
    check(run("forum", "create", "--file", wrong), "--file", wrong, "jaring forum create --help")
    assert not any(folder.iterdir())


def test_a_good_file_creates_a_forum(folder: Path) -> None:
    (folder / "forum.toml").write_text(GOOD, "utf-8")
    made = json.loads(run("forum", "create", "--file", "forum.toml", "--json").stdout)
    assert re.fullmatch(r"\d{6}", made["code"])
    assert set(made["links"]) == {"participant", "moderator", "scribe", "helper", "screen", "organiser", "speakers"}
    assert "#" not in made["links"]["participant"]
    listed = json.loads(run("forum", "list", "--json").stdout)
    assert [(forum["code"], forum["phase"]) for forum in listed] == [(made["code"], "draft")]
    rehearsal = json.loads(run("forum", "rehearsal", made["code"], "--json").stdout)
    assert set(rehearsal["links"]) == set(made["links"])
    assert rehearsal["code"] != made["code"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["forum", "create"], ["--file", "jaring forum create --help"]),
        (["forum", "create", "--nonsense"], ["--nonsense"]),
        (["nonsense"], ["nonsense", "jaring --help"]),
        (["export"], ["CODE", "jaring export --help"]),
        (["export", "000000"], ["000000", "no forum with this code", "jaring forum list"]),
        (["export", "²"], ["no forum with this code"]),
        (["export", "000000", "--format", "exe"], ["--format", "exe", "json, csv"]),
        (["export", "000000", "--format", ""], ["--format", "json, csv"]),
        (["forum", "links", "000000"], ["000000", "no forum with this code"]),
        (["forum", "rehearsal", "000000"], ["000000", "No such forum"]),
        (["forum", "links", "000000", "--renew", "moderator"], ["no forum with this code"]),
        (["forum", "links", "000000", "--renew", "king"], ["--renew", "king", "moderator"]),
        (["serve", "--port", "99999"], ["--port", "99999"]),
        (["serve", "--host", "no.such.host.invalid"], ["no.such.host.invalid", "--host"]),
        (["serve", "--workers", "2"], ["--workers", "JARING_DATABASE_URL"]),
        (["rehearse", "nonsense"], ["nonsense"]),
    ],
)
def test_a_wrong_word_on_the_command_line_is_told_in_one_line(arguments: list[str], told: list[str]) -> None:
    check(run(*arguments), *told)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("DATABASE_URL", "mysql://x", "postgresql://"),
        ("DATABASE_URL", "sqlite://", "sqlite:///"),
        ("SECRET", "short", "32 bytes"),
        ("PUBLIC_URL", "ftp://tanya.example", "https://"),
        ("ORIGINS", "tanya.example", "https://"),
        ("LIMITS", "none", "venue"),
        ("COLOUR", "red", "no such setting"),
    ],
)
def test_a_bad_setting_is_named(folder: Path, name: str, value: str, told: str) -> None:
    for command in (["forum", "list"], ["serve"]):
        check(run(*command, **{name: value}), f"JARING_{name}: ", told)
    assert not any(folder.iterdir())


def test_a_settings_file_in_another_encoding_is_told(folder: Path) -> None:
    (folder / ".env").write_bytes(b"JARING_PUBLIC_URL=\xff")
    check(run("forum", "list"), ".env", "UTF-8")


def test_a_database_out_of_reach_is_told_without_its_password(folder: Path) -> None:
    (folder / "notes.txt").write_text("No database.", "utf-8")
    check(run("forum", "list", DATABASE_URL="sqlite:///notes.txt"), "notes.txt", "no SQLite database")
    check(run("forum", "list", DATABASE_URL="sqlite:///."), "folder", "JARING_DATABASE_URL")
    check(run("forum", "list", DATABASE_URL="sqlite:///notes.txt/x/jaring.db"), "notes.txt")
    hidden = run("forum", "list", DATABASE_URL="postgresql://jaring:very-secret@127.0.0.1:1/jaring")
    check(hidden, "127.0.0.1:1", "JARING_DATABASE_URL")
    assert "very-secret" not in hidden.stderr


def test_a_database_of_a_newer_program_is_left_alone(folder: Path) -> None:
    assert run("migrate").exit_code == 0
    with closing(sqlite3.connect(folder / "data" / "jaring.db")) as newer, newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
    check(run("forum", "list"), "jaring.db", "newer Jaring")


def test_a_server_on_a_taken_port_or_a_held_database_is_refused(folder: Path) -> None:
    with bound(Settings(port=0)) as listening:
        port = str(listening.getsockname()[1])
        check(run("serve", "--port", port), f"port {port}", "--port")
    with only_server(Settings()):
        check(run("serve"), "another server uses this database")


def test_a_folder_that_cannot_be_made_is_told(folder: Path) -> None:
    (folder / "forum.toml").write_text(GOOD, "utf-8")
    code = json.loads(run("forum", "create", "--file", "forum.toml", "--json").stdout)["code"]
    check(run("export", code, "--out", "forum.toml"), "--out", "forum.toml")
    check(run("export", code, "--out", "forum.toml/below"), "forum.toml")
