"""What is kept of the present is what a fresh reading gives, and nothing that was erased."""

from live.push.present import Present
from live.rules import audience
from live.rules.audience import Viewer
from live.rules.words import Audience
from live.store import snapshot
from tests.actions.test_erasing import receipt_of
from tests.build import Room, full_room, seats
from tests.people import SARI
from tests.store.test_renewing import LOCAL, SEAT_CODE

VIEWERS = [Viewer(one, speaker=1 if one is Audience.SPEAKER else None) for one in Audience]


async def test_every_viewer_sees_after_every_local_act_what_a_whole_reading_shows(room: Room) -> None:
    numbers = await full_room(room)
    await seats(room, SEAT_CODE)
    present, forum_id = Present(room.database), (await room.facts()).forum.id
    kept = 0
    for name, actor, status, fields in LOCAL:
        before = await present.facts(forum_id)
        views = {viewer: present.state(before, viewer) for viewer in VIEWERS}
        await room.do(name, actor, numbers[status], **fields)
        facts = await present.facts(forum_id)
        read = await room.database.read(lambda session: snapshot.read(session, forum_id))
        for viewer, old in views.items():
            state = present.state(facts, viewer)
            assert state == audience.state(read, viewer), (name, viewer)
            kept += sum(any(view is other for other in old["questions"]) for view in state["questions"])
    assert kept > 100, "or nothing was taken from before, and the test shows nothing"
    present.heads.close()


async def test_erased_words_are_not_kept_in_memory(room: Room) -> None:
    number = await room.asked("shown", "Kapan blanko untuk Pak Wiryo dikirim?")
    await room.asked("shown")
    present, forum_id = Present(room.database), (await room.facts()).forum.id
    for viewer in VIEWERS:
        present.state(await present.facts(forum_id), viewer)
    assert "Wiryo" in repr(vars(present))
    await room.do("erase", SARI, number, receipt=await receipt_of(room, number))
    await present.facts(forum_id)
    assert "Wiryo" not in repr(vars(present))
    present.heads.close()
