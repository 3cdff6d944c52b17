"""A screen that follows a forum and logs every byte it is sent."""

import asyncio
import contextlib
from random import Random

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from live.rehearsal.picture import Look, Picture, changes_in, looks_of
from tests.faults.wire import Lost, Wire

SILENCE = 20.0


class Screen:
    """Resumes from its cursor, starts again after a reset, and comes back within two seconds of the server."""

    def __init__(self, wire: Wire, code: str, audience: str, chance: Random) -> None:
        self.picture, self.cursor = Picture(), ""
        self.wire, self.audience, self.chance = wire, audience, chance
        self.heard: list[str] = []
        self.positions: list[tuple[str, int]] = []
        self.starts = self.sockets = 0
        self.socket: ClientConnection | None = None
        self._path = f"/f/{code}"

    async def follow(self) -> None:
        """For as long as the task lives."""
        while True:
            with contextlib.suppress(
                Lost, OSError, WebSocketException, ConnectionClosed, TimeoutError, AssertionError, ValueError
            ):
                if not self.cursor:
                    await self._start()
                await self._listen()
            self.socket = None
            await asyncio.sleep(self.chance.uniform(0, 2))

    async def _start(self) -> None:
        answer = await self.wire.get(f"{self._path}/state?as={self.audience}")
        assert answer.status == 200
        self.heard.append(answer.body.decode())
        self.picture.start(answer.json)
        self._at(answer.json["cursor"])
        self.starts += 1

    async def _listen(self) -> None:
        address = self.wire.address.replace("http:", "ws:")
        feed = f"{address}{self._path}/feed?as={self.audience}&since={self.cursor}"
        headers = {"Cookie": self.wire.cookie}
        options = {"ping_interval": None, "open_timeout": 10, "close_timeout": 1, "proxy": None}
        async with connect(feed, origin=self.wire.address, additional_headers=headers, **options) as socket:  # type: ignore[arg-type]
            self.socket = socket
            self.sockets += 1
            while True:
                async with asyncio.timeout(SILENCE):
                    frame = str(await socket.recv())
                head, _, body = frame.partition("\n")
                if head == "!reset":
                    self.cursor = ""
                    return
                self.heard.append(body)
                self.picture.apply(changes_in(body))
                self._at(head)

    def _at(self, cursor: str) -> None:
        self.cursor = cursor
        epoch, _, seq = cursor.rpartition(".")
        self.positions.append((epoch, int(seq)))

    def looks(self) -> dict[int, Look]:
        return self.picture.looks()

    def cut(self) -> None:
        """As when somebody walks out of the Wi-Fi."""
        if self.socket is not None:
            self.socket.transport.abort()


def fresh(state: dict[str, object]) -> dict[int, Look]:
    """What a screen that starts now would show."""
    return looks_of(state)
