"""Letting in the device that shows a number."""

from live.actions.doing import Doing, Outcome
from live.actions.fields import Fields
from live.rules.refusal import Refusal, of_field
from live.store import pairings


class Number(Fields, frozen=True, kw_only=True):
    """The fields of ``pair``: the six digits, spaces between them do not matter."""

    digits: str


async def pair(doing: Doing, fields: Number) -> Outcome:
    """Let in the device that shows this number; it opens by itself, in the role of the page it asked for."""
    digits = "".join(fields.digits.split())
    if not (digits.isascii() and digits.isdigit() and len(digits) == 6):
        raise of_field("digits")
    change = doing.change
    waiting = await pairings.waiting(change.session, change.forum.id, digits, change.now)
    if waiting is None:
        raise Refusal("no_such_device", "fields", extra={"field": "digits"})
    waiting.allowed = True
    doing.note_down(detail={"role": waiting.role})
    return Outcome({"role": waiting.role})
