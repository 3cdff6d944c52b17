"""An attacker's laptop: ``python -m live.bench.attacker ADDRESS CODE SECONDS`` prints what it was answered.

A mix at a steady rate: one identity that asks and supports as fast as it can, supports from fresh identities, wrong
role links, and sockets that come and go.
"""

import asyncio
import json
import secrets
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable

import httpx
import websockets
from websockets.exceptions import WebSocketException

RATES = {"ask": 25.0, "support": 25.0, "fresh": 10.0, "token": 10.0, "socket": 5.0}
"""How many a second of each."""


class Attacker:
    """Counts its answers by kind and status."""

    def __init__(self, address: str, code: str) -> None:
        self.answers: Counter[str] = Counter()
        self._address, self._forum = address, f"/f/{code}"
        limits = httpx.Limits(max_connections=40, keepalive_expiry=2.0)
        self._http = httpx.AsyncClient(base_url=address, headers={"accept": "application/json"}, limits=limits)
        self._cookie = ""

    async def attack(self, seconds: float) -> None:
        """Everything at once, for so long."""
        page = await self._http.get(self._forum)
        self._cookie = page.headers["set-cookie"].partition(";")[0]
        kinds = {name: getattr(self, name) for name in RATES}
        until = time.monotonic() + seconds
        await asyncio.gather(*(self._steadily(name, act, until) for name, act in kinds.items()))
        await self._http.aclose()

    async def _steadily(self, name: str, act: Callable[[], Awaitable[int]], until: float) -> None:
        """Begin one act after the other at its rate, whatever becomes of them."""
        running: set[asyncio.Task[None]] = set()
        at = time.monotonic()
        while at < until:
            task = asyncio.create_task(self._counted(name, act))
            running.add(task)
            task.add_done_callback(running.discard)
            at += 1 / RATES[name]
            await asyncio.sleep(max(0.0, at - time.monotonic()))
        await asyncio.gather(*running)

    async def _counted(self, name: str, act: Callable[[], Awaitable[int]]) -> None:
        try:
            self.answers[f"{name} {await act()}"] += 1
        except (httpx.TransportError, OSError, WebSocketException, TimeoutError):
            self.answers[f"{name} cut"] += 1

    async def _post(self, path: str, cookie: str, **fields: str) -> int:
        self._http.cookies.clear()
        headers = {"cookie": cookie} if cookie else {}
        return (await self._http.post(path, data=fields, headers=headers)).status_code

    async def ask(self) -> int:
        """One more question of the same person."""
        return await self._post(f"{self._forum}/questions", self._cookie, text=f"Banjir {secrets.token_hex(8)}")

    async def support(self) -> int:
        """One more tap of the same person."""
        on = str(secrets.randbelow(2))
        return await self._post(f"{self._forum}/questions/1/support", self._cookie, on=on)

    async def fresh(self) -> int:
        """A support of somebody who has never been here."""
        return await self._post(f"{self._forum}/questions/1/support", "", on="1")

    async def token(self) -> int:
        """A role link that never was."""
        return await self._post("/enter", self._cookie, token=secrets.token_urlsafe(20))

    async def socket(self) -> int:
        """A socket that comes, hears its first message and goes."""
        address = self._address.replace("http:", "ws:") + f"{self._forum}/feed"
        async with websockets.connect(address, origin=self._address) as opened:  # type: ignore[arg-type]
            await asyncio.wait_for(opened.recv(), 10)
        return 101


if __name__ == "__main__":
    attacker = Attacker(sys.argv[1], sys.argv[2])
    asyncio.run(attacker.attack(float(sys.argv[3])))
    print(json.dumps(attacker.answers))
