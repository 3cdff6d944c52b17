"""One socket that listens: where it is in the journal, and whether its last send is still under way.

The broadcast never waits for a socket. A send is stepped by hand: nearly always it finishes in one step (the bytes fit
the operating system's buffer). When it does not, the socket is *busy* and keeps nothing but its position; a task that
exists only while it is slow waits for the send and then rebuilds what was missed from that position. A socket that
stays busy too long is closed with 1013 and comes back with its cursor.
"""

import asyncio
import types
from collections.abc import Awaitable, Callable, Coroutine, Generator
from functools import partial
from typing import Any, Protocol

from live.push.frames import RESET
from live.rules.audience import Viewer

SLOW_SECONDS = 10.0
TOO_SLOW = 1013

Send = Callable[[dict[str, Any]], Coroutine[Any, Any, None]]


class FrameLike(Protocol):
    """What a listener needs of a frame."""

    @property
    def since(self) -> int:
        """First position that may take it."""

    @property
    def seq(self) -> int:
        """Position after it."""

    @property
    def text(self) -> str:
        """What is sent."""


Source = Callable[["Listener"], Awaitable[FrameLike | None]]


class Listener:
    """A socket of one viewer; ``participant`` is the pseudonym whose *my questions* it shows, or None."""

    def __init__(self, send: Send, viewer: Viewer, position: tuple[str, int], participant: str | None) -> None:
        self.viewer, self.participant = viewer, participant
        self.position = position
        self.closed = asyncio.Event()
        self._send = send
        self._task: asyncio.Task[None] | None = None
        self._missed: Source | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a task is sending to it, or catching it up."""
        return self._task is not None

    def offer(self, frame: FrameLike, *, is_nudged: bool = False) -> bool:
        """Send the frame if the listener is within its stretch and idle; False when it has to catch up instead."""
        epoch, seq = self.position
        if self.is_busy or seq < frame.since:
            return False
        if seq >= frame.seq:
            return True
        self.position = (epoch, frame.seq)
        self._step(frame.text + nudge(frame.seq) if is_nudged else frame.text)
        return True

    def beat(self) -> None:
        """Say where this socket is, unless something is under way anyway."""
        if not self.is_busy:
            epoch, seq = self.position
            self._step(f"{epoch}.{seq}\n")

    def catch_up(self, source: Source) -> None:
        """Rebuild from the position until nothing is newer; a busy listener does so when its send is through."""
        if self.closed.is_set():
            return
        if self._task is not None:
            self._missed = source
            return
        self._task = asyncio.create_task(self._catch_up(source))
        self._task.add_done_callback(self._idle)

    async def stop(self) -> None:
        """Give up whatever is under way."""
        self.closed.set()
        if self._task is not None:
            self._task.cancel()

    def _idle(self, task: asyncio.Task[None]) -> None:
        self._task = None
        if not task.cancelled() and task.exception() is not None:
            self.closed.set()
        if self._missed is not None:
            source, self._missed = self._missed, None
            self.catch_up(source)

    async def _catch_up(self, source: Source) -> None:
        while not self.closed.is_set():
            frame = await source(self)
            if frame is None:
                return
            await self._in_time(self._send(_message(frame.text)))
            if frame.text.startswith(RESET):
                self.closed.set()
                return
            self.position = (self.position[0], frame.seq)

    def _step(self, text: str) -> None:
        sending = self._send(_message(text))
        try:
            waiting_for = sending.send(None)
        except StopIteration:
            return
        except Exception:  # the connection is gone; its handler is about to notice
            self.closed.set()
            return
        self._task = asyncio.create_task(self._in_time(_resume(sending, waiting_for)))
        self._task.add_done_callback(self._idle)

    async def _in_time(self, sending: Awaitable[None]) -> None:
        try:
            await asyncio.wait_for(sending, SLOW_SECONDS)
        except TimeoutError:
            self.closed.set()
            closing = {"type": "websocket.close", "code": TOO_SLOW, "reason": "too slow"}
            await asyncio.wait_for(self._send(closing), SLOW_SECONDS)


@types.coroutine
def _resume(sending: Coroutine[Any, Any, None], waiting_for: Any) -> Generator[Any, Any, None]:
    """Go on with a coroutine that was stepped once and is waiting for ``waiting_for``."""
    while True:
        try:
            answer = yield waiting_for
        except BaseException as error:
            step = partial(sending.throw, error)
        else:
            step = partial(sending.send, answer)
        try:
            waiting_for = step()
        except StopIteration:
            return


def _message(text: str) -> dict[str, Any]:
    return {"type": "websocket.send", "text": text}


def nudge(seq: int) -> str:
    """Says "look at your questions again" and nothing else."""
    return f'<i id="nudge" data-seq="{seq}" hidden></i>'
