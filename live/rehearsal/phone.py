"""A participant: joins, asks once or twice or not at all, supports what it likes."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from random import Random

import httpx

from live.rehearsal.audit import Intents, Post
from live.rehearsal.door import Door
from live.rehearsal.material import Draft
from live.rehearsal.session import Session, clock
from live.rehearsal.viewer import Viewer

ASKERS = 0.35
ASKS_AGAIN = 0.3
EARLY = 0.6
BETWEEN_POSTS = 25.0
BETWEEN_SUPPORTS = 0.6
CHANGES_MIND = 0.08
EXPECTED_POSTS = ASKERS * (1 + ASKS_AGAIN)
SUPPORTABLE = ("shown", "queued")


@dataclass(frozen=True)
class Timing:
    """When things happen, in seconds of the common clock.

    ``joining``: everybody joins within so many seconds. ``settling``: afterwards, screens have so long to agree.
    """

    start: float
    until: float
    joining: float
    settling: float = 10.0

    @classmethod
    def lasting(cls, minutes: float, now: float) -> "Timing":
        """Joining takes 10 s, or a quarter of a short rehearsal."""
        return cls(now, now + minutes * 60, min(10.0, minutes * 15))


class Phone:
    """``posts`` and ``intents`` are what the audit holds the server to; ``viewer.picture`` is what this phone shows.

    ``taste``: chance that this phone supports a question of average popularity.
    """

    def __init__(
        self, session: Session, code: str, door: Door, drafts: Iterator[Draft], taste: float, chance: Random
    ) -> None:
        self.session = session
        self.viewer = Viewer(session, code, "participant", self._consider)
        self.posts: list[Post] = []
        self.intents = Intents()
        self.joined = False
        self._path = f"/f/{code}"
        self._door = door
        self._drafts = drafts
        self._chance = chance
        self._taste = taste
        self._hands = asyncio.Lock()
        self._tasks = asyncio.TaskGroup()
        self._plans: set[asyncio.Task[None]] = set()
        self._until = 0.0
        self._taps = 0

    async def attend(self, timing: Timing) -> None:
        """Join, then watch until the task is cancelled. Acts begin before ``timing.until``."""
        self._until = timing.until
        async with self._tasks:
            await asyncio.sleep(self._chance.uniform(0, timing.joining))
            try:
                await self._join()
            except httpx.HTTPError:
                self.session.log.refused["could not join"] += 1
                return
            self._plan_to_ask(timing)
            self._tasks.create_task(self.viewer.follow())
            self._tasks.create_task(self.viewer.look_after())

    async def finish(self) -> None:
        """Wait until every act that was begun is answered or given up; drop what has not begun."""
        while self._plans:
            await asyncio.wait(self._plans)

    async def _join(self) -> None:
        """Load what a phone loads: the page, the state it shows, and the participant's own marks.

        The page gives the cookie. Without it, a retry of the first act would come from a stranger.
        """
        (await self.session.get(self._path, accept="text/html")).raise_for_status()
        await self.viewer.load()
        (await self.session.get(f"{self._path}/mine", accept="text/html")).raise_for_status()
        await self._door.let_in(self.session)
        self.joined = True

    def _plan_to_ask(self, timing: Timing) -> None:
        """Most people who ask do so right after the start."""
        if self._chance.random() >= ASKERS:
            return
        length = timing.until - clock()
        first = self._chance.uniform(0, length * (0.25 if self._chance.random() < EARLY else 0.85))
        self._later(first, self._ask)
        again = first + BETWEEN_POSTS + self._chance.uniform(0, 30)
        if self._chance.random() < ASKS_AGAIN and again < length:
            self._later(again, self._ask)

    def _later(self, seconds: float, act: Callable[[], Awaitable[None]]) -> None:
        """Do something after a while, unless the rehearsal is over by then; one thing at a time, like a person."""

        async def plan() -> None:
            await asyncio.sleep(seconds)
            async with self._hands:
                if clock() < self._until:
                    await act()

        if clock() + seconds >= self._until:
            return
        task = self._tasks.create_task(plan())
        self._plans.add(task)
        task.add_done_callback(self._plans.discard)

    async def _ask(self) -> None:
        draft = next(self._drafts)
        fields = {"text": draft.text, "kind": draft.kind}
        answer = await self.session.act("posts", f"{self._path}/questions", fields)
        if answer.accepted:
            self.posts.append(Post(draft.marker, answer.body["number"]))
        elif answer.unsure:
            self.posts.append(Post(draft.marker))

    def _consider(self, number: int) -> None:
        """A question came up. Some are liked by many: popularity hangs on the number, so all phones agree on it."""
        popularity = 0.4 + number * 7 % 13 / 10
        if self._chance.random() < self._taste * popularity:
            self._later(self._chance.expovariate(1 / 2.5), lambda: self._support(number, wanted=True))

    async def _support(self, number: int, *, wanted: bool) -> None:
        """Set or unset a support, if this phone still shows the question and did not ask it itself."""
        own = any(post.number == number for post in self.posts)
        if own or self.viewer.picture.status(number) not in SUPPORTABLE:
            return
        self._taps += 1
        fields = {"on": str(int(wanted)), "count": str(self._taps)}
        answer = await self.session.act("supports", f"{self._path}/questions/{number}/support", fields)
        if answer.accepted:
            self.intents.acknowledged[number] = wanted
            self.intents.unsure.discard(number)
        elif answer.unsure:
            self.intents.unsure.add(number)
        if self._chance.random() < CHANGES_MIND:
            self._later(self._chance.uniform(2, 15), lambda: self._support(number, wanted=not wanted))
        await asyncio.sleep(BETWEEN_SUPPORTS)
