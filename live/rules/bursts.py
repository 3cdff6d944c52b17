"""Bursts of new identities: many who came within minutes and support one and the same question, and nothing else.

People in a hall come in a crowd as well, but they look around and support this and that. What is found here is shown
to the moderator, who knows the hall and decides; nothing is taken away by itself.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

MINUTE = timedelta(minutes=1)
LEAST = 10
"""Fewer people are no burst."""
LEAST_A_MINUTE = 3
SHARE = 0.6
"""Of those who came in this minute so many support this question alone."""


@dataclass(frozen=True, slots=True)
class Burst:
    """``people`` who came from ``since`` to before ``until`` and support nothing but ``question``."""

    question: int
    since: datetime
    until: datetime
    people: int


def bursts(arrivals: Iterable[tuple[str, datetime, bool]], choices: Mapping[str, set[int]]) -> list[Burst]:
    """The bursts among ``(person, since, is void)``, by time; ``choices`` is what everybody supports now.

    Minutes that follow each other, with one quiet minute between them at most, are one burst.
    """
    found: dict[int, list[Burst]] = {}
    for minute in _minutes(arrivals, choices):
        runs = found.setdefault(minute.question, [])
        if runs and minute.since - runs[-1].until <= MINUTE:
            last = runs.pop()
            minute = Burst(minute.question, last.since, minute.until, last.people + minute.people)
        runs.append(minute)
    every = (run for runs in found.values() for run in runs if run.people >= LEAST)
    return sorted(every, key=lambda run: (run.since, run.question))


def _minutes(arrivals: Iterable[tuple[str, datetime, bool]], choices: Mapping[str, set[int]]) -> Iterator[Burst]:
    """The one question of each minute that most newcomers came for."""
    counting = sorted((since.replace(second=0, microsecond=0), person) for person, since, void in arrivals if not void)
    for since, group in groupby(counting, key=lambda one: one[0]):
        people = [person for _, person in group]
        alone = Counter(next(iter(chosen)) for person in people if len(chosen := choices.get(person, set())) == 1)
        question, many = next(iter(alone.most_common(1)), (0, 0))
        if many >= LEAST_A_MINUTE and many >= SHARE * len(people):
            yield Burst(question, since, since + MINUTE, many)
