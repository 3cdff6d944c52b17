"""``seen``: who decides on an old picture is told what happened meanwhile, and nothing is changed."""

from typing import Any, Literal, Protocol

from live.rules.refusal import Refusal

Seen = tuple[str, int] | None
"""Epoch and number of the last entry that the person's screen had applied, when it was given."""


class Touched(Protocol):
    """What a question, a follow-up or a row of one remembers of the last act on it."""

    number: Any
    status: Any
    touched: Any
    touched_by: Any
    touched_role: Any
    touched_did: Any


def check(epoch: str, seen: Seen, item: Touched, person: str, named: Literal["question", "follow_up"]) -> None:
    """Refuse when somebody else touched the item after ``seen`` in the forum of this ``epoch``."""
    if seen is None or item.touched_by == person:
        return
    if seen[0] == epoch and item.touched <= seen[1]:
        return
    about = {"number" if named == "question" else "id": item.number, "status": str(item.status)}
    extra = {"by": item.touched_role, "did": item.touched_did, named: about}
    raise Refusal("moved_on", "state", params={"n": item.number}, extra=extra)
