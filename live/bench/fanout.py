"""Items a and b: what one frame costs, beside a bare server and Litestar's ChannelsPlugin; and when it arrives.

All send the same bytes as often. Ours is moved by a moderator's POST each tick, and that is counted: request, rules, a
transaction on disk, the journal read, the card made. It costs the same for one socket and for 5,000, so what it is
alone is told as well.
"""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from live.bench.crowd import Crowd
from live.bench.forum import WORDS, Desk, Forum
from live.bench.measures import Figure, Report, median, percentile
from live.bench.phone import Phone
from live.bench.servers import Server, running

LETTERS = 845
"""Of a question whose card, on a phone, has 1.5 kB."""

WHY_PLAIN = (
    "a frame here is the whole way of an act (a POST through the middlewares, a transaction that is on disk, the "
    "journal read, a card made), which costs the same for one socket and for 5,000; the bare server sends a text that "
    "it has."
)
WHY_DEFLATED = WHY_PLAIN.replace("sends a text that it has", "repeats one text, which its compressor remembers")
WHY_LATE = "a frame leaves when its act is read back from the journal, and lets answers to posts go first."


@dataclass(frozen=True)
class Load:
    """How many sockets get how many frames at what rate."""

    sockets: int
    hertz: float
    ticks: int
    deflate: bool


@dataclass(frozen=True)
class Cost:
    """Microseconds of server processor for one delivered frame, and milliseconds from sending to arrival."""

    cpu: float
    generator: float
    delivered: float
    p50: float
    p99: float
    bytes: float


async def measure(report: Report, forum: Forum, folder: Path, rounds: int, sizes: tuple[int, ...]) -> None:
    """All sizes, with and without compression, A B A B."""
    body = folder / "body.html"
    body.write_text(await _body(forum))
    alone = [await _cost("ours", forum, folder, body, Load(1, 10.0, 40, deflate=False)) for _ in range(rounds)]
    report.add(Figure("CPU of one act and its frame, ours, one socket", median([it.cpu for it in alone]) / 1000, "ms"))
    for sockets in sizes:
        for deflate in (False, True):
            load = Load(sockets, *((10.0, 40) if sockets <= 1000 else (5.0, 20)), deflate)
            names = ("bare", "ours") if deflate else ("bare", "ours", "channels")
            costs: dict[str, list[Cost]] = {name: [] for name in names}
            for _ in range(rounds):
                for name in names:
                    cost = await _cost(name, forum, folder, body, load)
                    costs[name].append(cost)
                    report.runs.append({"part": "fanout", "server": name, **load.__dict__, **cost.__dict__})
            _figures(report, load, costs)


def _figures(report: Report, load: Load, costs: dict[str, list[Cost]]) -> None:
    cpu = {name: median([cost.cpu for cost in of]) for name, of in costs.items()}
    case = f"{load.sockets:,} sockets, deflate {'on' if load.deflate else 'off'}"
    for name, value in cpu.items():
        report.add(Figure(f"CPU per delivered frame, {name}, {case}", value, "µs"))
    loads = [cost.generator for cost in costs["ours"]]
    report.add(Figure(f"CPU of the generator for a frame of ours, {case}", median(loads), "µs"))
    must, aim = (None, None) if load.sockets < 1000 else (0.6, 0.45) if load.deflate else (1.2, 0.95)
    ratio = cpu["ours"] / cpu["bare"]
    what = f"CPU per delivered frame ÷ bare broadcast, {case}"
    report.add(Figure(what, ratio, "", must, aim, why=WHY_DEFLATED if load.deflate else WHY_PLAIN))
    if "channels" in cpu:
        report.add(Figure(f"CPU per delivered frame ÷ ChannelsPlugin, {case}", cpu["ours"] / cpu["channels"]))
    if not load.deflate:
        p99 = {name: median([cost.p99 for cost in of]) for name, of in costs.items()}
        must, aim = (1.5, 1.0) if load.sockets == 1000 else (None, None)
        what = f"p99 delivery ÷ bare broadcast, {load.sockets:,} sockets, {load.hertz:g} Hz"
        ratio = p99["ours"] / p99["bare"]
        report.add(Figure(what, ratio, "", must, aim, why=WHY_LATE))
        report.add(Figure(f"p99 delivery, ours, {load.sockets:,} sockets, {load.hertz:g} Hz", p99["ours"], "ms"))


async def _body(forum: Forum) -> str:
    """What our own server sends when a question of 1.5 kB changes: the others send the same."""
    async with running("ours", "--breath", "0", "--spacing", "0", environment=forum.environment) as server:
        desk, phone = await forum.moderator(server.port), Phone(server.port, forum.feed)
        await phone.connect()
        came: asyncio.Queue[str] = asyncio.Queue()
        phone.on_frame = lambda it: came.put_nowait(it.text) if "<article" in it.text else None
        # So many words that its card has 1.5 kB.
        await desk.post(f"/f/{forum.code}/questions/1/rephrase", text=(WORDS * 10)[:LETTERS] + "?")
        await asyncio.wait_for(came.get(), 10)
        await _act(forum, desk, 0)
        text = await asyncio.wait_for(came.get(), 10)
        phone.hang_up()
        desk.close()
    return text.partition("\n")[2]


async def _act(forum: Forum, desk: Desk, tick: int) -> None:
    """What a moderator does most: hand the question to a speaker, and every phone is sent its card anew."""
    await desk.post(f"/f/{forum.code}/questions/1/queue", speaker=1 + tick % 2)


async def _cost(name: str, forum: Forum, folder: Path, body: Path, load: Load) -> Cost:
    told = folder / "told.json"
    async with _server(name, forum, body, told, load) as server:
        crowd = Crowd(server.port, forum.feed if name == "ours" else "/hall", deflate=load.deflate)
        await crowd.come(load.sockets)
        await _ticks(name, forum, server, load, 4)  # warm
        await crowd.has(load.sockets * 4)
        noted = crowd.note()
        before, mine = server.cpu(), time.process_time()
        await _ticks(name, forum, server, load, load.ticks)
        is_whole = await crowd.has(load.sockets * load.ticks)
        used, mine = server.cpu() - before, time.process_time() - mine
        if name == "ours":
            await server.ask()
        moments = dict(map(tuple, json.loads(told.read_text())))
        crowd.leave()
    waits = [(at - moments[seq]) * 1000 for seq, at in noted.arrivals if seq in moments]
    frames = max(1, noted.frames)
    return Cost(
        cpu=used / frames * 1e6,
        generator=mine / frames * 1e6,
        delivered=1.0 if is_whole else noted.frames / (load.sockets * load.ticks),
        p50=percentile(waits, 0.5),
        p99=percentile(waits, 0.99),
        bytes=noted.bytes / frames,
    )


@contextlib.asynccontextmanager
async def _server(name: str, forum: Forum, body: Path, told: Path, load: Load) -> AsyncIterator[Server]:
    if name == "ours":
        options = ["--breath", "0", "--spacing", "0", "--told", str(told)]
    else:
        options = ["--body", str(body), "--told", str(told), "--hertz", str(load.hertz)]
        options += ["--deflate"] if load.deflate else []
    async with running(name, *options, environment=forum.environment) as server:
        yield server


async def _ticks(name: str, forum: Forum, server: Server, load: Load, times: int) -> None:
    """Ours is moved by a moderator's act each tick; the others by a clock of their own."""
    if name != "ours":
        await server.ask(f"go {times}")
        return
    desk, began = await forum.moderator(server.port), time.monotonic()
    for tick in range(1, times + 1):
        await asyncio.sleep(max(0.0, began + tick / load.hertz - time.monotonic()))
        await _act(forum, desk, tick)
    desk.close()
