"""Every field of every act, given what it is not for: a refusal with the field's name, and nothing is changed."""

from typing import Any

import msgspec
import pytest

from live.actions.fields import Fields
from live.actions.supporting import Give
from live.actions.table import DEEDS
from live.catalogue import catalogue
from live.rules.refusal import Refusal
from live.rules.words import LANGUAGES
from live.web import answers
from tests.actions.examples import EXAMPLES, perform, prepared
from tests.build import Room

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.parametrize("database", ["sqlite"], indirect=True)]

NEVER: dict[str, Any] = {
    "a table": {"a": 1},
    "lists in a list": [["a"], {}],
    "a number past every column": 10**30,
    "a number below every column": -(10**30),
    "half a number": 1.5,
    "ten thousand emoji": "😀" * 10_000,
    "a letter under fifty thousand marks": "a" + "\u0301" * 50_000,
    "nothing that can be seen": "\u200b\u2060\u202e\u00ad",
    "control characters": "\x00\x01\x1b\x7f",
}
"""What no field of any act takes."""


NAMING = {
    "receipt": (403, 404, 422),
    "call": (404, 422),
    "item": (404, 422),
    "device": (404, 422),
    "seat": (404, 422),
    "expect": (409, 422),
}
"""Fields that name something."""
MORE = {"note": {"promise": "yes"}}
"""What makes an act look at all of its fields."""


def shape(name: str) -> type[Fields]:
    """The fields of this act."""
    return DEEDS[name].fields if name in DEEDS else Give


def check(refusal: Refusal, field: str) -> None:
    """422 (what names something may also be told that there is none) with a whole sentence in both languages."""
    assert refusal.status in NAMING.get(field, (422,)), (field, refusal.reason)
    assert refusal.extra.get("field", field) == field, refusal.extra
    for language in LANGUAGES:
        said = answers.sentence(language, refusal)
        assert len(said) > 15 and "{" not in said, said


@pytest.mark.parametrize("name", EXAMPLES)
async def test_a_field_that_means_nothing_is_told_and_changes_nothing(room: Room, name: str) -> None:
    example = EXAMPLES[name]
    given = example.fields | MORE.get(name, {})
    number = await prepared(room, name)
    before = await room.facts()
    for field in shape(name).__struct_fields__:
        for what, value in NEVER.items():
            check(await refusal_of(room, name, number, given | {field: value}, f"{what} for {field}"), field)
    wanted = {field.name for field in msgspec.structs.fields(shape(name)) if field.required}
    bodies = [(field, {k: v for k, v in given.items() if k != field}) for field in wanted - {"receipt"}]
    for field, body in [*bodies, ("nonsense", given | {"nonsense": "1"})]:
        refusal = await refusal_of(room, name, number, body, f"a wrong {field}")
        check(refusal, field)
        assert refusal.extra["field"] == field
        for language in LANGUAGES:
            words = catalogue(language)
            named = words(f"field.{field}") if f"field.{field}" in words else field
            assert named in answers.sentence(language, refusal)
    assert await room.facts() == before


async def refusal_of(room: Room, name: str, number: int | None, fields: dict[str, Any], what: str) -> Refusal:
    """What this act says to these fields."""
    try:
        await perform(room, name, EXAMPLES[name].actor, number, fields)
    except Refusal as refusal:
        return refusal
    pytest.fail(f"{name} took {what}")
