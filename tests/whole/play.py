"""The forum played over HTTP by the people in the hall, from the first question to the published list."""

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.whole.material import FOLLOW_UPS, PERSONAL, REPHRASED, Message

JSON = "application/json"
AT_ONCE = 12
PUBLIC = ("participant", "public", "screen")


class Browser:
    """One browser: cookies of its own, and a new key for every act."""

    def __init__(self, address: str, code: str, wires: httpx.AsyncHTTPTransport) -> None:
        self.address, self.base = address, f"/f/{code}"
        headers = {"accept": JSON, "origin": address}
        self._http = httpx.AsyncClient(base_url=address, transport=wires, headers=headers, timeout=20)

    async def enter(self, link: str) -> None:
        """Redeem a role link."""
        answer = await self._http.post("/enter", data={"token": link.partition("#")[2]})
        assert answer.status_code == 200, answer.text

    async def do(self, act: str, **fields: Any) -> dict[str, Any]:
        """An act of the forum; fails unless it was done."""
        return await self.send(f"{self.base}/{act}", {"key": secrets.token_hex(8), **fields})

    async def on(self, number: int, act: str, **fields: Any) -> dict[str, Any]:
        """An act on a question."""
        return await self.do(f"questions/{number}/{act}", **fields)

    async def send(self, address: str, fields: dict[str, Any]) -> dict[str, Any]:
        """One POST of a form."""
        answer = await self._http.post(address, data=fields)
        assert answer.status_code in (200, 201), (address, fields, answer.text)
        done: dict[str, Any] = answer.json()
        return done

    async def get(self, address: str) -> Any:
        """What a program is told at this address."""
        answer = await self._http.get(address)
        assert answer.status_code == 200, (address, answer.text)
        return answer.json()

    async def state(self, audience: str, speaker: int | None = None) -> dict[str, Any]:
        """The state as this audience."""
        query = f"as={audience}" + (f"&speaker={speaker}" if speaker else "")
        seen: dict[str, Any] = await self.get(f"{self.base}/state?{query}")
        return seen

    def socket(self, audience: str) -> connect:
        """The feed, as a browser opens it."""
        cookies = str(self._http.build_request("GET", self.base).headers.get("cookie", ""))
        address = f"{self.address.replace('http', 'ws')}{self.base}/feed?as={audience}"
        headers = {"cookie": cookies}
        return connect(address, origin=self.address, additional_headers=headers, proxy=None)  # type: ignore[arg-type]


@dataclass
class Cast:
    """Everybody in the hall. ``phones[n]`` asks message ``n``."""

    phones: dict[int, Browser]
    moderator: Browser
    scribe: Browser
    organiser: Browser
    screen: Browser
    helper: Browser
    speakers: dict[int, Browser]
    receipts: dict[int, str] = field(default_factory=dict)
    wire: list[str] = field(default_factory=list)

    def browser_of(self, audience: str) -> Browser:
        """Whose browser may look as this audience."""
        return self.phones[1] if audience in ("participant", "public") else getattr(self, audience)  # type: ignore[no-any-return]


async def gather(address: str, made: dict[str, Any], count: int, wires: httpx.AsyncHTTPTransport) -> Cast:
    """Every browser, with its role."""
    new = lambda: Browser(address, made["code"], wires)  # noqa: E731
    links = made["links"]
    staff = {role: new() for role in ("moderator", "scribe", "organiser", "screen", "helper")}
    speakers = {position: new() for position in range(1, len(links["speakers"]) + 1)}
    for role, browser in staff.items():
        await browser.enter(links[role])
    for position, browser in speakers.items():
        await browser.enter(links["speakers"][position - 1])
    return Cast({number: new() for number in range(1, count + 1)}, speakers=speakers, **staff)


async def listen(cast: Cast, audience: str, opened: asyncio.Event) -> None:
    """Write down every byte that this audience is sent, until the server sends for a fresh page."""
    socket: ClientConnection
    async with cast.browser_of(audience).socket(audience) as socket:
        try:
            while True:
                cast.wire.append(str(await socket.recv()))
                opened.set()
        except ConnectionClosed:
            return


async def play(cast: Cast, all_of_them: list[Message]) -> None:
    """The whole forum."""
    opened = {audience: asyncio.Event() for audience in PUBLIC}
    async with asyncio.TaskGroup() as watching:
        screens = [watching.create_task(listen(cast, audience, event)) for audience, event in opened.items()]
        for event in opened.values():
            await event.wait()
        await ask(cast, all_of_them)
        await judge(cast, all_of_them)
        await support(cast, all_of_them)
        await queue(cast, all_of_them)
        await answer(cast, all_of_them)
        await write(cast, all_of_them)
        await promise(cast)
        for number in (await cast.scribe.state("scribe"))["undecided"]:
            await cast.scribe.on(number, "no-promise")
        await cast.moderator.do("phase", to="closed")
        await cast.organiser.do("phase", to="published")
        for screen in screens:
            screen.cancel()


async def ask(cast: Cast, all_of_them: list[Message]) -> None:
    """Everybody asks; every tenth reply is lost, and the phone sends the same again."""
    for message in all_of_them:
        draft = {"text": message.text, "kind": message.kind, "key": f"draft-{message.number:03}"}
        done = await cast.phones[message.number].do("questions", **draft)
        assert (done["number"], done["status"]) == (message.number, "pending")
        cast.receipts[message.number] = done["receipt"]
        if message.number % 10 == 0:
            again = await cast.phones[message.number].do("questions", **draft)
            assert (again["number"], again["receipt"]) == (done["number"], done["receipt"])
    seen = await cast.phones[1].state("participant")
    assert seen["questions"] == [], "nothing is visible before a moderator has seen it"


async def judge(cast: Cast, all_of_them: list[Message]) -> None:
    """The moderator shows or rejects; every third goes into a queue directly."""
    for message in all_of_them:
        if message.reason is not None:
            await cast.moderator.on(message.number, "reject", reason=message.reason)
        elif message.number in REPHRASED:
            await cast.moderator.on(message.number, "reject", reason="rude")
            await cast.moderator.on(message.number, "rephrase", text=REPHRASED[message.number])
            await cast.moderator.on(message.number, "show")
        elif message.queued_at_once:
            await cast.moderator.on(message.number, "queue", speaker=message.speaker)
        else:
            await cast.moderator.on(message.number, "show")

    desk = {q["number"]: q["original"] for q in (await cast.moderator.state("moderator"))["questions"]}
    hidden = {n: all_of_them[n - 1].text for n in (*PERSONAL, *REPHRASED)}
    assert {n: original for n, original in desk.items() if original} == hidden, "moderators see what was typed"


async def support(cast: Cast, all_of_them: list[Message]) -> None:
    """The hall supports, many at once; some think better of it, and come back."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(number: int, by: int) -> None:
        async with gate:
            for on in (1, 0, 1) if by % 8 == 0 else (1,):
                await cast.phones[by].on(number, "support", on=on)

    async with asyncio.TaskGroup() as hall:
        for message in all_of_them:
            for by in message.supporters:
                hall.create_task(one(message.number, by))


async def queue(cast: Cast, all_of_them: list[Message]) -> None:
    """What is to be answered in the hall waits for its speaker; the last one comes forward once."""
    for message in all_of_them:
        if message.fate == "answered" and not message.queued_at_once:
            await cast.moderator.on(message.number, "queue", speaker=message.speaker)
    waiting = (await cast.moderator.state("moderator"))["queues"]
    assert sorted(n for numbers in waiting.values() for n in numbers) == in_the_hall(all_of_them)
    first, *_, last = waiting["1"]
    await cast.moderator.on(last, "queue", speaker=1, before=first)
    assert (await cast.moderator.state("moderator"))["queues"]["1"][:2] == [last, first]


async def answer(cast: Cast, all_of_them: list[Message]) -> None:
    """Next, until nobody waits; the scribe writes along, and the speaker confirms half of it."""
    by_number = {message.number: message for message in all_of_them}
    on_stage, heard = 0, []
    while (done := await cast.moderator.do("next", expect=on_stage))["staged"]:
        on_stage = done["staged"]
        heard.append(on_stage)
        message = by_number[on_stage]
        await cast.scribe.on(on_stage, "note", text=message.note)
        if on_stage % 2:
            await cast.speakers[message.speaker].on(on_stage, "confirm")
    assert done["finished"] == on_stage
    assert sorted(heard) == in_the_hall(all_of_them)


async def write(cast: Cast, all_of_them: list[Message]) -> None:
    """The rest is to be answered in writing; the organiser has most of the answers already."""
    for message in all_of_them:
        if message.fate == "written":
            await cast.moderator.on(message.number, "written", owner="Kepala Bidang", due="2099-12-31")
        if message.written_answer is not None:
            await cast.organiser.on(message.number, "answer", text=message.written_answer)


async def promise(cast: Cast) -> None:
    """The scribe opens the follow-ups, and says how each one stands."""
    for number, wanted in enumerate(FOLLOW_UPS, start=1):
        new = {name: value for name, value in wanted.items() if name not in ("status", "forwarded_to")}
        assert (await cast.scribe.do("follow-ups", **new))["id"] == number
        standing = {name: value for name, value in wanted.items() if name in ("status", "forwarded_to")}
        await cast.organiser.do(f"follow-ups/{number}", **standing)


def in_the_hall(all_of_them: list[Message]) -> list[int]:
    """The numbers of what is answered on stage."""
    return [message.number for message in all_of_them if message.fate == "answered"]
