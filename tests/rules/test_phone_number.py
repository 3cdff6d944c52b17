"""Telephone numbers that people leave for a reply."""

import pytest

from live.rules.phone_number import read
from live.rules.refusal import Refusal


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0812-0000-0000", "+6281200000000"),
        ("+62 812 0000 0000", "+6281200000000"),
        ("62 (812) 0000.0000", "+6281200000000"),
        ("\uff10\uff18\uff11\uff12 0000 0000", "+6281200000000"),
    ],
)
def test_a_number_is_kept_as_it_is_dialled_from_anywhere(typed: str, stored: str) -> None:
    assert read(typed) == stored


@pytest.mark.parametrize("typed", ["", "halo", "0812", "1" * 16, "0" * 200, "\u0661\u0662\u0663" * 4])
def test_what_cannot_be_dialled_is_refused(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(typed)
    assert (refused.value.reason, refused.value.extra) == ("bad_phone", {"field": "phone"})
