"""One forum with its crowd, from the first act to the verdict."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, cast

from live.actions import creating
from live.rehearsal.material import drafts
from live.rehearsal.picture import Look
from live.store.database import connect
from tests.build import PLAN
from tests.faults import checker
from tests.faults.crowd import Act, Desk, Phone
from tests.faults.process import Server
from tests.faults.screens import Screen, fresh
from tests.faults.wire import Lost, Wire

PATIENCE = 240.0


@dataclass(frozen=True)
class Size:
    """How many people and screens, how often they act (mean seconds between), and which share of acts asks."""

    phones: int = 40
    screens: int = 12
    pause: float = 0.1
    asks: float = 0.04


@dataclass
class Verdict:
    """What the checker found. ``seconds``: from the end of the fault until every screen showed the same."""

    acked: int = 0
    lost: int = 0
    doubled: int = 0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not self.wrong and not self.lost and not self.doubled


class Hall:
    """Everybody of one forum. ``address`` may differ from the server's own: a proxy, another process."""

    def __init__(self, server: Server, chance: Random, size: Size, *addresses: str) -> None:
        self.server, self.chance, self.size = server, chance, size
        self.addresses = addresses or (server.address,)
        self.over, self.going = asyncio.Event(), asyncio.Event()
        self.going.set()
        self.seconds_until_equal = PATIENCE
        self.phones: list[Phone] = []
        self.screens: list[Screen] = []
        self.desk: Desk
        self.code, self.links = "", dict[str, Any]()

    async def create(self) -> None:
        """Make the forum, as the command line does beside the running server."""
        database = connect(self.server.url)
        try:
            made = await creating.create(database, PLAN, self.server.address)
        finally:
            await database.close()
        self.code, self.links = str(made["code"]), cast(dict[str, Any], made["links"])

    def seat(self) -> None:
        """Everybody in their place; nobody does anything yet."""
        known: list[int] = []
        texts = drafts(self.chance)
        self.desk = Desk(self.addresses[0], self.code, self._dice(), known, self.going)
        for place in range(self.size.phones):
            address = self.addresses[place % len(self.addresses)]
            self.phones.append(Phone(address, self.code, self._dice(), texts, known, self.size.asks, self.going))
        for place in range(self.size.screens):
            wire = Wire(self.addresses[place % len(self.addresses)])
            self.screens.append(Screen(wire, self.code, "participant", self._dice()))

    def _dice(self) -> Random:
        return Random(self.chance.random())

    @contextlib.asynccontextmanager
    async def busy(self) -> AsyncIterator[None]:
        """The crowd is at work inside the block; leaving it waits for every act to be answered and every screen."""
        await self.desk.enter(self.links["moderator"])
        self.screens.append(Screen(self.desk.wire_of_its_own(), self.code, "moderator", self._dice()))
        async with asyncio.TaskGroup() as tasks:
            following = [tasks.create_task(screen.follow()) for screen in self.screens]
            acting = [tasks.create_task(phone.live(self.over, self.size.pause)) for phone in self.phones]
            acting.append(tasks.create_task(self.desk.live(self.over)))
            try:
                yield
                start = time.monotonic()
                self.over.set()
                async with asyncio.timeout(PATIENCE):
                    await asyncio.gather(*acting)
                await self._until_equal(start + PATIENCE)
                self.seconds_until_equal = time.monotonic() - start
            finally:
                for task in (*acting, *following):
                    task.cancel()

    async def _until_equal(self, deadline: float) -> None:
        """Wait until every screen shows what a fresh one would; the checker says so if that never comes."""
        with contextlib.suppress(TimeoutError):
            await self.until(self.is_equal, deadline - time.monotonic())

    async def is_equal(self) -> bool:
        """Whether every screen shows what a fresh one would."""
        return not [difference async for difference in self.differences()]

    async def differences(self) -> AsyncIterator[str]:
        """What is different on which screen."""
        states = {audience: fresh(await self._state(audience)) for audience in ("participant", "moderator")}
        for place, screen in enumerate(self.screens):
            shown, there = _cards(screen.looks()), _cards(states[screen.audience])
            if shown != there:
                unlike = {n: (shown.get(n), there.get(n)) for n in {*shown, *there} if shown.get(n) != there.get(n)}
                yield f"screen {place} ({screen.audience}) at {screen.cursor}, socket {screen.socket}: {unlike}"

    async def _state(self, audience: str) -> dict[str, Any]:
        while True:
            with contextlib.suppress(Lost):
                answer = await self.desk.wire.get(f"/f/{self.code}/state?as={audience}")
                if answer.status == 200:
                    return answer.json
            await asyncio.sleep(0.1)

    @property
    def acts(self) -> list[Act]:
        return [act for person in (*self.phones, self.desk) for act in person.acts]

    async def pause(self) -> None:
        """Nobody begins anything new; returns when every act that was begun is answered."""
        self.going.clear()
        await self.until(lambda: all(act.status for act in self.acts))

    async def send_again(self) -> None:
        """What phones do after a restore: replace what they show, and send again what the copy had not seen.

        The checker is told what "again" means: supports and the desk's acts after the copy are gone, and asked for.
        """
        state = await self._state("moderator")
        _, _, seq = str(state["cursor"]).rpartition(".")
        kept = {question["number"] for question in state["questions"]}
        for screen in self.screens:
            screen.heard.clear()
        for act in self.acts:
            position = str((act.answer or {}).get("cursor", ".0")).rpartition(".")[2]
            if not act.marker and int(position) >= int(seq):
                act.status = 0
        for phone in self.phones:
            await _again(phone, kept)
        self.going.set()

    async def when(self, acked: int) -> None:
        """Until that many acts are acknowledged; fails when a minute brings no new one."""
        while (so_far := sum(act.is_acked for act in self.acts)) < acked:
            await self.until(lambda: sum(act.is_acked for act in self.acts) > so_far)

    async def until(self, holds: Callable[[], bool | Awaitable[bool]], seconds: float = PATIENCE) -> float:
        """Until this holds; returns how long it took, and fails when it takes too long."""
        start = time.monotonic()
        async with asyncio.timeout(seconds):
            while True:
                found = holds()
                if found if isinstance(found, bool) else await found:
                    return time.monotonic() - start
                await asyncio.sleep(0.02)

    async def verdict(self) -> Verdict:
        """Read the database and every log, and say what does not fit."""
        found = Verdict(acked=sum(act.is_acked for act in self.acts), seconds=round(self.seconds_until_equal, 2))
        await checker.check(self, found)
        return found

    def close(self) -> None:
        for person in (*self.phones, self.desk):
            person.wire.close()
        for screen in self.screens:
            screen.wire.close()


def _cards(looks: dict[int, Look]) -> dict[int, Look]:
    """Without what is on stage: on the desk that is no card of a list."""
    return {number: look for number, look in looks.items() if look[0] != "stage"}


async def _again(phone: Phone, kept: set[int]) -> None:
    """Every question under its key, and what stood supported among those that are still there."""
    for act in [act for act in phone.acts if act.marker]:
        await phone.send(act)
    for number, (wanted, _) in list(phone.wishes.last.items()):
        act = await phone.act(f"/questions/{number}/support", on=str(int(wanted))) if number in kept else None
        if act is None or not act.is_acked:
            del phone.wishes.last[number]  # not there, or not shown yet: people tap again when they see it
