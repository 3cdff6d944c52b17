"""Finding questions in the record."""

import pytest

from live.rules.finding import chosen, found


def question(number: int, text: str, note: str | None = None, answer: str | None = None) -> dict[str, object]:
    return {"number": number, "status": "answered", "text": text, "note": note, "answer": answer}


QUESTIONS = [
    question(4, "Kapan blankonya tersedia?", note="Tiba 17 Juli."),
    question(17, "Lift mati", answer="Sudah diperbaiki."),
    {"number": 30, "status": "merged", "into": 17},
]


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        ("BLANKO", [4]),
        ("kapan juli", [4]),
        ("diperbaiki", [17]),
        ("blanko lift", []),
        ("No. 17", [17]),
        ("no17", [17]),
        ("#17", [17]),
        ("17", [4, 17]),
        ("30", [17]),
        ("99", []),
        ("  ", []),
    ],
)
def test_questions_are_found_by_number_and_by_words(wanted: str, numbers: list[int]) -> None:
    assert found(QUESTIONS, wanted) == numbers


@pytest.mark.parametrize(
    ("topic", "numbers"), [("", [4, 17]), ("blankonya", [4]), ("lift dan tangga", [17]), ("akta", [])]
)
def test_questions_are_filtered_by_a_topic_of_the_forum(topic: str, numbers: list[int]) -> None:
    assert chosen(QUESTIONS, find="", speaker="", topic=topic, status="") == numbers
