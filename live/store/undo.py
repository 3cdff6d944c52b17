"""What an act changes, seen by the session itself, so that every act can be undone without code of its own.

A watch sees every flush of the act's transaction. An *image* is one touched row as plain JSON::

    {"table": "question", "row": [41], "was": {"status": "pending"}, "is": {"status": "shown"}}

with the fields that changed only; ``was`` is null for a row that was made, ``is`` null for one that was deleted. So an
act is undone well if it changes rows through the session (set fields, ``add``, ``delete``); what a bulk statement does
is not seen. Counters, marks of who touched what last and supports are left out: those only ever go forward.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Date, Select, bindparam, delete, event, insert, inspect, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from live.store.models import Base, Undo, UtcTime
from live.store.prepared import Prepared
from live.store.rows import WATCH

DEPTH = 20
"""So many of a person's last acts can be undone."""

Image = dict[str, Any]
LEFT_OUT = frozenset({"entry", "key", "undo", "support"})
COUNTERS = frozenset("seq chain supports voided touched touched_by touched_role touched_did updated".split())
"""Columns that only go forward, beside those called ``last_…``."""

CLASSES: dict[str, type[Base]] = {mapper.local_table.name: mapper.class_ for mapper in Base.registry.mappers}  # type: ignore[attr-defined]

_UNDO = Undo.__table__.c
_MINE = (_UNDO.forum_id == bindparam("forum"), _UNDO.actor == bindparam("person"))
_OLDEST_KEPT = select(_UNDO.seq).where(*_MINE).order_by(_UNDO.seq.desc()).offset(DEPTH - 1).limit(1).scalar_subquery()
_OLDER = Prepared(delete(Undo.__table__).where(*_MINE, _UNDO.seq < _OLDEST_KEPT))  # type: ignore[arg-type]
_REMEMBERED = Prepared(insert(Undo.__table__))  # type: ignore[arg-type]
# Made once: see live.store.snapshot.


class Watch:
    """Sees what is flushed in this session from now on."""

    def __init__(self, session: AsyncSession) -> None:
        self._was: dict[Base, dict[str, Any]] = {}
        self._made: dict[Base, None] = {}
        self._gone: dict[Base, dict[str, Any]] = {}
        session.info[WATCH] = self

    def images(self) -> list[Image]:
        """One image for every row that is another than before; call it after the last flush."""
        return [*self._images_of_made(), *self._images_of_changed(), *self._images_of_gone()]

    def look(self, new: Iterable[object], changed: Iterable[object], deleted: Iterable[object]) -> None:
        """Note what is about to be written."""
        for row in _ours(new):
            self._made[row] = None
        for row in _ours(changed):
            self._remember(row)
        for row in _ours(deleted):
            self._gone[row] = fields(row) | self._was.get(row, {})

    def _remember(self, row: Base) -> None:
        was = self._was.setdefault(row, {})
        state = inspect(row)
        touched = state.committed_state
        for name in (name for name in _names(type(row)) if name in touched):
            history = state.attrs[name].history
            if history.deleted:
                was.setdefault(name, encoded(history.deleted[0]))

    def _images_of_made(self) -> Iterator[Image]:
        for row in self._made:
            if row not in self._gone:
                yield _image(row, None, fields(row))

    def _images_of_changed(self) -> Iterator[Image]:
        for row, was in self._was.items():
            if row in self._made or row in self._gone:
                continue
            now = {name: encoded(getattr(row, name)) for name in was}
            changed = {name: value for name, value in was.items() if now[name] != value}
            if changed:
                yield _image(row, changed, {name: now[name] for name in changed})

    def _images_of_gone(self) -> Iterator[Image]:
        for row, was in self._gone.items():
            if row not in self._made:
                yield _image(row, was, None)


@event.listens_for(Session, "before_flush")
def _flushing(session: Session, _context: object, _instances: object) -> None:
    # One listener for all sessions: to add one to each session costs more than an act's smallest statement.
    if (watch := session.info.get(WATCH)) is not None:
        watch.look(session.new, session.dirty, session.deleted)


def fields(row: Base) -> dict[str, Any]:
    """Every field of this row that can be undone, as JSON."""
    return {name: encoded(getattr(row, name)) for name in _names(type(row))}


def encoded(value: Any) -> Any:
    """A column's value as JSON has it."""
    return value.isoformat() if isinstance(value, date) else value


def decoded(row_class: type[Base], name: str, value: Any) -> Any:
    """The value that ``encoded`` was given."""
    kind = row_class.__table__.c[name].type
    if value is None or not isinstance(kind, (UtcTime, Date)):
        return value
    return datetime.fromisoformat(value) if isinstance(kind, UtcTime) else date.fromisoformat(value)


async def remember(session: AsyncSession, forum_id: int, actor: str, **act: Any) -> None:
    """Keep this act (``seq``, ``first``, ``act``, ``images``) of the person, written at once: another flush would cost
    as much as the act's own. What is more than ``DEPTH`` acts of the same person ago is forgotten."""
    await _REMEMBERED.run(session, forum_id=forum_id, actor=actor, **act)
    await _OLDER.run(session, forum=forum_id, person=actor)


async def last(session: AsyncSession, forum_id: int, actor: str) -> Undo | None:
    """The last act of this person that was not undone yet, or None."""
    return next(iter(await session.scalars(_acts(forum_id, actor).limit(1))), None)


async def of(session: AsyncSession, forum_id: int, actor: str) -> list[Undo]:
    """The acts this person can undo, the last one first."""
    return list(await session.scalars(_acts(forum_id, actor)))


async def forget_all(session: AsyncSession, forum_id: int) -> None:
    """Forget what every act changed: the forum closes, and images may hold original words."""
    await session.execute(delete(Undo).where(Undo.forum_id == forum_id))


async def forget_row(session: AsyncSession, forum_id: int, table: str, row: Iterable[Any]) -> None:
    """Forget every act that changed this row, so that words that were erased are nowhere."""
    wanted = list(row)
    for act in list(await session.scalars(select(Undo).where(Undo.forum_id == forum_id))):
        if any(image["table"] == table and image["row"] == wanted for image in act.images):
            await session.delete(act)


def _acts(forum_id: int, actor: str) -> Select[Any]:
    return select(Undo).where(Undo.forum_id == forum_id, Undo.actor == actor).order_by(Undo.seq.desc())


def _ours(rows: Iterable[object]) -> Iterator[Base]:
    return (row for row in rows if isinstance(row, Base) and row.__tablename__ not in LEFT_OUT)


@cache
def _names(row_class: type[Base]) -> tuple[str, ...]:
    names = [column.name for column in row_class.__table__.c if column.name not in COUNTERS]
    return tuple(name for name in names if not name.startswith("last_"))


def _image(row: Base, was: dict[str, Any] | None, now: dict[str, Any] | None) -> Image:
    key = [encoded(value) for value in inspect(row).identity or ()]
    return {"table": row.__tablename__, "row": key, "was": was, "is": now}
