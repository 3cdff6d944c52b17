"""The record and the follow-up list as JSON and CSV; cells that a spreadsheet would run are made harmless."""

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

from live.documents.record import Record
from live.rules.cells import safe

KINDS = {"json": "application/json", "csv": "text/csv; charset=utf-8"}
QUESTION_COLUMNS = (
    "number", "status", "kind", "text", "supports", "speaker", "speaker_name", "note", "answer", "shown_at",
    "answered_at", "due", "follow_ups", "voided", "integrity",
)  # fmt: skip
FOLLOW_UP_COLUMNS = (
    "id", "problem", "recommendation", "activity", "owner", "due", "term", "status", "reason", "forwarded_to",
    "partial", "updated", "questions", "duration", "authority", "needs_budget", "element", "indicator", "agreed",
    "disputed",
)  # fmt: skip


def write(record: Record, name: str, kind: str) -> tuple[bytes, str]:
    """``archive`` or ``follow-up`` as ``json`` or ``csv``: the bytes and their media type."""
    if kind == "json":
        chosen = record if name == "archive" else {k: record[k] for k in ("forum", "follow_ups", "percent_done")}
        return json.dumps(chosen, ensure_ascii=False, indent=2).encode(), KINDS[kind]
    if name == "archive":
        level = {"integrity": record["forum"]["integrity"]}
        return _csv(QUESTION_COLUMNS, [question | level for question in record["questions"]]), KINDS[kind]
    return _csv(FOLLOW_UP_COLUMNS, record["follow_ups"]), KINDS[kind]


def _csv(columns: tuple[str, ...], rows: Iterable[dict[str, Any]]) -> bytes:
    """RFC 4180 with a byte order mark, which Excel needs to read UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([safe(_cell(row.get(column))) for column in columns] for row in rows)
    return ("\ufeff" + out.getvalue()).encode()


def _cell(value: object) -> object:
    if isinstance(value, list):
        return ", ".join(str(item["number"]) if isinstance(item, dict) else str(item) for item in value)
    return "" if value is None else value
