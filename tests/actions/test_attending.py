"""The small taps of a participant: group, help, feedback."""

from datetime import timedelta

import pytest

from live.rules.words import Aspect, Group, Verdict
from live.store import crowd
from live.store.models import Contact
from tests.build import Room
from tests.people import BUDI, HADI, MAYA, OKI, SARI, TONO

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_person_counts_in_one_group_only(room: Room) -> None:
    await room.do("group", SARI, group="user")
    await room.do("group", BUDI, group="user")
    await room.do("group", SARI, group="media")
    assert (await room.facts()).crowd.groups == ((Group.MEDIA, 1), (Group.USER, 1))


async def test_the_same_tap_again_changes_nothing(room: Room) -> None:
    for name, fields in (("group", {"group": "user"}), ("help", {"row": "F12"})):
        await room.do(name, SARI, **fields)
        before = await room.facts()
        await room.do(name, SARI, **fields)
        assert await room.facts() == before


async def test_helpers_see_who_waits_and_a_served_call_goes(room: Room) -> None:
    await room.do("help", SARI, row="F12")
    await room.do("help", BUDI)
    calls = (await room.facts()).crowd.calls
    assert [(call.number, call.row) for call in calls] == [(1, "F12"), (2, None)]
    await room.do("helped", HADI, call=1)
    assert [call.number for call in (await room.facts()).crowd.calls] == [2]
    await room.do("help", BUDI, on=False)
    assert (await room.facts()).crowd.calls == ()


async def test_one_person_waits_once_and_may_correct_the_row(room: Room) -> None:
    await room.do("help", SARI, row="F12")
    await room.do("help", SARI, row="G1")
    assert [call.row for call in (await room.facts()).crowd.calls] == ["G1"]


async def test_a_number_in_the_row_is_masked(room: Room) -> None:
    await room.do("help", SARI, row="NIK 6471000000000007")
    assert "6471" not in repr((await room.facts()).crowd.calls)


async def test_feedback_is_one_tap_each_and_can_be_changed(room: Room) -> None:
    await room.do("phase", MAYA, to="closed")
    await room.do("feedback", SARI, about="clear", verdict="yes")
    await room.do("feedback", BUDI, about="clear", verdict="yes")
    await room.do("feedback", BUDI, about="clear", verdict="no")
    told = (await room.facts()).crowd.feedback
    assert sorted(told) == [(Aspect.CLEAR, Verdict.NO, 1), (Aspect.CLEAR, Verdict.YES, 1)]


async def test_a_late_written_answer_keeps_the_number_thirty_days_more(room: Room) -> None:
    written = await room.asked("written")
    await room.do("contact", TONO, phone="+62 812 0000 0000", consent=True)
    await room.publish()
    published = (await room.facts()).forum.published
    assert published is not None
    room.database.clock = lambda: published + timedelta(days=20)
    await room.do("answer", OKI, written, text="Sudah tersedia.")
    for days, left in ((20 + crowd.CONTACT_DAYS - 1, 1), (20 + crowd.CONTACT_DAYS + 1, 0)):
        async with room.database.writing() as session:
            await crowd.purge(session, published + timedelta(days=days))
        async with room.database.reading() as session:
            assert len(await crowd.contacts(session, (await room.facts()).forum.id)) == left


async def test_numbers_are_destroyed_thirty_days_after_publication(room: Room) -> None:
    await room.do("contact", TONO, phone="+62 812 0000 0000", consent=True)
    await room.do("phase", OKI, to="published")
    forum = (await room.facts()).forum
    assert forum.published is not None
    for days, left in ((crowd.CONTACT_DAYS - 1, 1), (crowd.CONTACT_DAYS + 1, 0)):
        async with room.database.writing() as session:
            await crowd.purge(session, forum.published + timedelta(days=days))
        async with room.database.reading() as session:
            assert len(await crowd.contacts(session, forum.id)) == left
            assert (await session.get(Contact, (forum.id, TONO.id)) is not None) == bool(left)
