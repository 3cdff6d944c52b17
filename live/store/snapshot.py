"""Reading a forum as facts: the cursor first, then the state, in one transaction, so that the cursor is exact."""

from collections import Counter, defaultdict
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from live.rules import papers
from live.rules.facts import (
    AnswerFacts,
    DoneFacts,
    Facts,
    ForumFacts,
    ItemFacts,
    MessageFacts,
    QuestionFacts,
    SpeakerFacts,
)
from live.rules.words import Integrity, Interpreter, Kind, Look, Phase, Role, Source, Status, View
from live.store import crowd
from live.store.models import (
    AgendaItem,
    Answer,
    Entry,
    Forum,
    Message,
    Question,
    Speaker,
    Support,
)
from live.store.prepared import Prepared
from live.store.promises import earlier, follow_ups

Answers = dict[int, tuple[AnswerFacts, ...]]
"""The times on stage by the question's number."""

LATEST = 8
"""So many acts of the team are told on the desk."""

_FORUM, _QUESTION, _ENTRY = Forum.__table__.c, Question.__table__.c, Entry.__table__.c
# Made once, and of plain tables: putting a statement together, and having the mapper look at it, costs more than
# running it; and every frame asks these.
_HEAD = Prepared(select(_FORUM.epoch, _FORUM.seq).where(_FORUM.id == bindparam("forum")))
_SOME = (
    _QUESTION.forum_id == bindparam("forum"),
    _QUESTION.number.in_(bindparam("numbers", expanding=True)),
)
_COUNTS = Prepared(select(_QUESTION.number, _QUESTION.status, _QUESTION.supports).where(*_SOME))
_ASKERS = Prepared(select(_QUESTION.asker).where(*_SOME))
_DONE = (
    select(_ENTRY.seq, _ENTRY.at, _ENTRY.kind, _ENTRY.role, _ENTRY.question, _ENTRY.detail)
    .where(_ENTRY.forum_id == bindparam("forum"), _ENTRY.role != Role.PARTICIPANT)
    .order_by(_ENTRY.seq.desc())
    .limit(LATEST)
)
COLUMNS = [_QUESTION[name] for name in QuestionFacts.__dataclass_fields__]


async def forum_by_code(session: AsyncSession, code: str) -> ForumFacts | None:
    """The forum with this code, or None; what cannot be a code does not reach the database."""
    if not (code.isascii() and code.isdigit()):
        return None
    row = await session.scalar(select(Forum).where(Forum.code == code))
    return None if row is None else as_forum(row)


async def head(session: AsyncSession, forum_id: int) -> tuple[str, int] | None:
    """``(epoch, seq)`` of the last committed entry; None when the forum is gone."""
    row = await _HEAD.first(session, forum=forum_id)
    return None if row is None else (row.epoch, row.seq)


async def code_of(session: AsyncSession, forum_id: int) -> str | None:
    """The code of this forum, or None."""
    return await session.scalar(select(Forum.code).where(Forum.id == forum_id))


async def read(session: AsyncSession, forum_id: int) -> Facts:
    """All facts of a forum; the caller's transaction makes them belong together."""
    forum = await session.get_one(Forum, forum_id)
    answers = await _answers(session, forum_id)
    return Facts(
        forum=as_forum(forum),
        speakers=await _speakers(session, forum_id, answers),
        questions=await _questions(session, forum_id),
        answers=answers,
        agenda=await _agenda(session, forum_id),
        messages=await _messages(session, forum_id),
        done=await done(session, forum_id),
        follow_ups=await follow_ups(session, forum_id),
        earlier=await earlier(session, forum.predecessor),
        crowd=await crowd.read(session, forum_id, is_published=forum.phase == Phase.PUBLISHED),
    )


async def counts(session: AsyncSession, forum_id: int, numbers: set[int]) -> dict[int, tuple[Status, int]]:
    """Status and supports of these questions: all that a storm of supports changes."""
    rows = await _COUNTS.all(session, forum=forum_id, numbers=sorted(numbers))
    return {row.number: (Status(row.status), row.supports) for row in rows}


async def askers(session: AsyncSession, forum_id: int, numbers: set[int]) -> frozenset[str]:
    """Who asked these questions."""
    if not numbers:
        return frozenset()
    rows = await _ASKERS.all(session, forum=forum_id, numbers=sorted(numbers))
    return frozenset(row.asker for row in rows if row.asker is not None)


async def supported_by(session: AsyncSession, forum_id: int, participant: str) -> list[int]:
    """Numbers of the questions this participant supports now."""
    wanted = (
        select(Question.number)
        .join(Support, Support.question_id == Question.id)
        .where(Question.forum_id == forum_id, Support.participant == participant, Support.given)
    )
    return sorted(await session.scalars(wanted))


async def published(session: AsyncSession) -> list[ForumFacts]:
    """Every published forum that was no rehearsal, the latest first."""
    wanted = select(Forum).where(Forum.phase == Phase.PUBLISHED, Forum.rehearsal_of.is_(None))
    return [as_forum(row) for row in await session.scalars(wanted.order_by(Forum.starts.desc()))]


async def every_forum(session: AsyncSession, agency: str | None = None) -> list[dict[str, object]]:
    """Every forum (of one agency) in a few words, the latest first."""
    wanted = select(Forum).order_by(Forum.starts.desc(), Forum.id.desc())
    rows = await session.scalars(wanted if agency is None else wanted.where(Forum.agency == agency))
    return [
        {
            "code": row.code,
            "title": row.title,
            "phase": row.phase,
            "starts": row.starts.isoformat(),
            "timezone": row.timezone,
            "questions": row.last_question,
            "follow_ups": row.last_follow_up,
            "erase_at": row.erase_at.isoformat() if row.erase_at else None,
        }
        for row in rows
    ]


async def question_of_receipt(session: AsyncSession, receipt: str) -> tuple[int, int] | None:
    """``(forum id, question number)`` for this receipt, or None; what cannot be one does not reach the database."""
    if not receipt:
        return None
    row = (await session.execute(select(Question.forum_id, Question.number).where(Question.receipt == receipt))).first()
    return None if row is None else (row.forum_id, row.number)


def as_forum(row: Forum | Row[Any]) -> ForumFacts:
    """The forum's own row as facts, or a row of its table."""
    return ForumFacts(
        id=row.id,
        code=row.code,
        title=row.title,
        agency=row.agency,
        place=row.place,
        starts=row.starts,
        ends=row.ends,
        timezone=row.timezone,
        language=row.language,
        moderation=row.moderation,
        max_length=row.max_length,
        integrity=Integrity(row.integrity),
        phase=Phase(row.phase),
        screen=View(row.screen),
        read_out=row.read_out,
        interpreter=Interpreter(row.interpreter),
        look=Look(row.look),
        answer_seconds=row.answer_seconds,
        round_minutes=row.round_minutes,
        round_started=row.round_started,
        agenda=row.agenda,
        epoch=row.epoch,
        seq=row.seq,
        published=row.published,
        notice=row.notice,
        rude=tuple(row.rude),
        polite=tuple(row.polite),
        papers=papers.of(row.papers),
        erase_at=row.erase_at,
    )


async def _answers(session: AsyncSession, forum_id: int) -> Answers:
    columns = [Answer.__table__.c[name] for name in AnswerFacts.__dataclass_fields__]
    rows = await session.execute(
        select(Question.number, *columns)
        .join(Question, Question.id == Answer.question_id)
        .where(Answer.forum_id == forum_id)
        .order_by(Answer.id)
    )
    found: dict[int, list[AnswerFacts]] = defaultdict(list)
    for number, *values in rows:
        found[number].append(AnswerFacts(*values))
    return {number: tuple(answers) for number, answers in found.items()}


async def _speakers(session: AsyncSession, forum_id: int, answers: Answers) -> tuple[SpeakerFacts, ...]:
    seconds, answered = Counter[int](), Counter[int]()
    for answer in (answer for times in answers.values() for answer in times):
        seconds[answer.speaker] += answer.seconds or 0
        answered[answer.speaker] += answer.finished
    rows = await session.scalars(select(Speaker).where(Speaker.forum_id == forum_id).order_by(Speaker.position))
    return tuple(
        SpeakerFacts(s.position, s.name, s.field, tuple(s.topics), seconds[s.position], answered[s.position])
        for s in rows
    )


async def _agenda(session: AsyncSession, forum_id: int) -> tuple[ItemFacts, ...]:
    columns = [AgendaItem.__table__.c[name] for name in ItemFacts.__dataclass_fields__]
    wanted = select(*columns).where(AgendaItem.forum_id == forum_id).order_by(AgendaItem.position)
    return tuple(ItemFacts(*row) for row in await session.execute(wanted))


async def _messages(session: AsyncSession, forum_id: int) -> tuple[MessageFacts, ...]:
    columns = [Message.__table__.c[name] for name in MessageFacts.__dataclass_fields__]
    wanted = select(*columns).where(Message.forum_id == forum_id).order_by(Message.number)
    return tuple(MessageFacts(*row) for row in await session.execute(wanted))


async def _questions(session: AsyncSession, forum_id: int) -> tuple[QuestionFacts, ...]:
    rows = await session.execute(select(*COLUMNS).where(_QUESTION.forum_id == forum_id).order_by(_QUESTION.number))
    return tuple(as_question(row) for row in rows)


def as_question(row: Row[Any]) -> QuestionFacts:
    """A row of :data:`COLUMNS` as facts."""
    values = row._asdict()
    values["status"] = Status(values["status"])
    values["kind"] = Kind(values["kind"])
    values["source"] = Source(values["source"])
    for name in ("flags", "passed", "similar"):
        values[name] = tuple(values[name])
    return QuestionFacts(**values)


async def done(session: AsyncSession, forum_id: int) -> tuple[DoneFacts, ...]:
    """The latest acts of the team, the last one first."""
    return tuple(DoneFacts(*row) for row in await session.execute(_DONE, {"forum": forum_id}))
