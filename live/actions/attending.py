"""The small taps of a participant: as whom, a helper please, a number for a reply, feedback on the event."""

from sqlalchemy import delete, func, select

from live.actions.doing import Doing, Outcome
from live.actions.fields import Fields, line
from live.rules import personal, phone_number
from live.rules.refusal import Refusal
from live.rules.words import Aspect, Group, Verdict
from live.store.models import LARGEST_NUMBER, Attendee, Call, Contact, Feedback

CONSENT_VERSION = "1"
"""Which wording of the consent (catalogue keys ``contact.consent`` and ``contact.notice``) was agreed to."""


class Attending(Fields, frozen=True, kw_only=True):
    """The fields of ``group``."""

    group: Group


class Help(Fields, frozen=True, kw_only=True):
    """The fields of ``help``: where the person sits; ``on=0`` when it is no longer needed."""

    row: str | None = None
    on: bool = True


class Helped(Fields, frozen=True, kw_only=True):
    """The fields of ``helped``: the number of the call."""

    call: int


class LeaveContact(Fields, frozen=True, kw_only=True):
    """The fields of ``contact``: a number with its consent; ``consent=0`` takes both back."""

    phone: str | None = None
    consent: bool = False
    on: bool = True


class Tap(Fields, frozen=True, kw_only=True):
    """The fields of ``feedback``: one tap."""

    about: Aspect
    verdict: Verdict


async def group(doing: Doing, fields: Attending) -> Outcome:
    """Say as whom one attends; saying it again replaces it."""
    at = (doing.change.forum.id, doing.actor.id)
    known = await doing.change.session.get(Attendee, at)
    if known is None:
        doing.change.session.add(Attendee(forum_id=at[0], participant=at[1], group=fields.group))
    if known is None or known.group != fields.group:
        if known is not None:
            known.group = fields.group
        doing.note_down()
    return Outcome({"group": fields.group})


async def help_me(doing: Doing, fields: Help) -> Outcome:
    """Ask for a helper, or say that none is needed any more. The row lives in the call, never in the journal."""
    row = line(fields.row, 40)
    masked = None if row is None else personal.mask(row).text
    session, at = doing.change.session, (doing.change.forum.id, doing.actor.id)
    call = await session.get(Call, at)
    is_waiting = call is not None and call.ended is None
    if not fields.on:
        if call is not None and is_waiting:
            _end(doing, call)
        return Outcome({"waiting": False})
    if call is None:
        call = Call(forum_id=at[0], participant=at[1], number=0, row=None, since=doing.change.now)
        session.add(call)
    if not is_waiting:
        call.number = await _next_number(doing)
        call.since, call.ended = doing.change.now, None
    if not is_waiting or call.row != masked:
        call.row = masked
        doing.note_down(detail={"call": call.number})
    return Outcome({"waiting": True, "call": call.number})


async def helped(doing: Doing, fields: Helped) -> Outcome:
    """A helper has been there."""
    wanted = select(Call).where(Call.forum_id == doing.change.forum.id, Call.number == fields.call)
    is_possible = 0 < fields.call <= LARGEST_NUMBER
    call = await doing.change.session.scalar(wanted) if is_possible else None
    if call is None:
        raise Refusal("no_such_call", "existence")
    if call.ended is None:
        _end(doing, call)
    return Outcome({"call": call.number})


async def contact(doing: Doing, fields: LeaveContact) -> Outcome:
    """Leave a telephone number, sealed, with its own consent; or take it back, which destroys it at once.

    The journal keeps that and when consent was given or taken back, and to which wording: the proof of it.
    """
    if not fields.on:
        await forget_contact(doing)
        return Outcome({"contact": False})
    if not fields.consent:
        raise Refusal("consent_needed", "fields", extra={"field": "consent"})
    number = phone_number.read(fields.phone or "")
    session, at = doing.change.session, (doing.change.forum.id, doing.actor.id)
    await session.execute(delete(Contact).where(Contact.forum_id == at[0], Contact.participant == at[1]))
    session.add(
        Contact(
            forum_id=at[0],
            participant=at[1],
            sealed=doing.safe.seal(number),
            consent=CONSENT_VERSION,
            given=doing.change.now,
        )
    )
    doing.note_down(detail={"version": CONSENT_VERSION})
    return Outcome({"contact": True})


async def forget_contact(doing: Doing) -> None:
    """Destroy this participant's number, if there is one."""
    session, at = doing.change.session, (doing.change.forum.id, doing.actor.id)
    known = await session.get(Contact, at)
    if known is not None:
        await session.delete(known)
        doing.note_down(kind="CONSENT_WITHDRAWN", detail={"version": known.consent})


async def feedback(doing: Doing, fields: Tap) -> Outcome:
    """One tap on one aspect; tapping again replaces it."""
    session, at = doing.change.session, (doing.change.forum.id, doing.actor.id, str(fields.about))
    known = await session.get(Feedback, at)
    if known is None:
        session.add(Feedback(forum_id=at[0], participant=at[1], about=at[2], verdict=fields.verdict))
    if known is None or known.verdict != fields.verdict:
        if known is not None:
            known.verdict = fields.verdict
        doing.note_down()
    return Outcome({"about": fields.about, "verdict": fields.verdict})


def _end(doing: Doing, call: Call) -> None:
    call.ended, call.row = doing.change.now, None
    doing.note_down(kind="HELPED", detail={"call": call.number, "person": call.participant})


async def _next_number(doing: Doing) -> int:
    """The forum's row is locked, so nobody else counts at the same time."""
    wanted = select(func.max(Call.number)).where(Call.forum_id == doing.change.forum.id)
    return int(await doing.change.session.scalar(wanted) or 0) + 1
