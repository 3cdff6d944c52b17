"""Organisers' accounts: inviting, setting a password, signing in and out. These acts belong to no forum.

A wrong name and a wrong password are one refusal, and take the same time. Failures delay the next try from the same
place (one second, doubling to a minute) and never lock the account, so nobody can be locked out by a stranger.
"""

import asyncio
import secrets
import time
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from live.actions import fields as reading
from live.actions import second
from live.actions.second import Second
from live.rules import passwords
from live.rules.refusal import Refusal, of_field
from live.store import links, organisers
from live.store.database import Database
from live.store.models import Invitation, Organiser, SignIn
from live.store.safe import Safe

HOURS = 12
"""How long a sign-in lasts, whatever is done meanwhile."""

INVITATION_HOURS = 24
NAME_LIMIT = 60
REMEMBERED = 10_000

hasher = PasswordHasher()


class Account(reading.Fields, frozen=True, kw_only=True):
    """The fields of setting a password; the first organiser also says name and agency."""

    token: str
    password: str
    again: str
    name: str | None = None
    agency: str | None = None


class Credentials(reading.Fields, frozen=True, kw_only=True):
    """The fields of signing in."""

    name: str
    password: str


@dataclass(frozen=True, slots=True)
class Browser:
    """Who knocks: the present session's secret, what the device calls itself, and where it comes from."""

    session: str | None
    device: str
    place: str


class Doorkeeper:
    """Counts failures by account and place in this process; several processes give an attacker a few tries more."""

    def __init__(self) -> None:
        self._failures: dict[tuple[str, str], tuple[int, float]] = {}

    def check(self, name: str, place: str) -> None:
        """Refuse with 429 while the delay after the last failure runs."""
        failures, at = self._failures.get((name, place), (0, 0.0))
        if wait := passwords.wait(failures, time.monotonic() - at):
            raise Refusal("too_fast", "pace", params={"s": wait}, extra={"wait": wait})

    def failed(self, name: str, place: str) -> None:
        """One more failure."""
        if len(self._failures) >= REMEMBERED:
            self._failures.clear()
        failures, _ = self._failures.get((name, place), (0, 0.0))
        self._failures[name, place] = (failures + 1, time.monotonic())

    def passed(self, name: str, place: str) -> None:
        """Forget the failures."""
        self._failures.pop((name, place), None)


async def invite(database: Database, name: str | None = None, agency: str | None = None) -> str:
    """The secret of a one-time address for setting a password; an earlier invitation of the same name ends.

    Without a name it is for the first organiser, who then says name and agency.
    """
    secret = secrets.token_urlsafe(links.SECRET_BYTES)
    folded = name and name.casefold()
    async with database.writing() as session:
        mine = Invitation.name.is_(None) if folded is None else Invitation.name == folded
        await session.execute(delete(Invitation).where(mine))
        until = database.clock() + timedelta(hours=INVITATION_HOURS)
        session.add(Invitation(digest=links.digest(secret), name=folded, agency=agency, until=until))
    return secret


async def invite_first(database: Database) -> str | None:
    """An invitation for the first organiser of this installation; None when there is one already."""
    async with database.reading() as session:
        known = await organisers.count(session)
    return None if known else await invite(database)


def invitation(public_url: str, secret: str) -> str:
    """The address of an invitation; the secret stays in the fragment."""
    return f"{public_url}/organiser/first#{secret}"


async def accept(database: Database, given: Account, browser: Browser) -> str:
    """Set the password of an invitation, once; returns the session that is signed in. Other sign-ins end."""
    async with database.reading() as session:
        name, agency = await _invited(session, database, given)
    if given.password != given.again:
        raise Refusal("passwords_differ", "fields", extra={"field": "again"})
    passwords.check(given.password, (name, agency))
    hashed = await asyncio.to_thread(hasher.hash, given.password)
    async with database.writing() as session:
        await _invited(session, database, given)
        await session.execute(delete(Invitation).where(Invitation.digest == links.digest(given.token)))
        organiser = await organisers.by_name(session, name)
        if organiser is None:
            organiser = Organiser(name=name, agency=agency, password=hashed, created=database.clock())
            session.add(organiser)
        organiser.password, organiser.agency = hashed, agency
        await session.flush()
        await organisers.sign_out(session, organiser.id)
        # Who lost the phone gets in again by an invitation, which only the one who runs the server can make.
        await second.forget(session, organiser)
        return await _sign_in(session, database, organiser, browser)


@dataclass(frozen=True, slots=True)
class Passed:
    """The password was right: the ``secret`` of a session that is signed in, or the ``ticket`` for the second step."""

    secret: str = ""
    ticket: str | None = None


async def sign_in(database: Database, door: Doorkeeper, safe: Safe, given: Credentials, browser: Browser) -> Passed:
    """Check name and password; refuses with 403, or 429 while a delay runs."""
    name = given.name.strip().casefold()[:NAME_LIMIT]
    door.check(name, browser.place)
    async with database.reading() as session:
        organiser = await organisers.by_name(session, name)
    known = _nobody() if organiser is None else organiser.password
    is_right = await asyncio.to_thread(_verified, known, given.password[: passwords.LONGEST])
    if organiser is None or not is_right:
        door.failed(name, browser.place)
        raise Refusal("wrong_password", "role")
    if organiser.totp is not None:
        return Passed(ticket=second.ticket(safe, organiser, database.clock()))
    door.passed(name, browser.place)
    async with database.writing() as session:
        return Passed(await _sign_in(session, database, organiser, browser))


async def finish(database: Database, door: Doorkeeper, safe: Safe, given: Second, browser: Browser) -> str:
    """The second step: the secret of a session that is signed in. A wrong code delays the next try as a password does.

    A right code is used up also when the answer gets lost on its way.
    """
    async with database.writing() as session:
        organiser = await second.holder(session, safe, given.ticket, database.clock())
        door.check(organiser.name, browser.place)
        if await second.is_right(session, safe, organiser, given.code, database.clock()):
            door.passed(organiser.name, browser.place)
            return await _sign_in(session, database, organiser, browser)
    door.failed(organiser.name, browser.place)
    raise Refusal("wrong_second", "role", extra={"field": "code"})


async def switch_off(database: Database, door: Doorkeeper, organiser: Organiser, password: str, place: str) -> None:
    """Ask for no second factor any more; refuses without the password."""
    door.check(organiser.name, place)
    if not await asyncio.to_thread(_verified, organiser.password, password[: passwords.LONGEST]):
        door.failed(organiser.name, place)
        raise Refusal("wrong_password", "role", extra={"field": "password"})
    async with database.writing() as session:
        await second.forget(session, await session.get_one(Organiser, organiser.id))


async def sign_out(database: Database, organiser_id: int, sign_in_id: int) -> None:
    """End one sign-in of this organiser."""
    async with database.writing() as session:
        await organisers.sign_out(session, organiser_id, sign_in_id)


async def _invited(session: AsyncSession, database: Database, given: Account) -> tuple[str, str]:
    """The name and agency that the invitation, or for the first organiser the form, says."""
    invitation = await session.get(Invitation, links.digest(given.token))
    if invitation is None or invitation.until <= database.clock():
        raise Refusal("wrong_invitation", "role")
    name = invitation.name or reading.line(given.name, NAME_LIMIT)
    agency = invitation.agency or reading.line(given.agency)
    for field, value in (("name", name), ("agency", agency)):
        if not value:
            raise of_field(field)
    is_taken = invitation.name is None and await organisers.by_name(session, str(name)) is not None
    if is_taken:
        raise Refusal("name_taken", "state", extra={"field": "name"})
    return str(name).casefold(), str(agency)


async def _sign_in(session: AsyncSession, database: Database, organiser: Organiser, browser: Browser) -> str:
    now = database.clock()
    fresh = await links.renewed(session, browser.session, now)
    # One browser, one organiser: who signs in as somebody else is signed out first.
    await session.execute(delete(SignIn).where(SignIn.session == links.digest(fresh)))
    until = now + timedelta(hours=HOURS)
    session.add(
        SignIn(session=links.digest(fresh), organiser_id=organiser.id, at=now, until=until, device=browser.device[:80])
    )
    return fresh


@cache
def _nobody() -> str:
    """A hash that no password has: an unknown name takes as long as a known one."""
    return hasher.hash(secrets.token_urlsafe(32))


def _verified(hashed: str, password: str) -> bool:
    try:
        return hasher.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False
