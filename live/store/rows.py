"""The rows that every act takes, as objects of the mapper but without the mapper's cost: a forum and its questions.

On SQLite, in a server that did something else in between, the mapper takes 0.6 ms to bring one row and as long to write
it back; the statements themselves take 0.03. So there the driver brings the row, the transaction holds its object, and
what was changed is written by an UPDATE of just these columns. The objects are the same as ever: when somebody needs
the session, they join it, and from then on the session does the writing. On PostgreSQL it does everything.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import ColumnElement, and_, bindparam, inspect, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstanceState, make_transient_to_detached
from sqlalchemy.orm.attributes import manager_of_class, set_committed_value

from live.store.models import Base
from live.store.prepared import Driven, Prepared

WATCH = "watch"
"""The object at this key of a session's ``info`` is told of everything that is about to be written: its ``look`` is
given the rows that are new, changed and deleted."""

Row = TypeVar("Row", bound=Base)

_UPDATES: dict[tuple[type[Base], tuple[str, ...]], Prepared] = {}


class Rows(Generic[Row]):
    """A question for whole rows of one class; ``criteria`` have named parameters, ``order`` is as in ``order_by``."""

    def __init__(
        self, row_class: type[Row], *criteria: ColumnElement[bool], order: Sequence[Any] = (), locks: bool = False
    ) -> None:
        self._class = row_class
        mapped = select(row_class).where(*criteria).order_by(*order)
        self._mapped = mapped.with_for_update() if locks else mapped
        self._plain = Prepared(select(row_class.__table__).where(*criteria).order_by(*order))
        self._names = row_class.__table__.c.keys()

    async def all(self, session: AsyncSession, **given: Any) -> list[Row]:
        """Every row. One that the transaction knows already is the same object, with what was changed on it."""
        if isinstance(session, Holder):
            rows = await self._plain.all(session, **given)
            return [session.hold(self._class, dict(zip(self._names, row, strict=True))) for row in rows]
        return list(await session.scalars(self._mapped, given))

    async def first(self, session: AsyncSession, **given: Any) -> Row | None:
        """The first row, or None."""
        return next(iter(await self.all(session, **given)), None)


class Holder(Driven):
    """A transaction that holds the objects of its rows by their key."""

    def __init__(self) -> None:
        self._info: dict[Any, Any] = {}
        self.held: dict[tuple[Any, ...], Base] = {}

    def hold(self, row_class: type[Row], values: dict[str, Any]) -> Row:
        """The object of this row: the one that is held already, or one of these values."""
        key = (row_class, *key_of(row_class, values))
        if key not in self.held:
            self.held[key] = made(row_class, values)
        return cast(Row, self.held[key])

    def write_held(self) -> None:
        """Write what was changed on the held objects, in the order of their keys."""
        changes = {row: changed for row in self.held.values() if (changed := _changed(row))}
        if changes and (watch := self._info.get(WATCH)) is not None:
            watch.look((), changes, ())
        for row in sorted(changes, key=lambda row: (row.__tablename__, inspect(row).identity)):
            names = changes[row]
            given = {f"to_{name}": getattr(row, name) for name in names}
            at = {f"at_{name}": getattr(row, name) for name in _primary(type(row))}
            _update(type(row), names).run_at_once(self, **given, **at)
            for name in names:
                set_committed_value(row, name, getattr(row, name))


def key_of(row_class: type[Base], values: Mapping[str, Any]) -> tuple[Any, ...]:
    """The primary key in a row's values."""
    return tuple(values[name] for name in _primary(row_class))


def _primary(row_class: type[Base]) -> list[str]:
    return [str(column.key) for column in row_class.__mapper__.primary_key]


def made(row_class: type[Row], values: dict[str, Any]) -> Row:
    """An object as the session would have loaded it."""
    made = manager_of_class(row_class).new_instance()
    made.__dict__.update(values)
    make_transient_to_detached(made)
    return made


def _changed(row: Base) -> tuple[str, ...]:
    """The names of the columns that have another value than in the database."""
    state: InstanceState[Base] = inspect(row)
    return tuple(sorted(name for name, was in state.committed_state.items() if getattr(row, name) != was))


def _update(row_class: type[Base], names: tuple[str, ...]) -> Prepared:
    if (row_class, names) not in _UPDATES:
        table = row_class.__table__
        here = and_(*(table.c[name] == bindparam(f"at_{name}") for name in _primary(row_class)))
        values = {name: bindparam(f"to_{name}", type_=table.c[name].type) for name in names}
        _UPDATES[row_class, names] = Prepared(update(table).where(here).values(values))  # type: ignore[arg-type]
    return _UPDATES[row_class, names]
