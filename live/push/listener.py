"""One socket that listens: where it is in the journal, and whether it takes bytes.

The broadcast never waits for a socket. A message is written in one go (the bytes nearly always fit the operating
system's buffer). A socket that is *blocked* keeps nothing but its position: a task that exists only while it is behind
waits for room and rebuilds what was missed from that position. A socket that stays blocked too long is closed with 1013
and comes back with its cursor.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable
from typing import Protocol

from live.push.wire import Message, Wire
from live.rules.audience import Viewer

SLOW_SECONDS = 10.0
TOO_SLOW, SEEN_ENOUGH, NO_SUCH_FORUM = 1013, 1000, 4404


class FrameLike(Protocol):
    """What a listener needs of a frame."""

    @property
    def since(self) -> int:
        """First position that may take it."""

    @property
    def seq(self) -> int:
        """Position after it."""

    @property
    def is_reset(self) -> bool:
        """Whether it sends for a fresh page, after which this socket is of no more use."""

    def message(self, *, is_nudged: bool = False) -> Message:
        """What is sent; the same object however often it is asked for."""


Source = Callable[["Listener"], Awaitable[FrameLike | None]]


class Listener:
    """A socket of one viewer; ``participant`` is the pseudonym whose *my questions* it shows, or None."""

    __slots__ = ("_missed", "_put", "_task", "_wire", "epoch", "is_closed", "participant", "seq", "viewer")

    def __init__(self, wire: Wire, viewer: Viewer, position: tuple[str, int], participant: str | None) -> None:
        self.viewer, self.participant = viewer, participant
        self.epoch, self.seq = position
        self.is_closed = False
        self._wire, self._put = wire, wire.write
        self._task: asyncio.Task[None] | None = None
        self._missed: Source | None = None

    @property
    def position(self) -> tuple[str, int]:
        """The last entry this socket was told of."""
        return self.epoch, self.seq

    @property
    def is_busy(self) -> bool:
        """Whether a task is catching it up."""
        return self._task is not None

    def beat(self, message: Message) -> None:
        """Say ``message`` (where the journal is) unless something is under way anyway."""
        if self._task is None:
            self._write(message)

    def catch_up(self, source: Source) -> None:
        """Rebuild from the position until nothing is newer."""
        if self.is_closed:
            return
        if self._task is not None:
            self._missed = source
            return
        self._task = asyncio.create_task(self._catch_up(source))
        self._task.add_done_callback(self._idle)

    def close(self, code: int, reason: str) -> None:
        """End the socket; its handler is told of a disconnect."""
        self.is_closed = True
        self._wire.close(code, reason)

    def stop(self) -> None:
        """Give up whatever is under way."""
        self.is_closed = True
        if self._task is not None:
            self._task.cancel()

    def _write(self, message: Message) -> bool:
        """Whether it went out; a connection that is gone needs nothing more, and its handler is about to notice."""
        try:
            return self._put(message)
        except ConnectionError:
            self.is_closed = True
            return True

    def _idle(self, task: asyncio.Task[None]) -> None:
        self._task = None
        if not task.cancelled() and task.exception() is not None:
            self.close(SEEN_ENOUGH, "could not catch up")
        if self._missed is not None:
            source, self._missed = self._missed, None
            self.catch_up(source)

    async def _catch_up(self, source: Source) -> None:
        while not self.is_closed:
            frame = await source(self)
            if frame is None:
                return
            if not self._write(frame.message()):
                await self._wait_for_room()  # and ask again: what is newer by then comes in the same frame
                continue
            if frame.is_reset:
                self.close(SEEN_ENOUGH, "fetch the page again")
            self.seq = frame.seq

    async def _wait_for_room(self) -> None:
        try:
            async with asyncio.timeout(SLOW_SECONDS):
                await self._wire.room()
        except TimeoutError:
            self.close(TOO_SLOW, "too slow")


def offer(frame: FrameLike, listeners: Iterable[Listener], owners: Collection[str | None] = ()) -> list[Listener]:
    """Send the frame to all of these who are within its stretch; returns those who have to catch up instead.

    ``owners`` are nudged. One loop, for a call more for each socket would be a twentieth of what a frame costs.
    """
    behind, since, seq = [], frame.since, frame.seq
    plain = frame.message()
    nudging = frame.message(is_nudged=True) if owners else plain
    for listener in listeners:
        if listener._task is not None or listener.seq < since:
            behind.append(listener)
        elif listener.seq < seq:
            message = nudging if owners and listener.participant in owners else plain
            try:
                is_written = listener._put(message)
            except ConnectionError:  # gone: its handler is about to notice
                listener.is_closed = is_written = True
            if is_written:
                listener.seq = seq
            else:
                behind.append(listener)
    return behind
