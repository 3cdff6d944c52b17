"""Role links while a forum runs: making new ones (the old ones end), and sending one device away."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from live.actions import fields as reading
from live.actions.doing import Doing, Outcome
from live.rules.actor import Granted
from live.rules.refusal import Refusal, of_field
from live.rules.words import Role
from live.store import links
from live.store.change import Change
from live.store.models import LARGEST_NUMBER, Forum, Grant, Link

LINK_DAYS = 7
"""A role link works until this many days after the forum's end, unless renewed or revoked before."""


class Renew(reading.Fields, frozen=True, kw_only=True):
    """The fields of ``links``; a speaker's link needs the speaker."""

    role: Role
    speaker: int | None = None


class Device(reading.Fields, frozen=True, kw_only=True):
    """The fields of ``devices``: the number of the device in the organiser's list."""

    device: int


async def renew(doing: Doing, fields: Renew) -> Outcome:
    """End the link of a role with all its devices, and make a new one, whose secret is told once."""
    reading.position(fields.speaker, await doing.change.speaker_count())
    if fields.role in (Role.PARTICIPANT, Role.OWNER) or (fields.role == Role.SPEAKER) != (fields.speaker is not None):
        raise of_field("role")
    granted = Granted(fields.role, fields.speaker)
    secret = await renewed(doing.change, granted)
    doing.note_down(detail={"role": fields.role, "speaker": fields.speaker})
    return Outcome({"role": fields.role, "speaker": fields.speaker}, once={"secret": secret})


async def renewed(change: Change, granted: Granted) -> str:
    """The secret of the new link of this role; the old link has ended."""
    await links.revoke(change.session, change.forum.id, granted, change.now)
    return await made(change.session, change.forum, granted, change.now)


async def made(session: AsyncSession, forum: Forum, granted: Granted, now: datetime) -> str:
    """The secret of one more link of this role, told once; it works until some days after the forum."""
    expires = max(forum.ends, now) + timedelta(days=LINK_DAYS)
    _, secret = await links.make(session, forum.id, granted, now, expires)
    return secret


async def prolong(change: Change) -> None:
    """The links that work go on until some days after the forum's new end; those of owners outlive it anyway."""
    working = update(Link).where(Link.forum_id == change.forum.id, Link.revoked.is_(None), Link.role != Role.OWNER)
    expires = max(change.forum.ends, change.now) + timedelta(days=LINK_DAYS)
    await change.session.execute(working.values(expires=expires))


async def send_away(doing: Doing, fields: Device) -> Outcome:
    """End what one device got from a role link; the link itself goes on working."""
    wanted = select(Grant).join(Link, Link.id == Grant.link_id)
    number = fields.device if 0 < fields.device <= LARGEST_NUMBER else 0
    grant = await doing.change.session.scalar(wanted.where(Grant.id == number, Link.forum_id == doing.change.forum.id))
    if grant is None:
        raise Refusal("no_such_device", "existence", extra={"field": "device"})
    if grant.ended is None:
        grant.ended = doing.change.now
        doing.note_down(detail={"device": fields.device})
    return Outcome({"device": fields.device})
