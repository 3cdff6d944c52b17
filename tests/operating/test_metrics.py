"""What Prometheus reads, and what it must not find."""

import re
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families
from websockets.asyncio.client import connect

from live.settings import Settings
from tests.people import MAYA
from tests.web.house import House, serving


async def samples(house: House) -> dict[str, float]:
    """Every sample by its name with labels."""
    async with house.browser() as browser:
        answer = await browser.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    found = [s for family in text_string_to_metric_families(answer.text) for s in family.samples]
    return {f"{s.name}{sorted(s.labels.values()) or ''}": s.value for s in found}


async def test_acts_batches_frames_sockets_and_the_backup_are_counted(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'jaring.db'}", limits="open")
    async with serving(settings) as house, house.browser(accept="application/json") as browser:
        room = await house.room()
        address = f"{house.sockets}/f/{room.code}/feed"
        async with connect(address, origin=house.address) as screen:  # type: ignore[arg-type]
            await screen.recv()
            asked = await browser.post(f"/f/{room.code}/questions", json={"text": "Kata-rahasia berapa?"})
            await room.do("show", MAYA, asked.json()["number"])
            while "q-1" not in str(await screen.recv()):
                pass
            async with house.browser(accept="application/json") as other:
                await other.post(f"/f/{room.code}/questions/1/support", json={"on": 1})
                await other.post(f"/f/{room.code}/questions/99/support", json={"on": 1})
            found = await samples(house)
            text = (await browser.get("/metrics")).text
    assert found["jaring_act_seconds_count['ask', 'done']"] == 1
    assert found["jaring_act_seconds_count['done', 'support']"] == 1
    assert found["jaring_act_seconds_count['refused', 'support']"] == 1
    assert found["jaring_support_batch_sum"] == 2
    assert found["jaring_sockets"] == 1
    assert found["jaring_frames_sent_total"] >= 1
    assert found["jaring_feed_lag_seconds_count"] >= 1
    assert found["jaring_backup_age_seconds"] == -1
    assert found["process_open_fds"] > 0
    assert room.code not in re.sub(r"[\d.e+]+\n", "\n", text)
    assert "rahasia" not in text


async def test_two_applications_in_one_process_count_apart(tmp_path: Path) -> None:
    first = Settings(database_url=f"sqlite:///{tmp_path / 'one.db'}", limits="open")
    second = Settings(database_url=f"sqlite:///{tmp_path / 'two.db'}", limits="open")
    async with serving(first) as one, serving(second) as two, one.browser() as browser:
        room = await one.room()
        await browser.post(f"/f/{room.code}/questions", json={"text": "Berapa lama?"})
        assert "jaring_act_seconds_count['ask', 'done']" in await samples(one)
        assert "jaring_act_seconds_count['ask', 'done']" not in await samples(two)
