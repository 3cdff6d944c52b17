"""Taking back one's own last act, whatever it was: the rows it changed become what they were.

What an act changed was remembered by :class:`live.store.undo.Watch`, so a new act can be undone as it is. Undoing is a
new entry, never a hole in the journal. It is refused when somebody else touched the item in between, or when a field
is no longer what the act made of it. Questions are never deleted: undoing the desk's own asking withdraws it.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from live.actions import merging, voiding
from live.actions.doing import Doing, Outcome
from live.actions.fields import Fields
from live.rules.refusal import Refusal
from live.rules.words import Status
from live.store import undo as history
from live.store.change import Change
from live.store.models import Base, Entry, FollowUp, Question, Undo
from live.store.undo import CLASSES, Image, decoded

BESIDE = {"merge": merging.part, "unmerge": merging.join, "void": voiding.count_again}
"""What acts did beside their rows, and what takes it back: ``(change, entry of the act)``."""

ORDER = {table.name: place for place, table in enumerate(Base.metadata.sorted_tables)}
"""Tables after those they point to: what points somewhere is unmade first."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One image with the row as it is now; ``told`` are the questions that the act's entries name."""

    image: Image
    row: Base | None
    told: set[int | None]

    @property
    def is_shift(self) -> bool:
        """Whether this question only made room in its queue: others may have moved it since, and that is no matter."""
        is_place = bool(self.image["was"]) and set(self.image["is"] or ()) == {"place"}
        return is_place and isinstance(self.row, Question) and self.row.number not in self.told


class TakeBack(Fields, frozen=True, kw_only=True):
    """The fields of ``undo``: the act the caller sees as the last one, by the number of its last entry (0 = none)."""

    expect: int | None = None


async def undo(doing: Doing, fields: TakeBack) -> Outcome:
    """Take back the caller's last act; answers with its name and the question's present state."""
    change = doing.change
    act = await history.last(change.session, change.forum.id, doing.actor.id)
    if fields.expect is not None and fields.expect != (act.seq if act is not None else 0):
        raise Refusal("other_act", "state", extra={"undo": act.seq if act is not None else None})
    if act is None:
        raise Refusal("nothing_to_undo", "state")
    entries = await _entries(change, act)
    told = {entry.question for entry in entries}
    rows = [Changed(image, await _row(change, image), told) for image in act.images]
    for row in rows:
        _check_unmoved(doing, act, row)
    await _check_stage(change, act, rows)
    await _restore(change, rows)
    if act.act in BESIDE:
        await BESIDE[act.act](change, entries[-1])
    await change.session.delete(act)
    return await _note_down(doing, act, entries)


async def forget(change: Change, actor: str, seq: int) -> None:
    """Give up an act that can be undone no more, so that the one before it comes next."""
    act = await change.session.get(Undo, (change.forum.id, seq))
    if act is not None and act.actor == actor:
        await change.session.delete(act)


async def _entries(change: Change, act: Undo) -> list[Entry]:
    wanted = select(Entry).where(Entry.forum_id == act.forum_id, Entry.seq.between(act.first, act.seq))
    return list(await change.session.scalars(wanted.order_by(Entry.seq)))


async def _row(change: Change, image: Image) -> Base | None:
    row_class = CLASSES[image["table"]]
    keys = row_class.__mapper__.primary_key
    key = tuple(decoded(row_class, column.name, value) for column, value in zip(keys, image["row"], strict=True))
    return await change.session.get(row_class, key)


def _check_unmoved(doing: Doing, act: Undo, changed: Changed) -> None:
    image, row = changed.image, changed.row
    if changed.is_shift:
        return
    moved = (row is None) != (image["is"] is None)
    if row is not None and image["is"] is not None:
        now = history.fields(row)
        moved = any(now[name] != value for name, value in image["is"].items())
    if isinstance(row, (Question, FollowUp)):
        moved = moved or (row.touched > act.seq and row.touched_by != doing.actor.id)
    if moved:
        raise _moved_on(act, row)


async def _check_stage(change: Change, act: Undo, rows: list[Changed]) -> None:
    """Nobody comes back to the stage while somebody else's question stands there."""
    if not any((changed.image["was"] or {}).get("status") == Status.STAGE for changed in rows):
        return
    own = {changed.row for changed in rows}
    wanted = select(Question).where(Question.forum_id == act.forum_id, Question.status == Status.STAGE)
    for question in await change.session.scalars(wanted):
        if question not in own:
            raise _moved_on(act, question)


def _moved_on(act: Undo, row: Base | None) -> Refusal:
    extra: dict[str, Any] = {"undo": act.seq, "did": None, "by": None}
    if isinstance(row, (Question, FollowUp)):
        named = "question" if isinstance(row, Question) else "follow_up"
        number = "number" if isinstance(row, Question) else "id"
        about = {number: row.number, "status": str(row.status)}
        extra |= {"by": row.touched_role, "did": row.touched_did, named: about}
    return Refusal("undo_too_late", "state", params={"n": getattr(row, "number", 0)}, extra=extra)


async def _restore(change: Change, rows: list[Changed]) -> None:
    made = [changed.row for changed in rows if changed.image["was"] is None and changed.row is not None]
    for row in sorted(made, key=lambda row: ORDER[row.__tablename__], reverse=True):
        await _unmake(change, row)
        await change.session.flush()
    # The stage takes one question: who goes leaves before who comes back.
    for changed in sorted(rows, key=lambda changed: getattr(changed.row, "status", "") != Status.STAGE):
        await _put_back(change, changed)
        await change.session.flush()


async def _put_back(change: Change, changed: Changed) -> None:
    image, row = changed.image, changed.row
    if image["was"] is None:
        return
    if row is None:
        row = CLASSES[image["table"]]()
        change.session.add(row)
    elif changed.is_shift and history.fields(row)["place"] != image["is"]["place"]:
        return  # somebody else ordered this queue since
    for name, value in image["was"].items():
        setattr(row, name, decoded(type(row), name, value))


async def _unmake(change: Change, row: Base) -> None:
    if isinstance(row, Question):
        row.status, row.place = Status.WITHDRAWN, None
    else:
        await change.session.delete(row)


async def _note_down(doing: Doing, act: Undo, entries: list[Entry]) -> Outcome:
    change = doing.change
    numbers = sorted({n for e in entries for n in (e.question, e.detail.get("into")) if n is not None})
    counted = sorted({n for e in entries if e.kind == "VOIDED" for n in e.detail["questions"]})
    follow_ups = sorted({e.follow_up for e in entries if e.follow_up is not None})
    questions = [q for n in numbers if (q := await change.question(n)) is not None]
    promises = [f for n in follow_ups if (f := await change.follow_up(n)) is not None]
    sources = sorted({n for e in entries if e.follow_up is not None for n in e.detail.get("questions", ())})
    detail = {
        "act": act.act,
        "undid": act.seq,
        "kinds": sorted({e.kind for e in entries}),
        "questions": sorted({*numbers, *counted}),
        "follow_ups": follow_ups,
        "sources": sources,
    }
    main = questions[-1] if questions else None
    entry = change.append(doing.act.entry, role=doing.role, actor=doing.actor.id, question=main, detail=detail)
    items: list[Question | FollowUp] = [*questions, *promises]
    for item in items:
        change.touch(item, entry)
    about = {} if main is None else {"number": main.number, "status": str(main.status)}
    return Outcome({"undone": act.seq, "did": act.act, **about})
