"""No text in an exported table becomes a formula."""

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.rules.cells import safe


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+62 812",
        "-5",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\0=1",
        "\tteks",
        " =1",
        "\n=1",
        "\u00a0=1",
        "\u200b=1",
        "\ufeff=1",
        "\u200d\u200d =1",
        "\u2066=1",
        "\ufe0f=1",
        "\uff1d1",  # full-width =
        "\uff0b1",  # full-width +
        "\uff0d1",  # full-width -
        "\uff20A1",  # full-width @
        " \uff1d1",
        "\ufe661",  # small =
        "=HYPERLINK(\"http://x\")",
        "- saran: tambah kursi",
    ],
)  # fmt: skip
def test_a_text_that_would_be_a_formula_gets_an_apostrophe(text: str) -> None:
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["", " ", "Kapan?", "a=b", "1+1", "17", "(=1)", "'=1", "😀=1", "No. 17 = 18", "\nteks"]
)
def test_any_other_text_is_unchanged(text: str) -> None:
    assert safe(text) == text


@pytest.mark.parametrize(
    ("value", "cell"),
    [(17, "17"), (-5, "-5"), (-0.5, "-0.5"), (Decimal("-1.50"), "-1.50"), (0, "0"), (None, ""), (True, "True")],
)
def test_numbers_stay_numbers_and_nothing_is_an_empty_cell(value: object, cell: str) -> None:
    assert safe(value) == cell


@given(st.text())
def test_no_text_starts_with_a_trigger_after_a_round_trip_through_csv(text: str) -> None:
    text = text.replace("\0", "").encode("utf-8", "ignore").decode()
    lines = io.StringIO(newline="")
    csv.writer(lines).writerow([safe(text), "x"])
    [[cell, _]] = csv.reader(io.StringIO(lines.getvalue(), newline=""))
    assert cell.lstrip(" \n\u00a0\u200b\ufeff")[:1] not in tuple("=+-@\t\r")
    assert cell in (text, f"'{text}")
