"""An attack from the hall's own address: honest people are refused nothing, and their acts stay about as fast.

Side by side in one run: three hundred honest people act for some seconds alone, then with the attack of
:mod:`tests.whole.attacker` beside them, twice. All of them come from one address, as behind a venue's Wi-Fi.
"""

import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import httpx
import pytest

from live.actions import creating
from live.store.database import connect
from live.store.migrating import migrate
from tests.build import PLAN
from tests.faults.process import ROOT, Server

pytestmark = pytest.mark.long

PEOPLE = 300
SECONDS = 10.0
QUESTIONS = 12
BUSY = 0.015
"""Seconds that an act takes alone on a machine that does something else as well."""
NOTICED = 0.05
"""Seconds below which nobody notices a difference; less is noise of this machine."""


@dataclass
class Crowd:
    """Honest people with their cookies; ``seconds`` are the times of their acts, ``refused`` every no."""

    http: httpx.AsyncClient
    forum: str
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

        await asyncio.gather(*(one(n * 5 / PEOPLE) for n in range(PEOPLE)))

    async def act(self, chance: Random) -> tuple[float, float]:
        """Everybody supports a question at some time, and one in ten asks; median and 95th percentile."""
        self.seconds = []
        acts = [self._at(chance, cookie) for cookie in self.cookies]
        acts += [self._at(chance, cookie, asks=True) for cookie in chance.sample(self.cookies, PEOPLE // 10)]
        await asyncio.gather(*acts)
        return statistics.median(self.seconds), statistics.quantiles(self.seconds, n=20)[-1]

    async def _at(self, chance: Random, cookie: str, *, asks: bool = False) -> None:
        path, fields = f"/questions/{chance.randint(2, QUESTIONS)}/support", {"on": "1"}
        if asks:
            path, fields = "/questions", {"text": f"Kapan loket {chance.random()} dibuka?"}
        await asyncio.sleep(chance.uniform(0, SECONDS))
        began = time.perf_counter()
        answer = await self.http.post(f"{self.forum}{path}", data=fields, headers={"cookie": cookie})
        self.seconds.append(time.perf_counter() - began)
        if answer.status_code >= 300:
            self.refused.append(f"{answer.status_code} {answer.text[:80]}")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server in a process of its own, at the limits of a venue."""
    made = Server(f"sqlite:///{tmp_path / 'jaring.db'}", tmp_path, settings={"JARING_LIMITS": "venue"})
    yield made
    if made.process is not None:
        made.process.terminate()
        made.process.wait(30)


async def forum(server: Server) -> str:
    """A forum in which what is asked is shown at once, with questions to support."""
    database = connect(server.url)
    await migrate(database)
    made = await creating.create(database, PLAN, server.address)
    await database.close()
    server.start()
    links = made["links"]
    assert isinstance(links, dict)
    async with httpx.AsyncClient(base_url=server.address, headers={"accept": "application/json"}) as desk:
        await desk.post("/enter", data={"token": links["moderator"].partition("#")[2]})
        for n in range(QUESTIONS):
            asked = await desk.post(f"/f/{made['code']}/questions", data={"text": f"Pertanyaan ke-{n}: kapan dibuka?"})
            await desk.post(f"/f/{made['code']}/questions/{asked.json()['number']}/show")
    return str(made["code"])


def attack(server: Server, code: str) -> "subprocess.Popen[bytes]":
    """The attacker's process, for a little longer than people act."""
    command = [sys.executable, "-m", "tests.whole.attacker", server.address, code, str(SECONDS + 2)]
    return subprocess.Popen(command, cwd=ROOT, env=server.environment(), stdout=subprocess.PIPE)


async def test_an_attack_from_the_same_address_refuses_nobody_honest_and_slows_nobody_by_more_than_half(
    server: Server,
) -> None:
    code = await forum(server)
    limits = httpx.Limits(max_connections=60, keepalive_expiry=2.0)  # before the server hangs up
    async with httpx.AsyncClient(
        base_url=server.address, headers={"accept": "application/json"}, limits=limits, timeout=60
    ) as http:
        crowd = Crowd(http, f"/f/{code}")
        await crowd.come()
        quiet, attacked, answers = [], [], []
        for seed in range(2):
            quiet.append(await crowd.act(Random(seed)))
            attacker = attack(server, code)
            await asyncio.sleep(1)
            attacked.append(await crowd.act(Random(seed + 10)))
            said, _ = await asyncio.to_thread(attacker.communicate)
            answers.append(json.loads(said))
    print(f"\nalone (median, p95) {quiet}\nattacked            {attacked}\nthe attacker was answered {answers}")
    assert crowd.refused == []
    assert sum(count for told in answers for kind, count in told.items() if kind.startswith("ask 429")) > 50
    if min(median for median, _ in quiet) > BUSY:
        pytest.skip("this machine is busy with something else: there is nothing to compare with")
    for place in range(2):
        alone, beside = (min(figures[place] for figures in each) for each in (quiet, attacked))
        assert beside <= 1.5 * max(alone, NOTICED)
