"""The stage: clocks, two speakers after one another, hand-over with its history, run of show, private lines."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from live.actions.pace import Pace
from live.actions.perform import Acting
from live.rules import audience
from live.rules.audience import Viewer
from live.rules.refusal import Refusal
from live.rules.views import View
from live.rules.words import Audience
from live.store.database import Database
from tests import build
from tests.build import Room
from tests.people import AHMAD, BEATRIX, CAHYA, MAYA

pytestmark = pytest.mark.asyncio(loop_scope="module")
DESK, FIRST, SECOND = Viewer(Audience.MODERATOR), Viewer(Audience.SPEAKER, "id", 1), Viewer(Audience.SPEAKER, "id", 2)
HALL = (Viewer(Audience.PARTICIPANT), Viewer(Audience.PUBLIC), Viewer(Audience.SCREEN), Viewer(Audience.SCRIBE))


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def on(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def hand(database: Database, monkeypatch: pytest.MonkeyPatch) -> Hand:
    """The clock of the database, which the acts of this test read."""
    clock = Hand()
    monkeypatch.setattr(database, "clock", clock)
    return clock


async def state(room: Room, viewer: Viewer) -> View:
    return audience.state(await room.facts(), viewer)


async def test_every_time_on_stage_is_kept_with_speaker_start_end_and_seconds(room: Room, hand: Hand) -> None:
    number = await room.asked("queued")
    await room.do("stage", MAYA, number)
    began = hand.now
    hand.on(65.4)
    await room.do("unstage", MAYA, number)
    hand.on(10)
    await room.do("stage", MAYA, number)
    hand.on(30)
    await room.do("answered", MAYA, number)
    facts = await room.facts()
    first, second = facts.answers[number]
    assert (first.speaker, first.started, first.ended) == (1, began, began + timedelta(seconds=65.4))
    assert (first.seconds, first.finished, second.seconds, second.finished) == (65, False, 30, True)
    assert (facts.speakers[0].seconds, facts.speakers[0].answered) == (95, 1)


async def test_two_speakers_answer_the_same_question_one_after_the_other(room: Room, hand: Hand) -> None:
    number = await room.asked("stage")
    hand.on(60)
    await room.do("answered", MAYA, number)
    await room.do("queue", MAYA, number, speaker=2)
    seen = next(q for q in (await state(room, SECOND))["questions"] if q["number"] == number)
    assert [(a["speaker"], a["seconds"]) for a in seen["answers"]] == [(1, 60)]
    await room.do("stage", MAYA, number)
    hand.on(40)
    await room.do("answered", BEATRIX, number)
    answers = (await room.facts()).answers[number]
    assert [(a.speaker, a.seconds, a.finished) for a in answers] == [(1, 60, True), (2, 40, True)]


async def test_a_question_handed_over_brings_its_history_along(room: Room) -> None:
    number = await room.asked("queued")
    await room.do("queue", AHMAD, number, speaker=2)
    await room.do("stage", MAYA, number)
    waiting = await room.asked("queued", speaker=3)
    await room.do("unstage", BEATRIX, number, speaker=3)
    facts = await room.facts()
    question = facts.question(number)
    assert question is not None
    assert (question.status, question.speaker, question.passed) == ("queued", 3, (1, 2))
    assert [q.number for q in facts.queue(3)] == [number, waiting], "who was already called comes first"
    with pytest.raises(Refusal, match="not_allowed"):
        await room.do("queue", BEATRIX, number, speaker=2)
    await room.do("stage", MAYA, number)
    await room.do("unstage", CAHYA, number)
    assert (await room.facts()).queue(3)[0].passed == (1, 2), "back to the own queue is no hand-over"


async def test_more_time_is_for_the_answer_on_stage_alone(room: Room) -> None:
    with pytest.raises(Refusal, match="stage_empty"):
        await room.do("time", MAYA, seconds=60)
    number = await room.asked("stage")
    with pytest.raises(Refusal, match="not_allowed"):
        await room.do("time", BEATRIX, seconds=60)
    await room.do("time", AHMAD, seconds=60)
    outcome = await room.do("time", MAYA, seconds=30)
    assert outcome.body["allowed"] == 180 + 60 + 30
    await room.do("unstage", MAYA, number)
    await room.do("stage", MAYA, number)
    assert (await room.facts()).answers[number][-1].allowed == 180, "the next answer has the target of the forum"


async def test_the_desk_and_the_speakers_see_how_long_and_the_hall_does_not(database: Database) -> None:
    plan = replace(build.PLAN, answer_seconds=120, round_minutes=40)
    room = await build.room(database, Acting(database, Pace("open")), plan)
    assert (await state(room, DESK))["round"] == {"since": None, "allowed": 2400}
    await room.asked("stage")
    for viewer in (DESK, FIRST, SECOND):
        seen = await state(room, viewer)
        assert seen["stage"]["allowed"] == 120
        assert seen["round"] == {"since": seen["stage"]["since"], "allowed": 2400}
    for viewer in HALL:
        seen = await state(room, viewer)
        assert set(seen["stage"]) == {"number", "speaker", "since"}
        assert seen["round"] is None


async def test_the_run_of_show_moves_and_takes_its_times_along(room: Room, hand: Hand) -> None:
    starts = (await room.facts()).forum.starts
    planned = [item["at"] for item in (await state(room, DESK))["agenda"]["items"]]
    assert planned == [(starts + timedelta(minutes=m)).isoformat() for m in (0, 25, 70)]
    hand.now = starts + timedelta(minutes=10)
    await room.do("agenda", MAYA, item=1)
    hand.on(30 * 60)
    await room.do("agenda", MAYA, item=2)
    seen = await state(room, HALL[0])
    assert seen["agenda"]["item"] == 2
    times = [item["at"] for item in seen["agenda"]["items"]]
    assert times == [(starts + timedelta(minutes=m)).isoformat() for m in (10, 40, 85)], "who began late ends late"


async def test_the_round_of_questions_starts_its_clock(room: Room, hand: Hand) -> None:
    number = await room.asked("stage")
    hand.on(600)
    await room.do("answered", MAYA, number)
    assert (await room.facts()).forum.round_started == hand.now - timedelta(seconds=600), "the first answer of all"
    await room.do("agenda", MAYA, item=2)
    assert (await room.facts()).forum.round_started != hand.now
    await room.do("agenda", MAYA, item=3)
    assert (await room.facts()).forum.round_started == hand.now


async def test_a_private_line_reaches_one_speaker_and_its_receipt_the_desk(room: Room) -> None:
    sent = await room.do("message", MAYA, speaker=1, text=" 2 menit\nlagi ")
    assert (sent.created, sent.body["status"]) == (True, "sent")
    assert [m["text"] for m in (await state(room, FIRST))["messages"]] == ["2 menit lagi"]
    for viewer in (SECOND, *HALL):
        assert (await state(room, viewer))["messages"] == []
    with pytest.raises(Refusal, match="not_allowed"):
        await room.do("message-read", BEATRIX, sent.body["id"])
    await room.do("message-read", AHMAD, sent.body["id"])
    before = await room.facts()
    await room.do("message-read", AHMAD, sent.body["id"])
    assert await room.facts() == before, "what is read stays read"
    assert [m["read"] is not None for m in (await state(room, DESK))["messages"]] == [True]


async def test_a_view_keeps_how_the_projector_looks_until_it_is_changed(room: Room) -> None:
    await room.do("show-on-screen", MAYA, view="stage", interpreter="left", look="dark")
    await room.do("show-on-screen", MAYA, view="list")
    forum = (await room.facts()).forum
    assert (forum.screen, forum.interpreter, forum.look) == ("list", "left", "dark")
    before = await room.facts()
    await room.do("show-on-screen", MAYA, view="list", interpreter="left")
    assert await room.facts() == before


async def test_the_item_read_aloud_is_one_of_the_follow_ups(room: Room) -> None:
    made = await room.do("follow-ups", MAYA, problem="Blanko habis")
    await room.do("show-on-screen", MAYA, view="agreements", item=made.body["id"])
    assert (await room.facts()).forum.read_out == made.body["id"]
    await room.do("show-on-screen", MAYA, view="agreements", item=0)
    assert (await room.facts()).forum.read_out is None
