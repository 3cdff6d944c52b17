"""Making the demo's database: two forums played through the acts, at the pace of a clock that is moved by hand."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from random import Random

from live.actions import creating
from live.actions.pace import Pace
from live.actions.perform import Acting
from live.demo import script
from live.demo.cast import cast
from live.demo.scenario import Scenario, load
from live.demo.script import Round, Step
from live.store.database import connect
from live.store.migrating import migrate

UNDER_WAY = timedelta(minutes=70)
"""How long the present forum has been going on."""

WEEKS_AGO = 51
THURSDAY = 3


class StoryClock:
    """The clock of a story, in UTC: it stands still until the story moves it on, and never goes back."""

    def __init__(self, begin: datetime) -> None:
        self._now = begin

    def __call__(self) -> datetime:
        """The moment the story has reached."""
        return self._now

    def reach(self, moment: datetime) -> None:
        """Move on to ``moment``."""
        if moment < self._now:
            raise ValueError(f"the story is already at {self._now}, after {moment}")
        self._now = moment


@dataclass(frozen=True, slots=True)
class Made:
    """The present forum: its title, and ``{"code", "links"}`` as creating a forum gives them. ``earlier``: the code of
    last year's."""

    title: str
    forum: dict[str, object]
    earlier: str


async def make(database_url: str, public_url: str, now: datetime) -> Made:
    """Fill an empty database with the forum of last year and the one that began 70 minutes before ``now``.

    The links of last year's forum have expired; it is open to the public.
    """
    earlier, current = load("earlier"), load("current")
    begin = _a_year_before(now, earlier)
    clock = StoryClock(begin - timedelta(days=3))
    database = connect(database_url, clock)
    try:
        await migrate(database)
        player = _Player(Acting(database, Pace("open")), clock, public_url)
        first = await player.play(earlier, begin)
        made = await player.play(current, now - UNDER_WAY, str(first["code"]))
    finally:
        await database.close()
    return Made(str(current.forum["title"]), made, str(first["code"]))


def _a_year_before(now: datetime, scenario: Scenario) -> datetime:
    """A Thursday at nine in the morning there, 357 to 363 days before ``now``."""
    day = now.astimezone(scenario.zone).date() - timedelta(weeks=WEEKS_AGO)
    day -= timedelta(days=(day.weekday() - THURSDAY) % 7)
    return datetime.combine(day, time(9), scenario.zone).astimezone(UTC)


class _Player:
    """Plays scenarios into one database, one after the other."""

    def __init__(self, acting: Acting, clock: StoryClock, public_url: str) -> None:
        self._acting, self._clock, self._public_url = acting, clock, public_url
        self._chance = Random(17)  # noqa: S311 - plays a crowd, guards nothing; the same story each time

    async def play(self, scenario: Scenario, start: datetime, predecessor: str | None = None) -> dict[str, object]:
        """Create the forum a day ahead and play it to its end; returns its code and links."""
        plan = replace(scenario.plan(start), predecessor=predecessor)
        self._clock.reach(start - timedelta(days=1))
        made = await creating.create(self._acting.database, plan, self._public_url)
        people = cast(self._chance, len(plan.speakers))
        await self._perform(str(made["code"]), script.write(scenario, start, people, self._chance))
        return made

    async def _perform(self, code: str, steps: Iterable[Step | Round]) -> None:
        for step in steps:
            self._clock.reach(step.at)
            if isinstance(step, Round):
                # All at once: the group writer commits them in few transactions.
                gifts = (self._acting.support(who, code, {"on": True}, number) for who, number in step.supports)
                await asyncio.gather(*gifts)
            else:
                await self._acting.perform(step.act, step.actor, code, step.given, step.number)
