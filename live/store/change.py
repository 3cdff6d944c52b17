"""One change of one forum: what an act may use inside its transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from live.store import journal
from live.store.models import LARGEST_NUMBER, AgendaItem, Entry, FollowUp, Forum, Key, Message, Question, Speaker
from live.store.prepared import Prepared
from live.store.rows import Rows

LATEST = 1000
"""With so many of the latest questions a new one is compared."""

# Made once: putting a statement together costs as much as running it.
_ROW = Question.__table__.c
_OF_FORUM = _ROW.forum_id == bindparam("forum")
_QUESTION = Rows(Question, _OF_FORUM, _ROW.number == bindparam("number"))
_ON_STAGE = Rows(Question, _OF_FORUM, _ROW.status == "stage")
_QUEUE = Rows(
    Question,
    _OF_FORUM,
    _ROW.status == "queued",
    _ROW.speaker == bindparam("speaker"),
    order=(_ROW.place, _ROW.number),
)
_LAST = Prepared(
    select(func.max(Question.place)).where(
        Question.forum_id == bindparam("forum"), Question.status == "queued", Question.speaker == bindparam("speaker")
    )
)
_KEY = Rows(
    Key,
    Key.__table__.c.forum_id == bindparam("forum"),
    Key.__table__.c.actor == bindparam("actor"),
    Key.__table__.c.key == bindparam("key"),
)
_KEPT = Prepared(insert(Key.__table__))  # type: ignore[arg-type]
_SPEAKERS = Prepared(select(func.count()).select_from(Speaker).where(Speaker.forum_id == bindparam("forum")))


class Change:
    """The locked forum, the session and the time of this change. Lock order: forum row, then questions by number."""

    def __init__(self, session: AsyncSession, forum: Forum, now: datetime) -> None:
        self.session, self.forum, self.now = session, forum, now
        self.also: list[Change] = []
        self._entries: list[Entry] = []
        self._start = forum.seq

    async def before(self) -> "Change | None":
        """The forum that this one follows, locked as well and committed with this change; None when it names none.

        Whoever locks two forums locks the later one first: that order never turns round.
        """
        wanted = select(Forum).where(Forum.code == self.forum.predecessor).with_for_update()
        forum = None if self.forum.predecessor is None else await self.session.scalar(wanted)
        if forum is None:
            return None
        self.also.append(Change(self.session, forum, self.now))
        return self.also[-1]

    @property
    def is_news(self) -> bool:
        """Whether the journal grew."""
        return self.forum.seq > self._start

    @property
    def cursor(self) -> str:
        """``epoch.seq`` of the forum as it will be after the commit."""
        return f"{self.forum.epoch}.{self.forum.seq}"

    async def question(self, number: int) -> Question | None:
        """The question with this number, or None."""
        if not 0 < number <= LARGEST_NUMBER:
            return None
        return await _QUESTION.first(self.session, forum=self.forum.id, number=number)

    async def on_stage(self) -> Question | None:
        """The one question being answered now, or None."""
        return await _ON_STAGE.first(self.session, forum=self.forum.id)

    async def queue(self, speaker: int) -> list[Question]:
        """The questions waiting for this speaker, first one first."""
        return await _QUEUE.all(self.session, forum=self.forum.id, speaker=speaker)

    async def behind(self, speaker: int) -> int:
        """The place behind everybody who waits for this speaker."""
        return (await _LAST.scalar(self.session, forum=self.forum.id, speaker=speaker) or 0) + 1

    async def others(self, question: Question | None = None) -> dict[int, str]:
        """The public texts of all questions (but this one) that were not withdrawn, by number."""
        wanted = select(Question.number, Question.text).where(
            Question.forum_id == self.forum.id, Question.status != "withdrawn"
        )
        latest = await self.session.execute(wanted.order_by(Question.number.desc()).limit(LATEST))
        return {row.number: row.text for row in latest if question is None or row.number != question.number}

    async def follow_up(self, number: int) -> FollowUp | None:
        """The follow-up with this number, or None."""
        if not 0 < number <= LARGEST_NUMBER:
            return None
        wanted = select(FollowUp).where(FollowUp.forum_id == self.forum.id, FollowUp.number == number)
        return await self.session.scalar(wanted)

    async def speaker_count(self) -> int:
        """How many speakers this forum has; positions are 1 to this."""
        return int(await _SPEAKERS.scalar(self.session, forum=self.forum.id) or 0)

    async def agenda_item(self, position: int) -> AgendaItem | None:
        """The item of the run of show in this place from 1, or None."""
        if not 0 < position <= LARGEST_NUMBER:
            return None
        return await self.session.get(AgendaItem, (self.forum.id, position))

    async def message(self, number: int) -> Message | None:
        """The private line with this number, or None."""
        if not 0 < number <= LARGEST_NUMBER:
            return None
        wanted = select(Message).where(Message.forum_id == self.forum.id, Message.number == number)
        return await self.session.scalar(wanted)

    async def key(self, actor: str, key: str) -> Key | None:
        """What this actor's act with this key answered before, or None."""
        return await _KEY.first(self.session, forum=self.forum.id, actor=actor, key=key)

    async def keep(self, actor: str, key: str, digest: str, result: Mapping[str, Any]) -> None:
        """Remember what this actor's act with this key answered, for whoever sends it again."""
        row = {"forum_id": self.forum.id, "actor": actor, "key": key, "digest": digest, "result": dict(result)}
        await _KEPT.run(self.session, **row)

    def append(
        self,
        kind: str,
        *,
        role: str,
        actor: str,
        question: Question | None = None,
        follow_up: FollowUp | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> Entry:
        """Make the next journal entry, and remember on the item who touched it last."""
        entry = journal.numbered(
            self.forum,
            at=self.now,
            kind=kind,
            role=role,
            actor=actor,
            question=None if question is None else question.number,
            follow_up=None if follow_up is None else follow_up.number,
            detail=detail,
        )
        self._entries.append(entry)
        for item in (question, follow_up):
            if item is not None:
                self.touch(item, entry)
        return entry

    async def write(self) -> None:
        """Write what the session still holds and the entries; nothing is changed after it."""
        await self.session.flush()
        await journal.write(self.session, self._entries)

    @staticmethod
    def touch(item: Question | FollowUp, entry: Entry) -> None:
        """Remember on the item that this entry is the last that touched it."""
        item.touched, item.touched_by = entry.seq, entry.actor
        item.touched_role, item.touched_did = entry.role, entry.kind
