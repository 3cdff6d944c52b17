"""Retention: persons go, the record stays."""

import asyncio
from datetime import timedelta

from sqlalchemy import func, select

from live.actions.purging import daily, purge
from live.store import journal
from live.store.database import Database, utc_now
from live.store.models import Contact, Forum, Key, Question
from tests.build import Room, full_room
from tests.people import SARI


async def test_an_old_forum_keeps_its_record_and_loses_its_persons(database: Database, room: Room) -> None:
    await full_room(room)
    told = {"text": "Nama saya Sari, kapan selesai?", "name": "Sari", "key": "draft-0001"}
    await room.acting.perform("ask", SARI, room.code, told)
    before = await room.facts()
    days = (utc_now() - before.forum.ends) // timedelta(days=1)
    assert await purge(database, days + 30) == [], "not yet"
    async with database.change(room.code) as change:
        change.forum.ends = utc_now() - timedelta(days=400)
        change.forum.starts = change.forum.ends - timedelta(hours=3)
    assert await purge(database, 365) == [room.code]
    after = await room.facts()
    assert [(q.number, q.text, q.note, q.supports) for q in after.questions] == [
        (q.number, q.text, q.note, q.supports) for q in before.questions
    ]
    assert after.follow_ups == before.follow_ups
    async with database.reading() as session:
        assert await session.scalar(select(func.count()).where(Question.name.is_not(None))) == 0
        assert await session.scalar(select(func.count()).select_from(Key)) == 0
        forum = await session.scalar(select(Forum).where(Forum.code == room.code))
        assert forum is not None
        assert await journal.broken_at(session, forum) is None
    assert await purge(database, 365) == [], "a second time finds nothing"


async def test_contacts_are_destroyed_by_themselves_when_their_time_is_over(database: Database, room: Room) -> None:
    async with database.writing() as session:
        forum = await session.scalar(select(Forum).where(Forum.code == room.code))
        assert forum is not None
        forum.published = utc_now() - timedelta(days=4000)
        person = {"forum_id": forum.id, "participant": SARI.id, "sealed": "x", "consent": "1", "given": utc_now()}
        session.add(Contact(**person))

    async def left() -> int:
        async with database.reading() as session:
            return int(await session.scalar(select(func.count()).select_from(Contact)) or 0)

    assert await left() == 1
    async with daily(database), asyncio.timeout(20):
        while await left():
            pass
