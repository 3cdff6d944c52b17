"""Reading the fields of an act: typed, named, nothing unknown; what is wrong is refused with the field's name."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar

import msgspec

from live.rules import text as texts
from live.rules.refusal import Refusal, of_field

_AT, _NAMED = re.compile(r"\$\.(\w+)"), re.compile(r"field `(\w+)`")
KEY = r"^[A-Za-z0-9_-]{8,64}$"


class Fields(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every act may carry: the key of the draft, and the cursor of what the person saw."""

    key: str | None = None
    seen: str | None = None


class Unreadable(dict[str, Any]):
    """The fields of a body that cannot be read: none. ``why`` is told when the fields' turn comes, not before."""

    def __init__(self, why: Refusal) -> None:
        super().__init__()
        self.why = why


F = TypeVar("F", bound=Fields)


def read(shape: type[F], given: Mapping[str, Any]) -> F:
    """``given`` as ``shape``; refuses an unknown, missing or mistyped field with 422 and its name.

    Empty strings stand for "not given", as browsers send every field of a form.
    """
    filled = {name: value for name, value in given.items() if value != ""}
    try:
        return msgspec.convert(filled, shape, strict=False)
    except msgspec.ValidationError as error:
        found = _AT.search(str(error)) or _NAMED.search(str(error))
        name = found[1] if found else ""
        if given.get(name) == "" and shape.__annotations__.get(name) in (str, "str"):
            raise Refusal("empty", "fields", extra={"field": name}) from None
        raise of_field(name) from None


def check_key(given: Mapping[str, Any]) -> str | None:
    """The key of this act, or None; refuses one of the wrong form, and what cannot be read at all."""
    if isinstance(given, Unreadable):
        raise given.why
    key = given.get("key") or None
    if key is not None and (not isinstance(key, str) or not re.fullmatch(KEY, key)):
        raise Refusal("bad_key", "fields", extra={"field": "key"})
    return key


def check_cursor(given: Mapping[str, Any]) -> tuple[str, int] | None:
    """What ``seen`` says as ``(epoch, seq)``, or None; refuses one of the wrong form."""
    seen = given.get("seen")
    if seen is None or seen == "":
        return None
    epoch, _, seq = seen.partition(".") if isinstance(seen, str) else ("", "", "")
    if not (epoch and seq.isascii() and seq.isdigit() and len(seq) < 16):
        raise Refusal("bad_cursor", "fields", extra={"field": "seen"})
    return epoch, int(seq)


def day(value: str | None, field: str = "due") -> date | None:
    """A local ``YYYY-MM-DD``, or None; anything else is refused, with the name of the ``field``."""
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise Refusal("bad_date", "fields", extra={"field": field}) from None


def moment(value: str | None, field: str) -> datetime | None:
    """An RFC 3339 time as our own answers write it, or None; anything else is refused."""
    try:
        return None if value is None else datetime.fromisoformat(value)
    except ValueError:
        raise of_field(field) from None


def line(value: str | None, limit: int = 200) -> str | None:
    """One short line of text, normalised; None stays None."""
    return None if value is None else texts.normalise(value, limit=limit, lines=False)


def position(value: int | None, speakers: int) -> int | None:
    """A speaker's position from 1, or None; refuses a speaker this forum does not have."""
    if value is not None and not 1 <= value <= speakers:
        raise Refusal("no_such_speaker", "fields", extra={"field": "speaker"})
    return value
