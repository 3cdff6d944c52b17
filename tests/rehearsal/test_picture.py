from typing import Any

import pytest

from live.rehearsal.picture import Picture, changes_in, looks_of


def question(number: int, status: str = "shown", supports: int = 0) -> dict[str, Any]:
    return {"number": number, "status": status, "supports": supports}


def state(*questions: dict[str, Any]) -> dict[str, Any]:
    return {"questions": list(questions)}


@pytest.fixture
def picture() -> Picture:
    """No. 1 is shown with 5 supports, No. 2 is on stage with 9."""
    picture = Picture()
    picture.start(state(question(1, supports=5), question(2, "stage", 9)))
    return picture


def test_a_card_replaces_what_the_screen_shows(picture: Picture) -> None:
    picture.apply(
        changes_in('<article class="ticket" data-supports="6" data-status="queued" id="q-1"><p>x</p></article>')
    )
    assert picture.looks()[1] == ("queued", 6)


def test_a_new_card_appears_and_is_reported_once(picture: Picture) -> None:
    card = '<article id="q-3" data-status="shown" data-supports="0" data-in="list"></article>'
    assert picture.apply(changes_in(card)) == [3]
    assert picture.apply(changes_in(card)) == []


@pytest.mark.parametrize("status", ["gone", "merged"])
def test_a_card_that_goes_is_removed(picture: Picture, status: str) -> None:
    picture.apply(changes_in(f'<article id="q-1" data-status="{status}"></article>'))
    assert 1 not in picture.looks()


def test_a_count_alone_changes_only_the_count(picture: Picture) -> None:
    picture.apply(changes_in('<b id="n-1">42</b>\n<b class="count" id="n-2"> 1.042 </b>'))
    assert picture.looks() == {1: ("shown", 42), 2: ("stage", 1042)}


def test_a_count_of_a_question_not_on_the_screen_adds_nothing(picture: Picture) -> None:
    picture.apply(changes_in('<b id="n-7">3</b>'))
    assert 7 not in picture.looks()


def test_a_card_that_moves_within_a_frame_is_not_new(picture: Picture) -> None:
    gone = '<article id="q-1" data-status="gone"></article>'
    card = '<article id="q-1" data-status="answered" data-supports="5"></article>'
    assert picture.apply(changes_in(gone + card)) == []
    assert picture.looks()[1] == ("answered", 5)


def test_other_cards_of_the_same_question_are_not_the_list() -> None:
    others = '<article id="mine-1" data-status="pending"></article><article id="stage-1" data-status="stage"></article>'
    assert changes_in(others + '<p data-id="q-1">x</p>') == ()


def test_merged_questions_are_left_out_of_a_state() -> None:
    assert looks_of(state(question(1), {"number": 2, "status": "merged", "into": 1})) == {1: ("shown", 0)}
