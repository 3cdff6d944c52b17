"""One browser over HTTP: its cookies, its page loads, its acts with keys and retries."""

import asyncio
import secrets
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any

import httpx

from live.rehearsal.address import CannotGoOn
from live.rehearsal.log import Act, Kind, Log
from live.rehearsal.mishaps import Mishaps

JSON = "application/json"
ATTEMPTS = 8
BUSY = frozenset({429, 502, 503, 504})
KEEP_ALIVE = httpx.Limits(max_connections=4, keepalive_expiry=4.0)
clock = time.monotonic


@dataclass(frozen=True)
class Answer:
    """The last reply to an act; ``status`` 0 = none ever came.

    ``unsure``: at least one reply was lost, so a refusal does not prove that the act never took effect.
    """

    status: int = 0
    unsure: bool = False
    body: Mapping[str, Any] = field(default_factory=dict)

    @property
    def accepted(self) -> bool:
        return self.status in (200, 201)


@cache
def _trusted() -> ssl.SSLContext:
    """Made once: a context per client would cost more than everything else together."""
    return httpx.create_ssl_context()


def seq_of(cursor: str) -> int:
    """The position in a cursor, only to compare acts with frames; everywhere else a cursor is one value."""
    try:
        return int(cursor.rpartition(".")[2])
    except ValueError:
        raise CannotGoOn(f"The server sent {cursor[:40]!r} where a cursor belongs.") from None


class Session:
    """A cookie jar and a log of its own. ``log`` keeps every act and every refusal."""

    def __init__(self, origin: str, mishaps: Mishaps, chance: Random) -> None:
        self.origin = origin
        self.log = Log()
        self.mishaps = mishaps
        self.chance = chance
        self._http = httpx.AsyncClient(
            base_url=origin,
            transport=httpx.AsyncHTTPTransport(verify=_trusted(), limits=KEEP_ALIVE, trust_env=False),
            timeout=httpx.Timeout(10.0),
            headers={"User-Agent": "jaring-rehearsal"},
            trust_env=False,
        )

    async def close(self) -> None:
        await self._http.aclose()

    def cookies(self, path: str) -> str:
        """The ``Cookie`` header a browser would send to that path."""
        return str(self._http.build_request("GET", path).headers.get("cookie", ""))

    async def reach(self) -> None:
        """Knock once. Raises CannotGoOn when nothing answers there."""
        try:
            await self._http.get("/healthz")
        except httpx.TransportError as failed:
            raise CannotGoOn(f"No server answers at {self.origin} ({failed or type(failed).__name__}).") from None

    async def get(self, path: str, params: Mapping[str, str] | None = None, accept: str = JSON) -> httpx.Response:
        """Load something, trying again while the server is busy. Raises httpx.TransportError when it stays away."""
        for attempt in range(1, ATTEMPTS):
            try:
                response = await self._http.get(path, params=params, headers={"Accept": accept})
            except httpx.TransportError:
                response = None
            if response is not None and response.status_code not in BUSY:
                return response
            await self._wait_before_retry(attempt, response)
        return await self._http.get(path, params=params, headers={"Accept": accept})

    async def post_once(self, path: str, fields: Mapping[str, str]) -> httpx.Response:
        """One POST as this browser sends it, from its own origin. Raises httpx.TransportError."""
        return await self._http.post(path, data=dict(fields), headers={"Accept": JSON, "Origin": self.origin})

    async def act(self, kind: Kind, path: str, fields: Mapping[str, str]) -> Answer:
        """Send an act under a fresh key until it is answered, and log it. Never raises for a lost connection."""
        keyed = {**fields, "key": secrets.token_urlsafe(16)}
        act = self.log.begin(kind, clock())
        unsure = False
        for attempt in range(1, ATTEMPTS + 1):
            response = await self._attempt(path, keyed, act)
            if response is not None and response.status_code not in BUSY and response.status_code != 500:
                return self._answered(act, response, unsure)
            unsure = unsure or response is None or response.status_code == 500
            if attempt < ATTEMPTS:
                self.log.retries += 1
                await self._wait_before_retry(attempt, response)
        self.log.refused["unanswered"] += 1
        return Answer(unsure=unsure)

    async def _attempt(self, path: str, fields: Mapping[str, str], act: Act) -> httpx.Response | None:
        """None when the reply was lost. Of the losses on purpose, half hang up at once, half drop the reply unread."""
        lose = not act.disturbed and self.chance.random() < self.mishaps.lost_reply
        act.disturbed = act.disturbed or lose
        patience = self.chance.uniform(0.001, 0.03) if lose and self.chance.random() < 0.5 else None
        try:
            async with asyncio.timeout(patience):
                response = await self.post_once(path, fields)
        except (httpx.TransportError, TimeoutError):
            return None
        return None if lose else response

    def _answered(self, act: Act, response: httpx.Response, unsure: bool) -> Answer:
        answer = Answer(response.status_code, unsure, _json(response))
        if answer.accepted:
            act.acked = clock()
            act.seq = seq_of(str(answer.body.get("cursor")))
        else:
            self.log.refused[str(answer.body.get("refusal", response.status_code))] += 1
        return answer

    async def _wait_before_retry(self, attempt: int, response: httpx.Response | None) -> None:
        """As long as the server asked, else a random time that doubles, so that a crowd does not come back at once."""
        asked = response.headers.get("Retry-After", "") if response is not None else ""
        if response is not None and response.status_code == 429:
            self.log.too_fast += 1
        pause = float(asked) if asked.isdigit() else self.chance.uniform(0.05, min(4.0, 0.2 * 2**attempt))
        await asyncio.sleep(pause)


def _json(response: httpx.Response) -> Mapping[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
