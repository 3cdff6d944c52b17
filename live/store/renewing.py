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
from live.store import journal, snapshot
from live.store.journal import Told
from live.store.models import Question
from live.store.prepared import Prepared

LOCAL = frozenset("EDITED SHOWN REJECTED MADE_PRIVATE REPHRASED MASKED QUEUED UNQUEUED SUPPORTED SEATED".split())
"""Kinds of entries whose acts write to the questions they name, to the places of those in a queue, and to no other row
that facts are made of."""
MOST = 50

_QUESTION = Question.__table__.c
# Made once, and of plain tables: see :mod:`live.store.snapshot`.
_QUESTIONS = Prepared(
    select(*snapshot.COLUMNS).where(
        _QUESTION.forum_id == bindparam("forum"),
        or_(_QUESTION.number.in_(bindparam("numbers", expanding=True)), _QUESTION.status == Status.QUEUED),
    )
)


async def renew(session: AsyncSession, known: Facts, told: Told | None = None) -> Facts:
    """The facts of the same forum now; a whole reading when the known ones cannot be renewed. NoResultFound when the
    forum is gone.

    ``told``: rows of :func:`journal.told_after` that the caller read in this transaction. They are read again unless
    they reach back to the known facts.
    """
    forum_id, since = known.forum.id, known.forum.seq
    head = await snapshot.head(session, forum_id)
    if told is None or not told or told[0].seq > since + 1:
        told = await journal.told_after(session, forum_id, since, MOST + 1)
    news = [row for row in told if row.seq > since]
    is_whole = head == (known.forum.epoch, since + len(news))
    if head is None or not is_whole or len(news) > MOST or not {row.kind for row in news} <= LOCAL:
        return await snapshot.read(session, forum_id)
    numbers = {row.question for row in news if row.question is not None}
    numbers.update(number for row in news for number in row.detail.get("questions", ()))
    rows = await _QUESTIONS.all(session, forum=forum_id, numbers=sorted(numbers))
    changed = {q.number: q for q in map(snapshot.as_question, rows)}
    return replace(
        known,
        forum=replace(known.forum, seq=head[1]),
        questions=tuple(changed.get(q.number, q) for q in known.questions),
        done=(*_by_team(news), *known.done)[: snapshot.LATEST],
    )


def _by_team(news: Told) -> list[DoneFacts]:
    """What the team did, the last one first."""
    return [
        DoneFacts(row.seq, row.at, row.kind, row.role, row.question, row.detail)
        for row in reversed(news)
        if row.role != Role.PARTICIPANT
    ]
