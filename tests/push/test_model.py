"""Anything may happen in any order, and the invariants hold: a state machine on a real store."""

import asyncio
import os
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy.exc import DatabaseError

from live.rules.refusal import Refusal
from tests.push.model import Hall, is_disk_full

EXAMPLES = int(os.environ.get("MODEL_EXAMPLES", "8"))
STEPS = int(os.environ.get("MODEL_STEPS", "25"))
WHO = st.integers(0, 2)
WHICH = st.integers(1, 6)
TEMPLATE: list[Path] = []


@pytest.fixture(scope="module", autouse=True)
def template(sqlite_template: Path) -> None:
    """An empty database that every example starts from."""
    TEMPLATE[:] = [sqlite_template]


class Model(RuleBasedStateMachine):
    """What may happen; who is 0 or 1 for phones, 2 for the moderator's desk."""

    @initialize()
    def begin(self) -> None:
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory(prefix="model-")
        self.hall = Hall(Path(self.folder.name), TEMPLATE[0])
        self.run(self.hall.open())

    def run(self, what: Coroutine[Any, Any, None]) -> None:
        self.runner.run(what)

    def does(self, act: Callable[[], Coroutine[Any, Any, None]], *, settles: bool) -> None:
        """Do an act; a refusal is fine. Unless it ``settles``, what follows happens while the feed is at work."""

        async def go() -> None:
            try:
                await act()
            except Refusal:
                pass
            except DatabaseError as error:
                assert is_disk_full(error)
            if settles:
                await self.hall.settle()

        self.run(go())

    @rule(who=st.integers(0, 1), loses_reply=st.booleans(), settles=st.booleans())
    def ask(self, who: int, loses_reply: bool, settles: bool) -> None:
        screen = self.hall.screens[who]
        draft = self.hall.question(screen)
        self.does(lambda: self.hall.ask(screen, draft, loses_reply=loses_reply), settles=settles)

    @rule(who=st.integers(0, 1))
    def ask_again_what_got_no_reply(self, who: int) -> None:
        screen = self.hall.screens[who]
        if screen.unanswered:
            draft = screen.unanswered.pop()
            self.does(lambda: self.hall.ask(screen, draft, loses_reply=False), settles=True)

    @rule(who=st.integers(0, 1), number=WHICH, on=st.booleans(), settles=st.booleans())
    def support(self, who: int, number: int, on: bool, settles: bool) -> None:
        screen = self.hall.screens[who]
        self.does(lambda: self.hall.support(screen, number, on), settles=settles)

    @rule(name=st.sampled_from(["show", "queue", "stage", "answered", "unqueue", "unstage", "private"]), number=WHICH)
    def moderate(self, name: str, number: int) -> None:
        fields = {"speaker": 1} if name == "queue" else {}
        self.does(lambda: self.hall.act(name, number, **fields), settles=True)

    @rule(name=st.sampled_from(["show", "queue"]), number=WHICH, who=WHO)
    def join_while_something_happens(self, name: str, number: int, who: int) -> None:
        """Between the page and the socket, and while the feed tells."""
        screen = self.hall.screens[who]
        fields = {"speaker": 1} if name == "queue" else {}

        async def both() -> None:
            await self.hall.connect(screen, fresh=True)
            await asyncio.gather(self.hall.act(name, number, **fields), self.hall.connect(screen, fresh=False))

        self.does(both, settles=True)

    @rule(who=WHO, fresh=st.booleans(), settles=st.booleans())
    def come(self, who: int, fresh: bool, settles: bool) -> None:
        self.does(lambda: self.hall.connect(self.hall.screens[who], fresh=fresh), settles=settles)

    @rule(who=WHO, many=st.integers(1, 3))
    def deliver(self, who: int, many: int) -> None:
        self.does(lambda: self.hall.deliver(self.hall.screens[who], many=many), settles=False)

    @rule(who=WHO)
    def drop(self, who: int) -> None:
        self.does(lambda: self.hall.drop(self.hall.screens[who]), settles=False)

    @rule(who=WHO)
    def block(self, who: int) -> None:
        self.hall.screens[who].line.free.clear()

    @rule(who=WHO, old=st.integers(1, 6))
    def an_old_frame_comes_again(self, who: int, old: int) -> None:
        screen = self.hall.screens[who]
        frames = [text for text in screen.got[-old:] if not text.startswith(("<", "!"))]
        if screen.page is not None and frames:
            screen.take(frames[0])

    @rule()
    def the_disk_is_full_once(self) -> None:
        self.hall.have_the_disk_full_once()

    @rule()
    def restart(self) -> None:
        async def again() -> None:
            await self.hall.close()
            await self.hall.open()

        self.hall.fails_next_commit = False
        self.run(again())

    @rule()
    def trim(self) -> None:
        self.run(self.hall.trim())

    @rule()
    def check(self) -> None:
        self.hall.fails_next_commit = False
        self.run(self.hall.check_state())

    def teardown(self) -> None:
        if not hasattr(self, "hall"):
            return
        try:
            self.hall.fails_next_commit = False
            self.run(self.hall.check_state())
            self.run(self.hall.check_screens())
        finally:
            self.run(self.hall.close())
            self.runner.close()
            self.folder.cleanup()


Model.TestCase.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
    phases=[Phase.generate] if "MODEL_UNSHRUNK" in os.environ else list(Phase),
    print_blob=False,
)


class TestAnythingMayHappen(Model.TestCase):  # type: ignore[misc, name-defined, valid-type]
    """The fast set; `MODEL_EXAMPLES=3000 MODEL_STEPS=50` is the nightly one."""
