"""An organiser's second factor (RFC 6238): six digits from a phone, each good for one sign-in; and recovery codes.

The key is sealed in the database. A sign-in with a second factor has two steps; between them the browser holds a sealed
ticket that says whose password was right, and lets nobody in by itself.
"""

import hmac
import json
import secrets
from datetime import datetime, timedelta

import pyotp
from sqlalchemy import delete, func, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from live.actions import fields as reading
from live.rules.refusal import Refusal
from live.rules.seat_codes import LETTERS
from live.store import links
from live.store.database import Database
from live.store.models import Organiser, RecoveryCode
from live.store.safe import Safe

STEP = 30
ISSUER = "Jaring"
RECOVERY_CODES = 10
"""Of sixteen letters each: 80 bits."""
TICKET_TIME = timedelta(minutes=5)


class Confirm(reading.Fields, frozen=True, kw_only=True):
    """The fields of switching it on: the key as the page gave it, sealed, and a code that the phone shows."""

    sealed: str
    code: str


class Off(reading.Fields, frozen=True, kw_only=True):
    """The field of switching it off."""

    password: str


class Second(reading.Fields, frozen=True, kw_only=True):
    """The fields of the second step of signing in; the code is of the phone, or one for recovery."""

    ticket: str
    code: str


def new_key() -> str:
    """A key of 160 bits, as phones take it."""
    return str(pyotp.random_base32())


def address(key: str, name: str) -> str:
    """What the QR code says to the phone."""
    return str(pyotp.TOTP(key).provisioning_uri(name=name, issuer_name=ISSUER))


async def switch_on(database: Database, safe: Safe, organiser_id: int, given: Confirm) -> list[str]:
    """Ask for a second factor from now on; returns the recovery codes, which are told once."""
    key = safe.open(given.sealed)
    step = None if key is None else _step(key, given.code, database.clock())
    if step is None:
        raise Refusal("wrong_second", "fields", extra={"field": "code"})
    codes = ["".join(secrets.choice(LETTERS) for _ in range(16)) for _ in range(RECOVERY_CODES)]
    async with database.writing() as session:
        organiser = await session.get_one(Organiser, organiser_id)
        organiser.totp, organiser.totp_used = given.sealed, step
        await forget_codes(session, organiser_id)
        session.add_all(RecoveryCode(digest=links.digest(code), organiser_id=organiser_id) for code in codes)
    return ["-".join(code[at : at + 4] for at in range(0, 16, 4)) for code in codes]


async def forget(session: AsyncSession, organiser: Organiser) -> None:
    """Switch it off."""
    organiser.totp = None
    await forget_codes(session, organiser.id)


async def forget_codes(session: AsyncSession, organiser_id: int) -> None:
    """No recovery code of this organiser works any more."""
    await session.execute(delete(RecoveryCode).where(RecoveryCode.organiser_id == organiser_id))


async def codes_left(session: AsyncSession, organiser_id: int) -> int:
    """How many recovery codes were not used yet."""
    wanted = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.organiser_id == organiser_id)
    return int(await session.scalar(wanted) or 0)


def ticket(safe: Safe, organiser: Organiser, now: datetime) -> str:
    """What a browser holds whose password was right; a new password ends it."""
    return safe.seal(json.dumps([organiser.id, links.digest(organiser.password), (now + TICKET_TIME).timestamp()]))


async def holder(session: AsyncSession, safe: Safe, held: str, now: datetime) -> Organiser:
    """Whose ticket this is; refuses one that is over, or is none."""
    text = safe.open(held)
    organiser_id, password, until = (0, "", 0.0) if text is None else json.loads(text)
    organiser = await session.get(Organiser, organiser_id)
    is_good = organiser is not None and links.digest(organiser.password) == password and until > now.timestamp()
    if organiser is None or not is_good:
        raise Refusal("sign_in_again", "role")
    return organiser


async def is_right(session: AsyncSession, safe: Safe, organiser: Organiser, code: str, now: datetime) -> bool:
    """Whether this code lets in; it does so once, also when two browsers send it at the same moment."""
    typed = code.upper().replace("-", "").replace(" ", "")
    if len(typed) == 16:
        used = await session.execute(
            delete(RecoveryCode).where(
                RecoveryCode.organiser_id == organiser.id, RecoveryCode.digest == links.digest(typed)
            )
        )
        return _changed(used)
    key = None if organiser.totp is None else safe.open(organiser.totp)
    step = None if key is None else _step(key, typed, now)
    if step is None:
        return False
    fresh = update(Organiser).where(Organiser.id == organiser.id, Organiser.totp_used < step)
    return _changed(await session.execute(fresh.values(totp_used=step)))


def _changed(result: object) -> bool:
    return isinstance(result, CursorResult) and result.rowcount == 1


def _step(key: str, code: str, now: datetime) -> int | None:
    """The step of time whose code this is: the present one or a neighbour, as clocks differ."""
    present, otp = int(now.timestamp()) // STEP, pyotp.TOTP(key)
    typed = code.replace(" ", "").encode()
    good = [step for step in (present - 1, present, present + 1) if _same(otp.generate_otp(step), typed)]
    return max(good, default=None)


def _same(code: str, typed: bytes) -> bool:
    return hmac.compare_digest(code.encode(), typed)
