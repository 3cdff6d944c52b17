"""Role links: redeemed into a renewed session, several in one browser; wrong, expired and revoked ones give nothing."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
from sqlalchemy import select

from live.actions import creating
from live.actions.pace import Pace
from live.actions.perform import Acting
from live.rules.actor import Granted
from live.rules.words import Role
from live.store import links
from live.store.database import Database, connect
from live.store.links import Redeemed
from live.store.models import Link, Session
from tests import build
from tests.build import Room
from tests.store.shared import KINDS, shared_url

pytestmark = pytest.mark.asyncio(loop_scope="module")
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=KINDS)
async def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Database]:
    async with shared_url(request, tmp_path_factory) as url:
        opened = connect(url, lambda: NOW)
        yield opened
        await opened.close()


@pytest_asyncio.fixture(loop_scope="module")
async def room(database: Database) -> Room:
    return await build.room(database, Acting(database, Pace("open")))


def secret(room: Room, role: str) -> str:
    return str(room.links[role]).partition("#")[2]


async def redeem(room: Room, token: str, present: str | None = None, now: datetime = NOW) -> Redeemed | None:
    async with room.database.writing() as session:
        return await links.redeem(session, token, present, now)


async def entered(room: Room, token: str, present: str | None = None) -> Redeemed:
    got = await redeem(room, token, present)
    assert got is not None
    return got


async def held(room: Room, session_secret: str, now: datetime = NOW) -> set[Granted]:
    forum_id = (await room.facts()).forum.id
    async with room.database.reading() as session:
        return set(await links.grants(session, session_secret, forum_id, now))


async def test_a_role_link_gives_its_role_in_its_forum(room: Room) -> None:
    got = await entered(room, secret(room, "moderator"))
    assert (got.role, got.speaker, got.code) == (Role.MODERATOR, None, room.code)
    assert await held(room, got.session) == {Granted(Role.MODERATOR)}


async def test_every_link_of_a_forum_gives_another_role_and_each_speaker_the_own_place(room: Room) -> None:
    for role in creating.SINGLE_ROLES:
        assert (await entered(room, secret(room, role))).role is role
    for position, link in enumerate(room.links["speakers"], start=1):
        got = await entered(room, link.partition("#")[2])
        assert (got.role, got.speaker) == (Role.SPEAKER, position)


async def test_the_session_id_is_never_the_one_the_browser_brought(room: Room) -> None:
    first = await entered(room, secret(room, "scribe"), "brought-by-the-browser")
    assert first.session != "brought-by-the-browser"
    assert await held(room, "brought-by-the-browser") == set()


async def test_the_session_id_changes_with_every_grant_and_the_old_one_ends(room: Room) -> None:
    first = await entered(room, secret(room, "scribe"))
    second = await entered(room, secret(room, "moderator"), first.session)
    assert second.session != first.session
    assert await held(room, first.session) == set()
    assert await held(room, second.session) == {Granted(Role.SCRIBE), Granted(Role.MODERATOR)}


async def test_one_browser_may_hold_every_role_at_once(room: Room) -> None:
    session_secret = None
    tokens = [secret(room, role) for role in creating.SINGLE_ROLES]
    tokens += [link.partition("#")[2] for link in room.links["speakers"]]
    for token in tokens:
        session_secret = (await entered(room, token, session_secret)).session
    assert session_secret is not None
    roles = {Granted(role) for role in creating.SINGLE_ROLES}
    assert await held(room, session_secret) == roles | {Granted(Role.SPEAKER, n) for n in (1, 2, 3)}


async def test_redeeming_the_same_link_twice_gives_one_grant(room: Room) -> None:
    first = await entered(room, secret(room, "scribe"))
    second = await entered(room, secret(room, "scribe"), first.session)
    forum_id = (await room.facts()).forum.id
    async with room.database.reading() as session:
        assert await links.grants(session, second.session, forum_id, NOW) == (Granted(Role.SCRIBE),)


async def test_two_devices_redeem_one_link_into_sessions_of_their_own(room: Room) -> None:
    one = await entered(room, secret(room, "moderator"))
    two = await entered(room, secret(room, "moderator"))
    assert one.session != two.session
    assert await held(room, one.session) == await held(room, two.session) == {Granted(Role.MODERATOR)}


async def test_a_grant_reaches_no_other_forum(room: Room) -> None:
    other = await build.room(room.database, room.acting)
    got = await entered(room, secret(room, "moderator"))
    assert await held(other, got.session) == set()
    both = await entered(other, secret(other, "scribe"), got.session)
    assert await held(room, both.session) == {Granted(Role.MODERATOR)}
    assert await held(other, both.session) == {Granted(Role.SCRIBE)}


@pytest.mark.parametrize("wrong", ["", "wrong", "x" * 27, "' OR 1=1 --"])
async def test_a_wrong_secret_gives_nothing(room: Room, wrong: str) -> None:
    assert await redeem(room, wrong) is None


async def test_a_wrong_secret_leaves_the_present_session_as_it_was(room: Room) -> None:
    got = await entered(room, secret(room, "scribe"))
    assert await redeem(room, "wrong", got.session) is None
    assert await held(room, got.session) == {Granted(Role.SCRIBE)}


async def test_a_link_ends_seven_days_after_the_forum(room: Room) -> None:
    got = await entered(room, secret(room, "moderator"))
    ends = (await room.facts()).forum.ends
    last_moment, after = ends + timedelta(days=7, seconds=-1), ends + timedelta(days=7)
    assert await redeem(room, secret(room, "moderator"), now=last_moment) is not None
    assert await redeem(room, secret(room, "moderator"), now=after) is None
    assert await held(room, got.session, last_moment) == {Granted(Role.MODERATOR)}
    assert await held(room, got.session, after) == set()


async def test_renewing_ends_the_old_link_and_the_devices_that_came_with_it(room: Room) -> None:
    old = secret(room, "moderator")
    got = await entered(room, old)
    also = await entered(room, secret(room, "scribe"), got.session)
    made = await creating.renew(room.database, room.code, Role.MODERATOR, "http://jaring.test")
    assert made is not None
    assert await redeem(room, old) is None
    assert await held(room, also.session) == {Granted(Role.SCRIBE)}
    fresh = str(made["moderator"]).partition("#")[2]
    assert await held(room, (await entered(room, fresh)).session) == {Granted(Role.MODERATOR)}


async def test_renewing_the_speakers_gives_each_a_new_link(room: Room) -> None:
    made = await creating.renew(room.database, room.code, Role.SPEAKER, "http://jaring.test")
    assert made is not None
    fresh = made["speakers"]
    assert isinstance(fresh, list)
    assert len(fresh) == 3
    assert not set(fresh) & set(room.links["speakers"])
    for position, link in enumerate(fresh, start=1):
        assert (await entered(room, link.partition("#")[2])).speaker == position


async def test_no_secret_is_kept_in_the_database(room: Room) -> None:
    token = secret(room, "moderator")
    got = await entered(room, token)
    async with room.database.reading() as session:
        kept = [*(await session.scalars(select(Link.digest))), *(await session.scalars(select(Session.digest)))]
    assert token not in kept
    assert got.session not in kept
    assert {links.digest(token), links.digest(got.session)} <= set(kept)


async def test_role_links_carry_the_secret_in_the_fragment_and_the_participants_carries_none(room: Room) -> None:
    assert room.links["participant"] == f"http://jaring.test/f/{room.code}"
    for role in creating.SINGLE_ROLES:
        place, _, token = str(room.links[role]).partition("#")
        assert place == "http://jaring.test/enter"
        assert len(token) >= 27
