"""Honest people beside an attack that comes from their own address: how much slower their acts are answered.

Side by side in one run: three hundred people act for some seconds alone, then with the attacker's process beside them
(:mod:`live.bench.attacker`), in turns. All of them come from one address, as behind a venue's Wi-Fi, and the server
keeps the limits of a venue.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

import httpx

from live.bench.forum import QUESTIONS, Forum
from live.bench.measures import Figure, Report, median, percentile
from live.bench.servers import ROOT, running

PEOPLE = 300
SECONDS = 10.0
WHY = "an act takes milliseconds, and the attacker's posts stand in the same line; nobody notices so little."


@dataclass
class Crowd:
    """Honest people with their cookies; ``seconds`` are the times of their acts, ``refused`` every no."""

    http: httpx.AsyncClient
    forum: str
    people: int = PEOPLE
    cookies: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    async def come(self) -> None:
        """Everybody loads the page, within a few seconds."""

        async def one(wait: float) -> None:
            await asyncio.sleep(wait)
            self.http.cookies.clear()
            page = await self.http.get(self.forum)
            self.cookies.append(page.headers["set-cookie"].partition(";")[0])

        await asyncio.gather(*(one(n * 5 / self.people) for n in range(self.people)))

    async def act(self, chance: Random, questions: int) -> tuple[float, float]:
        """Everybody supports one of the ``questions`` at some time, and one in ten asks; p50 and p95 in seconds."""
        self.seconds = []
        acts = [self._at(chance, cookie, questions) for cookie in self.cookies]
        acts += [self._at(chance, cookie, 0) for cookie in chance.sample(self.cookies, self.people // 10)]
        await asyncio.gather(*acts)
        return percentile(self.seconds, 0.5), percentile(self.seconds, 0.95)

    async def _at(self, chance: Random, cookie: str, questions: int) -> None:
        path, fields = "/questions", {"text": f"Kapan loket {chance.random()} dibuka?"}
        if questions:
            path, fields = f"/questions/{chance.randint(2, questions)}/support", {"on": "1"}
        await asyncio.sleep(chance.uniform(0, SECONDS))
        began = time.perf_counter()
        answer = await self.http.post(f"{self.forum}{path}", data=fields, headers={"cookie": cookie})
        self.seconds.append(time.perf_counter() - began)
        if answer.status_code >= 300:
            self.refused.append(f"{answer.status_code} {answer.text[:80]}")


@dataclass(frozen=True)
class Told:
    """(p50, p95) in seconds of each round alone and beside the attack, what honest people were refused, and what the
    attacker was answered (``"ask 429"`` → how often)."""

    alone: list[tuple[float, float]]
    beside: list[tuple[float, float]]
    refused: list[str]
    answers: list[dict[str, int]]


async def told(address: str, code: str, questions: int, rounds: int, people: int = PEOPLE) -> Told:
    """Play so many rounds against the server at ``address``."""
    limits = httpx.Limits(max_connections=60, keepalive_expiry=2.0)  # before the server hangs up
    found = Told([], [], [], [])
    async with httpx.AsyncClient(
        base_url=address, headers={"accept": "application/json"}, limits=limits, timeout=60
    ) as http:
        crowd = Crowd(http, f"/f/{code}", people, refused=found.refused)
        await crowd.come()
        for seed in range(rounds):
            chance = Random(seed)  # noqa: S311 - whom people support is no secret
            found.alone.append(await crowd.act(chance, questions))
            attacker = _attacker(address, code)
            await asyncio.sleep(1)
            found.beside.append(await crowd.act(chance, questions))
            said, _ = await asyncio.to_thread(attacker.communicate)
            found.answers.append(json.loads(said))
    return found


def _attacker(address: str, code: str) -> "subprocess.Popen[bytes]":
    """The attacker's process, for a little longer than people act."""
    command = [sys.executable, "-m", "live.bench.attacker", address, code, str(SECONDS + 2)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)  # noqa: S603 - our own program


async def measure(report: Report, forum: Forum, rounds: int, people: int) -> None:
    """How the times of honest acts compare."""
    environment: Mapping[str, str] = {**forum.environment, "JARING_LIMITS": "venue"}
    async with running("ours", environment=environment) as server:
        found = await told(f"http://127.0.0.1:{server.port}", forum.code, QUESTIONS, rounds, people)
    report.add(Figure("honest acts refused beside an attack", float(len(found.refused)), "", 0.0, 0.0))
    for place, name in enumerate(("p50", "p95")):
        alone, beside = (median([times[place] for times in each]) for each in (found.alone, found.beside))
        report.add(Figure(f"honest act to answer, {name}, alone", alone * 1000, "ms"))
        report.add(
            Figure(f"honest act to answer, {name}, beside an attack ÷ alone", beside / alone, "", 1.5, 1.2, why=WHY)
        )
