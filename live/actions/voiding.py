"""Holding a block of supports for nothing, where a moderator is sure that nobody in the hall gave them.

The rows stay: what counts is the sum without them, the desk and the record say how many were left out, and the act can
be undone. Whoever was voided goes on without counting.
"""

from datetime import UTC, datetime

from sqlalchemy import select

from live.actions.doing import Doing, Outcome
from live.actions.fields import Fields, moment
from live.rules.refusal import Refusal, of_field
from live.store import identities
from live.store.change import Change
from live.store.models import Entry, Question, Support


class Block(Fields, frozen=True, kw_only=True):
    """The fields of ``void``: who came from ``since`` to before ``until`` and supports question ``number``, if any."""

    since: str
    until: str
    number: int | None = None


async def void(doing: Doing, fields: Block) -> Outcome:
    """Hold the supports of everybody who came within this time (and supports this question) for nothing."""
    change = doing.change
    since, until = _time(fields.since, "since"), _time(fields.until, "until")
    if fields.number is not None and await change.question(fields.number) is None:
        raise Refusal("no_such_question", "fields", params={"n": fields.number}, extra={"field": "number"})
    wanted = identities.voidable(change.forum.id, since, until, fields.number)
    people = list(await change.session.scalars(wanted))
    for person in people:
        person.void = True
    if not people:
        return Outcome({"people": 0})
    await change.session.flush()
    touched = await _supported(change, {person.participant for person in people})
    await identities.recount(change.session, change.forum.id, touched)
    block = {"since": since.isoformat(), "until": until.isoformat(), "about": fields.number, "people": len(people)}
    doing.note_down(detail=block | {"questions": touched})
    return Outcome({"people": len(people), "questions": touched})


async def count_again(change: Change, entry: Entry) -> None:
    """What a block counts after it was taken back."""
    await change.session.flush()
    await identities.recount(change.session, change.forum.id, entry.detail["questions"])


async def _supported(change: Change, people: set[str]) -> list[int]:
    """The numbers of the questions that any of these people supports."""
    wanted = (
        select(Question.number, Support.participant)
        .join(Support, Support.question_id == Question.id)
        .where(Question.forum_id == change.forum.id, Support.given)
    )
    return sorted({row.number for row in await change.session.execute(wanted) if row.participant in people})


def _time(value: str, field: str) -> datetime:
    wrong = of_field(field)
    found = moment(value, field)
    if found is None or found.tzinfo is None:
        raise wrong
    try:
        return found.astimezone(UTC)
    except OverflowError:
        raise wrong from None
