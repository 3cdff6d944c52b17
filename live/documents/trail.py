"""The audit trail: a forum's journal as people read it. Entries hold facts and no words, and so does this."""

import csv as files
import hashlib
import io
import json
from collections.abc import Iterable
from typing import Any

from live.rules.cells import safe
from live.store.models import Entry

COLUMNS = ("seq", "at", "kind", "role", "device", "question", "follow_up", "detail")


def line(entry: Entry) -> dict[str, Any]:
    """One entry. ``device`` tells the people of one forum apart and means nothing outside it; empty for the command
    line."""
    return {
        "seq": entry.seq,
        "at": entry.at.isoformat(),
        "kind": entry.kind,
        "role": entry.role,
        "device": _pseudonym(entry.forum_id, entry.actor),
        "question": entry.question,
        "follow_up": entry.follow_up,
        "detail": {name: value for name, value in entry.detail.items() if value not in (None, [], "")},
    }


def csv(entries: Iterable[Entry]) -> bytes:
    """All of them as CSV, spreadsheet-safe, the columns :data:`COLUMNS`."""
    out = io.StringIO()
    writer = files.writer(out)
    writer.writerow(COLUMNS)
    for entry in entries:
        found = line(entry)
        found["detail"] = json.dumps(found["detail"], ensure_ascii=False) if found["detail"] else ""
        writer.writerow([safe(found[name]) for name in COLUMNS])
    return ("\ufeff" + out.getvalue()).encode()


def _pseudonym(forum_id: int, actor: str) -> str:
    """Not the participant's own id, which is in the cookie and nowhere else outside the database."""
    return hashlib.sha256(f"{forum_id} {actor}".encode()).hexdigest()[:6] if actor else ""
