"""The feed of one forum in one process: follows the journal and tells every socket that listens.

The question behind every line here is "who saw this change, and can anyone have missed it?". Each listener has a
position in the journal. A frame covers the entries after one position up to another and is rendered from the present
state, so a listener that is anywhere inside that stretch may take it. A listener that is further behind (it just came,
or its socket was blocked) is rebuilt from where *it* is. Nobody joins or leaves a gap: joining is being far behind.
"""

import asyncio
import contextlib
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from live.metrics import Metrics
from live.push import frames
from live.push.frames import Changes
from live.push.listener import Listener, nudge
from live.push.once import Once
from live.push.present import ForumGone, Present
from live.render import Renderer
from live.rules.audience import Viewer
from live.rules.words import Audience, Status
from live.store import journal, snapshot
from live.store.database import Database

BREATH_SECONDS = 0.12
POLL_SECONDS = 1.0
HEARTBEAT_SECONDS = 15.0
LONGEST_GAP = 1000
CHUNK = 50

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Frame:
    """``text`` for everybody whose position lies in ``since`` ≤ position < ``seq``."""

    since: int
    seq: int
    text: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """What happened from one position to ``reached``: counts, when only those changed; who asked what was touched."""

    changes: Changes
    reached: int
    counted: dict[int, tuple[Status, int]]
    owners: frozenset[str]
    began: datetime | None


class Feed:
    """Follows one forum while anybody listens."""

    def __init__(
        self, database: Database, present: Present, renderer: Renderer, forum_id: int, metrics: Metrics
    ) -> None:
        self.forum_id, self._metrics = forum_id, metrics
        self._database, self._present, self._renderer = database, present, renderer
        self._listeners: dict[Listener, None] = {}
        self._news = asyncio.Event()
        self._position: tuple[str, int] | None = None
        self._frames: Once[Frame] = Once()
        self._stretches: Once[Stretch] = Once()
        self._task: asyncio.Task[None] | None = None

    @property
    def listeners(self) -> int:
        """How many sockets listen."""
        return len(self._listeners)

    def look(self) -> None:
        """The bell rang."""
        self._news.set()

    def join(self, listener: Listener) -> None:
        """From now on ``listener`` misses nothing after its position; it is caught up by a task of its own."""
        self._listeners[listener] = None
        if self._task is None:
            self._task = asyncio.create_task(self._follow(), name=f"feed {self.forum_id}")
        listener.catch_up(self._next_for)

    async def leave(self, listener: Listener) -> None:
        """Forget the listener; the last one turns off the light."""
        self._listeners.pop(listener, None)
        await listener.stop()
        if not self._listeners and self._task is not None:
            await self.close()

    async def close(self) -> None:
        """Stop following."""
        if self._task is None:
            return
        task, self._task, self._position = self._task, None, None
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    async def since(self, viewer: Viewer, epoch: str, seq: int) -> Frame | None:
        """One frame with everything after ``seq``; None when nothing is newer; :data:`frames.RESET` without a way."""
        present, head = await self._head()
        if epoch != present or seq > head or head - seq > LONGEST_GAP:
            return Frame(seq, head, f"{frames.RESET}\n")
        if seq == head:
            return None
        return await self._frame(viewer, epoch, seq, head)

    async def _next_for(self, listener: Listener) -> Frame | None:
        """What this listener missed, with the nudge that it may have missed as well."""
        epoch, seq = listener.position
        frame = await self.since(listener.viewer, epoch, seq)
        if frame is None or frame.text.startswith(frames.RESET):
            return frame
        is_nudged = listener.participant in (await self._stretch(epoch, seq, frame.seq)).owners
        return replace(frame, text=frame.text + nudge(frame.seq)) if is_nudged else frame

    async def _follow(self) -> None:
        beat = asyncio.get_running_loop().time() + HEARTBEAT_SECONDS
        while True:
            try:
                await self._look_once()
            except ForumGone:
                log.info("forum gone", forum=self.forum_id)
            except Exception as error:
                log.warning("feed could not read", forum=self.forum_id, error=type(error).__name__)
                await asyncio.sleep(POLL_SECONDS)
            if asyncio.get_running_loop().time() >= beat:
                beat += HEARTBEAT_SECONDS
                await self._beat()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), POLL_SECONDS)

    async def _look_once(self) -> None:
        self._news.clear()
        head = await self._head()
        if self._position is None or self._position[0] != head[0]:
            self._position = head
            self._wake_those_behind(head)
            return
        if head == self._position:
            return
        await asyncio.sleep(BREATH_SECONDS)  # a burst becomes one frame
        self._news.clear()
        await self._tell()

    async def _tell(self) -> None:
        """Tell everybody what is new since our position, in one pass that waits for no socket."""
        if self._position is None:
            return
        epoch, since = self._position
        present, seq = await self._head()
        if present != epoch or seq - since > LONGEST_GAP:
            self._position = (present, seq)
            self._wake_those_behind(self._position)
            return
        told = {viewer: await self._frame(viewer, epoch, since, seq) for viewer in self._viewers()}
        stretch = await self._stretch(epoch, since, seq)
        nudges = stretch.owners
        self._position = (epoch, seq)
        for count, listener in enumerate(tuple(self._listeners), start=1):
            frame = told.get(listener.viewer)
            if frame is None or not listener.offer(frame, is_nudged=listener.participant in nudges):
                listener.catch_up(self._next_for)
            if count % CHUNK == 0:
                await asyncio.sleep(0)  # whoever waits for an answer goes first
        self._metrics.frames.inc(len(self._listeners))
        if stretch.began is not None:
            self._metrics.lag.observe((self._database.clock() - stretch.began).total_seconds())

    def _viewers(self) -> set[Viewer]:
        return {listener.viewer for listener in self._listeners}

    def _wake_those_behind(self, head: tuple[str, int]) -> None:
        for listener in tuple(self._listeners):
            if listener.position != head:
                listener.catch_up(self._next_for)

    async def _beat(self) -> None:
        for count, listener in enumerate(tuple(self._listeners), start=1):
            listener.beat()
            if count % CHUNK == 0:
                await asyncio.sleep(0)

    async def _frame(self, viewer: Viewer, epoch: str, since: int, seq: int) -> Frame:
        """The frame for this stretch, built once however many wait for it."""
        return await self._frames.get((viewer, epoch, since, seq), lambda: self._build(viewer, epoch, since, seq))

    async def _stretch(self, epoch: str, since: int, seq: int) -> Stretch:
        """What happened in this stretch, read once for all viewers."""
        return await self._stretches.get((epoch, since, seq), lambda: self._read(since, seq))

    async def _read(self, since: int, seq: int) -> Stretch:
        async with self._database.reading() as session:
            entries = await journal.after(session, self.forum_id, since, LONGEST_GAP + 1)
            changes = Changes.of(entries)
            counted = await snapshot.counts(session, self.forum_id, changes.supported) if changes.only_supports else {}
            owners = await snapshot.askers(session, self.forum_id, set(changes.kinds)) | changes.people
        # More may have been committed than was asked for: what was read is what is told.
        reached, began = (entries[-1].seq, entries[0].at) if entries else (seq, None)
        return Stretch(changes, max(seq, reached), counted, owners, began)

    async def _build(self, viewer: Viewer, epoch: str, since: int, seq: int) -> Frame:
        stretch = await self._stretch(epoch, since, seq)
        head = f"{epoch}.{stretch.reached}\n"
        if stretch.changes.only_supports and viewer.audience is not Audience.SCREEN:
            return Frame(since, stretch.reached, head + frames.counts(stretch.counted))
        if stretch.changes.published:
            return Frame(since, seq, f"{frames.RESET}\n")
        facts = await self._present.facts(self.forum_id)
        state = self._present.state(facts, viewer)
        # The cursor is that of the entries read, not of the later state: what came between is told again.
        return Frame(since, stretch.reached, head + frames.body(self._renderer, state, viewer, stretch.changes))

    async def _head(self) -> tuple[str, int]:
        """Epoch and number of the last entry: one indexed row, however large the forum."""
        async with self._database.reading() as session:
            head = await snapshot.head(session, self.forum_id)
        if head is None:
            raise ForumGone(self.forum_id)
        return head
