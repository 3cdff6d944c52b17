"""A real server that the tests of a module share, and the browsers that visit it."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import httpx
import uvicorn

from live.app import build, create_app
from live.connections import Bounded
from live.rules.forum_file import ForumPlan
from live.serving import bound, configuration, kept_certificate
from live.settings import Settings
from live.web.hall import Hall
from tests import build as building
from tests.build import PLAN, Room


@dataclass(frozen=True)
class House:
    """uvicorn as ``jaring serve`` runs it, on a free port; forums are made as tests need them."""

    hall: Hall
    address: str
    trust: ssl.SSLContext | None = None
    """What a browser does that has accepted the self-made certificate; None on plain http."""

    async def room(self, plan: ForumPlan = PLAN, **changed: Any) -> Room:
        """A new forum."""
        return await building.room(self.hall.database, self.hall.acting, replace(plan, **changed))

    def browser(self, **headers: str) -> httpx.AsyncClient:
        """A browser with cookies of its own; it does not follow redirects by itself."""
        return httpx.AsyncClient(base_url=self.address, headers=headers, timeout=20, verify=self.trust or True)

    @property
    def sockets(self) -> str:
        """Where sockets are opened."""
        return self.address.replace("http", "ws", 1)


@contextlib.asynccontextmanager
async def serving(
    settings: Settings, *, buffers: int | None = None, http: type[Bounded] = Bounded
) -> AsyncIterator[House]:
    """Serve until the block ends. ``buffers`` makes the operating system's send buffers of sockets that small."""
    with bound(replace(settings, port=0)) as listening:
        if buffers is not None:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, buffers)
        port = listening.getsockname()[1]
        hall = await build(replace(settings, port=port))
        server = uvicorn.Server(configuration(create_app(hall), hall.settings, http))
        task = asyncio.create_task(server.serve(sockets=[listening]))
        async with asyncio.timeout(30):
            while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
                await asyncio.sleep(0.01)
        try:
            made = kept_certificate(hall.settings)
            trust = None if made is None else ssl.create_default_context(cafile=made.path)
            yield House(hall, f"{settings.scheme}://127.0.0.1:{port}", trust)
        finally:
            server.should_exit = True
            await task


def secret(room: Room, role: str, position: int = 1) -> str:
    """The secret of a role link."""
    link = room.links["speakers"][position - 1] if role == "speaker" else room.links[role]
    return str(link).partition("#")[2]


async def enter(browser: httpx.AsyncClient, room: Room, *roles: str) -> httpx.AsyncClient:
    """Redeem the links of these roles in this browser; ``speaker:2`` names a position."""
    for role in roles:
        name, _, position = role.partition(":")
        token = secret(room, name, int(position or 1))
        answer = await browser.post("/enter", data={"token": token}, headers={"accept": "application/json"})
        assert answer.status_code == 200, answer.text
    return browser
