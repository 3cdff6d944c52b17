"""A screen that listens over a real WebSocket and keeps every frame it got."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.build import Room
from tests.web.house import House

PATIENCE = 15.0


class Screen:
    """``frames`` are whole messages, the first line a cursor."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.frames: list[str] = []

    @property
    def cursor(self) -> str:
        """Where this screen is."""
        return self.frames[-1].partition("\n")[0]

    @property
    def bodies(self) -> list[str]:
        """The frames that say something."""
        return [body for frame in self.frames if (body := frame.partition("\n")[2])]

    async def next(self) -> str:
        """The next message."""
        async with asyncio.timeout(PATIENCE):
            self.frames.append(str(await self.socket.recv()))
        return self.frames[-1]

    async def until(self, is_there: Callable[[str], bool]) -> str:
        """Read on until a frame is what one waits for."""
        async with asyncio.timeout(PATIENCE):
            while not is_there(frame := await self.next()):
                pass
        return frame

    async def reach(self, forum: Room) -> None:
        """Read on until this screen is where the journal is."""
        head = (await forum.facts()).forum.cursor
        if not self.frames or self.cursor != head:
            await self.until(lambda frame: frame.startswith(f"{head}\n"))

    async def closed(self) -> int:
        """Read on until the server closes; the close code."""
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    self.frames.append(str(await self.socket.recv()))
        except ConnectionClosed as ended:
            return ended.rcvd.code if ended.rcvd is not None else 1006


async def true_soon(holds: Callable[[], bool]) -> None:
    """Let the server's loop go on until something holds; fails at the deadline."""
    async with asyncio.timeout(PATIENCE):
        while not holds():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0)


@contextlib.asynccontextmanager
async def listening(
    house: House, forum: Room, query: str = "", browser: httpx.AsyncClient | None = None
) -> AsyncIterator[Screen]:
    """Open the feed of this forum, as the person of ``browser``."""
    held = browser.cookies.items() if browser is not None else ()
    headers = {"cookie": "; ".join(f"{name}={value}" for name, value in held)} if held else {}
    address = f"{house.sockets}/f/{forum.code}/feed{query}"
    async with connect(address, origin=house.address, additional_headers=headers) as socket:  # type: ignore[arg-type]
        yield Screen(socket)
