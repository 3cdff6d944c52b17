"""The three published ways of stuffing the likes of a question tool, re-implemented from their descriptions.

Each takes a new identity for every vote: one after the other; eight at a time; slowly, with another browser's name,
pauses and retries. Each knows what its attacker knows: the link (a stranger), the number on the projector (somebody in
the hall), or so many cards. The table says how many extra supports each level lets through; ``pytest -s`` prints it.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from random import Random

import httpx
import pytest
import pytest_asyncio

from live.rules import admission, bursts
from live.rules.words import Integrity
from live.settings import Settings
from live.store import identities
from tests.build import Room
from tests.people import HADI, MAYA, OKI
from tests.web.house import House, enter, serving

pytestmark = [pytest.mark.long, pytest.mark.asyncio(loop_scope="module")]

TRUSTED = ssl.create_default_context()  # made once: it costs more than a vote
TRIES = 40
CARDS = 3
AGENTS = ("Mozilla/5.0 (Linux; Android 14)", "Mozilla/5.0 (iPhone)", "Mozilla/5.0 (Windows NT 10.0)", "curl/8.5")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A server at the limits of a venue."""
    url = f"sqlite:///{tmp_path_factory.mktemp('stuffing') / 'jaring.db'}"
    async with serving(Settings(database_url=url, limits="venue")) as served:
        yield served


@dataclass
class Attacker:
    """Somebody with a script. ``codes`` is what can be typed where the forum asks for something; none: guess."""

    house: House
    room: Room
    number: int
    codes: list[str] = field(default_factory=list)
    chance: Random = field(default_factory=lambda: Random(5))

    async def vote(self, **headers: str) -> bool:
        """A new identity, one vote."""
        given = {"accept": "application/json", **headers}
        async with httpx.AsyncClient(base_url=self.house.address, headers=given, timeout=20, verify=TRUSTED) as fresh:
            await fresh.get(f"/f/{self.room.code}")
            return await self._support(fresh) or (await self._come_in(fresh) and await self._support(fresh))

    async def _support(self, fresh: httpx.AsyncClient) -> bool:
        answer = await fresh.post(f"/f/{self.room.code}/questions/{self.number}/support", data={"on": "1"})
        return answer.status_code == 200

    async def _come_in(self, fresh: httpx.AsyncClient) -> bool:
        """With each code at hand; without any, by guessing until the server makes this identity wait."""
        guesses = [f"{self.chance.randrange(10**6):06}" for _ in range(3)]
        for code in self.codes or guesses:
            answer = await fresh.post(f"/f/{self.room.code}/seat", data={"code": code})
            if answer.status_code == 200:
                return True
        return False


async def one_after_the_other(attacker: Attacker) -> None:
    """A new token, a like, and again."""
    for _ in range(TRIES):
        await attacker.vote()


async def eight_at_a_time(attacker: Attacker) -> None:
    """The same from a pool of eight."""
    pool = asyncio.Semaphore(8)

    async def one() -> None:
        async with pool:
            await attacker.vote()

    await asyncio.gather(*(one() for _ in range(TRIES)))


async def slow_and_patient(attacker: Attacker) -> None:
    """Another name each time, a pause between votes (a hundredth of the published one), three tries for each."""
    for _ in range(TRIES):
        agent = attacker.chance.choice(AGENTS)
        for _try in range(3):
            if await attacker.vote(**{"user-agent": agent, "dnt": "1"}):
                break
            await asyncio.sleep(attacker.chance.randint(1, 3) / 100)


WAYS: tuple[Callable[[Attacker], Awaitable[None]], ...] = (one_after_the_other, eight_at_a_time, slow_and_patient)
PROMISED = {
    (Integrity.OPEN, "the link"): TRIES,
    (Integrity.ROOM, "the link"): 0,
    (Integrity.ROOM, "the number"): TRIES,
    (Integrity.STRICT, "the link"): 0,
    (Integrity.STRICT, f"{CARDS} cards"): CARDS,
}
"""Level and what the attacker has → the extra supports that the level promises at most."""
GAINED: dict[tuple[str, str, str], int] = {}


async def attacker_with(house: House, level: Integrity, has: str) -> Attacker:
    """A forum of this level with one question, and somebody who attacks it."""
    room = await house.room(integrity=level)
    number = await room.ask(actor=HADI)
    await room.do("show", MAYA, number)
    attacker = Attacker(house, room, number)
    if has == "the number":
        attacker.codes = [admission.number(room.acting.safe.admission, room.code, house.hall.database.clock())]
    elif level is Integrity.STRICT:
        codes = (await room.do("seats", OKI, count=20)).once["codes"]
        attacker.codes = codes[:CARDS] if has != "the link" else []
    return attacker


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize(("level", "has"), PROMISED, ids=str)
async def test_a_script_gains_what_the_level_promises_and_no_more(
    house: House, level: Integrity, has: str, way: Callable[[Attacker], Awaitable[None]]
) -> None:
    attacker = await attacker_with(house, level, has)
    await way(attacker)
    question = (await attacker.room.facts()).question(attacker.number)
    assert question is not None
    GAINED[level, has, way.__name__] = question.supports
    assert question.supports == PROMISED[level, has]


@pytest.mark.parametrize("level", [Integrity.OPEN, Integrity.ROOM])
async def test_what_a_level_cannot_prevent_the_desk_sees_and_can_void(house: House, level: Integrity) -> None:
    attacker = await attacker_with(house, level, "the number" if level is Integrity.ROOM else "the link")
    await one_after_the_other(attacker)
    room = attacker.room
    async with room.database.reading() as session:
        forum_id = (await room.facts()).forum.id
        arrivals = await identities.arrivals(session, forum_id)
        found = bursts.bursts(arrivals, await identities.choices(session, forum_id))
    assert [burst.question for burst in found] == [attacker.number]
    async with house.browser(accept="application/json") as desk:
        await enter(desk, room, "moderator")
        block = {"since": arrivals[0][1].isoformat(), "until": found[0].until.isoformat(), "number": "1"}
        assert (await desk.post(f"/f/{room.code}/void", data=block)).status_code == 200
    question = (await room.facts()).question(attacker.number)
    assert question is not None
    assert question.supports <= TRIES - found[0].people


async def test_the_table_of_extra_supports_is_whole() -> None:
    """And printed, for the page that publishes it."""
    print(f"\nextra supports from {TRIES} new identities")
    for level, has in PROMISED:
        figures = " ".join(f"{GAINED[level, has, way.__name__]:>20}" for way in WAYS)
        print(f"{level:>7} {has:>11} {figures}")
    assert len(GAINED) == len(PROMISED) * len(WAYS)
