"""One rehearsal from opening the door to the verdict: the phones, the moderator, and a witness who only reads."""

import asyncio
from collections.abc import Mapping
from random import Random
from typing import Any

from live.rehearsal.address import Address, CannotGoOn
from live.rehearsal.audit import Verdict, judge_posts, judge_screens, judge_supports
from live.rehearsal.door import Door
from live.rehearsal.log import Log
from live.rehearsal.material import drafts
from live.rehearsal.mishaps import Mishaps, dice
from live.rehearsal.moderator import Moderator, enter
from live.rehearsal.phone import EXPECTED_POSTS, Phone, Timing
from live.rehearsal.picture import looks_of
from live.rehearsal.session import Session, clock
from live.rehearsal.viewer import Viewer

LIKED_EACH = 8
LOOK_EVERY = 0.5


class Hall:
    """Call ``open``, then ``play``, then ``close``. The logs stay readable afterwards."""

    def __init__(self, origin: str, participants: int, mishaps: Mishaps, chance: Random) -> None:
        self.phones: list[Phone] = []
        self.moderator: Moderator | None = None
        self.projector: Viewer | None = None
        self._origin = origin
        self._participants = participants
        self._mishaps = mishaps
        self._chance = chance
        self._sessions: list[Session] = []
        self._witness = self._new_session()
        self._code = ""
        self._before: dict[int, int] = {}

    @property
    def logs(self) -> list[Log]:
        """One log per client; the witness does not count."""
        people = [phone.session.log for phone in self.phones]
        return [*people, *([self.moderator.session.log] if self.moderator else []), *self.projectors]

    @property
    def projectors(self) -> list[Log]:
        """The log of what the hall sees; nothing without the moderator's link, which opens it."""
        return [self.projector.log] if self.projector else []

    async def open(self, address: Address, moderator: Address | None) -> None:
        """Let the moderator in, take the counts as they stand, seat the phones. Raises CannotGoOn."""
        await self._witness.reach()
        self._code = await self._admit(moderator) if moderator else address.code or ""
        if address.code not in (None, self._code):
            raise CannotGoOn(f"The moderator link is for forum {self._code}, the address for {address.code}.")
        state = await self.moderator.prepare() if self.moderator else await self._state("participant")
        if state["forum"]["phase"] != "open":
            raise CannotGoOn(f"Forum {self._code} is {state['forum']['phase']}; a rehearsal needs it open.")
        self._before = _counts(state)
        team = self.moderator.session if self.moderator else None
        door = Door(state["forum"].get("integrity", "open"), team, self._code)
        await door.prepare(self._participants)
        texts = drafts(self._chance)
        taste = min(0.6, LIKED_EACH / max(1.0, self._participants * EXPECTED_POSTS))
        for _ in range(self._participants):
            self.phones.append(Phone(self._new_session(), self._code, door, texts, taste, dice(self._chance)))

    async def _admit(self, link: Address) -> str:
        session = self._new_session()
        code = await enter(session, link)
        self.moderator = Moderator(session, code, dice(self._chance))
        beside = self._new_session()
        await enter(beside, link)
        self.projector = Viewer(beside, code, "screen", lambda number: None)
        return code

    def _new_session(self) -> Session:
        session = Session(self._origin, self._mishaps, dice(self._chance))
        self._sessions.append(session)
        return session

    async def play(self, timing: Timing) -> Verdict:
        """Everybody takes part until the time is over; judged as soon as it is quiet."""
        async with asyncio.TaskGroup() as hall:
            watching = [hall.create_task(phone.attend(timing)) for phone in self.phones]
            if self.moderator:
                watching.append(hall.create_task(self.moderator.watch()))
            if self.projector:
                await self.projector.load()
                watching.append(hall.create_task(self.projector.follow()))
            if self.moderator:
                await self.moderator.moderate(timing)
            await asyncio.sleep(max(0.0, timing.until - clock()))
            await asyncio.gather(*(phone.finish() for phone in self.phones))
            verdict = await self._settle(timing.settling)
            for task in watching:
                task.cancel()
        return verdict

    async def close(self) -> None:
        """Hang up, whatever became of it."""
        for session in self._sessions:
            await session.close()

    async def _settle(self, seconds: float) -> Verdict:
        """Screens may be a breath behind: judge until nothing is wrong, at most that long."""
        deadline = clock() + seconds
        verdict = await self._judge()
        while verdict.examples and clock() < deadline:
            await asyncio.sleep(LOOK_EVERY)
            verdict = await self._judge()
        return verdict

    async def _judge(self) -> Verdict:
        verdict = Verdict()
        public = await self._state("participant")
        final = _counts(public)
        if self.moderator:
            everything = await self.moderator.viewer.load()
            judge_posts(verdict, [post for phone in self.phones for post in phone.posts], everything["questions"])
            final = _counts(everything) | final
        judge_supports(verdict, [phone.intents for phone in self.phones], self._before, final)
        judge_screens(verdict, [phone.viewer.picture.looks() for phone in self.phones], looks_of(public))
        return verdict

    async def _state(self, audience: str) -> dict[str, Any]:
        response = await self._witness.get(f"/f/{self._code}/state", {"as": audience})
        if response.status_code == 404:
            raise CannotGoOn(f"There is no forum {self._code} at {self._origin}.")
        state: dict[str, Any] = response.raise_for_status().json()
        return state


def _counts(state: Mapping[str, Any]) -> dict[int, int]:
    return {number: supports for number, (_, supports) in looks_of(state).items()}
