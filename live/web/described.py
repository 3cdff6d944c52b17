"""``/schema``: what this interface takes and answers, for programs.

The framework sees only that a handler takes a request; the fields are written here, from the very types that read
them. Everything that is answered with "no" has one shape.
"""

from copy import deepcopy
from typing import Any

import msgspec
from litestar import Request
from litestar.openapi.plugins import JsonRenderPlugin

from live.actions import organising
from live.actions.fields import KEY, Fields
from live.actions.supporting import Give
from live.actions.table import DEEDS
from live.rules.words import Audience
from live.web.acts import LISTS

Json = dict[str, Any]

REFUSALS = {
    "400": "A name of this server that is not known.",
    "403": "Not yours to do, or from a foreign page.",
    "404": "There is no such thing.",
    "405": "Not with this method.",
    "409": "Not in this phase or state, or somebody was faster.",
    "413": "Too large.",
    "422": "A field is missing, wrong or unknown.",
    "429": "Too fast; Retry-After says how many seconds to wait.",
}
REFUSAL: Json = {
    "type": "object",
    "properties": {"refusal": {"type": "string"}, "message": {"type": "string"}},
    "required": ["refusal", "message"],
}
DONE: Json = {
    "type": "object",
    "properties": {
        "cursor": {"type": "string", "pattern": "^[0-9a-f]+[.][0-9]+$"},
        "number": {"type": "integer"},
        "id": {"type": "integer"},
    },
    "required": ["cursor"],
}
FORMS = ("application/json", "application/x-www-form-urlencoded")
OTHERS: dict[str, type[Fields]] = {
    "support": Give,
    "OrganiserSignIn": organising.Credentials,
    "OrganiserFirstFirst": organising.Account,
}
"""Operations that are no deed of the table, and what they read."""

QUERIES: dict[str, dict[str, Json]] = {
    "FCodeStateState": {"as": {"enum": ["", *Audience]}, "speaker": {"type": "string", "pattern": "^[0-9]{0,3}$"}},
    "FCodeFramesFramesSince": {"as": {"enum": ["", *Audience]}, "since": {"type": "string"}},
    "FCodeDeviceDevice": {"as": {"type": "string"}},
}
"""Parameters of an address beside ``lang``, which every page takes."""


class Described(JsonRenderPlugin):
    """The framework's schema with our fields and answers in it."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: Json) -> bytes:
        """The document as JSON; the framework keeps what it gave, so a copy is written into."""
        openapi_schema = deepcopy(openapi_schema)
        for methods in openapi_schema["paths"].values():
            for operation in methods.values():
                _describe(operation)
        openapi_schema.setdefault("components", {})["schemas"] = {"Refusal": REFUSAL, "Done": DONE}
        return super().render(request, openapi_schema)


def _describe(operation: Json) -> None:
    name = str(operation["operationId"])
    shape = DEEDS[name].fields if name in DEEDS else OTHERS.get(name)
    if shape is not None:
        body = body_of(shape)
        operation["requestBody"] = {"content": {kind: {"schema": body} for kind in FORMS}, "required": True}
    queries = QUERIES.get(name, {}) | {"lang": {"type": "string"}}
    operation.setdefault("parameters", []).extend(
        {"name": query, "in": "query", "required": False, "schema": schema} for query, schema in queries.items()
    )
    done = DONE if name in DEEDS or name == "support" else {}
    operation["responses"] = _answers(done)


def _answers(done: Json) -> Json:
    found: Json = {
        "200": {"description": "Done.", "content": {"application/json": {"schema": done}, "*/*": {}}},
        "201": {"description": "Made.", "content": {"application/json": {"schema": done}, "*/*": {}}},
        "204": {"description": "Nothing is newer."},
        "303": {"description": "Done; the page that shows it."},
    }
    refusal = {"$ref": "#/components/schemas/Refusal"}
    for status, description in REFUSALS.items():
        content = {"application/json": {"schema": refusal}, "text/html": {}}
        found[status] = {"description": description, "content": content}
    return found


def body_of(shape: type[Fields]) -> Json:
    """The JSON schema of these fields as they may be sent: in a form everything is text, and "" is "not given"."""
    (reference,), known = msgspec.json.schema_components([shape])
    schema: Json = dict(known[reference["$ref"].rpartition("/")[2]])
    required = set(schema.get("required", ()))
    schema["properties"] = {
        name: _field(name, wanted, known, is_required=name in required) for name, wanted in schema["properties"].items()
    }
    schema["properties"]["key"] = {"anyOf": [{"type": "string", "pattern": KEY}, *NOTHING]}
    schema["properties"]["seen"] = {"anyOf": [{"type": "string", "pattern": "^[^.]+[.][0-9]{1,15}$"}, *NOTHING]}
    return schema


NOTHING: tuple[Json, ...] = ({"const": ""}, {"type": "null"})
AS_TEXT: dict[str, Json] = {
    "integer": {"type": "string", "pattern": "^[+-]?[0-9]+$"},
    "boolean": {"enum": ["0", "1", "true", "false", "True", "False", "TRUE", "FALSE", 0, 1]},
}


def _field(name: str, wanted: Json, known: Json, *, is_required: bool) -> Json:
    plain = [_plain(one, known) for one in wanted.get("anyOf", [wanted])]
    plain = [one for one in plain if one.get("type") != "null"]
    plain += [AS_TEXT[kind] for kind in AS_TEXT if any(one.get("type") == kind for one in plain)]
    if name in LISTS:
        plain = [{"type": "array", "items": {"anyOf": [{"type": "integer"}, AS_TEXT["integer"]]}}]
    return {"anyOf": [*plain, *(() if is_required else NOTHING)]}


def _plain(wanted: Json, known: Json) -> Json:
    """Without references and defaults."""
    if "$ref" in wanted:
        return {"enum": known[wanted["$ref"].rpartition("/")[2]]["enum"]}
    return {name: value for name, value in wanted.items() if name != "default"}
