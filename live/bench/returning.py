"""Items d, e and f: what an idle socket costs, how fast everybody is back, and what a second process adds."""

import asyncio
import random
import time

from live.bench.crowd import HANDSHAKES, Crowd
from live.bench.forum import WORDS, Forum
from live.bench.measures import Figure, Report, median
from live.bench.phone import Phone
from live.bench.servers import Server, free_port, running

SLOWEST = 4.0
PATIENCE = 90.0
WHY_BACK = (
    "the clock starts at the kill: a server needs seconds to start, and a phone that found nobody there waits longer "
    "after every try, up to four seconds, so that a crowd does not come back all at once."
)


async def idle(report: Report, forum: Forum, sockets: int) -> None:
    """Memory of the whole server before and after everybody came, divided by the sockets."""
    async with running("ours", environment=forum.environment) as server:
        for some in (sockets // 10, sockets):
            crowd = Crowd(server.port, forum.feed, deflate=True)
            before, began = server.memory(), server.cpu()
            seconds = await crowd.come(some)
            grown, used = (server.memory() - before) / some / 1024, (server.cpu() - began) / some * 1000
            if some == sockets:
                report.runs.append({"part": "idle", "sockets": some, "kib": grown, "seconds": seconds, "cpu": used})
                report.add(
                    Figure(f"memory of an idle socket, {sockets:,} sockets", grown, "KiB", 40, 26),
                    Figure("CPU of coming in, one socket", used, "ms"),
                )
            crowd.leave()
            await asyncio.sleep(1)


async def restart(report: Report, forum: Forum, rounds: int, sizes: tuple[int, ...]) -> None:
    """Kill -9, start again, and have everybody back where the journal is."""
    for many in sizes:
        times, starts = [], []
        for _ in range(rounds):
            back, started = await _restarted(forum, many)
            times.append(back)
            starts.append(started)
            report.runs.append({"part": "restart", "sockets": many, "seconds": back, "server": started})
        is_gate = many == 2000
        report.add(Figure(f"of which until the server was ready, {many:,} clients", median(starts), "s"))
        what = f"{many:,} clients back and equal after kill -9"
        must, aim = (15, 6) if is_gate else (None, None)
        report.add(Figure(what, median(times), "s", must, aim, why=WHY_BACK))


async def _restarted(forum: Forum, many: int) -> tuple[float, float]:
    """Seconds until all are at the newest cursor, counted from the kill; and until the server was ready."""
    server = await Server.start("ours", environment=forum.environment)
    crowd = Crowd(server.port, forum.feed)
    await crowd.come(many)
    gone = [0] * many
    lost: asyncio.Queue[int] = asyncio.Queue()
    for place, phone in enumerate(crowd.phones):
        phone.on_close = lambda _phone, place=place: lost.put_nowait(place)
    turns = asyncio.Semaphore(HANDSHAKES)
    returns = [asyncio.create_task(_return(crowd, lost, gone, turns)) for _ in range(many)]
    killed = time.monotonic()
    await server.kill()
    server = await Server.start("ours", port=server.port, environment=forum.environment)
    ready = time.monotonic() - killed
    desk = await forum.moderator(server.port)
    await desk.post(f"/f/{forum.code}/questions/2/rephrase", text=f"Sesudah mati listrik {random.random()}?")  # noqa: S311
    desk.close()
    newest = Phone(server.port, forum.feed)
    await newest.connect()
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*returns)
        while min(phone.seq for phone in crowd.phones) < newest.seq:  # noqa: ASYNC110 - cheaper than an event
            await asyncio.sleep(0.02)
    back = time.monotonic() - killed
    newest.hang_up()
    crowd.leave()
    await server.stop()
    return back, ready


async def _return(crowd: Crowd, lost: "asyncio.Queue[int]", gone: list[int], turns: asyncio.Semaphore) -> None:
    """One phone that comes back as live.js does: full jitter, doubling to four seconds, from its own cursor."""
    place = await lost.get()
    old = crowd.phones[place]
    while True:
        gone[place] += 1
        await asyncio.sleep(random.random() * min(SLOWEST, 0.5 * 2 ** gone[place]))  # noqa: S311 - jitter
        phone = Phone(crowd.port, f"{crowd.path}?since={old.epoch}.{old.seq}")
        try:
            async with turns:
                await phone.connect()
        except OSError:
            continue
        crowd.phones[place] = phone
        return


async def second_process(report: Report, forum: Forum, acts: int) -> None:
    """An act at one process, seen by a socket there and by one at another process of the same database."""
    first = await Server.start("ours", environment=forum.environment)
    second = await Server.start("ours", port=free_port(), environment=forum.environment)
    await forum.fill(first.port)
    phones = [Phone(server.port, forum.feed) for server in (first, second)]
    waits: list[list[float]] = [[], []]
    desk = await forum.moderator(first.port)
    for phone in phones:
        await phone.connect()
    for number in range(acts):
        came = [asyncio.get_running_loop().create_future() for _ in phones]
        for phone, future in zip(phones, came, strict=True):
            phone.on_frame = lambda it, future=future: None if future.done() else future.set_result(time.monotonic())
        began = time.monotonic()
        await desk.post(f"/f/{forum.code}/questions/1/rephrase", text=f"{number} {WORDS}")
        for waited, moment in zip(waits, await asyncio.wait_for(asyncio.gather(*came), 10), strict=True):
            waited.append((moment - began) * 1000)
        await asyncio.sleep(0.3)
    for phone in phones:
        phone.hang_up()
    for server in (first, second):
        await server.stop()
    here, there = (median(waited) for waited in waits)
    report.runs.append({"part": "second", "here": here, "there": there})
    report.add(
        Figure("act to screen, same process, PostgreSQL: p50", here, "ms"),
        Figure("latency that a second process adds: p50", there - here, "ms"),
    )
