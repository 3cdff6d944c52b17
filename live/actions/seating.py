"""Letting people in who count: by the number on the projector (room), or by a printed code (strict)."""

import secrets
from datetime import timedelta
from typing import Annotated

import msgspec

from live.actions.doing import Doing, Outcome
from live.actions.fields import Fields
from live.rules import admission, pace, seat_codes
from live.rules.admission import Ticket
from live.rules.refusal import Refusal, of_field
from live.rules.words import Integrity
from live.store import identities
from live.store.change import Change
from live.store.models import LARGEST_NUMBER, Identity, SeatCode


class Seat(Fields, frozen=True, kw_only=True):
    """The fields of ``seat``: the number or the code; and the ticket of one who was told to wait or to work."""

    code: str | None = None
    ticket: Annotated[str, msgspec.Meta(pattern=admission.TICKET)] | None = None
    proof: Annotated[str, msgspec.Meta(pattern=r"^\d{1,12}$")] | None = None


class Seats(Fields, frozen=True, kw_only=True):
    """The fields of ``seats``."""

    count: int


class FreeSeat(Fields, frozen=True, kw_only=True):
    """The fields of ``free-seat``: the number that is printed on the slip."""

    seat: int


async def check(change: Change, person: str) -> None:
    """Refuse who has to be let in first."""
    level = Integrity(change.forum.integrity)
    if level is not Integrity.OPEN and not await identities.is_known(change.session, change.forum.id, person):
        raise needed(level)


def needed(level: Integrity) -> Refusal:
    """What is said to a participant who was not let in yet."""
    if level is Integrity.ROOM:
        return Refusal("number_needed", "state", extra={"needs": "number"})
    return Refusal("seat_needed", "state", extra={"needs": "code"})


async def seat(doing: Doing, fields: Seat) -> Outcome:
    """Come in with the number on the projector or with a printed code; whoever is in already stays in."""
    level, change = Integrity(doing.change.forum.integrity), doing.change
    is_in = await identities.is_known(change.session, change.forum.id, doing.actor.id)
    if level is Integrity.OPEN or is_in:
        return Outcome({"admitted": True})
    if not fields.code and not fields.ticket:
        raise needed(level)
    told: dict[str, int] = {}
    if level is Integrity.ROOM:
        await _by_number(doing, fields)
    else:
        told = {"seat": await _by_code(doing, fields)}
    if await identities.is_known(change.session, change.forum.id, doing.actor.id):
        doing.note_down(kind="SEAT_MOVED", detail=told)
    else:
        change.session.add(Identity(forum_id=change.forum.id, participant=doing.actor.id, since=change.now))
        doing.note_down(detail=told)
    return Outcome({"admitted": True, **told})


async def seats(doing: Doing, fields: Seats) -> Outcome:
    """Make seat codes; they are told once, and only digests are kept."""
    change = doing.change
    if change.forum.integrity != Integrity.STRICT:
        raise Refusal("no_seats", "state")
    if not 1 <= fields.count <= seat_codes.MOST:
        raise of_field("count")
    first = (await identities.seats(change.session, change.forum.id))[0] + 1
    codes = ["".join(secrets.choice(seat_codes.LETTERS) for _ in range(seat_codes.LENGTH)) for _ in range(fields.count)]
    for number, code in enumerate(codes, first):
        digest = seat_codes.digest(doing.safe.admission, change.forum.code, code)
        change.session.add(SeatCode(forum_id=change.forum.id, number=number, digest=digest))
    doing.note_down(detail={"first": first, "count": fields.count})
    return Outcome({"first": first, "count": fields.count}, created=True, once={"codes": codes})


async def free_seat(doing: Doing, fields: FreeSeat) -> Outcome:
    """Take a code off its phone, so that another phone can be given it; the supports wait for that phone."""
    session, forum = doing.change.session, doing.change.forum
    is_possible = 0 < fields.seat <= LARGEST_NUMBER
    found = await identities.seat(session, forum.id, number=fields.seat) if is_possible else None
    if found is None:
        raise Refusal("no_such_seat", "existence", params={"n": fields.seat}, extra={"field": "seat"})
    if found.participant is not None:
        await identities.move(session, forum.id, found.participant, seat_codes.placeholder(found.digest))
        found.participant = found.taken = None
        doing.note_down(detail={"seat": found.number})
    return Outcome({"seat": found.number})


async def _by_number(doing: Doing, fields: Seat) -> None:
    """Right, and not too many at once; a ticket that was worked for or waited for pays for the crowd."""
    now, code, key, person = doing.change.now, doing.change.forum.code, doing.safe.admission, doing.actor.id
    ticket = admission.opened(key, code, person, fields.ticket) if fields.ticket else None
    if ticket is not None and ticket.is_over(now):
        ticket = None
    is_worked = admission.is_worked(fields.ticket or "", fields.proof or "")
    is_paid = ticket is not None and (is_worked or ticket.left(now) == 0)
    is_guessed = doing.pace.is_spent(f"forum {code}", pace.GUESSES)
    lately = await identities.joined(doing.change.session, doing.change.forum.id, now - timedelta(minutes=1))
    wait = max(admission.wait(lately), admission.SHORTEST if is_guessed else 0)
    is_right = ticket is not None and ticket.is_right
    if not is_right and (is_paid or not is_guessed):
        doing.pace.check(person, pace.GUESSING)
        is_right = admission.is_number(key, code, fields.code or "", now)
        if not is_right:
            doing.pace.count(person, pace.GUESSING)
            doing.pace.count(f"forum {code}", pace.GUESSES)
            raise Refusal("wrong_number", "fields", extra={"field": "code", "needs": "number"})
    if wait and not is_paid:
        raise _crowded(ticket or Ticket(int(now.timestamp()), wait, is_right), doing)


def _crowded(ticket: Ticket, doing: Doing) -> Refusal:
    left = max(1, ticket.left(doing.change.now))
    sealed = ticket.sealed(doing.safe.admission, doing.change.forum.code, doing.actor.id)
    extra = {"wait": left, "needs": "patience", "ticket": sealed, "bits": admission.BITS}
    return Refusal("crowded", "pace", params={"s": left}, extra=extra)


async def _by_code(doing: Doing, fields: Seat) -> int:
    """The number of the seat; what counted for its last phone counts for this one now."""
    change, person = doing.change, doing.actor.id
    doing.pace.check(person, pace.GUESSING)
    code = seat_codes.read(fields.code or "")
    digest = seat_codes.digest(doing.safe.admission, change.forum.code, code)
    found = await identities.seat(change.session, change.forum.id, digest=digest) if code else None
    if found is None:
        doing.pace.count(person, pace.GUESSING)
        raise Refusal("wrong_code", "fields", extra={"field": "code", "needs": "code"})
    if found.participant is not None:
        raise Refusal("seat_taken", "state", params={"n": found.number}, extra={"needs": "code"})
    await identities.move(change.session, change.forum.id, seat_codes.placeholder(digest), person)
    found.participant, found.taken = person, change.now
    return found.number
