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


NAMING = {"receipt": (403, 404, 422), "call": (404, 422), "expect": (409, 422)}
"""Fields that name something."""
MORE = {"note": {"promise": "yes"}}
"""What makes an act look at all of its fields."""


def shape(name: str) -> type[Fields]:
    """The fields of this act."""
    return DEEDS[name].fields if name in DEEDS else Give


def check(refusal: Refusal, field: str) -> None:
    """422 (what names something may also be told that there is none) with a whole sentence in both languages."""
    assert refusal.status in NAMING.get(field, (422,)), (field, refusal.reason)
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
            try:
                await perform(room, name, example.actor, number, given | {field: value})
            except Refusal as refusal:
                check(refusal, field)
                continue
            pytest.fail(f"{name} took {what} for {field}")
    assert await room.facts() == before


@pytest.mark.parametrize("name", EXAMPLES)
async def test_a_field_that_is_missing_or_unknown_is_named(room: Room, name: str) -> None:
    example = EXAMPLES[name]
    number = await prepared(room, name)
    before = await room.facts()
    wanted = {field.name for field in msgspec.structs.fields(shape(name)) if field.required}
    bodies = [(field, {k: v for k, v in example.fields.items() if k != field}) for field in wanted - {"receipt"}]
    for field, body in [*bodies, ("nonsense", example.fields | {"nonsense": "1"})]:
        with pytest.raises(Refusal) as said:
            await perform(room, name, example.actor, number, body)
        check(said.value, field)
        assert said.value.extra["field"] == field
        for language in LANGUAGES:
            named = f"field.{field}"
            words = catalogue(language)
            assert (words(named) if named in words else field) in answers.sentence(language, said.value)
    assert await room.facts() == before
