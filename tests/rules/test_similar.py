"""Near-duplicates: suggestions good enough to offer, in a stable order."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import live
from live.rules.similar import levelled, most_similar

SAMPLE = Path(live.__file__).parent / "rehearsal" / "questions.jsonl"
EARLIER = {
    1: "Kapan blanko KTP-el tersedia kembali?",
    2: "Mengapa hari Sabtu tidak buka?",
    3: "Apakah akta kelahiran bisa diurus online?",
    4: "Petugas loket 5 kurang ramah",
}


def test_the_earlier_question_meant_is_among_the_first_three_for_at_least_20_of_22(
    capsys: pytest.CaptureFixture[str],
) -> None:
    messages = [json.loads(line) for line in SAMPLE.read_text(encoding="utf-8").splitlines()]
    doubles = [(at, message) for at, message in enumerate(messages) if message["near_duplicate_of"] is not None]
    right = 0
    for at, message in doubles:  # near_duplicate_of counts from 0
        earlier = {number: messages[number]["text"] for number in range(at)}
        right += message["near_duplicate_of"] in dict(most_similar(message["text"], earlier))
    with capsys.disabled():
        print(f"\nnear-duplicates: the right one among the first three for {right} of {len(doubles)}")
    assert len(doubles) == 22 and right >= 20


def test_chat_spelling_finds_the_same_question_in_formal_spelling() -> None:
    assert most_similar("kpn blangko ktp el ada lg pak??", EARLIER)[0][0] == 1
    assert most_similar("knp sabtu gak buka", EARLIER)[0][0] == 2
    assert most_similar("AKTE LAHIR bs online kah", EARLIER)[0][0] == 3


def test_a_question_about_something_else_finds_nothing() -> None:
    assert most_similar("Xyz qwv", EARLIER) == []
    assert most_similar("apa saja", {}) == []


def test_the_likest_comes_first_and_equals_come_by_the_lower_number() -> None:
    others = {9: "loket lansia", 3: "loket lansia", 5: "loket lansia tutup"}
    assert [number for number, _ in most_similar("loket lansia", others)] == [3, 9, 5]
    assert most_similar("loket lansia", others, limit=1) == [(3, 1.0)]


def test_stop_words_alone_can_still_be_compared() -> None:
    assert levelled("apa itu?") == "apa itu"
    assert most_similar("apa itu?", {1: "Apa itu"}) == [(1, 1.0)]


def test_endings_and_chat_spellings_are_levelled() -> None:
    assert levelled("Blangkonya BLM ada, pak") == "blanko belum"
    assert levelled("gak bisa kah") == "tidak bisa"


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_symmetric_and_between_0_and_1(one: str, other: str) -> None:
    there = dict(most_similar(one, {1: other})).get(1)
    assert there == dict(most_similar(other, {1: one})).get(1)
    assert there is None or 0 < there <= 1
    assert most_similar(one, {1: one}) == [(1, 1.0)]
