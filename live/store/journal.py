"""The journal: what happened in a forum, numbered without gaps, in commit order, on both databases.

The number comes from a counter on the forum's own row, which every writer has locked: a transaction that rolls back
gives its number back, and nobody can see number 18 before 17 is committed. (An auto-increment id is handed out before
the commit; a reader of "everything after my last one" then steps over the slow writer for ever.)

An entry holds facts (number, time, kind, question, who, a small detail), never words: erasing a text rewrites nothing.
Each entry also carries the hash of the one before it, so a changed or missing line breaks the chain.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Integer, Row, bindparam, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from live.store.models import Entry, Forum
from live.store.prepared import Prepared


def numbered(
    forum: Forum,
    *,
    at: datetime,
    kind: str,
    role: str,
    actor: str,
    question: int | None = None,
    follow_up: int | None = None,
    detail: Mapping[str, Any] | None = None,
) -> Entry:
    """Take the next number of this (locked) forum for an entry, which :func:`write` writes in the same transaction."""
    forum.seq += 1
    entry = Entry(
        forum_id=forum.id,
        seq=forum.seq,
        at=at,
        kind=kind,
        role=role,
        actor=actor,
        question=question,
        follow_up=follow_up,
        detail=dict(detail or {}),
        before=forum.chain,
    )
    forum.chain = digest(entry)
    return entry


_COLUMNS = tuple(Entry.__table__.c.keys())
_WRITTEN = Prepared(insert(Entry.__table__))  # type: ignore[arg-type]


async def write(session: AsyncSession, entries: Sequence[Entry]) -> None:
    """Write these entries; what they are about has been flushed."""
    for entry in entries:
        await _WRITTEN.run(session, **{name: getattr(entry, name) for name in _COLUMNS})


def digest(entry: Entry) -> str:
    """SHA-256 over the entry's facts and the hash of the entry before it, as 64 hex digits."""
    facts = [
        entry.seq,
        entry.at.astimezone(UTC).isoformat(),
        entry.kind,
        entry.role,
        entry.actor,
        entry.question,
        entry.follow_up,
        entry.detail,
        entry.before,
    ]
    return hashlib.sha256(json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


_ENTRY = Entry.__table__.c
# Made once: putting a statement together costs as much as running it.
_AFTER = (
    select(Entry)
    .where(Entry.forum_id == bindparam("forum"), Entry.seq > bindparam("seq"))
    .order_by(Entry.seq)
    .limit(bindparam("limit", type_=Integer))
)


async def after(session: AsyncSession, forum_id: int, seq: int, limit: int) -> list[Entry]:
    """Up to ``limit`` entries after ``seq``, in order."""
    return list(await session.scalars(_AFTER, {"forum": forum_id, "seq": seq, "limit": limit}))


Told = Sequence[Row[Any]]
"""Entries in order, as rows of what frames are made from: number, time, kind, role, actor, question, follow-up and
detail."""

_TOLD = Prepared(
    select(*(_ENTRY[name] for name in ("seq", "at", "kind", "role", "actor", "question", "follow_up", "detail")))
    .where(_ENTRY.forum_id == bindparam("forum"), _ENTRY.seq > bindparam("seq"))
    .order_by(_ENTRY.seq)
    .limit(bindparam("limit", type_=Integer))
)


async def told_after(session: AsyncSession, forum_id: int, seq: int, limit: int) -> Told:
    """The same as rows, without the mapper's cost."""
    return await _TOLD.all(session, forum=forum_id, seq=seq, limit=limit)


async def before(session: AsyncSession, forum_id: int, seq: int, limit: int) -> list[Entry]:
    """Up to ``limit`` entries before ``seq``, the latest first."""
    rows = await session.scalars(
        select(Entry).where(Entry.forum_id == forum_id, Entry.seq < seq).order_by(Entry.seq.desc()).limit(limit)
    )
    return list(rows)


async def broken_at(session: AsyncSession, forum: Forum) -> int | None:
    """The first number at which the chain of hashes or the numbering breaks; None when all of it holds."""
    before, expected = "", 1
    entries = await session.stream_scalars(select(Entry).where(Entry.forum_id == forum.id).order_by(Entry.seq))
    async for entry in entries:
        if entry.seq != expected or entry.before != before:
            return expected
        before, expected = digest(entry), expected + 1
    return None if (expected - 1, before) == (forum.seq, forum.chain) else expected
