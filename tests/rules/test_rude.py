"""Rude words: whole words only, also in digits and signs; figures on the sample messages are printed."""

import json
from pathlib import Path

import pytest

import live
from live.rules.rude import found
from live.rules.topics import suggested
from tests.build import PLAN

SAMPLE = Path(live.__file__).parent / "rehearsal" / "questions.jsonl"


def test_recall_and_false_hits_on_the_sample(capsys: pytest.CaptureFixture[str]) -> None:
    messages = [json.loads(line) for line in SAMPLE.read_text(encoding="utf-8").splitlines()]
    abusive = [bool(found(message["text"])) for message in messages if message["kind"] == "abusive"]
    wrong = sum(bool(found(message["text"])) for message in messages if message["kind"] != "abusive")
    with capsys.disabled():
        print(f"\nrude words: {sum(abusive)} of {len(abusive)} abusive messages, {wrong} false hits in {len(messages)}")
    assert sum(abusive) >= 3  # the other two insult without a rude word
    assert wrong == 0


@pytest.mark.parametrize(
    "text",
    [
        "Narasumber masuk dari lantai empat",
        "Asuransi, kasus, pasukan, asumsi",
        "Cukup sampai di sini, tetep sabar",
        "Antrean 455 orang, loket 1 k 0 t",
        "Sampah di depan kantor kapan diangkut?",
        "KTP-el dan KK di Jalan Patekan",
        "",
    ],
)
def test_innocent_words_that_hold_a_rude_one_are_not_flagged(text: str) -> None:
    assert found(text) == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("dasar goblok!", ("goblok",)),
        ("G0BL0K bgt, b4ngs4t", ("goblok", "bangsat")),
        ("4nj1ng / @njing / anj!ng", ("anjing",)),
        ("a n j i n g", ("anjing",)),
        ("b.a.n.g.s.a.t", ("bangsat",)),
        ("bangsaaaat goblokk", ("bangsat", "goblok")),
        ("anjingnya, bodohlah, TAI lah", ("anjing", "bodoh", "tai")),
        ("ｇｏｂｌｏｋ", ("goblok",)),  # noqa: RUF001 - full-width letters are the point
    ],
)
def test_a_rude_word_is_found_however_it_is_written(text: str, words: tuple[str, ...]) -> None:
    assert found(text) == words


def test_a_forum_changes_the_list() -> None:
    assert found("banyak calo dan sampah, sial", more=["CALO", "sampah"], fewer=["sial"]) == ("calo", "sampah")


def test_no_speaker_is_suggested_for_a_question_about_nothing_of_theirs() -> None:
    assert PLAN.speakers
    assert suggested("Kapan?", ()) is None
