"""A whole rehearsal, of a few seconds, against a stand-in whose faults it must find."""

import json
from collections.abc import Sequence

import pytest

from live.rehearsal.address import parse
from live.rehearsal.audit import Verdict
from live.rehearsal.figures import acknowledged
from live.rehearsal.hall import Hall
from live.rehearsal.log import Log
from live.rehearsal.mishaps import Mishaps, dice
from live.rehearsal.phone import Timing
from live.rehearsal.run import rehearse
from live.rehearsal.session import clock
from tests.rehearsal.stand_in import CODE, TOKEN, Forum, serving

ROUGH = Mishaps(lost_reply=0.5, cut=0.2, poll=0.2, every=0.3, outage=(0.05, 0.3))


LONGER = (2.0, 4.0, 8.0, 16.0)


async def held(faults: str = "") -> tuple[Verdict, Sequence[Log]]:
    """Hold a short and rough rehearsal; a longer one when the machine was too busy for anybody to do anything."""
    for seconds in LONGER:
        forum = Forum(frozenset(faults.split()))
        verdict, logs = await held_for(seconds, forum)
        if forum.struck if faults else all_was_tried(logs):
            return verdict, logs
    raise TimeoutError(f"In {LONGER[-1]} seconds nobody met what {faults or 'a good forum'} does.")


async def held_for(seconds: float, forum: Forum, participants: int = 30) -> tuple[Verdict, Sequence[Log]]:
    with serving(forum) as origin:
        hall = Hall(origin, participants, ROUGH, dice())
        link = parse(f"{origin}/enter#{TOKEN}")
        await hall.open(link, link)
        now = clock()
        verdict = await hall.play(Timing(now, now + seconds, joining=0.5, settling=1.0))
        await hall.close()
    return verdict, hall.logs


def all_was_tried(logs: Sequence[Log]) -> bool:
    """Posts, supports and calls to the stage, lost replies and cut sockets."""
    acts = all(acknowledged(logs, kind) for kind in ("posts", "supports", "moderator", "stage"))
    return acts and any(log.retries for log in logs) and any(log.cuts for log in logs)


async def test_a_good_forum_keeps_everything_exactly_once_through_lost_replies_and_cut_sockets() -> None:
    verdict, _ = await held()
    assert verdict == Verdict()


async def test_a_lost_post_is_found() -> None:
    verdict, _ = await held("loses")
    assert verdict.lost


async def test_a_retry_taken_for_a_new_question_is_found() -> None:
    verdict, _ = await held("doubles")
    assert verdict.doubled


async def test_a_miscounted_support_is_found() -> None:
    verdict, _ = await held("miscounts")
    assert verdict.doubled


async def test_screens_that_were_not_told_are_found() -> None:
    verdict, _ = await held("forgets")
    assert verdict.unequal


def test_the_report_is_one_json_document_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    with serving(Forum(phase="draft")) as origin:
        code = rehearse(
            f"{origin}/f/{CODE}", moderator=f"{origin}/enter#{TOKEN}", participants=5, minutes=0.03, as_json=True
        )
    document = json.loads(capsys.readouterr().out)
    assert code == 0
    assert document["participants"] == document["joined"] == 5
    assert document["lost"] == document["doubled"] == document["unequal"] == document["honest_refusals_429"] == 0


def test_without_a_moderator_it_says_so_and_is_not_ready(capsys: pytest.CaptureFixture[str]) -> None:
    with serving(Forum()) as origin:
        assert rehearse(f"{origin}/f/{CODE}", participants=3, minutes=0.03, as_json=True) == 0
    said = capsys.readouterr()
    assert "No moderator link given" in said.err
    assert json.loads(said.out)["ready"] is False


def refused_line(url: str, capsys: pytest.CaptureFixture[str], moderator: str | None = None) -> str:
    """What a rehearsal that cannot take place says: nothing on stdout, the last line of stderr."""
    assert rehearse(url, participants=2, minutes=0.02, moderator=moderator, as_json=True) == 2
    said = capsys.readouterr()
    assert said.out == ""
    return said.err.splitlines()[-1]


def test_wrong_addresses_tokens_and_phases_end_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert "no web address" in refused_line("hello", capsys)
    assert "No server answers" in refused_line("http://127.0.0.1:9/enter#x", capsys)
    forum = Forum()
    with serving(forum) as origin:
        assert "refused the link" in refused_line(f"{origin}/enter#wrong", capsys)
        assert "no forum 999999" in refused_line(f"{origin}/f/999999", capsys)
        assert "is for forum" in refused_line(f"{origin}/f/999999", capsys, moderator=f"{origin}/enter#{TOKEN}")
        forum.phase = "closed"
        assert "is closed" in refused_line(f"{origin}/enter#{TOKEN}", capsys)
