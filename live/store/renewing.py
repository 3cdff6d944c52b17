"""Bringing known facts up to date without reading everything: most acts change one question and nothing else.

A forum has a dozen tables; reading all of them costs milliseconds, and it happens after every act that a screen shows.
When the journal since the known facts holds nothing but entries of :data:`LOCAL`, only the questions they name can have
changed, and the places of those in a queue. Anything else, or a hole in the journal, is answered with a whole reading.
"""

from dataclasses import replace

from sqlalchemy import bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from live.rules.facts import DoneFacts, Facts
from live.rules.words import Role, Status
from live.store import snapshot
from live.store.models import Entry, Forum, Question

LOCAL = frozenset("EDITED SHOWN REJECTED MADE_PRIVATE REPHRASED MASKED QUEUED UNQUEUED SUPPORTED SEATED".split())
"""Kinds of entries whose acts write to the questions they name, to the places of those in a queue, and to no other row
that facts are made of."""
MOST = 50

_FORUM, _ENTRY, _QUESTION = Forum.__table__, Entry.__table__.c, Question.__table__.c
# Made once, and of plain tables: see :mod:`live.store.snapshot`.
_HEAD = select(_FORUM).where(_FORUM.c.id == bindparam("forum"))
_NEWS = (
    select(_ENTRY.seq, _ENTRY.at, _ENTRY.kind, _ENTRY.role, _ENTRY.question, _ENTRY.detail)
    .where(_ENTRY.forum_id == bindparam("forum"), _ENTRY.seq > bindparam("since"))
    .order_by(_ENTRY.seq)
    .limit(MOST + 1)
)
_QUESTIONS = select(*snapshot.COLUMNS).where(
    _QUESTION.forum_id == bindparam("forum"),
    or_(_QUESTION.number.in_(bindparam("numbers", expanding=True)), _QUESTION.status == Status.QUEUED),
)


async def renew(session: AsyncSession, known: Facts) -> Facts:
    """The facts of the same forum now; NoResultFound when it is gone."""
    forum_id = known.forum.id
    forum = snapshot.as_forum((await session.execute(_HEAD, {"forum": forum_id})).one())
    news = (await session.execute(_NEWS, {"forum": forum_id, "since": known.forum.seq})).all()
    is_whole = forum.epoch == known.forum.epoch and forum.seq == known.forum.seq + len(news)
    if not is_whole or len(news) > MOST or not {row.kind for row in news} <= LOCAL:
        return await snapshot.read(session, forum_id)
    numbers = {row.question for row in news if row.question is not None}
    numbers.update(number for row in news for number in row.detail.get("questions", ()))
    rows = await session.execute(_QUESTIONS, {"forum": forum_id, "numbers": sorted(numbers)})
    changed = {q.number: q for q in map(snapshot.as_question, rows)}
    by_team = [DoneFacts(*row) for row in reversed(news) if row.role != Role.PARTICIPANT]
    done = (*by_team, *known.done)[: snapshot.LATEST]
    return replace(known, forum=forum, questions=tuple(changed.get(q.number, q) for q in known.questions), done=done)
