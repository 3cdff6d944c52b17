from typing import Any

from live.rehearsal.audit import Intents, Post, Verdict, judge_posts, judge_screens, judge_supports

MARKER = "bcdfghjk"


def question(number: int, text: str = f"Kapan? (latihan {MARKER})", **more: Any) -> dict[str, Any]:
    return {"number": number, "text": text, **more}


def posts_verdict(posts: list[Post], *questions: dict[str, Any]) -> tuple[int, int]:
    verdict = Verdict()
    judge_posts(verdict, posts, questions)
    assert bool(verdict.examples) == bool(verdict.lost + verdict.doubled)
    return verdict.lost, verdict.doubled


def supports_verdict(intents: list[Intents], before: int, final: int) -> tuple[int, int]:
    verdict = Verdict()
    judge_supports(verdict, intents, {1: before}, {1: final})
    return verdict.lost, verdict.doubled


def test_a_post_found_once_under_its_number_is_kept() -> None:
    assert posts_verdict([Post(MARKER, 1)], question(1), question(2, "Lain")) == (0, 0)


def test_a_masked_post_is_found_in_its_original() -> None:
    assert posts_verdict([Post(MARKER, 1)], question(1, "[disamarkan]", original=f"x (latihan {MARKER})")) == (0, 0)


def test_an_acknowledged_post_that_is_nowhere_is_lost() -> None:
    assert posts_verdict([Post(MARKER, 1)], question(1, "Lain")) == (1, 0)


def test_a_post_under_another_number_is_lost() -> None:
    assert posts_verdict([Post(MARKER, 1)], question(2)) == (1, 0)


def test_a_marker_that_occurs_twice_is_doubled_even_if_never_acknowledged() -> None:
    assert posts_verdict([Post(MARKER, 1)], question(1), question(2)) == (0, 1)
    assert posts_verdict([Post(MARKER)], question(1), question(2)) == (0, 1)


def test_a_post_never_acknowledged_may_be_there_or_not() -> None:
    assert posts_verdict([Post(MARKER)]) == (0, 0)
    assert posts_verdict([Post(MARKER)], question(1)) == (0, 0)


def test_a_count_is_what_stood_before_plus_the_last_wishes() -> None:
    wishes = [Intents({1: True}), Intents({1: True}), Intents({1: False}), Intents()]
    assert supports_verdict(wishes, before=3, final=5) == (0, 0)
    assert supports_verdict(wishes, before=3, final=4) == (1, 0)
    assert supports_verdict(wishes, before=3, final=7) == (0, 2)


def test_a_support_without_an_answer_may_count_or_not() -> None:
    wishes = [Intents({1: True}), Intents(unsure={1})]
    assert [supports_verdict(wishes, 0, final) for final in (0, 1, 2, 3)] == [(1, 0), (0, 0), (0, 0), (0, 1)]


def test_screens_that_differ_are_counted_with_one_example() -> None:
    verdict = Verdict()
    fresh = {1: ("shown", 2), 2: ("queued", 0)}
    judge_screens(verdict, [fresh, {1: ("shown", 1), 2: ("queued", 0)}, {}], fresh)
    assert verdict.unequal == 2
    assert verdict.examples == [
        "unequal: on phone 2, No. 1 is ('shown', 1) on the screen and ('shown', 2) in the state"
    ]
