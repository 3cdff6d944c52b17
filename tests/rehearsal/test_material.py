import re
from itertools import islice

from live.rehearsal.material import KINDS, MAX_LENGTH, drafts, marker_in, with_marker
from live.rehearsal.mishaps import dice


def test_every_draft_fits_and_carries_its_own_marker() -> None:
    some = list(islice(drafts(dice()), 1000))
    assert max(len(draft.text) for draft in some) <= MAX_LENGTH
    assert all(marker_in(draft.text) == draft.marker for draft in some)
    assert all(draft.kind in KINDS for draft in some)
    assert len({draft.marker for draft in some}) == 1000


def test_a_marker_never_looks_like_a_personal_number_or_a_word() -> None:
    assert not any(re.search(r"[0-9aeiou]", draft.marker) for draft in islice(drafts(dice()), 200))


def test_a_long_text_is_shortened_at_a_word() -> None:
    text = with_marker("kata " * 100, "bcdfghjk")
    assert text.endswith("kata… (latihan bcdfghjk)")
    assert MAX_LENGTH - 5 <= len(text) <= MAX_LENGTH


def test_a_text_that_fits_is_kept_whole() -> None:
    assert with_marker("Kapan KTP saya jadi?", "bcdfghjk") == "Kapan KTP saya jadi? (latihan bcdfghjk)"


def test_a_question_of_somebody_else_has_no_marker() -> None:
    assert marker_in("Apakah ada (latihan senam) di kantor?") is None
