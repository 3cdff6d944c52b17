"""Which list of which page a question stands in, and in what order: pages and frames both read this."""

import itertools
from typing import Any

from live.rules.audience import Viewer
from live.rules.views import View
from live.rules.words import Audience

Lists = dict[str, list[int]]
"""List (the id of its element) → the numbers of the questions in it, in the order of a fresh page."""

ORDERED = frozenset({"inbox", "queue", "todo", "record"})
"""Lists whose order means something at every moment. In the others a fresh page sorts, and an open page waits for the
reader: a list never moves under the finger."""


def is_ordered(name: str) -> bool:
    """Whether this list's order is kept by frames (``queue-2`` counts as ``queue``)."""
    return name.partition("-")[0] in ORDERED


def lists(state: View, viewer: Viewer) -> Lists:
    """The lists of the page of this viewer, all of them, also the empty ones."""
    if viewer.audience is Audience.MODERATOR:
        return _desk(state)
    if viewer.audience is Audience.SPEAKER:
        return {"queue": state["queues"].get(str(viewer.speaker), [])}
    if viewer.audience is Audience.SCRIBE:
        return _scribe(state)
    if viewer.audience in (Audience.SCREEN, Audience.ORGANISER):
        return {}
    if viewer.audience is Audience.PUBLIC:
        return {"record": [q["number"] for q in state["questions"] if q["status"] != "merged"]}
    return _hall(state)


def _numbers(state: View, *statuses: str) -> list[dict[str, Any]]:
    return [q for q in state["questions"] if q["status"] in statuses]


def _by_supports(questions: list[dict[str, Any]]) -> list[int]:
    return [q["number"] for q in sorted(questions, key=lambda q: (-q["supports"], q["number"]))]


def _latest_first(questions: list[dict[str, Any]], key: str) -> list[int]:
    ranked = sorted(questions, key=lambda q: (q.get(key) or "", q["number"]), reverse=True)
    return [q["number"] for q in ranked]


def fair(most_supported: list[int]) -> list[int]:
    """Two of the most supported, then the newest, and so on: what nobody has seen yet gets its turn as well."""
    latest, order = sorted(most_supported, reverse=True), dict[int, None]()
    turns = itertools.cycle((most_supported, most_supported, latest))
    while len(order) < len(most_supported):
        order[next(n for n in next(turns) if n not in order)] = None
    return list(order)


def _hall(state: View) -> Lists:
    """A phone: what is open by supports, what is answered by time."""
    return {
        "list": _by_supports(_numbers(state, "shown", "queued", "stage")),
        "answered": _latest_first(_numbers(state, "answered", "written"), "answered_at"),
    }


def _desk(state: View) -> Lists:
    """The moderator's desk: oldest first in the inbox, queues in their order."""
    queues = {f"queue-{position}": numbers for position, numbers in state["queues"].items()}
    return {
        "inbox": [q["number"] for q in _numbers(state, "pending")],
        "shown": _by_supports(_numbers(state, "shown")),
        **queues,
        "done": _latest_first(_numbers(state, "answered", "written"), "answered_at"),
        "away": _latest_first(_numbers(state, "rejected", "private", "withdrawn", "merged"), "number"),
    }


def _scribe(state: View) -> Lists:
    """The scribe: the question on stage first, also with its note, then the answers without one, then the rest."""
    heard = _numbers(state, "stage", "answered", "written")
    todo = [q for q in heard if q["status"] == "stage" or (not q["note"] and not q["answer"])]
    first = [q["number"] for q in todo if q["status"] == "stage"]
    rest = _latest_first([q for q in todo if q["status"] != "stage"], "answered_at")
    return {"todo": first + rest, "noted": _latest_first([q for q in heard if q not in todo], "noted_at")}
