"""Items c and g: acknowledged supports, beside one transaction each and a POST that does nothing; and beside a crowd
that is told of them."""

import time
from collections.abc import Callable

from live.bench.crowd import Crowd
from live.bench.forum import QUESTIONS, Forum
from live.bench.measures import Figure, Report, median, percentile
from live.bench.posts import Line, Make, Posts, closed_loop, form, open_loop
from live.bench.servers import running

LINES = 64
VOTERS = 256
RATES = (1000, 2000)
CROWD_RATE = 300.0
WHY_ONE = (
    "64 connections make batches of 64 at most, and the requests' own way through the server, which grouping does not "
    "shorten, is by now about three quarters of the processor a support costs."
)
WHY_NOTHING = (
    "a batch is written by a thread that shares the processor and Python's lock with the requests; set-based SQL takes "
    "about a third of what the request itself does."
)
WHY_CROWD = "one process tells all phones and answers posts; an answer waits for up to 50 sockets to be written."


def voting(port: int, code: str, cookies: list[str], path: str = "questions/{n}/support") -> Make:
    """Everybody supports one question after the other, and takes it back in the next round."""
    turns = [0] * len(cookies)
    following = iter(range(1 << 60))

    def make(_line: Line) -> bytes:
        voter = next(following) % len(cookies)
        turns[voter] += 1
        turn = turns[voter]
        number, on = 1 + (turn + voter) % QUESTIONS, 1 - turn // QUESTIONS % 2
        place = path.format(n=number)
        return form(port, f"/f/{code}/{place}", cookies[voter], f"on={on}&count={turn}")

    return make


async def measure(report: Report, forum: Forum, rounds: int, seconds: float) -> None:
    """Closed loop A B A B, then open loops."""
    rates: dict[str, list[float]] = {"group": [], "one each": [], "nothing": []}
    costs: dict[str, list[float]] = {name: [] for name in rates}
    for _ in range(rounds):
        for name in rates:
            options = ["--one-each"] if name == "one each" else []
            async with running("ours", *options, environment=forum.environment) as server:
                path = "nothing" if name == "nothing" else "questions/{n}/support"
                make = voting(server.port, forum.code, await forum.people(server.port, VOTERS), path)
                await closed_loop(server.port, LINES, 0.5, make)
                before, mine = server.cpu(), time.process_time()
                posts = await closed_loop(server.port, LINES, seconds, make)
                used = (server.cpu() - before) / max(1, len(posts.waits)) * 1e6
                share = (time.process_time() - mine) / posts.seconds
            rates[name].append(posts.per_second)
            costs[name].append(used)
            run = {"part": "votes", "server": name, "per_second": posts.per_second, "cpu": used, "generator": share}
            report.runs.append(run | _waits(posts))
    group, one, nothing = (median(rates[name]) for name in rates)
    report.add(
        Figure("acknowledged supports, SQLite FULL, one process", group, "/s"),
        Figure("POSTs that do nothing, through the same middleware", nothing, "/s"),
        Figure("CPU of one support", median(costs["group"]), "µs"),
        Figure("CPU of a POST that does nothing", median(costs["nothing"]), "µs"),
        Figure("acknowledged supports ÷ one transaction each", group / one, "", 6, 10, "more", WHY_ONE),
        Figure("acknowledged supports ÷ POSTs that do nothing", group / nothing, "", 0.5, 0.75, "more", WHY_NOTHING),
    )
    await _open(report, forum, seconds)


async def _open(report: Report, forum: Forum, seconds: float) -> None:
    for rate in RATES:
        async with running("ours", environment=forum.environment) as server:
            make = voting(server.port, forum.code, await forum.people(server.port, VOTERS))
            await closed_loop(server.port, LINES, 0.5, make)
            posts = await open_loop(server.port, rate, seconds, make)
        report.runs.append({"part": "votes", "server": f"open {rate}", "per_second": posts.per_second} | _waits(posts))
        report.add(Figure(f"supports at {rate:,}/s, open loop: p50", percentile(posts.waits, 0.5) * 1000, "ms"))
        report.add(Figure(f"supports at {rate:,}/s, open loop: p99", percentile(posts.waits, 0.99) * 1000, "ms"))


async def beside_a_crowd(report: Report, forum: Forum, rounds: int, sockets: int, seconds: float) -> None:
    """The same votes with nobody listening and with everybody told five times a second."""
    p99: dict[int, list[float]] = {0: [], sockets: []}
    for _ in range(rounds):
        for many in p99:
            async with running("ours", environment=forum.environment) as server:
                make = voting(server.port, forum.code, await forum.people(server.port, VOTERS))
                crowd = Crowd(server.port, forum.feed)
                await crowd.come(many)
                await open_loop(server.port, CROWD_RATE, 1, make)
                noted = crowd.note()
                posts = await open_loop(server.port, CROWD_RATE, seconds, make)
                crowd.leave()
            p99[many].append(percentile(posts.waits, 0.99) * 1000)
            frames = noted.frames / many / seconds if many else 0.0
            report.runs.append({"part": "crowd", "sockets": many, "frames_per_second": frames} | _waits(posts))
    alone, crowded = median(p99[0]), median(p99[sockets])
    report.add(
        Figure("support-ack p99, nobody listening", alone, "ms"),
        Figure(f"support-ack p99 while {sockets:,} sockets are told", crowded, "ms"),
        Figure(f"support-ack p99 with {sockets:,} sockets ÷ without", crowded / alone, "", 4, 2, why=WHY_CROWD),
    )


async def storm(report: Report, forum: Forum, phones: int, seconds: float) -> None:
    """As many votes as fit: how often a phone is told, and how many bytes a changed count costs it."""
    async with running("ours", environment=forum.environment) as server:
        make = voting(server.port, forum.code, await forum.people(server.port, VOTERS))
        crowd, reader = Crowd(server.port, forum.feed, deflate=True), Crowd(server.port, forum.feed)
        await crowd.come(phones)
        await reader.come(1)
        counts = _counting(reader)
        noted = crowd.note()
        posts = await closed_loop(server.port, LINES, seconds, make)
        frames, size, changed = noted.frames / phones / posts.seconds, noted.bytes / phones, counts()
        crowd.leave()
        reader.leave()
    report.runs.append({"part": "storm", "frames": frames, "bytes": size, "counts": changed} | _waits(posts))
    report.add(
        Figure(f"frames a second to a phone in a storm of {posts.per_second:,.0f} votes/s", frames, "", 10, 5),
        Figure("bytes on the wire to a phone for each changed count", size / max(1, changed), "B", 120, 25),
    )


def _counting(reader: Crowd) -> Callable[[], int]:
    seen = [0]

    def count(phone: object) -> None:
        seen[0] += phone.text.count('<b id="n-')  # type: ignore[attr-defined]

    reader.phones[0].on_frame = count
    return lambda: seen[0]


def _waits(posts: Posts) -> dict[str, float]:
    waits = {name: percentile(posts.waits, share) * 1000 for name, share in (("p50", 0.5), ("p99", 0.99))}
    return waits | {"failed": posts.failed}
