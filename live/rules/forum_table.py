"""Reading a table of a forum file strictly: what is missing, wrong or unknown is told in one line naming the field."""

import json
import tomllib
from collections.abc import Mapping
from typing import Any, Literal

from live.rules.refusal import Refusal
from live.rules.text import normalise


class BadForumFile(Exception):
    """A forum file that cannot be used. ``str`` is ``field: problem``, such as ``speakers[2].name: missing``.

    Lists count from 1, as speakers do in addresses. ``field`` is ``file`` when the whole cannot be read.
    """

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


class Table:
    """One table of the file; remembers what was asked for, so that the rest can be called unknown."""

    def __init__(self, values: Mapping[str, Any], path: str = "") -> None:
        self._values = values
        self._path = path
        self._known: set[str] = set()

    def at(self, field: str) -> str:
        return f"{self._path}{field}"

    def get(self, field: str, default: Any = None) -> Any:
        """The value, or ``default``; without a default the field must be there."""
        self._known.add(field)
        value = self._values.get(field, default)
        if value is None:
            raise BadForumFile(self.at(field), "missing")
        return value

    def text(self, field: str, limit: int) -> str:
        return text(self.get(field), limit, self.at(field))

    def choice(self, field: str, choices: tuple[str, ...], default: str) -> str:
        value = self.get(field, default)
        if not isinstance(value, str) or value not in choices:
            raise BadForumFile(self.at(field), f"must be one of {', '.join(choices)}")
        return value

    def whole(self, field: str, bounds: tuple[int, int], default: int | None = None) -> int:
        """A whole number within ``bounds``, both included."""
        value = self.get(field, default)
        least, most = bounds
        # True is an int to Python, not to whoever writes a forum file.
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise BadForumFile(self.at(field), f"must be a whole number from {least} to {most}")
        return value

    def yes(self, field: str) -> bool:
        """True or false; false when left out."""
        value = self.get(field, False)
        if not isinstance(value, bool):
            raise BadForumFile(self.at(field), "must be true or false")
        return value

    def items(self, field: str, most: int, default: Any = None) -> list[Any]:
        values = self.get(field, default)
        if not isinstance(values, list):
            raise BadForumFile(self.at(field), "must be a list")
        if len(values) > most:
            raise BadForumFile(self.at(field), f"at most {most}, here are {len(values)}")
        return values

    def tables(self, field: str, most: int) -> list["Table"]:
        if not self.items(field, most):
            raise BadForumFile(self.at(field), "at least one is needed")
        return self.some_tables(field, most)

    def some_tables(self, field: str, most: int) -> list["Table"]:
        """The tables of a list, which may be empty or left out."""
        values = self.items(field, most, [])
        for number, value in enumerate(values, 1):
            if not isinstance(value, dict):
                raise BadForumFile(f"{self.at(field)}[{number}]", "must be a table of fields")
        return [Table(value, f"{self.at(field)}[{number}].") for number, value in enumerate(values, 1)]

    def nothing_else(self) -> None:
        for field in self._values:
            if field not in self._known:
                raise BadForumFile(self.at(shown(field)), "unknown field")


def parsed(content: str, form: Literal["toml", "json"]) -> dict[str, Any]:
    """The fields of a file; raises ``BadForumFile`` about the field ``file``."""
    try:
        values = tomllib.loads(content) if form == "toml" else json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BadForumFile("file", f"not {form.upper()}: {shown(str(error))}") from error
    if not isinstance(values, dict):
        raise BadForumFile("file", "must be an object of fields")
    return values


def text(value: object, limit: int, field: str) -> str:
    """One line of text, cleaned; raises ``BadForumFile``."""
    try:
        return normalise(value, limit=limit, lines=False)
    except Refusal as refusal:
        problems = {"wrong_type": "must be text", "empty": "must not be empty", "invisible": "has no visible character"}
        raise BadForumFile(field, problems.get(refusal.reason, f"longer than {limit} characters")) from refusal


def shown(text: str) -> str:
    """The text as one short line of a message."""
    return " ".join(text.split())[:100]
