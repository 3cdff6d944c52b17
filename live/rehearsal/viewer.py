"""One screen: it starts from the state, follows the feed, resumes from its cursor, and polls now and then."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Origin

from live.rehearsal.address import CannotGoOn
from live.rehearsal.picture import Picture, changes_in
from live.rehearsal.session import Session, clock, seq_of

RESET = "!reset"
SILENCE = 35.0
RESTART = 1012
NO_USE_TRYING = frozenset({4403, 4404})


class Viewer:
    """Shows ``picture`` as of ``cursor``; ``appeared`` is called with the number of each question that comes up."""

    def __init__(self, session: Session, code: str, audience: str, appeared: Callable[[int], None]) -> None:
        self.picture = Picture()
        self.cursor = ""
        self.log = session.log
        self._session = session
        self._path = f"/f/{code}"
        self._audience = audience
        self._mishaps = session.mishaps
        self._chance = session.chance
        self._appeared = appeared
        self._socket: ClientConnection | None = None
        self._cut = False
        self._heard_at = clock()

    async def load(self) -> dict[str, Any]:
        """Fetch the state and show it: how a screen starts, and how it recovers when it cannot resume.

        Raises httpx.HTTPError when the server does not hand it out.
        """
        response = await self._session.get(f"{self._path}/state", {"as": self._audience})
        state: dict[str, Any] = response.raise_for_status().json()
        self.cursor = state["cursor"]
        for number in self.picture.start(state):
            self._appeared(number)
        return state

    async def follow(self) -> None:
        """Stay on the feed, for as long as the task lives."""
        failures = 0
        while True:
            before = self._session.log.frames
            wait = await self._one_socket()
            failures = 0 if self._session.log.frames > before else failures + 1
            await asyncio.sleep(self._chance.uniform(0, min(30.0, 2.0**failures)) if wait is None else wait)

    async def _one_socket(self) -> float | None:
        """One life of a socket; returns how long to wait before the next, None for the usual back-off."""
        try:
            async with self._connection() as socket:
                self._opened(socket)
                try:
                    await self._listen(socket)
                finally:
                    self._closed()
            await self.load()
        except ConnectionClosed as gone:
            return self._pause_after(gone.rcvd.code if gone.rcvd else 1006)
        except (OSError, WebSocketException, TimeoutError, httpx.HTTPError):
            return None
        return 0.0

    def _connection(self) -> connect:
        socket_origin = "ws" + self._session.origin.removeprefix("http")
        return connect(
            f"{socket_origin}{self._path}/feed?as={self._audience}&since={self.cursor}",
            origin=Origin(self._session.origin),
            additional_headers={"Cookie": self._session.cookies(f"{self._path}/feed")},
            ping_interval=None,
            close_timeout=1,
            proxy=None,
        )

    def _opened(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._heard_at = clock()
        self._session.log.connected(self._heard_at)

    def _closed(self) -> None:
        self._socket = None
        self._session.log.disconnected(clock(), own_cut=self._cut)

    def _pause_after(self, close_code: int) -> float | None:
        if close_code in NO_USE_TRYING:
            raise CannotGoOn(f"The server closed the feed as {self._audience} with {close_code}.")
        if self._cut:
            self._cut = False
            return self._chance.uniform(*self._mishaps.outage)
        return self._chance.uniform(0, 2) if close_code == RESTART else None

    async def _listen(self, socket: ClientConnection) -> None:
        """Show frames until the server asks for a reset."""
        while self.hear(str(await socket.recv())):
            pass

    def hear(self, frame: str) -> bool:
        """Show one frame; False when it asks to start again. A frame older than what is shown is ignored."""
        head, _, body = frame.partition("\n")
        if head == RESET or head.rpartition(".")[0] != self.cursor.rpartition(".")[0]:
            return False
        self._heard_at = clock()
        seq = seq_of(head)
        self._session.log.saw(self._heard_at, seq)
        if seq < seq_of(self.cursor):
            return True
        self.cursor = head
        for number in self.picture.apply(changes_in(body)):
            self._appeared(number)
        return True

    async def look_after(self) -> None:
        """Notice silence, and let mishaps happen: a cut socket, a poll over HTTP. Runs as long as the task lives."""
        while True:
            await asyncio.sleep(self._chance.uniform(0.5, 1.5) * self._mishaps.every)
            if self._chance.random() < self._mishaps.poll:
                await self._poll()
            if self._socket is None:
                continue
            if self._chance.random() < self._mishaps.cut:
                self._cut = True
                self._socket.transport.abort()
            elif clock() - self._heard_at > SILENCE:
                self._socket.transport.abort()

    async def _poll(self) -> None:
        """Ask for everything newer over HTTP, as phones do where sockets are blocked."""
        try:
            response = await self._session.get(f"{self._path}/frames", {"as": self._audience, "since": self.cursor})
            if response.status_code == 200 and not self.hear(response.text):
                await self.load()
        except httpx.HTTPError:
            return
