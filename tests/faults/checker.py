"""One checker for every fault: reads the database and every client's own log, and says what does not fit.

I1 every acknowledged act is kept exactly once · I2 the journal has no holes and its chain holds, counts are sums ·
I3 every screen equals a fresh one · I4 nothing hidden was ever sent to a participant · I5 queues and stage are sound ·
I6 no screen goes back · I7 a support's final value is the person's last wish, and answers come in order.
(I8, what is left in the server, and I9, frames = new page, have tests of their own.)
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from live.rehearsal.material import marker_in
from live.store import journal
from live.store.database import Database, connect
from live.store.models import Entry, Forum, Key, Question, Support

if TYPE_CHECKING:
    from tests.faults.hall import Hall, Verdict

HIDDEN = ("pending", "rejected", "private")


async def check(hall: Hall, verdict: Verdict) -> None:
    """Add everything that does not fit to the verdict."""
    database = connect(hall.server.url)
    try:
        await _kept_once(database, hall, verdict)
        for found in (await _journal(database, hall.code), await _counts(database, hall.code)):
            verdict.wrong += found
        verdict.wrong += [*await _wishes(database, hall, verdict), *await _queues(database, hall.code)]
        verdict.wrong += await _hidden(database, hall)
    finally:
        await database.close()
    verdict.wrong += [f"I3: {difference}" async for difference in hall.differences()]
    verdict.wrong += [*_backwards(hall), *_order(hall)]


async def _kept_once(database: Database, hall: Hall, verdict: Verdict) -> None:
    """I1, for questions by their markers and for every act by its key."""
    async with database.reading() as session:
        forum = await _forum(session, hall.code)
        rows = await session.execute(select(Question.number, Question.text).where(Question.forum_id == forum.id))
        numbers: dict[str, list[int]] = {}
        for number, text in rows:
            numbers.setdefault(marker_in(text) or "", []).append(number)
        keys = set(await session.scalars(select(Key.key).where(Key.forum_id == forum.id)))
    for act in hall.acts:
        found = numbers.get(act.marker, []) if act.marker else []
        if act.is_acked and act.marker and (act.answer or {}).get("number") not in found:
            verdict.lost += 1
            verdict.wrong.append(f"I1: {act.marker} was acknowledged as {act.answer} and is at {found}")
        if len(found) > 1:
            verdict.doubled += len(found) - 1
            verdict.wrong.append(f"I1: {act.marker} is there {len(found)} times: {found}")
        if act.is_acked and act.key not in keys and not _changed_nothing(act.path):
            verdict.lost += 1
            verdict.wrong.append(f"I1: the acknowledged act {act.path} {act.key} left nothing")


def _changed_nothing(path: str) -> bool:
    """Acts whose wish may already stand: those answer 200 without a trace."""
    return path.rpartition("/")[2] in ("show", "reject")


async def _journal(database: Database, code: str) -> list[str]:
    async with database.reading() as session:
        broken = await journal.broken_at(session, await _forum(session, code))
    return [] if broken is None else [f"I2: the journal breaks at {broken}"]


async def _counts(database: Database, code: str) -> list[str]:
    given = (
        select(Support.question_id, func.count().label("sum"))
        .where(Support.given)
        .group_by(Support.question_id)
        .subquery()
    )
    async with database.reading() as session:
        forum = await _forum(session, code)
        rows = await session.execute(
            select(Question.number, Question.supports, func.coalesce(given.c.sum, 0))
            .outerjoin(given, given.c.question_id == Question.id)
            .where(Question.forum_id == forum.id)
        )
        return [f"I2: No. {n} shows {shown} supports and has {there}" for n, shown, there in rows if shown != there]


async def _wishes(database: Database, hall: Hall, verdict: Verdict) -> list[str]:
    """I7: what stands is what each phone wanted last."""
    async with database.reading() as session:
        forum = await _forum(session, hall.code)
        rows = await session.execute(
            select(Question.number, Support.participant, Support.given)
            .join(Question, Question.id == Support.question_id)
            .where(Question.forum_id == forum.id)
        )
        stands = {(number, participant): given for number, participant, given in rows}
    wrong = []
    for phone in hall.phones:
        me = phone.wire.cookies.get("jaring_p", "").partition(".")[0]
        for number, (wanted, _) in phone.wishes.last.items():
            if stands.get((number, me), False) != wanted:
                verdict.lost += 1
                wrong.append(f"I7: No. {number} stands at {not wanted} for somebody who was told {wanted}")
    return wrong


async def _queues(database: Database, code: str) -> list[str]:
    async with database.reading() as session:
        forum = await _forum(session, code)
        rows = await session.execute(
            select(Question.number, Question.status, Question.speaker, Question.place).where(
                Question.forum_id == forum.id, Question.status.in_(("queued", "stage"))
            )
        )
        found = list(rows)
    places = Counter((row.speaker, row.place) for row in found if row.status == "queued")
    stages = sum(row.status == "stage" for row in found)
    wrong = [f"I5: {times} questions share the place {place}" for place, times in places.items() if times > 1]
    return wrong if stages <= 1 else [*wrong, f"I5: {stages} questions on stage"]


async def _hidden(database: Database, hall: Hall) -> list[str]:
    """I4: no marker of a question that was never shown is among the bytes that participants got."""
    async with database.reading() as session:
        forum = await _forum(session, hall.code)
        hidden = select(Question.text).where(Question.forum_id == forum.id, Question.shown_at.is_(None))
        markers = {marker for text in await session.scalars(hidden) if (marker := marker_in(text))}
    received = [screen.heard for screen in hall.screens if screen.audience == "participant"]
    sent = "".join(text for heard in received for text in heard)
    return [f"I4: the hidden {marker} was sent to a participant" for marker in markers if marker in sent]


def _backwards(hall: Hall) -> Iterator[str]:
    for screen in hall.screens:
        for (epoch, before), (again, after) in _pairs(screen.positions):
            if epoch == again and after < before:
                yield f"I6: a screen went from {before} back to {after}"


def _order(hall: Hall) -> Iterator[str]:
    """I7: of one person, a later act never has an earlier position (repeats answer with the position of now)."""
    for person in (*hall.phones, hall.desk):
        cursors = [str((act.answer or {}).get("cursor", "")) for act in person.acts if act.is_acked]
        positions = [(epoch, int(seq)) for epoch, _, seq in (cursor.rpartition(".") for cursor in cursors) if seq]
        for (epoch, before), (again, after) in _pairs(positions):
            if epoch == again and after < before:
                yield f"I7: an act was answered at {after} after one at {before}"


def _pairs(found: list[tuple[str, int]]) -> Iterable[tuple[tuple[str, int], tuple[str, int]]]:
    return itertools.pairwise(found)


async def kinds(url: str, code: str) -> Counter[str]:
    """How many entries of each kind the journal has."""
    database = connect(url)
    try:
        async with database.reading() as session:
            forum = await _forum(session, code)
            rows = await session.execute(select(Entry.kind).where(Entry.forum_id == forum.id))
            return Counter(row.kind for row in rows)
    finally:
        await database.close()


async def _forum(session, code: str) -> Forum:  # type: ignore[no-untyped-def]
    found = await session.scalar(select(Forum).where(Forum.code == code))
    assert found is not None
    return found
