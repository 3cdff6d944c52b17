"""The model of a hall: a real store and feed, three screens on lines that break, and what must hold at every moment.

The invariants, as the notes on reliability name them: I1 acknowledged acts happened exactly once, I2 the journal has no
and stage are sound, I6 cursors never go back, I7 the last intent stands, I8 nothing is left when all have gone.
"""

import asyncio
import itertools
import shutil
import sqlite3
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sqlalchemy import delete, event, select
from sqlalchemy.exc import DatabaseError

from live.actions.pace import Pace
from live.actions.perform import Acting
from live.push.feed import Pacing
from live.push.frames import RESET
from live.push.hub import Hub
from live.push.listener import Listener
from live.push.wire import Message
from live.render import Renderer
from live.rules.actor import Actor
from live.rules.audience import Viewer
from live.rules.words import PUBLIC_STATUSES, Audience
from live.store.database import connect, utc_now
from live.store.models import Entry, Question, Support
from live.web.pages import rendered
from tests import build as building
from tests.people import BUDI, MAYA, SARI
from tests.push.page import Page

PATIENCE = 20.0
NAMES = {Audience.PARTICIPANT: "phone", Audience.MODERATOR: "moderate"}
RENDERER = Renderer("/static/x", "http://jaring.test", utc_now)


def is_disk_full(error: DatabaseError) -> bool:
    """Whether it is the commit that was made to fail."""
    return "not authorized" in str(error)


class Line:
    """The way to one screen: what was sent waits here until it is delivered, or is lost when the line breaks."""

    def __init__(self) -> None:
        self.waiting: list[str] = []
        self.free = asyncio.Event()
        self.free.set()

    def write(self, message: Message) -> bool:
        if self.free.is_set():
            self.waiting.append(message.text)
        return self.free.is_set()

    async def room(self) -> None:
        await self.free.wait()

    def close(self, code: int, reason: str) -> None:
        self.free.set()


class Screen:
    """A browser: holds a page and a cursor, takes frames, and comes back from where it is."""

    def __init__(self, actor: Actor, audience: Audience) -> None:
        self.actor, self.viewer = actor, Viewer(audience, "id")
        self.page: Page | None = None
        self.cursor = ("", 0)
        self.line = Line()
        self.listener: Listener | None = None
        self.got: list[str] = []
        self.unanswered: list[dict[str, Any]] = []
        self.intents: dict[int, bool] = {}
        self.taps = 0

    def load(self, html: str, epoch: str, seq: int) -> None:
        """A fresh page."""
        self.got.append(html)
        self.page, self.cursor = Page(html), (epoch, seq)

    def take(self, frame: str) -> bool:
        """One frame as live.js takes it; False when it says "fetch the page again"."""
        self.got.append(frame)
        head, _, html = frame.partition("\n")
        if head == RESET:
            return False
        epoch, _, seq = head.rpartition(".")
        if epoch == self.cursor[0] and int(seq) < self.cursor[1]:
            return True  # an old frame that came late
        assert self.page is not None
        if html:
            self.page.apply(frame)
        assert epoch != self.cursor[0] or int(seq) >= self.cursor[1], "I6: a cursor went back"
        self.cursor = (epoch, int(seq))
        return True


class Hall:
    """The server, on a database of its own, and everybody's screens."""

    def __init__(self, folder: Path, template: Path) -> None:
        self.url = f"sqlite:///{folder / 'jaring.db'}"
        shutil.copy(template, folder / "jaring.db")
        self.screens = [
            Screen(SARI, Audience.PARTICIPANT),
            Screen(BUDI, Audience.PARTICIPANT),
            Screen(MAYA, Audience.MODERATOR),
        ]
        self.asked: Counter[str] = Counter()
        self.acknowledged: dict[str, int] = {}
        self.hidden_until: dict[str, bool] = {}
        self.markers = itertools.count(1)
        self.fails_next_commit = False
        self.writing: Any = None
        self.trimmed = 0

    async def open(self) -> None:
        """Start the server."""
        self.database, self.writing = connect(self.url), None
        self.acting = Acting(self.database, Pace("open"))
        self.hub = Hub(self.database, RENDERER, pacing=Pacing(0.0, 0.0))
        assert self.database._writer is not None
        event.listen(self.database._writer._engine, "connect", self._connected)
        if not hasattr(self, "room"):
            self.room = await building.room(self.database, self.acting)
            self.forum_id = (await self.room.facts()).forum.id
        self.room.database, self.room.acting = self.database, self.acting

    async def close(self) -> None:
        """The server dies: every line breaks, and what was on the way is lost."""
        for screen in self.screens:
            await self.drop(screen)
        assert self.hub.listeners == 0, "I8"
        await self.hub.close()
        await self.database.close()

    def have_the_disk_full_once(self) -> None:
        """The next commit fails, in the database itself."""
        self.fails_next_commit = True
        if self.writing is not None:
            self.writing.set_authorizer(self._permit)  # set anew: what was permitted is not asked for again

    def _connected(self, connection: Any, _record: object) -> None:
        self.writing = connection
        connection.set_authorizer(self._permit)

    def _permit(self, action: int, operation: str | None, *_: str | None) -> int:
        if action == sqlite3.SQLITE_TRANSACTION and operation == "COMMIT" and self.fails_next_commit:
            self.fails_next_commit = False
            return sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_OK

    @property
    def feed(self) -> Any:
        return self.hub.feed(self.forum_id)

    # What people do.

    def question(self, asker: Screen) -> dict[str, Any]:
        """A draft, with its key."""
        number = next(self.markers)
        return {"text": f"Apakah penanda{number:06d}x ada?", "key": f"draft-{number:08d}"}

    async def ask(self, screen: Screen, draft: dict[str, Any], *, loses_reply: bool) -> None:
        """Post a draft; without a reply it is posted again later, with the same key."""
        try:
            outcome = await self.room.do("ask", screen.actor, **draft)
        except DatabaseError as error:
            assert is_disk_full(error)
            screen.unanswered.append(draft)
            return
        if loses_reply:
            screen.unanswered.append(draft)
            return
        number = outcome.body["number"]
        assert self.acknowledged.setdefault(draft["text"], number) == number, "I1: two numbers for one draft"

    async def support(self, screen: Screen, number: int, on: bool) -> None:
        """Tap; the client's own counter grows."""
        screen.taps += 1
        try:
            await self.room.do("support", screen.actor, number, on=on, count=screen.taps)
        except DatabaseError as error:
            assert is_disk_full(error)
            return
        screen.intents[number] = on

    async def act(self, name: str, number: int | None = None, **fields: Any) -> None:
        """The moderator does something."""
        await self.room.do(name, MAYA, number, **fields)

    # Lines.

    async def connect(self, screen: Screen, *, fresh: bool) -> None:
        """Load the page if need be, then listen from its cursor. Nobody waits for the catching up."""
        await self.drop(screen)
        if fresh or screen.page is None:
            await self._load(screen)
        screen.line = Line()
        screen.listener = Listener(screen.line, screen.viewer, screen.cursor, screen.actor.id)
        self.feed.join(screen.listener)

    async def _load(self, screen: Screen) -> None:
        facts = await self.hub.present.recent(self.forum_id)
        screen.load(self._page(facts, screen.viewer), facts.forum.epoch, facts.forum.seq)

    def _page(self, facts: Any, viewer: Viewer) -> str:
        hall: Any = SimpleNamespace(hub=self.hub, renderer=RENDERER)
        return rendered(hall, NAMES[viewer.audience], facts, viewer, {"sort": "top", "mine": None})

    async def drop(self, screen: Screen) -> None:
        """The line breaks; what was not delivered is gone."""
        if screen.listener is not None:
            listener, screen.listener = screen.listener, None
            screen.line.free.set()
            await self.feed.leave(listener)
        screen.line.waiting.clear()

    async def deliver(self, screen: Screen, *, many: int = 1000) -> None:
        """Let frames arrive."""
        for _ in range(min(many, len(screen.line.waiting))):
            if not screen.take(screen.line.waiting.pop(0)):
                await self.connect(screen, fresh=True)
                return

    async def settle(self) -> None:
        """Wait until the feed has told everybody who can be told."""
        head = await self.hub.present.heads.head(self.forum_id, asks=True)
        self.feed.look()
        clock = asyncio.get_running_loop().time
        end = clock() + PATIENCE
        while behind := [screen for screen in self.screens if not self._is_told(screen, head)]:
            places = [screen.listener.position for screen in behind if screen.listener]
            assert clock() < end, f"I3: nobody tells {places} of {head}"
            await asyncio.sleep(0.001)  # what is waited for has no event

    def _is_told(self, screen: Screen, head: tuple[str, int]) -> bool:
        listener = screen.listener
        if listener is None or listener.is_closed or not screen.line.free.is_set():
            return True
        return not listener.is_busy and listener.position >= head

    async def trim(self) -> None:
        """Old entries are deleted."""
        async with self.database.reading() as session:
            seqs = list(await session.scalars(select(Entry.seq).order_by(Entry.seq)))
        if seqs:
            self.trimmed = seqs[len(seqs) // 2]
            async with self.database.writing() as session:
                await session.execute(delete(Entry).where(Entry.seq <= self.trimmed))

    # What must hold.

    async def check_state(self) -> None:
        """I1, I2, I5 and I7, in the database; I4 on the wire."""
        async with self.database.reading() as session:
            questions = list(await session.scalars(select(Question)))
            seqs = list(await session.scalars(select(Entry.seq).order_by(Entry.seq)))
            given = list(await session.execute(select(Support.question_id, Support.participant, Support.given)))
        texts = Counter(q.original or q.text for q in questions)
        assert not [text for text, many in texts.items() if many > 1], "I1: twice"
        assert {text: number for text, number in self.acknowledged.items()}.items() <= {
            (q.text, q.number) for q in questions
        }, "I1: lost"
        assert seqs == list(range(self.trimmed + 1, self.trimmed + 1 + len(seqs))), "I2: a hole"
        for q in questions:
            assert q.supports == sum(on for of, _, on in given if of == q.id), "I2: a count"
        assert sum(q.status == "stage" for q in questions) <= 1, "I5"
        ids = {q.number: q.id for q in questions}
        stands = {(of, who): on for of, who, on in given}
        for screen in self.screens:
            for number, on in screen.intents.items():
                assert stands[ids[number], screen.actor.id] == on, "I7"
        self._check_wire(questions)

    def _check_wire(self, questions: list[Question]) -> None:
        never_shown = [q for q in questions if q.shown_at is None and q.status not in PUBLIC_STATUSES]
        for screen in self.screens[:2]:
            said = "".join([*screen.got, *screen.line.waiting])
            leaked = [q.number for q in never_shown if q.text.split()[1] in said]
            assert not leaked, f"I4: {leaked} were never shown"

    async def check_screens(self) -> None:
        """I3 and I9: everybody comes back, and then every page is like a fresh one."""
        for screen in self.screens:
            screen.line.free.set()
            if screen.listener is None or screen.listener.is_closed:
                await self.connect(screen, fresh=False)
        for _ in range(3):  # a reset fetches the page, and whoever fetched it is told once more
            await self.settle()
            for screen in self.screens:
                await self.deliver(screen)
        facts = await self.hub.present.facts(self.forum_id)
        for screen in self.screens:
            assert screen.page is not None
            fresh = Page(self._page(facts, screen.viewer))
            assert screen.cursor == (facts.forum.epoch, facts.forum.seq), "I3: behind"
            assert screen.page.differences(fresh) == [], "I3: another page"
