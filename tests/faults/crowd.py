"""A crowd whose every member keeps a log of its own: phones that ask, support and change their minds, and a desk.

An act is sent under its key until an answer comes, however often the server dies in between: as real phones do.
"""

import asyncio
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from live.rehearsal.material import Draft
from tests.faults.wire import Answer, Lost, Wire

FIRST_ASK = 0.01
"""How likely a phone asks when there is nothing to support: else a crowd would open with a question each."""

BUSY = frozenset({429, 500, 502, 503, 504})


@dataclass(slots=True)
class Act:
    """One act from its first sending; ``answer`` is the body of the acknowledgement, None while there is none."""

    path: str
    key: str
    fields: Mapping[str, str]
    marker: str | None = None
    status: int = 0
    answer: dict[str, Any] | None = None

    @property
    def is_acked(self) -> bool:
        return self.status in (200, 201)


class Person:
    """Somebody with a browser: sends acts one after the other, and keeps all of them. ``loses`` is the share of acts
    whose first answer is thrown away on purpose."""

    def __init__(self, address: str, code: str, chance: Random, loses: float = 0.02) -> None:
        self.wire = Wire(address)
        self.path = f"/f/{code}"
        self.chance, self.loses = chance, loses
        self.acts: list[Act] = []
        self.lost_answers, self.turned_away = 0, 0

    async def act(self, path: str, marker: str | None = None, **fields: str) -> Act:
        """Do it until it is answered; a refusal is an answer too."""
        act = Act(path, secrets.token_urlsafe(12), fields, marker)
        self.acts.append(act)
        await self.send(act, lose=self.chance.random() < self.loses)
        return act

    async def send(self, act: Act, *, lose: bool = False) -> None:
        """Send this act (again) until an answer comes."""
        tries = 0
        while True:
            answer = await self._once(act, lose=lose and tries == 0)
            if answer is not None and answer.status not in BUSY:
                act.status, act.answer = answer.status, answer.json
                return
            self.turned_away += answer is not None and answer.status == 429
            tries += 1
            await asyncio.sleep(self.chance.uniform(0, min(1.0, 0.05 * 2**tries)))

    async def _once(self, act: Act, *, lose: bool) -> Answer | None:
        try:
            return await self.wire.post(self.path + act.path, {**act.fields, "key": act.key}, lose=lose)
        except Lost:
            self.lost_answers += 1
            return None


@dataclass
class Wishes:
    """What one phone wants supported: question → (on, acknowledged)."""

    last: dict[int, tuple[bool, bool]] = field(default_factory=dict)


class Phone(Person):
    """``known`` is the list of numbers that can be supported now; everybody shares it."""

    def __init__(
        self,
        address: str,
        code: str,
        chance: Random,
        drafts: Iterator[Draft],
        known: list[int],
        asks: float,
        going: asyncio.Event,
    ) -> None:
        super().__init__(address, code, chance)
        self.going = going
        self.wishes = Wishes()
        self._drafts, self._known, self._asks = drafts, known, asks
        self._taps = 0

    async def join(self) -> None:
        """The page, for its cookie: without it a retry would come from a stranger."""
        while not self.wire.cookies:
            try:
                await self.wire.get(self.path, "text/html")
            except Lost:
                await asyncio.sleep(0.1)

    async def live(self, until: asyncio.Event, pause: float) -> None:
        """Ask and support until told to stop; what was begun is brought to its end."""
        await self.join()
        while not until.is_set():
            await self.going.wait()
            if self.chance.random() < max(self._asks, 0 if self._known else FIRST_ASK):
                draft = next(self._drafts)
                await self.act("/questions", draft.marker, text=draft.text, kind=draft.kind)
            elif self._known:
                await self._support(self.chance.choice(self._known))
            await asyncio.sleep(self.chance.uniform(0, 2 * pause))

    async def _support(self, number: int) -> None:
        self._taps += 1
        wanted = not self.wishes.last.get(number, (False, True))[0]
        before = self.wishes.last.get(number, (False, True))
        act = await self.act(f"/questions/{number}/support", on=str(int(wanted)), count=str(self._taps))
        # A refusal (own question, answered meanwhile) leaves what stood.
        self.wishes.last[number] = (wanted, True) if act.is_acked else before


class Desk(Person):
    """The moderator: shows, queues, calls, notes. ``shown`` is what phones may support."""

    def __init__(self, address: str, code: str, chance: Random, shown: list[int], going: asyncio.Event) -> None:
        super().__init__(address, code, chance)
        self.shown, self.going = shown, going

    async def enter(self, link: str) -> None:
        """Redeem the link of the role, in a tab of its own: the desk may be asking for something meanwhile."""
        tab = self.wire_of_its_own()
        while True:
            try:
                answer = await tab.post("/enter", {"token": link.partition("#")[2]})
            except Lost:
                await asyncio.sleep(0.1)
                continue
            assert answer.status == 200, answer.body
            tab.close()
            return

    def wire_of_its_own(self) -> Wire:
        """Another tab of the same browser."""
        wire = Wire(self.wire.address)
        wire.cookies = self.wire.cookies  # one jar for all tabs
        return wire

    async def state(self) -> dict[str, Any]:
        """Everything, as soon as the server hands it out."""
        while True:
            try:
                answer = await self.wire.get(f"{self.path}/state?as=moderator")
            except Lost:
                answer = None
            if answer is not None and answer.status == 200:
                return answer.json
            await asyncio.sleep(0.1)

    async def live(self, until: asyncio.Event) -> None:
        """Decide on whatever waits, and call the next question now and then."""
        while not until.is_set():
            await self.going.wait()
            state = await self.state()
            await self._decide(state)
            fresh = await self.state()
            self.shown[:] = [q["number"] for q in fresh["questions"] if q["status"] in ("shown", "queued")]
            await asyncio.sleep(0.2)

    async def _decide(self, state: dict[str, Any]) -> None:
        by_status: dict[str, list[int]] = {}
        for question in state["questions"]:
            by_status.setdefault(question["status"], []).append(question["number"])
        for number in by_status.get("pending", [])[:5]:
            if self.chance.random() < 0.2:
                await self.act(f"/questions/{number}/reject", reason="offtopic")
            else:
                await self.act(f"/questions/{number}/show")
        shown = by_status.get("shown", [])
        if len(shown) > 5:
            await self.act(f"/questions/{self.chance.choice(shown)}/queue", speaker=self.chance.choice("123"))
        if self.chance.random() < 0.3:
            stage = state["stage"]["number"] if state["stage"] else 0
            await self.act("/next", expect=str(stage))
