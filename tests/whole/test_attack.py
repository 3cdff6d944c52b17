"""An attack from the hall's own address: honest people are refused nothing, and nothing of theirs is lost.

Three hundred honest people act for some seconds alone, then with an attacker's process beside them. All of them come
from one address, as behind a venue's Wi-Fi. How much slower they are answered is the bench's to say
(``live bench --only attack``).
"""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from live.actions import creating
from live.bench import attack
from live.store.database import connect
from live.store.migrating import migrate
from tests.build import PLAN
from tests.faults.process import Server

pytestmark = pytest.mark.long

QUESTIONS = 12


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


async def test_an_attack_from_the_same_address_refuses_nobody_honest_and_loses_nothing(server: Server) -> None:
    code = await forum(server)
    found = await attack.told(server.address, code, QUESTIONS, rounds=1)
    print(f"\nalone (p50, p95 in s) {found.alone}, attacked {found.beside}; the attacker was answered {found.answers}")
    assert found.refused == []
    (answers,) = found.answers
    assert sum(count for kind, count in answers.items() if kind.startswith("ask 429")) > 50
    async with httpx.AsyncClient(base_url=server.address) as anybody:
        state = (await anybody.get(f"/f/{code}/state")).json()
    asked = 2 * (attack.PEOPLE // 10) + answers["ask 201"]
    assert state["counts"]["received"] == QUESTIONS + asked, "each that was acknowledged is there once"
