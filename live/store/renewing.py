"""Bringing known facts up to date without reading everything: most acts change one question and nothing else.

A forum has a dozen tables; reading all of them costs milliseconds, and it happens after every act that a screen shows.
When the journal since the known facts holds nothing but entries of :data:`LOCAL`, only the questions they name can have
changed. Anything else, or a hole in the journal, is answered with a whole reading.
"""

from dataclasses import replace

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from live.rules.facts import Facts
from live.store import snapshot
from live.store.models import Entry, Forum, Question

LOCAL = frozenset({"EDITED", "SHOWN", "REJECTED", "MADE_PRIVATE", "REPHRASED", "MASKED", "SUPPORTED", "SEATED"})
"""Kinds of entries whose acts write to the questions they name, and to no other row that facts are made of."""
MOST = 50

# Made once: putting a statement together costs as much as running it.
_HEAD = select(Forum).where(Forum.id == bindparam("forum"))
_NEWS = (
    select(Entry.seq, Entry.kind, Entry.question, Entry.detail)
    .where(Entry.forum_id == bindparam("forum"), Entry.seq > bindparam("since"))
    .order_by(Entry.seq)
    .limit(MOST + 1)
)
_QUESTIONS = select(*snapshot.COLUMNS).where(
    Question.forum_id == bindparam("forum"), Question.number.in_(bindparam("numbers", expanding=True))
)


async def renew(session: AsyncSession, known: Facts) -> Facts:
    """The facts of the same forum now; NoResultFound when it is gone."""
    forum_id = known.forum.id
    forum = snapshot.as_forum((await session.execute(_HEAD, {"forum": forum_id})).scalars().one())
    news = (await session.execute(_NEWS, {"forum": forum_id, "since": known.forum.seq})).all()
    is_whole = forum.epoch == known.forum.epoch and forum.seq == known.forum.seq + len(news)
    if not is_whole or len(news) > MOST or not {row.kind for row in news} <= LOCAL:
        return await snapshot.read(session, forum_id)
    numbers = {row.question for row in news if row.question is not None}
    numbers.update(number for row in news for number in row.detail.get("questions", ()))
    rows = await session.execute(_QUESTIONS, {"forum": forum_id, "numbers": sorted(numbers)})
    changed = {q.number: q for q in map(snapshot.as_question, rows)}
    is_of_team = not {row.kind for row in news} <= {"SUPPORTED", "SEATED"}
    done = await snapshot.done(session, forum_id) if is_of_team else known.done
    return replace(known, forum=forum, questions=tuple(changed.get(q.number, q) for q in known.questions), done=done)
