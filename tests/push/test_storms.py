"""What thousands of phones at once may ask for: heads without questions, frames made once, a gate that spreads them."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import event

from live.push.gate import COME_BACK_SECONDS, LONGEST_WAIT, Gate, come_back
from live.push.heads import Heads
from live.push.hub import Hub
from live.push.listener import Listener
from live.push.once import Once
from live.rules.audience import Viewer
from live.rules.words import Audience
from tests.build import Room
from tests.people import MAYA, SARI
from tests.push.model import RENDERER, Line
from tests.push.screen import true_soon
from tests.web.house import House

module_loop = pytest.mark.asyncio(loop_scope="module")


def test_a_gate_lets_its_rate_in_and_sends_the_rest_away() -> None:
    now = [100.0]
    gate = Gate(lambda: now[0], rate=10)
    assert [gate.wait() for _ in range(10)] == [0.0] * 10, "a second's worth at once"
    waits = [gate.wait() for _ in range(100)]
    queue = [wait for wait in waits if wait is not None]
    assert queue == sorted(queue)
    assert len(queue) == pytest.approx(10 * LONGEST_WAIT, abs=1)
    assert waits[-1] is None
    now[0] += 60
    assert gate.wait() == 0.0
    assert {come_back() for _ in range(200)} <= set(range(COME_BACK_SECONDS[0], COME_BACK_SECONDS[1] + 1))


async def test_a_head_is_asked_for_once_until_another_process_rings(room: Room) -> None:
    heads = Heads(room.database)
    forum_id = (await room.facts()).forum.id
    asked = 0
    reading = heads._read

    async def counted(*arguments: Any) -> Any:
        nonlocal asked
        asked += 1
        return await reading(*arguments)

    heads._read = counted  # type: ignore[method-assign]
    assert len(set(await asyncio.gather(*(heads.head(forum_id) for _ in range(500))))) == 1
    assert asked == 1
    await room.ask("Apakah bel berbunyi?")
    assert (await heads.head(forum_id))[1] == 1
    assert asked == 1, "an act of this process says itself where the journal ends"
    room.database.bell.ring(forum_id)
    assert (await heads.head(forum_id))[1] == 1
    assert asked == 2
    heads.close()


async def test_what_is_made_once_is_made_again_only_after_it_failed() -> None:
    once: Once[int] = Once()
    made: list[int] = []

    async def make() -> int:
        made.append(1)
        await asyncio.sleep(0)
        if len(made) == 1:
            raise OSError
        return len(made)

    first = await asyncio.gather(*(once.get("key", make) for _ in range(5)), return_exceptions=True)
    assert all(isinstance(each, OSError) for each in first)
    assert await asyncio.gather(*(once.get("key", make) for _ in range(5))) == [2] * 5
    assert len(made) == 2


async def test_however_many_come_back_from_one_place_they_get_one_frame(room: Room) -> None:
    number = await room.asked("shown")
    facts = await room.facts()
    await room.do("rephrase", MAYA, number, text="Diubah sementara semua pergi?")
    hub = Hub(room.database, RENDERER)
    feed, viewer = hub.feed(facts.forum.id), Viewer(Audience.PARTICIPANT, "id")
    frames = await asyncio.gather(*(feed.since(viewer, facts.forum.epoch, facts.forum.seq) for _ in range(300)))
    assert len({id(frame) for frame in frames}) == 1
    assert frames[0] is not None
    assert len({id(frame.message().deflated) for frame in frames if frame}) == 1
    await hub.close()


@module_loop
async def test_a_warm_page_asks_the_database_nothing(house: House, forum: Room) -> None:
    await forum.ask("Apakah halaman hangat?", SARI)
    async with house.browser(cookie="jaring_js=1") as browser:
        first = await browser.get(f"/f/{forum.code}")
        transactions: list[Any] = []

        def seen(connection: Any) -> None:
            transactions.append(connection)

        engines = engines_of(house)
        for engine in engines:
            event.listen(engine, "begin", seen)
        try:
            for _ in range(20):
                assert (await browser.get(f"/f/{forum.code}")).content == first.content
        finally:
            for engine in engines:
                event.remove(engine, "begin", seen)
        assert len(transactions) <= 3, "one look at the head for each second that passed"
        again = await browser.get(f"/f/{forum.code}", headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def engines_of(house: House) -> list[Any]:
    database = house.hall.database
    straight = [each._engine for each in (database._readers, database._writer) if each is not None]
    return [database._reading.sync_engine, database._writing.sync_engine, *straight]


async def test_a_feed_ends_also_when_news_come_in_the_same_moment(room: Room) -> None:
    facts = await room.facts()
    hub = Hub(room.database, RENDERER)
    feed = hub.feed(facts.forum.id)
    async with asyncio.timeout(20):
        for _ in range(20):
            screen = Listener(Line(), Viewer(Audience.PARTICIPANT, "id"), (facts.forum.epoch, 0), None)
            feed.join(screen)
            await true_soon(lambda: feed._position is not None)
            await asyncio.sleep(0.001)  # now it waits for news
            feed.look()
            await feed.leave(screen)
    await hub.close()
