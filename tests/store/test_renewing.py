"""Facts that were renewed are the facts that a whole reading gives."""

from typing import Any

import pytest

from live.rules.actor import Actor
from live.store import renewing, snapshot
from tests.actions.examples import SEAT_CODE
from tests.build import Room, full_room, seats
from tests.people import BUDI, MAYA, SARI, TONO

LOCAL: list[tuple[str, Actor, str, dict[str, Any]]] = [
    ("edit", SARI, "pending", {"text": "Kapan persisnya?"}),
    ("show", MAYA, "pending", {}),
    ("show", MAYA, "private", {}),
    ("reject", MAYA, "queued", {"reason": "spam"}),
    ("private", MAYA, "shown", {}),
    ("rephrase", MAYA, "stage", {"text": "Kapan tersedia kembali?"}),
    ("mask", MAYA, "shown", {"text": "blanko"}),
    ("seat", TONO, "second", {"code": SEAT_CODE}),
    ("support", BUDI, "second", {"on": True}),
    ("queue", MAYA, "second", {"speaker": 2}),
    ("queue", MAYA, "answered", {"speaker": 1}),
    ("unqueue", MAYA, "second", {}),
]


async def renewed_and_read(room: Room, known: Any) -> tuple[Any, Any]:
    return (
        await room.database.read(lambda session: renewing.renew(session, known)),
        await room.database.read(lambda session: snapshot.read(session, known.forum.id)),
    )


async def test_every_local_act_renews_to_what_a_whole_reading_gives(room: Room) -> None:
    numbers = await full_room(room)
    await seats(room, SEAT_CODE)
    for name, actor, status, fields in LOCAL:
        known = await room.facts()
        await room.do(name, actor, numbers[status], **fields)
        renewed, read = await renewed_and_read(room, known)
        assert renewed == read, name
        assert renewed != known, name


async def test_every_local_kind_is_tried() -> None:
    from live.rules.acts import ACTS

    assert {ACTS[name].entry for name, _, _, _ in LOCAL} == renewing.LOCAL


async def test_who_steps_aside_in_a_queue_is_renewed_as_well(room: Room) -> None:
    numbers = await full_room(room)
    known = await room.facts()
    await room.do("queue", MAYA, numbers["second"], speaker=1, before=numbers["queued"])
    renewed, read = await renewed_and_read(room, known)
    assert renewed == read
    places = [{q.number: q.place for q in facts.questions}[numbers["queued"]] for facts in (known, renewed)]
    assert places[0] != places[1], "or the test shows nothing"


@pytest.mark.parametrize("name", ["ask", "unstage", "next"])
async def test_after_any_other_act_everything_is_read(room: Room, name: str) -> None:
    numbers = await full_room(room)
    known = await room.facts()
    if name == "ask":
        await room.ask("Apakah ada yang baru?")
    else:
        await room.do(name, MAYA, numbers["stage"] if name == "unstage" else None)
    renewed, read = await renewed_and_read(room, known)
    assert renewed == read


async def test_a_gap_in_the_journal_is_answered_with_a_whole_reading(room: Room) -> None:
    from sqlalchemy import delete

    from live.store.models import Entry

    numbers = await full_room(room)
    known = await room.facts()
    await room.do("next", MAYA)
    await room.do("rephrase", MAYA, numbers["shown"], text="Setelah lubang?")
    async with room.database.writing() as session:
        await session.execute(delete(Entry).where(Entry.seq == known.forum.seq + 1))
    renewed, read = await renewed_and_read(room, known)
    assert renewed == read
