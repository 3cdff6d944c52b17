"""The moderator: shows or rejects what comes in, fills the queues, calls the next question."""

import asyncio
from collections.abc import Sequence
from random import Random
from typing import Any

from live.rehearsal.address import Address, CannotGoOn
from live.rehearsal.phone import Timing
from live.rehearsal.session import Answer, Session, clock
from live.rehearsal.viewer import Viewer

REASONS = ("spam", "offtopic", "rude", "unclear", "accuse")
ROLES = ("moderator", "organiser")
REJECTS = 0.12
QUEUES = 0.15
WRITES = 0.03
WAITING_AT_MOST = 9
BETWEEN_NEXTS = (8.0, 14.0)
BETWEEN_ACTS = (0.3, 0.9)


async def enter(session: Session, address: Address) -> str:
    """Redeem a role link; returns the code of its forum. Raises CannotGoOn unless the link is a moderator's."""
    response = await session.post_once("/enter", {"token": address.token or ""})
    if response.status_code != 200:
        raise CannotGoOn(
            f"{address.origin} refused the link ({response.status_code}): it is wrong, expired or renewed."
        )
    grant = response.json()
    if grant["role"] not in ROLES:
        raise CannotGoOn(f"The link is for the role {grant['role']}; a rehearsal needs the moderator's link.")
    return str(grant["code"])


class Moderator:
    """``session`` must have entered already; its log holds this person's acts and frames."""

    def __init__(self, session: Session, code: str, chance: Random) -> None:
        self.session = session
        self.viewer = Viewer(session, code, "moderator", lambda number: None)
        self._path = f"/f/{code}"
        self._chance = chance
        self._handled: set[int] = set()
        self._speakers: Sequence[int] = (1,)
        self._on_stage = 0
        self._next_at = 0.0

    async def prepare(self) -> dict[str, Any]:
        """Take the state before the first act; opens a forum that is still a draft."""
        state = await self.viewer.load()
        if state["forum"]["phase"] == "draft":
            await self._act("/phase", to="open")
            state = await self.viewer.load()
        self._speakers = [int(speaker) for speaker in state.get("queues") or {}] or [1]
        self._on_stage = state["stage"]["number"] if state.get("stage") else 0
        return state

    async def watch(self) -> None:
        """Stay on the feed, for as long as the task lives."""
        async with asyncio.TaskGroup() as watching:
            watching.create_task(self.viewer.follow())
            watching.create_task(self.viewer.look_after())

    async def moderate(self, timing: Timing) -> None:
        """Work until the time is over; returns when the last act is answered."""
        self._next_at = timing.start + timing.joining
        while clock() < timing.until:
            await self._do_something()
            await asyncio.sleep(self._chance.uniform(*BETWEEN_ACTS))

    async def _do_something(self) -> None:
        if clock() >= self._next_at:
            await self._call_next()
        elif self._chance.random() < QUEUES and len(self._with("queued")) < WAITING_AT_MOST:
            await self._queue_one()
        elif self._chance.random() < WRITES:
            await self._on_one("shown", "written")
        else:
            await self._judge_one()

    async def _judge_one(self) -> None:
        """The oldest question that waits is shown, or sometimes rejected."""
        waiting = [number for number in self._with("pending") if number not in self._handled]
        if not waiting:
            return
        self._handled.add(waiting[0])
        act = f"/questions/{waiting[0]}/"
        if self._chance.random() < REJECTS:
            await self._act(act + "reject", reason=self._chance.choice(REASONS))
        else:
            await self._act(act + "show")

    async def _queue_one(self) -> None:
        await self._on_one("shown", "queue", speaker=str(self._chance.choice(self._speakers)))

    async def _call_next(self) -> None:
        """Send what is on stage as far as this screen knows: a second tap must not skip a question."""
        self._next_at = clock() + self._chance.uniform(*BETWEEN_NEXTS)
        answer = await self.session.act("stage", self._path + "/next", {"expect": str(self._on_stage)})
        if answer.accepted:
            self._on_stage = answer.body.get("staged") or 0

    async def _on_one(self, status: str, verb: str, **fields: str) -> None:
        """Do it to a random question that shows that status, if there is one."""
        if candidates := self._with(status):
            await self._act(f"/questions/{self._chance.choice(candidates)}/{verb}", **fields)

    async def _act(self, path: str, **fields: str) -> Answer:
        return await self.session.act("moderator", self._path + path, fields)

    def _with(self, status: str) -> list[int]:
        return sorted(number for number, look in self.viewer.picture.looks().items() if look[0] == status)
