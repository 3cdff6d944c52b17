"""Last time first: how the forum before stands is shown in this one, and what is unfinished goes on here."""

import json

import pytest
from sqlalchemy import select

from live.actions import creating
from live.rules import audience
from live.rules.audience import Viewer
from live.rules.forum_file import BadForumFile, read
from live.rules.refusal import Refusal
from live.rules.words import Audience
from live.store import journal, snapshot
from live.store.models import Entry
from tests import build
from tests.build import Room
from tests.people import MAYA, NINA, OKI

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def entries(room: Room, kind: str) -> list[Entry]:
    async with room.database.reading() as session:
        forum = await snapshot.forum_by_code(session, room.code)
        assert forum is not None
        wanted = select(Entry).where(Entry.forum_id == forum.id, Entry.kind == kind)
        return list(await session.scalars(wanted))


async def test_everybody_sees_how_the_promises_of_the_last_forum_stand(room: Room) -> None:
    before = await build.predecessor(room)
    for viewer in (Audience.PARTICIPANT, Audience.SCREEN, Audience.MODERATOR):
        seen = audience.state(await room.facts(), Viewer(viewer))["earlier"]
        assert (seen["code"], seen["total"], seen["by_status"]["doing"], seen["percent_done"]) == (before.code, 1, 1, 0)
        assert [(f["id"], f["owner"], f["here"]) for f in seen["open"]] == [(1, "Sekretaris Dinas", None)]


async def test_an_unfinished_promise_goes_on_here_and_both_records_say_so(room: Room) -> None:
    before = await build.predecessor(room)
    done = (await room.do("carry", NINA, item=1)).body
    again = (await room.do("carry", NINA, item=1)).body
    assert (done["id"], again["id"]) == (1, 1)
    here, there = (await room.facts()).follow_ups[0], (await before.facts()).follow_ups[0]
    assert (here.problem, here.owner, here.status, here.carried_from) == (
        "Antrean panjang",
        "Sekretaris Dinas",
        "doing",
        1,
    )
    assert here.agreed is None, "it has to be agreed anew"
    assert there.carried_to == (room.code, 1)
    told = [await entries(which, "FOLLOW_UP_CARRIED") for which in (room, before)]
    assert [[entry.follow_up for entry in some] for some in told] == [[1], [1]]
    assert audience.state(await room.facts(), Viewer(Audience.SCREEN))["earlier"]["open"][0]["here"] == 1


async def test_the_chain_of_both_journals_holds_after_carrying(room: Room) -> None:
    before = await build.predecessor(room)
    await room.do("carry", NINA, item=1)
    for which in (room, before):
        async with room.database.change(which.code) as change:
            assert await journal.broken_at(change.session, change.forum) is None


async def test_what_is_settled_or_was_never_promised_is_not_carried(room: Room) -> None:
    before = await build.predecessor(room)
    await before.do("progress", OKI, 1, text="Selesai.", status="done")
    with pytest.raises(Refusal, match="follow_up_settled"):
        await room.do("carry", NINA, item=1)
    with pytest.raises(Refusal) as refused:
        await room.do("carry", NINA, item=9)
    assert refused.value.status == 404


async def test_a_forum_without_a_predecessor_has_nothing_to_carry(room: Room) -> None:
    assert (await room.facts()).earlier is None
    with pytest.raises(Refusal) as refused:
        await room.do("carry", MAYA, item=1)
    assert refused.value.status == 404


async def test_a_predecessor_is_shown_once_it_is_published(room: Room) -> None:
    before = await build.room(room.database, room.acting)
    async with room.database.change(room.code) as change:
        change.forum.predecessor = before.code
    assert (await room.facts()).earlier is None
    await before.publish()
    assert (await room.facts()).earlier is not None


async def test_a_forum_file_names_its_predecessor_and_an_unknown_one_is_refused(room: Room) -> None:
    file = {
        "title": "Forum kedua", "agency": "Dinas", "place": "Aula", "starts": "2027-11-24T09:00:00",
        "ends": "2027-11-24T12:00:00", "timezone": "Asia/Makassar", "speakers": [{"name": "A", "field": "B"}],
    }  # fmt: skip
    await room.publish()
    made = await creating.create(room.database, read(json.dumps(file | {"predecessor": room.code}), "json"), "http://x")
    async with room.database.reading() as session:
        forum = await snapshot.forum_by_code(session, str(made["code"]))
        assert forum is not None
        facts = await snapshot.read(session, forum.id)
    assert facts.earlier is not None
    assert facts.earlier.code == room.code
    with pytest.raises(BadForumFile, match="predecessor"):
        await creating.create(room.database, read(json.dumps(file | {"predecessor": "000000"}), "json"), "http://x")
    with pytest.raises(BadForumFile, match="predecessor"):
        read(json.dumps(file | {"predecessor": "kode"}), "json")


async def test_an_askers_own_words_are_not_copied_where_the_asker_cannot_erase_them(room: Room) -> None:
    before = await build.room(room.database, room.acting)
    number = await before.asked("stage", "Kata-kata Sari sendiri")
    await before.do("note", NINA, number, text="Bulan depan.", promise="yes", term="short")
    await before.publish()
    async with room.database.change(room.code) as change:
        change.forum.predecessor = before.code
    await room.do("carry", NINA, item=1)
    here = (await room.facts()).follow_ups[0]
    assert (here.problem, here.recommendation) == ("", "Bulan depan.")
