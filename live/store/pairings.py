"""Letting a strange device in without typing a link: it shows a number, the desk types it, and the device is let in.

The number alone opens nothing: the browser keeps a secret of 160 bits, of which the hash is stored here, and only the
browser with that secret gets the role once the desk has allowed its number.
"""

import secrets
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from live.rules.words import Role
from live.store.links import digest
from live.store.models import Pairing

LIFE = timedelta(minutes=5)
MOST = 100
"""Devices that may wait for one forum at once; more are a flood, and would fill the range of numbers."""

ROLES = frozenset({Role.SCREEN, Role.HELPER, Role.SCRIBE})
"""Roles that a device may be let in as; the others decide too much, or speak for one person."""


async def number(session: AsyncSession, forum_id: int, role: Role, secret: str, now: datetime) -> str | None:
    """The six digits that the device with this secret shows, the same until they expire; None when too many wait."""
    await session.execute(delete(Pairing).where(Pairing.forum_id == forum_id, Pairing.expires <= now))
    known = await _of(session, forum_id, role, secret)
    if known is not None:
        return known.number
    used = set(await session.scalars(select(Pairing.number).where(Pairing.forum_id == forum_id)))
    if len(used) >= MOST:
        return None
    fresh = _digits()
    while fresh in used:
        fresh = _digits()
    device = digest(secret)
    session.add(Pairing(forum_id=forum_id, role=role, number=fresh, device=device, expires=now + LIFE, allowed=False))
    return fresh


async def waiting(session: AsyncSession, forum_id: int, digits: str, now: datetime) -> Pairing | None:
    """The device that shows this number and was not allowed yet, or None."""
    return await session.scalar(
        select(Pairing).where(
            Pairing.forum_id == forum_id, Pairing.number == digits, Pairing.expires > now, Pairing.allowed.is_(False)
        )
    )


async def state(
    session: AsyncSession, forum_id: int, role: Role, secret: str, now: datetime
) -> Literal["waiting", "open", "over"]:
    """Where the device with this secret stands: its number waits to be typed, was typed, or is no longer valid."""
    known = await _of(session, forum_id, role, secret)
    if known is None or known.expires <= now:
        return "over"
    return "open" if known.allowed else "waiting"


async def taken(session: AsyncSession, forum_id: int, role: Role, secret: str, now: datetime) -> bool:
    """Whether the device with this secret may come in now; asked once, for its number is used up."""
    used = delete(Pairing).where(
        Pairing.forum_id == forum_id,
        Pairing.role == role,
        Pairing.device == digest(secret),
        Pairing.expires > now,
        Pairing.allowed.is_(True),
    )
    return bool((await session.execute(used)).rowcount)  # type: ignore[attr-defined]


async def _of(session: AsyncSession, forum_id: int, role: Role, secret: str) -> Pairing | None:
    wanted = select(Pairing).where(Pairing.forum_id == forum_id, Pairing.role == role, Pairing.device == digest(secret))
    return await session.scalar(wanted)


def _digits() -> str:
    return str(secrets.randbelow(900_000) + 100_000)
