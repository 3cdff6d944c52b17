"""The feed of one forum in one process: follows the journal and tells every socket that listens.

The question behind every line here is "who saw this change, and can anyone have missed it?". Each listener has a
position in the journal. A frame covers the entries after one position up to another and is rendered from the present
state, so a listener that is anywhere inside that stretch may take it. A listener that is further behind (it just came,
or its socket was blocked) is rebuilt from where *it* is. Nobody joins or leaves a gap: joining is being far behind.
"""

import asyncio
import contextlib
from collections import defaultdict
from dataclasses import dataclass
from functools import partial

import structlog

from live.metrics import Metrics
from live.push import frames
from live.push.frame import Frame, Nudging
from live.push.heads import ForumGone
from live.push.listener import NO_SUCH_FORUM, FrameLike, Listener, offer
from live.push.once import Once
from live.push.present import Present
from live.push.stretch import LONGEST_GAP, Stretch, read
from live.push.wire import Message
from live.render import Renderer
from live.rules.audience import Viewer
from live.rules.words import Audience
from live.store.bell import Head
from live.store.database import Database

BREATH_SECONDS = 0.1
SPACING_SECONDS = 0.2
POLL_SECONDS = 1.0
HEARTBEAT_SECONDS = 15.0
LARGEST_FRAME = 1_000_000
"""Bytes. Many WebSocket programs hang up on a message over 1 MiB, come back, and would be sent the same one again."""

CHUNK = 50

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Pacing:
    """How soon after an act its frame leaves: ``breath`` seconds, in which a burst becomes one frame, and never sooner
    than ``spacing`` seconds after the frame before it."""

    breath: float = BREATH_SECONDS
    spacing: float = SPACING_SECONDS


class Feed:
    """Follows one forum while anybody listens."""

    def __init__(
        self,
        database: Database,
        present: Present,
        renderer: Renderer,
        forum_id: int,
        metrics: Metrics,
        pacing: Pacing | None = None,
    ) -> None:
        self.forum_id, self._metrics = forum_id, metrics
        self._database, self._present, self._renderer = database, present, renderer
        self._pacing = pacing or Pacing()
        self._rooms: defaultdict[Viewer, dict[Listener, None]] = defaultdict(dict)
        self._news = asyncio.Event()
        self._position: Head | None = None
        self._told_at = 0.0
        self._frames: Once[Frame] = Once()
        self._stretches: Once[Stretch] = Once()
        self._task: asyncio.Task[None] | None = None

    @property
    def listeners(self) -> int:
        """How many sockets listen."""
        return sum(map(len, self._rooms.values()))

    def look(self) -> None:
        """The bell rang."""
        self._news.set()

    def join(self, listener: Listener) -> None:
        """From now on ``listener`` misses nothing after its position; one that is behind is caught up by a task."""
        self._rooms[listener.viewer][listener] = None
        if self._task is None:
            self._task = asyncio.create_task(self._follow(), name=f"feed {self.forum_id}")
        if listener.position != self._position:
            listener.catch_up(self._next_for)

    async def leave(self, listener: Listener) -> None:
        """Forget the listener; the last one turns off the light."""
        room = self._rooms[listener.viewer]
        room.pop(listener, None)
        if not room:
            del self._rooms[listener.viewer]
        listener.stop()
        if not self._rooms:
            await self.close()

    async def close(self) -> None:
        """Stop following, and forget what was made."""
        if self._task is None:
            return
        task, self._task, self._position = self._task, None, None
        # A server sees many forums: of one that nobody listens to nothing is kept.
        self._frames, self._stretches = Once(), Once()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    async def since(self, viewer: Viewer, epoch: str, seq: int) -> Frame | None:
        """One frame with everything after ``seq``; None when nothing is newer; :data:`frames.RESET` without a way."""
        present, head = await self._present.heads.head(self.forum_id)
        if epoch != present or seq > head or head - seq > LONGEST_GAP:
            # A head that was known before the caller's own last act is not "the future": ask.
            present, head = await self._present.heads.head(self.forum_id, asks=True)
        if epoch != present or seq > head or head - seq > LONGEST_GAP:
            return Frame(seq, head, f"{frames.RESET}\n")
        if seq == head:
            return None
        return await self._frame(viewer, epoch, seq, head)

    async def _next_for(self, listener: Listener) -> FrameLike | None:
        """What this listener missed, with the nudge that it may have missed as well."""
        epoch, seq = listener.position
        frame = await self.since(listener.viewer, epoch, seq)
        if frame is None or frame.is_reset:
            return frame
        is_nudged = listener.participant in (await self._stretch(epoch, seq, frame.seq)).owners
        return Nudging(frame) if is_nudged else frame

    async def _follow(self) -> None:
        loop = asyncio.get_running_loop()
        beat, asks = loop.time() + HEARTBEAT_SECONDS, True
        while True:
            try:
                await self._look_once(asks)
            except ForumGone:
                self._end()
            except Exception as error:
                log.warning("feed could not read", forum=self.forum_id, error=type(error).__name__)
                await asyncio.sleep(POLL_SECONDS)
            if loop.time() >= beat:
                beat = loop.time() + HEARTBEAT_SECONDS
                await self._beat()
            asks = not self._news.is_set()
            # Not wait_for: up to Python 3.11 it swallows a cancellation that comes together with the news, and whoever
            # closes this feed would then wait for ever.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await self._news.wait()
                    asks = False

    def _end(self) -> None:
        """The forum was erased: nobody has anything to wait for here."""
        log.info("forum gone", forum=self.forum_id)
        for _, some in self._portions():
            for listener in some:
                listener.close(NO_SUCH_FORUM, "no_such_forum")

    async def _look_once(self, asks: bool) -> None:
        """Tell what is new; ``asks`` when no bell rang, so that one which was lost costs a second and no more."""
        self._news.clear()
        head = await self._present.heads.head(self.forum_id, asks=asks)
        if self._position is None or self._position[0] != head[0]:
            self._position = head
            await self._wake_those_behind(head)
            return
        if head == self._position:
            return
        now = asyncio.get_running_loop().time()
        await asyncio.sleep(max(self._pacing.breath, self._told_at + self._pacing.spacing - now))
        self._news.clear()
        await self._tell()

    async def _tell(self) -> None:
        """Tell everybody what is new since our position, in one pass that waits for no socket."""
        if self._position is None:
            return
        self._told_at = asyncio.get_running_loop().time()
        epoch, since = self._position
        present, seq = await self._present.heads.head(self.forum_id)
        if present != epoch or seq - since > LONGEST_GAP:
            self._position = (present, seq)
            await self._wake_those_behind(self._position)
            return
        told = {viewer: await self._frame(viewer, epoch, since, seq) for viewer in tuple(self._rooms)}
        stretch = await self._stretch(epoch, since, seq)
        owners, self._position = stretch.owners, (epoch, stretch.reached)
        for viewer, some in self._portions():
            frame = told.get(viewer)
            for listener in some if frame is None else offer(frame, some, owners):
                listener.catch_up(self._next_for)
            await asyncio.sleep(0)  # whoever waits for an answer goes first
        self._metrics.frames.inc(self.listeners)
        if stretch.began is not None:
            self._metrics.lag.observe((self._database.clock() - stretch.began).total_seconds())

    def _portions(self) -> list[tuple[Viewer, tuple[Listener, ...]]]:
        """All who listen at this moment, so few at a time that nobody waits long between two portions."""
        rooms = [(viewer, tuple(room)) for viewer, room in self._rooms.items()]
        return [(viewer, room[at : at + CHUNK]) for viewer, room in rooms for at in range(0, len(room), CHUNK)]

    async def _wake_those_behind(self, head: Head) -> None:
        for _, some in self._portions():
            for listener in some:
                if listener.position != head:
                    listener.catch_up(self._next_for)
            await asyncio.sleep(0)

    async def _beat(self) -> None:
        """Say where the journal is, so that nobody takes quiet for a dead line; who is behind hears it later."""
        if self._position is None:
            return
        epoch, seq = head = self._position
        message = Message(f"{epoch}.{seq}\n")
        for _, some in self._portions():
            for listener in some:
                if listener.position == head:
                    listener.beat(message)
                else:
                    listener.catch_up(self._next_for)
            await asyncio.sleep(0)

    async def _frame(self, viewer: Viewer, epoch: str, since: int, seq: int) -> Frame:
        """The frame for this stretch, built once however many wait for it."""
        return await self._frames.get((viewer, epoch, since, seq), lambda: self._build(viewer, epoch, since, seq))

    async def _stretch(self, epoch: str, since: int, seq: int) -> Stretch:
        """What happened in this stretch, read once for all viewers."""
        making = partial(read, self._database, self._present, self.forum_id, since, seq)
        return await self._stretches.get((epoch, since, seq), making)

    async def _build(self, viewer: Viewer, epoch: str, since: int, seq: int) -> Frame:
        stretch = await self._stretch(epoch, since, seq)
        head = f"{epoch}.{stretch.reached}\n"
        if stretch.is_too_much:
            return Frame(since, stretch.reached, f"{frames.RESET}\n")
        if stretch.changes.only_supports and viewer.audience is not Audience.SCREEN:
            return Frame(since, stretch.reached, head + frames.counts(stretch.counted))
        facts = await self._present.since(self.forum_id, (epoch, stretch.reached))
        state = self._present.state(facts, viewer)
        # The cursor is that of the entries read, not of the later state: what came between is told again.
        text = head + frames.body(self._renderer, state, viewer, stretch.changes)
        is_too_large = len(text.encode()) > LARGEST_FRAME
        return Frame(since, stretch.reached, f"{frames.RESET}\n" if is_too_large else text)
