"""Statements of the paths that every act and every frame takes, put together once.

On SQLite they go to the driver past SQLAlchemy's sessions. A statement that takes the database 10 µs costs 45 µs
through a session in a loop that does nothing else, and 100 to 200 µs in a server that does something else in between:
an act of the desk needs a dozen. The SQL, and what turns values into columns and back, are SQLAlchemy's own. On
PostgreSQL, where a statement travels to another process anyway, the session runs them.

They see what the session has flushed, and the session's objects do not see what they write: they are for rows that
nobody holds as an object.
"""

from abc import ABC, abstractmethod
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import Delete, Dialect, Executable, Insert, Select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement

_named: Any = namedtuple
Process = Callable[[Any], Any]
Given = Mapping[str, Any]


class Driven(ABC):
    """A transaction whose statements may go to the driver."""

    dialect: Dialect

    @abstractmethod
    def run(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """The driver's cursor; raises what the engine would raise, without the values."""


class Prepared:
    """A statement with named parameters, always given the same names; a list stands for as many values."""

    def __init__(self, statement: Executable) -> None:
        self.statement = statement
        self._made: _Driver | None = None

    async def all(self, session: AsyncSession, /, **given: Any) -> Sequence[Any]:
        """Every row; its columns are its attributes."""
        if isinstance(session, Driven):
            return self._driver(session).rows(session, given)
        return (await session.execute(self.statement, given)).all()

    async def first(self, session: AsyncSession, /, **given: Any) -> Any:
        """The first row, or None."""
        return next(iter(await self.all(session, **given)), None)

    async def scalar(self, session: AsyncSession, /, **given: Any) -> Any:
        """The first column of the first row, or None."""
        row = await self.first(session, **given)
        return None if row is None else row[0]

    async def run(self, session: AsyncSession, /, **given: Any) -> None:
        """Run a statement that gives no rows."""
        if isinstance(session, Driven):
            self.run_at_once(session, **given)
        else:
            await session.execute(self.statement, given)

    def run_at_once(self, session: Driven, /, **given: Any) -> None:
        """The same for a transaction that needs no waiting."""
        self._driver(session).cursor(session, given).close()

    def _driver(self, session: Driven) -> "_Driver":
        # Once for every database: the only one whose statements go to the driver is SQLite.
        if self._made is None:
            self._made = _Driver(self.statement, session.dialect)
        return self._made


@dataclass(frozen=True, slots=True)
class _Sql:
    """The text for lists of certain lengths, and for each of its places where the value comes from."""

    text: str
    values: tuple[Callable[[Given], Any], ...]


class _Driver:
    """A statement as one driver takes it."""

    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        self._statement, self._dialect = cast(ClauseElement, statement), dialect
        # In what is written, a list is a value.
        self._has_lists, self._is_insert = isinstance(statement, Select | Delete), isinstance(statement, Insert)
        self._texts: dict[tuple[int, ...], _Sql] = {}
        columns = list(statement.selected_columns) if isinstance(statement, Select) else []
        names = [column.key or f"column_{place}" for place, column in enumerate(columns)]
        # By another name: a type checker wants to see the fields.
        self._row: Callable[..., Any] = _named("Row", names)._make
        found = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
        self._processes = [(place, process) for place, process in enumerate(found) if process is not None]

    def rows(self, session: Driven, given: Given) -> list[Any]:
        """Every row."""
        cursor = self.cursor(session, given)
        found = [self._made(row) for row in cursor.fetchall()]
        cursor.close()
        return found

    def cursor(self, session: Driven, given: Given) -> Any:
        """Run it."""
        given = {name: _padded(value) for name, value in given.items()} if self._has_lists else given
        lengths = tuple(len(value) for value in given.values() if isinstance(value, list)) if self._has_lists else ()
        sql = self._texts.get(lengths) or self._render(lengths, given)
        return session.run(sql.text, [value(given) for value in sql.values])

    def _made(self, row: tuple[Any, ...]) -> Any:
        values = list(row)
        for place, process in self._processes:
            values[place] = process(values[place])
        return self._row(values)

    def _render(self, lengths: tuple[int, ...], given: Given) -> _Sql:
        columns = list(given) if self._is_insert else None
        compiled = cast(SQLCompiler, self._statement.compile(dialect=self._dialect, column_keys=columns))
        state = compiled.construct_expanded_state(dict(given))
        processes = {
            name: bind.type.dialect_impl(self._dialect).bind_processor(self._dialect)
            for bind, name in compiled.bind_names.items()
        }
        lists = {
            name: (of, place) for of, names in state.parameter_expansion.items() for place, name in enumerate(names)
        }
        values = []
        for name in state.positiontup or ():
            of, place = lists.get(name, (name, None))
            if of in given:
                values.append(_taken(of, place, processes[of]))
            else:
                values.append(_always(state.parameters[name], processes[of]))
        self._texts[lengths] = _Sql(state.statement, tuple(values))
        return self._texts[lengths]


def _always(value: Any, process: Process | None) -> Callable[[Given], Any]:
    constant = value if process is None else process(value)
    return lambda _given: constant


def _padded(value: Any) -> Any:
    """A list made longer with its last value until its length is a power of two: else every length would be a text of
    its own, and for the database a statement of its own."""
    if not isinstance(value, list) or not value:
        return value
    return value + value[-1:] * ((1 << (len(value) - 1).bit_length()) - len(value))


def _taken(name: str, place: int | None, process: Process | None) -> Callable[[Given], Any]:
    if place is not None:
        return lambda given: given[name][place] if process is None else process(given[name][place])
    if process is not None:
        return lambda given: process(given[name])
    return itemgetter(name)
