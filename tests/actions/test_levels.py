"""What a support is worth at each level of integrity: who is let in, by what, and how often."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from live.actions.pace import Pace
from live.actions.perform import Acting
from live.rules import admission
from live.rules.actor import Actor
from live.rules.refusal import Refusal
from live.rules.words import Integrity
from live.store.database import connect
from live.store.models import Identity
from tests import build
from tests.build import PLAN, Room
from tests.people import BUDI, HADI, MAYA, OKI, SARI, TONO, person

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
CODE, OTHER = "ABCDE12345", "ZZZZZ00000"


class Clock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def turn(self, seconds: float) -> None:
        """Let so much time pass."""
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def hall(database_url: str, clock: Clock) -> Any:
    """A database with a clock that stands still, and an acting at the limits of a venue."""
    database = connect(database_url, clock)
    yield Acting(database, Pace("venue"))
    await database.close()


async def forum(acting: Acting, level: Integrity) -> Room:
    return await build.room(acting.database, acting, replace(PLAN, integrity=level))


def shown(room: Room, clock: Clock) -> str:
    """The number that the projector of this room shows."""
    return admission.number(room.acting.safe.admission, room.code, clock.now)


async def refused(room: Room, name: str, actor: Actor, number: int | None = None, **fields: Any) -> Refusal:
    with pytest.raises(Refusal) as said:
        await room.do(name, actor, number, **fields)
    return said.value


async def question(room: Room) -> int:
    """A question that can be supported, written down by a helper."""
    number = await room.ask(f"Kapan blanko KTP-el tersedia? {await room.count()}", actor=HADI)
    await room.do("show", MAYA, number)
    return number


def worked(extra: dict[str, Any]) -> dict[str, str]:
    """What a phone sends back after its work."""
    proof = next(n for n in range(10**7) if admission.is_worked(extra["ticket"], str(n), extra["bits"]))
    return {"ticket": extra["ticket"], "proof": str(proof)}


async def test_whoever_is_not_in_the_hall_neither_asks_nor_supports(hall: Acting) -> None:
    room = await forum(hall, Integrity.ROOM)
    number = await question(room)
    assert (await refused(room, "support", BUDI, number, on=True)).reason == "number_needed"
    assert (await refused(room, "ask", SARI, text="Kapan?")).extra["needs"] == "number"
    assert (await refused(room, "support", BUDI, number, on=True)).status == 409


async def test_the_number_on_the_projector_lets_in_once_for_all(hall: Acting, clock: Clock) -> None:
    room = await forum(hall, Integrity.ROOM)
    number = await question(room)
    typed = shown(room, clock)
    assert (await room.do("seat", BUDI, code=f"{typed[:3]} {typed[3:]}")).body["admitted"]
    clock.turn(3600)
    assert (await room.do("support", BUDI, number, on=True)).body["supports"] == 1
    assert (await room.do("seat", BUDI)).body["admitted"], "asking again changes nothing"


async def test_the_number_before_is_still_taken_and_the_one_before_that_is_not(hall: Acting, clock: Clock) -> None:
    room = await forum(hall, Integrity.ROOM)
    old = shown(room, clock)
    clock.turn(60)
    assert shown(room, clock) != old
    assert (await room.do("seat", BUDI, code=old)).body["admitted"]
    clock.turn(60)
    assert (await refused(room, "seat", TONO, code=old)).reason == "wrong_number"


async def test_another_forum_shows_another_number(hall: Acting, clock: Clock) -> None:
    one, other = await forum(hall, Integrity.ROOM), await forum(hall, Integrity.ROOM)
    assert (await refused(other, "seat", BUDI, code=shown(one, clock))).reason == "wrong_number"


async def test_five_wrong_numbers_make_a_person_wait_and_right_ones_never_count(hall: Acting, clock: Clock) -> None:
    room = await forum(hall, Integrity.ROOM)
    wrong = str((int(shown(room, clock)) + 1) % 10**6).zfill(6)
    for _ in range(5):
        assert (await refused(room, "seat", BUDI, code=wrong)).reason == "wrong_number"
    told = await refused(room, "seat", BUDI, code=shown(room, clock))
    assert (told.status, told.extra["wait"]) == (429, 12)
    for n in range(100, 140):
        await room.do("seat", person(n), code=shown(room, clock))


async def crowd(room: Room, many: int) -> None:
    """So many people came in just now."""
    async with room.database.change(room.code) as change:
        for n in range(many):
            change.session.add(Identity(forum_id=change.forum.id, participant=f"{n + 1000:032x}", since=change.now))


async def test_a_crowd_works_and_a_whole_hall_within_a_minute_does_not(hall: Acting, clock: Clock) -> None:
    room = await forum(hall, Integrity.ROOM)
    await crowd(room, admission.FREE_JOINS - 1)
    await room.do("seat", BUDI, code=shown(room, clock))
    told = await refused(room, "seat", TONO, code=shown(room, clock))
    assert (told.reason, told.status, told.extra["wait"]) == ("crowded", 429, admission.SHORTEST)
    clock.turn(1)  # less than the wait
    assert (await room.do("seat", TONO, code="", **worked(told.extra))).body["admitted"]


async def test_whoever_cannot_work_waits_and_need_not_look_again(hall: Acting, clock: Clock) -> None:
    room = await forum(hall, Integrity.ROOM)
    await crowd(room, admission.FREE_JOINS + 500)
    told = await refused(room, "seat", TONO, code=shown(room, clock))
    ticket = told.extra["ticket"]
    assert told.extra["wait"] == 55
    clock.turn(20)
    assert (await refused(room, "seat", TONO, ticket=ticket)).extra["wait"] == 35
    clock.turn(35)
    assert (await room.do("seat", TONO, ticket=ticket)).body["admitted"]


async def test_a_ticket_is_worth_nothing_to_another_person_or_changed(hall: Acting, clock: Clock) -> None:
    room = await forum(hall, Integrity.ROOM)
    await crowd(room, admission.FREE_JOINS)
    told = await refused(room, "seat", TONO, code=shown(room, clock))
    paid = worked(told.extra)
    clock.turn(200)  # the crowd is over, and the number another one
    assert (await refused(room, "seat", BUDI, **paid)).reason == "wrong_number"
    given, wait, right, seal = paid["ticket"].split(".")
    for forged in (f"{given}.0.{right}.{seal}", f"{given}.{wait}.{right}.{'0' * 32}", f"{given}.{wait}.0.{seal}"):
        assert (await refused(room, "seat", SARI, ticket=forged)).reason == "wrong_number"


async def test_a_card_counts_once_whatever_phones_it_is_typed_into(hall: Acting) -> None:
    room = await forum(hall, Integrity.STRICT)
    await build.seats(room, CODE)
    number = await question(room)
    assert (await refused(room, "support", BUDI, number, on=True)).reason == "seat_needed"
    assert (await room.do("seat", BUDI, code="abcde-i2345")).body["seat"] == 1
    await room.do("support", BUDI, number, on=True)
    assert (await refused(room, "seat", TONO, code=CODE)).reason == "seat_taken"
    assert (await room.do("seat", BUDI, code=CODE)).body["admitted"], "the same phone may type it again"
    assert (await refused(room, "seat", TONO, code=OTHER)).reason == "wrong_code"


async def test_a_card_that_moves_takes_its_supports_and_its_questions_along(hall: Acting) -> None:
    room = await forum(hall, Integrity.STRICT)
    await build.seats(room, CODE)
    number = await question(room)
    await room.do("seat", BUDI, code=CODE)
    await room.do("support", BUDI, number, on=True)
    own = await room.ask(actor=BUDI)
    await room.do("show", MAYA, own)
    await room.do("free-seat", HADI, seat=1)
    assert (await refused(room, "support", BUDI, number, on=False)).reason == "seat_needed"
    await room.do("seat", TONO, code=CODE)
    assert (await room.do("support", TONO, number, on=True)).body["supports"] == 1, "one card counts once"
    assert (await refused(room, "support", TONO, own, on=True)).reason == "own_question"
    assert (await room.do("support", TONO, number, on=False)).body["supports"] == 0


async def test_codes_are_told_once_and_kept_as_digests(hall: Acting) -> None:
    room = await forum(hall, Integrity.STRICT)
    made = await room.do("seats", OKI, count=3)
    more = await room.do("seats", OKI, count=2)
    codes = made.once["codes"] + more.once["codes"]
    assert len(set(codes)) == 5
    assert (made.body["first"], more.body["first"]) == (1, 4)
    assert "codes" not in made.body
    assert (await room.do("seat", BUDI, code=codes[3])).body["seat"] == 4
    assert (await refused(await forum(hall, Integrity.OPEN), "seats", OKI, count=3)).reason == "no_seats"


async def test_at_the_open_level_nothing_is_asked(hall: Acting) -> None:
    room = await forum(hall, Integrity.OPEN)
    number = await question(room)
    assert (await room.do("support", BUDI, number, on=True)).body["supports"] == 1
    assert (await room.do("seat", BUDI, code="1")).body["admitted"]


async def test_void_supports_do_not_count_are_told_and_come_back_with_undo(hall: Acting, clock: Clock) -> None:
    room = await forum(hall, Integrity.OPEN)
    number, second = await question(room), await question(room)
    await room.do("support", BUDI, number, on=True)
    clock.turn(600)
    since = clock.now
    for n in range(100, 104):
        await room.do("support", person(n), number, on=True)
    await room.do("support", person(100), second, on=True)
    clock.turn(60)
    block = {"since": since.isoformat(), "until": clock.now.isoformat(), "number": number}
    assert (await room.do("void", MAYA, **block)).body == {
        "people": 4,
        "questions": [number, second],
        "cursor": (await room.facts()).forum.cursor,
    }
    assert await counted(room) == {number: (1, 4), second: (0, 1)}
    await room.do("support", person(101), second, on=True)
    await room.do("support", person(102), number, on=False)
    assert await counted(room) == {number: (1, 3), second: (0, 2)}, "whoever is void stays void"
    await room.do("merge", MAYA, second, into=number)
    assert (await counted(room))[number] == (1, 3)
    await room.do("undo", MAYA)
    await room.do("undo", MAYA)
    assert await counted(room) == {number: (4, 0), second: (2, 0)}


async def counted(room: Room) -> dict[int, tuple[int, int]]:
    """Question → supports that count, and those that are void."""
    return {q.number: (q.supports, q.voided) for q in (await room.facts()).questions}
