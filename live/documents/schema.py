"""The published shape of the record as JSON (JSON Schema 2020-12), at ``/record.schema.json``."""

from typing import Any

from live.rules.words import Authority, Element, FollowUpStatus, Integrity, Kind, Status, Term

Schema = dict[str, Any]


def _object(required: Schema, optional: Schema | None = None) -> Schema:
    return {"type": "object", "required": sorted(required), "properties": required | (optional or {})}


def _one_of(words: Any) -> Schema:
    return {"enum": [str(word) for word in words]}


def _or_null(shape: Schema) -> Schema:
    return {"anyOf": [shape, {"type": "null"}]}


TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
FIGURES: Schema = {"type": "object", "additionalProperties": COUNT}
MOMENT: Schema = {"type": "string", "format": "date-time"}
DAY: Schema = {"type": "string", "format": "date"}

QUESTION = _object(
    {"number": {"type": "integer", "minimum": 1}, "status": _one_of(Status)},
    {
        "text": TEXT,
        "kind": _one_of(Kind),
        "supports": COUNT,
        "voided": COUNT,
        "speaker": _or_null(COUNT),
        "speaker_name": _or_null(TEXT),
        "note": _or_null(TEXT),
        "answer": _or_null(TEXT),
        "shown_at": _or_null(MOMENT),
        "answered_at": _or_null(MOMENT),
        "due": _or_null(DAY),
        "into": _or_null(COUNT),
        "follow_ups": {"type": "array", "items": COUNT},
    },
)
FOLLOW_UP = _object(
    {
        "id": {"type": "integer", "minimum": 1},
        "problem": TEXT,
        "recommendation": TEXT,
        "activity": TEXT,
        "owner": TEXT,
        "due": _or_null(DAY),
        "term": _or_null(_one_of(Term)),
        "duration": TEXT,
        "authority": _or_null(_one_of(Authority)),
        "needs_budget": {"type": "boolean"},
        "element": _or_null(_one_of(Element)),
        "indicator": TEXT,
        "agreed": _or_null(MOMENT),
        "status": _one_of(FollowUpStatus),
        "reason": TEXT,
        "forwarded_to": TEXT,
        "partial": {"type": "boolean"},
        "disputed": {"type": "boolean"},
        "carried_from": _or_null(COUNT),
        "carried_to": _or_null(_object({"code": TEXT, "id": COUNT})),
        "updated": MOMENT,
        "progress": {"type": "array", "items": _object({"at": MOMENT, "text": TEXT, "link": TEXT})},
        "disputes": {"type": "array", "items": _object({"at": MOMENT, "number": COUNT, "text": _or_null(TEXT)})},
        "questions": {"type": "array", "items": _object({"number": COUNT, "supports": COUNT})},
    }
)
RECORD: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "The record of a forum",
    **_object(
        {
            "forum": _object(
                {"code": TEXT, "title": TEXT, "agency": TEXT, "starts": MOMENT, "ends": MOMENT},
                {"integrity": _one_of(Integrity)},
            ),
            "totals": _object(
                {"received": COUNT, "by_status": {"type": "object"}, "rejected_because": {"type": "object"}}
            ),
            "questions": {"type": "array", "items": QUESTION},
            "follow_ups": {"type": "array", "items": FOLLOW_UP},
            "percent_done": {"type": "number", "minimum": 0, "maximum": 100},
        }
    ),
}
