"""The demo: what is in it, that it is made through the acts, and that it destroys nothing that is in use."""

import json
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from live.demo import remake, run_demo, tell
from live.demo.build import Made, StoryClock, make
from live.rules import audience, follow_ups
from live.rules.audience import Viewer
from live.rules.facts import Facts
from live.rules.words import Audience, FollowUpStatus, Phase, Role, Status, View
from live.serving import ServerRunning, bound, only_server
from live.settings import Settings
from live.store import journal, links, snapshot
from live.store.database import Database, connect
from live.store.models import Answer, Entry, Forum, Support

NOW = datetime(2031, 3, 12, 2, 41, 7, tzinfo=UTC)  # a Wednesday, 10.41 in Balikpapan
SECRET_DIGITS = ("0000000000000001", "0812-0000-0001", "0813 0000 0005", "warga.contoh@example.com", "0000000006")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture
async def made(folder: Path, kept: dict[str, Made]) -> Made:
    """Built once for all tests here that only read it."""
    if not kept:
        kept["made"] = await make(_url(folder), "http://127.0.0.1:8000", NOW)
    return kept["made"]


@pytest.fixture(scope="module")
def kept() -> dict[str, Made]:
    return {}


@pytest.fixture
async def database(folder: Path, made: Made) -> AsyncIterator[Database]:
    opened = connect(_url(folder), lambda: NOW)
    yield opened
    await opened.close()


@pytest.fixture
async def current(database: Database, made: Made) -> Facts:
    return await _facts(database, str(made.forum["code"]))


@pytest.fixture
async def earlier(database: Database, made: Made) -> Facts:
    return await _facts(database, made.earlier)


def _url(folder: Path) -> str:
    return f"sqlite:///{folder}/demo.db"


async def _facts(database: Database, code: str) -> Facts:
    async with database.reading() as session:
        forum = await snapshot.forum_by_code(session, code)
        assert forum is not None
        return await snapshot.read(session, forum.id)


async def test_the_forum_is_in_full_swing_with_questions_in_every_status(current: Facts) -> None:
    assert Counter(q.status for q in current.questions) == {
        Status.PENDING: 6,
        Status.SHOWN: 9,
        Status.QUEUED: 9,
        Status.STAGE: 1,
        Status.ANSWERED: 12,
        Status.WRITTEN: 3,
        Status.REJECTED: 6,
        Status.PRIVATE: 1,
        Status.WITHDRAWN: 1,
    }
    assert (current.forum.phase, current.forum.screen, current.forum.moderation) == (Phase.OPEN, View.STAGE, "before")
    assert [len(current.queue(speaker.position)) for speaker in current.speakers] == [3, 3, 3]
    assert len({q.reason for q in current.questions if q.status is Status.REJECTED}) >= 5


async def test_two_answers_lack_a_note_and_one_is_a_draft(current: Facts) -> None:
    answered = [q for q in current.questions if q.status is Status.ANSWERED]
    assert Counter(q.note_state for q in answered) == {"confirmed": 9, "draft": 1, None: 2}


async def test_personal_numbers_and_flags_wait_for_the_moderator(current: Facts) -> None:
    flagged = [q for q in current.questions if q.status is Status.PENDING and q.flags]
    assert [q.flags for q in flagged] == [("pii:nik", "pii:phone"), ("rude:tai",), ("pii:email",)]


async def test_supports_have_a_long_tail_and_come_from_the_whole_hall(database: Database, current: Facts) -> None:
    counts = sorted((q.supports for q in current.questions if q.supports), reverse=True)
    assert counts[0] == 64 and counts[len(counts) // 2] < 25
    async with database.reading() as session:
        rows = select(func.count(), func.count(Support.participant.distinct())).select_from(Support)
        total, people = (await session.execute(rows)).one()
    assert total > sum(counts) > 800
    assert 330 <= people <= 380  # two halls of 190, not everybody supports


async def test_answers_took_two_to_four_minutes_each_and_never_overlap(database: Database, current: Facts) -> None:
    async with database.reading() as session:
        rows = list(
            await session.scalars(select(Answer).where(Answer.forum_id == current.forum.id).order_by(Answer.started))
        )
    assert all(120 <= (row.seconds or 0) <= 240 for row in rows[:-1])
    assert rows[-1].ended is None and timedelta(0) < NOW - rows[-1].started < timedelta(minutes=2)
    assert all(before.ended is not None and before.ended <= after.started for before, after in pairwise(rows))


async def test_five_follow_ups_are_in_the_making_one_without_a_date(current: Facts) -> None:
    assert len(current.follow_ups) == 5
    assert all(f.owner and f.term and f.questions for f in current.follow_ups)
    assert [follow_ups.has_no_date(f) for f in current.follow_ups].count(True) == 1


async def test_last_years_forum_is_published_with_its_answers(earlier: Facts) -> None:
    assert earlier.forum.phase is Phase.PUBLISHED
    assert timedelta(days=350) < NOW - earlier.forum.starts < timedelta(days=370)
    answered = [q for q in earlier.questions if q.status is Status.ANSWERED]
    written = [q for q in earlier.questions if q.status is Status.WRITTEN]
    assert len(answered) + len(written) >= 20
    assert all(q.note_state == "confirmed" for q in answered)
    assert all(q.answer for q in written)


@pytest.mark.parametrize("days", range(7))
async def test_last_years_promises_stand_in_every_status_on_any_day_of_the_week(earlier: Facts, days: int) -> None:
    promises = earlier.follow_ups
    assert Counter(f.status for f in promises) == {
        FollowUpStatus.DONE: 5,
        FollowUpStatus.DOING: 3,
        FollowUpStatus.BLOCKED: 1,
        FollowUpStatus.TODO: 1,
        FollowUpStatus.DROPPED: 1,
        FollowUpStatus.FORWARDED: 1,
    }
    today = (earlier.forum.starts + timedelta(days=357 + days)).date()
    assert [follow_ups.is_overdue(f, today) for f in promises].count(True) == 1
    assert [follow_ups.has_no_date(f) for f in promises].count(True) == 1


async def test_every_entry_of_the_journal_lies_in_the_past_and_the_chain_holds(database: Database) -> None:
    async with database.reading() as session:
        for forum in await session.scalars(select(Forum)):
            assert await journal.broken_at(session, forum) is None
            at = list(await session.scalars(select(Entry.at).where(Entry.forum_id == forum.id).order_by(Entry.seq)))
            assert at == sorted(at) and at[-1] <= NOW


@pytest.mark.parametrize("looking", [Audience.PARTICIPANT, Audience.PUBLIC, Audience.SCREEN, Audience.SCRIBE])
async def test_nothing_unmasked_is_in_what_the_hall_gets(current: Facts, earlier: Facts, looking: Audience) -> None:
    for facts in (current, earlier):
        seen = json.dumps(audience.state(facts, Viewer(looking)), ensure_ascii=False)
        hidden = [q for q in facts.questions if q.status in (Status.PENDING, Status.REJECTED, Status.PRIVATE)]
        assert hidden and not [q.number for q in hidden if q.text in seen]
        assert not [q.number for q in facts.questions if q.original and q.original in seen]
        assert not [digits for digits in SECRET_DIGITS if digits in seen]


async def test_every_link_of_the_forum_can_be_redeemed(database: Database, made: Made) -> None:
    addresses = made.forum["links"]
    assert isinstance(addresses, dict)
    assert set(addresses) == {"participant", "moderator", "scribe", "helper", "screen", "organiser", "speakers"}
    assert addresses["participant"] == f"http://127.0.0.1:8000/f/{made.forum['code']}"
    entered = {role: [link] for role, link in addresses.items() if role not in ("participant", "speakers")}
    async with database.writing() as session:
        for role, given in (entered | {"speaker": addresses["speakers"]}).items():
            for position, link in enumerate(given, start=1):
                redeemed = await links.redeem(session, urlsplit(link).fragment, None, NOW)
                assert redeemed is not None and (redeemed.code, redeemed.role) == (made.forum["code"], Role(role))
                assert redeemed.speaker == (position if role == "speaker" else None)


def test_making_it_again_replaces_the_database(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(database_url=_url(tmp_path))
    first, second = remake(settings), remake(settings)
    assert first.forum != second.forum
    with sqlite3.connect(tmp_path / "demo.db") as connection:
        codes = connection.execute("SELECT code FROM forum ORDER BY starts").fetchall()
    connection.close()
    assert codes == [(second.earlier,), (second.forum["code"],)]
    tell(second, True)
    assert json.loads(capsys.readouterr().out) == second.forum


def test_a_running_demo_is_refused_in_one_line_and_not_destroyed(tmp_path: Path) -> None:
    settings = Settings(database_url=_url(tmp_path), port=0)
    kept = tmp_path / "demo.db"
    kept.write_text("somebody else's")
    with only_server(settings), pytest.raises(ServerRunning) as refused:
        run_demo(settings, True)
    assert "\n" not in str(refused.value)
    assert kept.read_text() == "somebody else's"


def test_a_taken_port_destroys_nothing(tmp_path: Path) -> None:
    kept = tmp_path / "demo.db"
    kept.write_text("last hour's")
    with bound(Settings(port=0)) as listening, pytest.raises(ServerRunning):
        run_demo(Settings(database_url=_url(tmp_path), port=listening.getsockname()[1]), True)
    assert kept.read_text() == "last hour's"


def test_the_clock_of_a_story_never_goes_back() -> None:
    clock = StoryClock(NOW)
    clock.reach(NOW + timedelta(minutes=1))
    assert clock() == NOW + timedelta(minutes=1)
    with pytest.raises(ValueError, match="already"):
        clock.reach(NOW)
