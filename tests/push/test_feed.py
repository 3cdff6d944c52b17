"""The feed over a real socket: where it begins, what it says, and how a screen that was away comes back."""

import asyncio
import contextlib

import pytest
from websockets.asyncio.client import connect

from live.push.feed import BREATH_SECONDS
from live.push.stretch import LONGEST_GAP
from tests.build import Room, full_room
from tests.people import BUDI, MAYA, NINA, SARI, person
from tests.push.screen import listening, true_soon
from tests.web.house import House, enter

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def head(forum: Room) -> str:
    return (await forum.facts()).forum.cursor


async def test_the_first_message_is_a_heartbeat_with_the_head(house: House, forum: Room) -> None:
    await full_room(forum)
    for query in ("", "?since=", "?as=participant", "?as=public"):
        async with listening(house, forum, query) as screen:
            assert await screen.next() == f"{await head(forum)}\n"


async def test_an_act_reaches_an_open_screen_with_the_cursor_of_its_commit(house: House, forum: Room) -> None:
    number = await forum.ask("Apakah sampai?")
    async with listening(house, forum) as screen:
        await screen.next()
        await forum.do("show", MAYA, number)
        await screen.reach(forum)
    assert '<article id="q-1"' in screen.bodies[-1]
    assert "Apakah sampai?" in screen.bodies[-1]
    assert 'data-in="list"' in screen.bodies[-1]


async def test_every_screen_of_an_audience_gets_the_same_bytes(house: House, forum: Room) -> None:
    number = await forum.ask()
    async with contextlib.AsyncExitStack() as stack:
        screens = [await stack.enter_async_context(listening(house, forum)) for _ in range(5)]
        for screen in screens:
            await screen.next()
        await forum.do("show", MAYA, number)
        for screen in screens:
            await screen.reach(forum)
    assert len({screen.frames[-1] for screen in screens}) == 1


async def test_a_screen_gets_its_own_language_and_audience(house: House, forum: Room) -> None:
    number = await forum.asked("queued")
    async with house.browser() as browser:
        await enter(browser, forum, "moderator")
        async with (
            listening(house, forum, "?lang=en") as english,
            listening(house, forum, "?lang=id") as indonesian,
            listening(house, forum, "?as=moderator", browser) as desk,
        ):
            for screen in (english, indonesian, desk):
                await screen.next()
            await forum.do("stage", MAYA, number)
            for screen in (english, indonesian, desk):
                await screen.reach(forum)
    assert len({english.bodies[-1], indonesian.bodies[-1], desk.bodies[-1]}) == 3
    assert 'id="onstage"' in desk.bodies[-1]
    assert 'id="onstage"' not in english.bodies[-1]


async def test_a_burst_becomes_few_frames_and_the_last_one_tells_the_present(house: House, forum: Room) -> None:
    number = await forum.asked("shown")
    async with listening(house, forum) as screen:
        await screen.next()
        async with asyncio.timeout(30):
            await asyncio.gather(*(forum.do("support", person(100 + n), number, on=True) for n in range(60)))
        await screen.reach(forum)
    assert screen.bodies[-1] == f'<b id="n-{number}">60</b>', "a changed count travels alone"
    assert len(screen.bodies) <= 5


async def test_a_frame_waits_a_breath_and_no_more(house: House, forum: Room) -> None:
    number = await forum.ask()
    async with listening(house, forum) as screen:
        await screen.next()
        clock = asyncio.get_running_loop().time
        await forum.do("show", MAYA, number)
        began = clock()
        await screen.reach(forum)
        assert clock() - began < BREATH_SECONDS + 0.7, "the bell is heard, not only the poll of each second"


async def test_what_a_browser_sends_is_dropped(house: House, forum: Room) -> None:
    number = await forum.ask()
    async with listening(house, forum) as screen:
        await screen.next()
        for sent in ("hello", '{"act": "show"}', b"\x00\xff", "!reset", ""):
            await screen.socket.send(sent)
        await forum.do("show", MAYA, number)
        await screen.reach(forum)


async def test_a_message_over_sixteen_kibibytes_ends_only_that_socket(house: House, forum: Room) -> None:
    number = await forum.ask()
    async with listening(house, forum) as loud, listening(house, forum) as quiet:
        await loud.next()
        await quiet.next()
        await loud.socket.send("a" * 17 * 1024)
        assert await loud.closed() == 1009
        await forum.do("show", MAYA, number)
        await quiet.reach(forum)


async def test_my_own_question_is_a_nudge_without_content(house: House, forum: Room) -> None:
    async with house.browser(accept="application/json") as mine, house.browser(accept="application/json") as other:
        number = (await mine.post(f"/f/{forum.code}/questions", json={"text": "Punyaku?"})).json()["number"]
        await other.post(f"/f/{forum.code}/questions", json={"text": "Lainnya?"})
        async with listening(house, forum, "", mine) as own, listening(house, forum, "", other) as others:
            await own.next()
            await others.next()
            await forum.do("private", MAYA, number)
            await own.reach(forum)
            await others.reach(forum)
    assert 'id="nudge"' in own.frames[-1]
    assert "Punyaku?" not in own.frames[-1]
    assert not [frame for frame in others.frames if "nudge" in frame]


# Coming back.


async def test_missed_frames_are_replayed_as_one_from_the_present_state(house: House, forum: Room) -> None:
    number = await forum.asked("shown")
    since = await head(forum)
    await forum.do("rephrase", MAYA, number, text="Versi pertama?")
    await forum.do("rephrase", MAYA, number, text="Versi kedua?")
    await forum.do("support", BUDI, number, on=True)
    gone = await forum.asked("shown")
    await forum.do("reject", MAYA, gone, reason="offtopic")
    async with listening(house, forum, f"?since={since}") as screen:
        await screen.reach(forum)
    assert len(screen.bodies) == 1, "one render however much was missed"
    body = screen.bodies[0]
    assert body.count(f'id="q-{number}"') == 1
    assert "Versi kedua?" in body
    assert "Versi pertama?" not in body
    assert f'<article id="q-{gone}" data-status="gone"></article>' in body


async def test_a_screen_that_missed_nothing_is_told_nothing(house: House, forum: Room) -> None:
    await forum.asked("shown")
    since = await head(forum)
    number = await forum.ask()
    async with listening(house, forum, f"?since={await head(forum)}") as screen:
        assert await screen.next() == f"{await head(forum)}\n"
        await forum.do("show", MAYA, number)
        await screen.reach(forum)
    assert len(screen.bodies) == 1
    assert since != await head(forum)


async def test_nothing_falls_between_joining_and_listening(house: House, forum: Room) -> None:
    """Screens join while acts go on; each ends at the head, and each act is in what one of its frames covers."""
    number = await forum.asked("shown")
    start = await head(forum)
    done = asyncio.Event()

    async def busy() -> None:
        for n in range(40):
            await forum.do("support", person(300 + n), number, on=True)
        done.set()

    async def join(n: int) -> str:
        since = start if n % 2 else await head(forum)
        async with listening(house, forum, f"?since={since}") as screen:
            await done.wait()
            await screen.reach(forum)
            return screen.bodies[-1] if screen.bodies else ""

    async with asyncio.timeout(40):
        told = await asyncio.gather(busy(), *(join(n) for n in range(12)))
    assert {body for body in told[1:] if body} == {f'<b id="n-{number}">40</b>'}


@pytest.mark.parametrize("since", ["another.1", "another.999999999", "x", ".", "abc.", "abc.x", "abc.-1", "%00", "é.1"])
async def test_a_cursor_that_is_not_of_this_forum_is_reset(house: House, forum: Room, since: str) -> None:
    async with listening(house, forum, f"?since={since}") as screen:
        assert await screen.closed() == 1000
    assert screen.frames[-1] == "!reset\n"
    async with house.browser() as browser:
        assert (await browser.get(f"/f/{forum.code}/frames?since={since}")).text == "!reset\n"


async def test_a_cursor_of_the_future_is_reset(house: House, forum: Room) -> None:
    await forum.ask()
    facts = await forum.facts()
    async with listening(house, forum, f"?since={facts.forum.epoch}.{facts.forum.seq + 1}") as screen:
        assert await screen.closed() == 1000
    assert screen.frames[-1] == "!reset\n"


async def test_a_gap_of_more_than_a_thousand_entries_is_reset(house: House, forum: Room) -> None:
    await forum.asked("shown")
    epoch = (await forum.facts()).forum.epoch
    async with forum.database.change(forum.code) as change:
        for _ in range(LONGEST_GAP):
            change.append("SUPPORTED", role="participant", actor="", detail={"questions": [1]})
    seq = (await forum.facts()).forum.seq
    async with house.browser() as browser:
        base = f"/f/{forum.code}/frames?since={epoch}."
        assert (await browser.get(f"{base}{seq - LONGEST_GAP - 1}")).text == "!reset\n"
        assert (await browser.get(f"{base}{seq - LONGEST_GAP}")).text.startswith(f"{epoch}.{seq}\n")
    async with listening(house, forum, f"?since={epoch}.{seq - LONGEST_GAP - 1}") as screen:
        assert await screen.closed() == 1000
    assert screen.frames[-1] == "!reset\n"


async def test_what_a_program_would_not_take_in_one_message_is_a_reset(
    house: House, forum: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page says the same in less: it is compressed, and fetched once."""
    since = await head(forum)
    await forum.asked("shown")
    monkeypatch.setattr("live.push.feed.LARGEST_FRAME", 500)
    async with listening(house, forum, f"?since={since}") as screen:
        assert await screen.closed() == 1000
    assert screen.frames[-1] == "!reset\n"
    async with listening(house, forum) as fresh:
        assert await fresh.next() == f"{await head(forum)}\n"


async def test_publishing_sends_every_screen_for_a_fresh_page(house: House, forum: Room) -> None:
    await full_room(forum)
    async with listening(house, forum) as screen:
        await screen.next()
        await forum.publish()
        await screen.until(lambda frame: frame.startswith("!reset\n"))
    async with listening(house, forum) as fresh:
        assert await fresh.next() == f"{await head(forum)}\n"


# Without a socket.


async def test_polling_gives_everything_newer_then_nothing(house: House, forum: Room) -> None:
    number = await forum.asked("shown")
    async with house.browser() as browser:

        async def poll(since: str | None) -> tuple[int, str]:
            query = "" if since is None else f"?since={since}"
            answer = await browser.get(f"/f/{forum.code}/frames{query}")
            return answer.status_code, answer.text

        assert await poll(None) == (200, "!reset\n")
        assert await poll("") == (200, "!reset\n")
        since = await head(forum)
        assert await poll(since) == (204, "")
        await forum.do("support", BUDI, number, on=True)
        await forum.do("queue", MAYA, number, speaker=1)
        status, frame = await poll(since)
        assert status == 200
        assert frame.startswith(f"{await head(forum)}\n")
        assert f'id="q-{number}"' in frame
        assert await poll(await head(forum)) == (204, "")


async def test_a_polling_screen_and_a_listening_one_are_told_the_same(house: House, forum: Room) -> None:
    numbers = await full_room(forum)
    since = await head(forum)
    async with house.browser() as browser, listening(house, forum, f"?since={since}") as screen:
        await screen.next()
        await forum.do("reject", MAYA, numbers["shown"], reason="spam")
        await screen.reach(forum)
        polled = (await browser.get(f"/f/{forum.code}/frames?since={since}")).text
    assert polled == screen.frames[-1]


async def test_polling_needs_the_same_grants(house: House, forum: Room) -> None:
    async with house.browser(accept="application/json") as browser:
        for audience in ("moderator", "organiser", "scribe", "speaker", "screen", "helper"):
            answer = await browser.get(f"/f/{forum.code}/frames?as={audience}&since={await head(forum)}")
            assert answer.status_code == 403


async def test_an_entry_that_is_not_for_an_audience_moves_its_cursor_and_says_nothing(
    house: House, forum: Room
) -> None:
    async with listening(house, forum) as screen:
        await screen.next()
        await forum.ask("Masih tertahan?")
        await screen.reach(forum)
        number = await forum.asked("answered")
        await screen.reach(forum)
        before = len(screen.bodies)
        await forum.do("note", NINA, number, text="Rancangan rahasia.")
        await screen.reach(forum)
    assert "Masih tertahan?" not in "".join(screen.frames)
    assert "Rancangan rahasia." not in "".join(screen.frames[before:])


async def test_a_screen_that_leaves_is_forgotten(house: House, forum: Room) -> None:
    hub = house.hall.hub
    await true_soon(lambda: not hub.listeners)  # those of the tests before this one are still going
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(10):
            await (await stack.enter_async_context(listening(house, forum))).next()
        await true_soon(lambda: hub.listeners == 10)
    await true_soon(lambda: not hub.listeners)
    rude = await connect(f"{house.sockets}/f/{forum.code}/feed", origin=house.address)  # type: ignore[arg-type]
    await rude.recv()
    rude.transport.abort()
    await true_soon(lambda: not hub.listeners)
    assert (await forum.do("ask", SARI, text="Masih jalan?")).created
