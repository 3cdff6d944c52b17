"""Bursts: many newcomers for one question alone stand out, a hall that comes in does not."""

from datetime import UTC, datetime, timedelta
from random import Random

from live.rules.bursts import LEAST, Burst, bursts

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
Arrivals = list[tuple[str, datetime, bool]]
Choices = dict[str, set[int]]


def come(people: int, over: timedelta, *, from_: datetime = NOON, name: str = "bot") -> Arrivals:
    return [(f"{name}-{n}", from_ + over * n / people, False) for n in range(people)]


def honest(people: int, minutes: int) -> tuple[Arrivals, Choices]:
    """A hall that comes in, and supports one to five of thirty questions, the popular ones more often."""
    chance = Random(17)
    arrivals = come(people, timedelta(minutes=minutes), name="guest")
    pick = lambda: min(30, int(chance.expovariate(0.2)) + 1)  # noqa: E731
    return arrivals, {person: {pick() for _ in range(chance.randint(1, 5))} for person, _, _ in arrivals}


def test_a_flood_for_one_question_is_found_with_its_minutes_and_people() -> None:
    flood = come(120, timedelta(minutes=2))
    assert bursts(flood, {person: {7} for person, _, _ in flood}) == [Burst(7, NOON, NOON + timedelta(minutes=2), 120)]


def test_a_hall_that_comes_in_is_no_burst() -> None:
    for minutes in (1, 5, 30):
        assert bursts(*honest(300, minutes)) == []


def test_a_patient_script_stands_out_once_the_hall_is_in() -> None:
    arrivals, choices = honest(300, 10)
    slow = come(100, timedelta(minutes=10), from_=NOON + timedelta(minutes=30))
    found = bursts([*arrivals, *slow], choices | {person: {4} for person, _, _ in slow})
    assert [(burst.question, burst.people) for burst in found] == [(4, 100)]


def test_a_few_people_and_those_who_are_void_already_are_no_burst() -> None:
    few = come(LEAST - 1, timedelta(seconds=30))
    assert bursts(few, {person: {1} for person, _, _ in few}) == []
    many = [(person, since, True) for person, since, _ in come(100, timedelta(seconds=30))]
    assert bursts(many, {person: {1} for person, _, _ in many}) == []


def test_whoever_supports_nothing_any_more_counts_for_no_question() -> None:
    flood = come(50, timedelta(seconds=30))
    assert bursts(flood, {}) == []
