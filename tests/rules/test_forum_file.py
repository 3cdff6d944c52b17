"""A forum file is read as written, and every mistake is told in one line naming the field."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from live.rules.forum_file import BadForumFile, ForumPlan, ItemPlan, SpeakerPlan, read
from live.rules.words import Interpreter, Look, Moderation, Phase

SAMPLE = """
# The first forum.
title = "Forum Konsultasi Publik Pelayanan Administrasi Kependudukan"
agency = "Dinas Kependudukan dan Pencatatan Sipil Kota Balikpapan"
place = "Aula lantai IV"
starts = 2022-06-30T09:00:00
ends = 2022-06-30T12:00:00
timezone = "Asia/Makassar"
language = "id"
moderation = "before"
phase = "open"
max_length = 300

[[speakers]]
name = "Narasumber 1"
field = "Pendaftaran Penduduk"
topics = ["KTP-el", "KK"]

[[speakers]]
name = "Narasumber 2"
field = "Pencatatan Sipil"
topics = []
"""
MISSING = object()


def fields(**changes: object) -> dict[str, Any]:
    """The fields of a good file, with changes; ``MISSING`` takes a field out."""
    good: dict[str, Any] = {
        "title": "Forum",
        "agency": "Dinas",
        "place": "Aula",
        "starts": "2022-06-30T09:00:00",
        "ends": "2022-06-30T12:00:00",
        "timezone": "Asia/Makassar",
        "speakers": [{"name": "Ani", "field": "Capil", "topics": ["akta"]}],
    }
    return {name: value for name, value in (good | changes).items() if value is not MISSING}


def read_fields(**changes: object) -> ForumPlan:
    return read(json.dumps(fields(**changes)), "json")


def test_the_sample_file_is_read_whole() -> None:
    assert read(SAMPLE, "toml") == ForumPlan(
        title="Forum Konsultasi Publik Pelayanan Administrasi Kependudukan",
        agency="Dinas Kependudukan dan Pencatatan Sipil Kota Balikpapan",
        place="Aula lantai IV",
        starts=datetime(2022, 6, 30, 1, tzinfo=UTC),
        ends=datetime(2022, 6, 30, 4, tzinfo=UTC),
        timezone="Asia/Makassar",
        language="id",
        moderation=Moderation.BEFORE,
        phase=Phase.OPEN,
        max_length=300,
        speakers=(
            SpeakerPlan("Narasumber 1", "Pendaftaran Penduduk", ("KTP-el", "KK")),
            SpeakerPlan("Narasumber 2", "Pencatatan Sipil", ()),
        ),
    )


def test_toml_and_json_say_the_same() -> None:
    toml = SAMPLE.split("[[speakers]]")[0] + '[[speakers]]\nname = "Ani"\nfield = "Capil"\ntopics = ["akta"]'
    plan = read(toml, "toml")
    same = read_fields(title=plan.title, agency=plan.agency, place=plan.place, phase="open")
    assert plan == same


def test_what_is_left_out_has_the_documented_default() -> None:
    plan = read_fields(speakers=[{"name": "Ani", "field": "Capil"}])
    assert (plan.phase, plan.moderation, plan.language, plan.max_length) == ("draft", "before", "id", 300)
    assert plan.speakers[0].topics == ()


def test_targets_and_the_projector_have_documented_defaults() -> None:
    plan = read_fields()
    assert (plan.answer_seconds, plan.round_minutes, plan.agenda) == (180, 90, ())
    assert (plan.interpreter, plan.look) == (Interpreter.NONE, Look.LIGHT)


def test_the_run_of_show_says_how_long_the_round_of_questions_is_unless_the_file_does() -> None:
    agenda = [{"title": "Pembukaan", "minutes": 25}, {"title": "Tanya jawab", "minutes": 75, "questions": True}]
    plan = read_fields(agenda=agenda)
    assert plan.agenda == (ItemPlan("Pembukaan", 25), ItemPlan("Tanya jawab", 75, is_round=True))
    assert plan.round_minutes == 75
    assert read_fields(agenda=agenda, round_minutes=60).round_minutes == 60


def test_spaces_and_invisible_characters_are_taken_out_of_names() -> None:
    assert read_fields(title="  Forum\n\u200b Warga ").title == "Forum Warga"


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"title": MISSING}, "title: missing"),
        ({"agency": MISSING}, "agency: missing"),
        ({"place": None}, "place: missing"),
        ({"starts": MISSING}, "starts: missing"),
        ({"ends": MISSING}, "ends: missing"),
        ({"timezone": MISSING}, "timezone: missing"),
        ({"speakers": MISSING}, "speakers: missing"),
        ({"titel": "x"}, "titel: unknown field"),
        ({"title": 7}, "title: must be text"),
        ({"title": "  "}, "title: must not be empty"),
        ({"title": "\u200d"}, "title: has no visible character"),
        ({"title": "x" * 201}, "title: longer than 200 characters"),
        ({"title": "x" * 1_000_000}, "title: longer than 200 characters"),
        ({"timezone": "Asia/Balikpapan"}, "timezone: must be a name like Asia/Makassar"),
        ({"timezone": "../etc/passwd"}, "timezone: must be a name like Asia/Makassar"),
        ({"timezone": "Asia"}, "timezone: must be a name like Asia/Makassar"),
        ({"timezone": ""}, "timezone: must be a name like Asia/Makassar"),
        ({"timezone": 8}, "timezone: must be a name like Asia/Makassar"),
        ({"starts": "besok"}, "starts: must be a time like 2022-06-30T09:00:00"),
        ({"starts": "2022-06-30"}, "starts: must be a time like 2022-06-30T09:00:00"),
        ({"starts": "2022-02-30T09:00:00"}, "starts: must be a time like 2022-06-30T09:00:00"),
        ({"starts": 20220630}, "starts: must be a time like 2022-06-30T09:00:00"),
        ({"starts": "0001-01-01T00:00:00"}, "starts: must be a time like 2022-06-30T09:00:00"),
        ({"ends": "2022-06-30T12:00:00+08:00"},
         "ends: must be local time without an offset; the zone is the field timezone"),
        ({"ends": "2022-06-30T12:00:00Z"},
         "ends: must be local time without an offset; the zone is the field timezone"),
        ({"ends": "2022-06-30T08:00:00"}, "ends: must be after starts"),
        ({"ends": "2022-06-30T09:00:00"}, "ends: must be after starts"),
        ({"language": "jv"}, "language: must be one of id, en"),
        ({"moderation": "none"}, "moderation: must be one of before, after"),
        ({"moderation": ["before"]}, "moderation: must be one of before, after"),
        ({"phase": "published"}, "phase: must be one of draft, open, supporting, closed"),
        ({"max_length": 19}, "max_length: must be a whole number from 20 to 2000"),
        ({"max_length": 2001}, "max_length: must be a whole number from 20 to 2000"),
        ({"max_length": "300"}, "max_length: must be a whole number from 20 to 2000"),
        ({"max_length": True}, "max_length: must be a whole number from 20 to 2000"),
        ({"answer_seconds": 29}, "answer_seconds: must be a whole number from 30 to 3600"),
        ({"answer_seconds": 90.5}, "answer_seconds: must be a whole number from 30 to 3600"),
        ({"round_minutes": 721}, "round_minutes: must be a whole number from 5 to 720"),
        ({"interpreter": "top"}, "interpreter: must be one of none, left, right"),
        ({"look": "blue"}, "look: must be one of light, dark"),
        ({"agenda": {}}, "agenda: must be a list"),
        ({"agenda": ["Pembukaan"]}, "agenda[1]: must be a table of fields"),
        ({"agenda": [{"title": "A", "minutes": 5}] * 31}, "agenda: at most 30, here are 31"),
        ({"agenda": [{"title": "A"}]}, "agenda[1].minutes: missing"),
        ({"agenda": [{"minutes": 5}]}, "agenda[1].title: missing"),
        ({"agenda": [{"title": "A", "minutes": 0}]}, "agenda[1].minutes: must be a whole number from 1 to 720"),
        ({"agenda": [{"title": "A", "minutes": 5, "questions": 1}]}, "agenda[1].questions: must be true or false"),
        ({"agenda": [{"title": "A", "minutes": 5, "at": "9"}]}, "agenda[1].at: unknown field"),
        ({"speakers": []}, "speakers: at least one is needed"),
        ({"speakers": {}}, "speakers: must be a list"),
        ({"speakers": ["Ani"]}, "speakers[1]: must be a table of fields"),
        ({"speakers": [{"name": "A", "field": "B"}] * 13}, "speakers: at most 12, here are 13"),
        ({"speakers": [{"name": "A", "field": "B"}, {"field": "B"}]}, "speakers[2].name: missing"),
        ({"speakers": [{"name": "A"}]}, "speakers[1].field: missing"),
        ({"speakers": [{"name": "A", "field": "B", "topic": []}]}, "speakers[1].topic: unknown field"),
        ({"speakers": [{"name": "A", "field": "B", "topics": "KK"}]}, "speakers[1].topics: must be a list"),
        ({"speakers": [{"name": "A", "field": "B", "topics": ["KK", 1]}]}, "speakers[1].topics[2]: must be text"),
        ({"speakers": [{"name": "A" * 101, "field": "B"}]}, "speakers[1].name: longer than 100 characters"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_in_one_line_naming_the_field(changes: dict[str, object], line: str) -> None:
    with pytest.raises(BadForumFile) as caught:
        read_fields(**changes)
    assert str(caught.value) == line
    assert line == f"{caught.value.field}: {caught.value.problem}"


@pytest.mark.parametrize(
    ("text", "form", "start"),
    [
        ("title = ", "toml", "file: not TOML: "),
        ("title = 1\ntitle = 2", "toml", "file: not TOML: "),
        ("{", "json", "file: not JSON: "),
        ("", "json", "file: not JSON: "),
        ("[" * 100_000, "json", "file: not JSON: "),
        ("[]", "json", "file: must be an object of fields"),
        ("", "toml", "title: missing"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_one_line(text: str, form: Any, start: str) -> None:
    with pytest.raises(BadForumFile) as caught:
        read(text, form)
    assert str(caught.value).startswith(start)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 150


@pytest.mark.parametrize("value", ["2022-06-30", "2022-06-30T09:00:00+08:00", "09:00:00", "true"])
def test_a_toml_date_without_time_or_with_an_offset_is_refused(value: str) -> None:
    with pytest.raises(BadForumFile, match=r"^starts: must be "):
        read(SAMPLE.replace("starts = 2022-06-30T09:00:00", f"starts = {value}"), "toml")


def test_a_local_time_that_the_clocks_skip_is_refused() -> None:
    with pytest.raises(BadForumFile, match=r"^starts: does not exist in Europe/Berlin"):
        read_fields(timezone="Europe/Berlin", starts="2022-03-27T02:30:00")


def test_a_local_time_that_happens_twice_means_the_first() -> None:
    plan = read_fields(timezone="Europe/Berlin", starts="2022-10-30T02:30:00", ends="2022-10-30T04:00:00")
    assert plan.starts == datetime(2022, 10, 30, 0, 30, tzinfo=UTC)
