"""Old page + frames = new page: for every act, audience and language. Nobody can have missed a change."""

from typing import Any

import pytest

from live.app import build
from live.push.frames import TOPICS
from live.rules import layout
from live.rules.actor import Actor
from live.rules.acts import ACTS
from live.rules.audience import Viewer
from live.rules.facts import ForumFacts
from live.rules.words import LANGUAGES, Audience
from live.settings import Settings
from live.web.hall import Hall
from live.web.pages import DESKS, rendered
from tests.actions.examples import OTHER_PLAN, SEAT_CODE, VOIDING, redeemed
from tests.build import Room, full_room, predecessor, seats
from tests.build import room as new_room
from tests.people import AHMAD, BUDI, DINA, HADI, MAYA, NINA, OKI, SARI, TONO
from tests.push.page import Page

PAGE_OF = {audience: name for name, audience in DESKS.items()} | {
    Audience.PARTICIPANT: "phone",
    Audience.PUBLIC: "archive",
}
VIEWERS = [
    Viewer(audience, language, 1 if audience is Audience.SPEAKER else None)
    for audience in Audience
    for language in LANGUAGES
]
Numbers = dict[str, int]

# Every act with an example that changes something: (name, who, on which question of the full room, fields).
EXAMPLES: list[tuple[str, Actor, str | None, dict[str, Any]]] = [
    ("ask", SARI, None, {"text": "Apakah layanan Sabtu ada?"}),
    ("support", BUDI, "second", {"on": True}),
    ("edit", SARI, "pending", {"text": "Kapan persisnya?"}),
    ("withdraw", SARI, "shown", {}),
    ("withdraw", SARI, "queued", {}),
    ("erase", SARI, "answered", {}),
    ("erase", SARI, "stage", {}),
    ("erase", TONO, "second", {}),
    ("show", MAYA, "pending", {}),
    ("show", MAYA, "rejected", {}),
    ("reject", MAYA, "pending", {"reason": "offtopic"}),
    ("reject", MAYA, "queued", {"reason": "rude"}),
    ("private", MAYA, "shown", {}),
    ("rephrase", MAYA, "shown", {"text": "Kapan blanko KTP-el tersedia kembali?"}),
    ("rephrase", MAYA, "stage", {"text": "Kapan blanko KTP-el tersedia kembali?"}),
    ("rephrase", MAYA, "queued", {"text": "Kapan blanko KTP-el tersedia kembali?"}),
    ("mask", MAYA, "shown", {"text": "blanko"}),
    ("mask", MAYA, "pending", {"text": "blanko"}),
    ("merge", MAYA, "pending", {"into": "stage"}),
    ("merge", MAYA, "shown", {"into": "queued"}),
    ("merge", MAYA, "queued", {"into": "shown"}),
    ("unmerge", MAYA, "merged", {}),
    ("why", MAYA, "second", {"text": "Menyangkut banyak warga."}),
    ("queue", MAYA, "pending", {"speaker": 2}),
    ("queue", MAYA, "shown", {"speaker": 1}),
    ("queue", MAYA, "answered", {"speaker": 3}),
    ("queue", MAYA, "second", {"speaker": 1, "before": "queued"}),
    ("queue", MAYA, "queued", {"speaker": 2}),
    ("queue", AHMAD, "queued", {"speaker": 3}),
    ("unqueue", MAYA, "queued", {}),
    ("unstage", MAYA, "stage", {}),
    ("answered", AHMAD, "stage", {}),
    ("written", MAYA, "stage", {"owner": "Kabid Dafduk", "due": "2026-12-01"}),
    ("written", MAYA, "shown", {}),
    ("note", NINA, "stage", {"text": "Bulan depan."}),
    ("note", NINA, "answered", {"text": "Dua bulan lagi."}),
    ("confirm", AHMAD, "answered", {}),
    ("answer", OKI, "written", {"text": "Sudah tersedia sejak 1 Desember."}),
    ("links", OKI, None, {"role": "scribe"}),
    ("devices", OKI, None, {"device": 1}),
    ("next", MAYA, None, {}),
    ("next", MAYA, None, {"speaker": 2}),
    ("note", NINA, "stage", {"text": "Bulan depan.", "promise": "yes", "due": "2026-12-24"}),
    ("note", NINA, "stage", {"text": "Bulan depan.", "promise": "no"}),
    ("no-promise", NINA, "written", {}),
    ("papers", OKI, None, {"reference": "400.12/17/2026", "signed": "2026-11-24"}),
    ("agree", MAYA, "1", {}),
    ("progress", DINA, "1", {"text": "Blanko sudah dipesan.", "status": "doing"}),
    ("phase", MAYA, None, {"to": "supporting"}),
    ("phase", MAYA, None, {"to": "closed"}),
    ("phase", MAYA, None, {"to": "draft"}),
    ("group", SARI, None, {"group": "media"}),
    ("help", BUDI, None, {"row": "F12"}),
    ("helped", HADI, None, {"call": 1}),
    ("seat", SARI, None, {"code": SEAT_CODE}),
    ("seats", OKI, None, {"count": 2}),
    ("free-seat", HADI, None, {"seat": 1}),
    ("void", MAYA, None, VOIDING),
    ("contact", SARI, None, {"phone": "0812 0000 0000", "consent": True}),
    ("forget", SARI, None, {}),
    ("show-on-screen", MAYA, None, {"view": "list"}),
    ("show-on-screen", MAYA, None, {"view": "agreements"}),
    ("show-on-screen", MAYA, None, {"view": "stage"}),
    ("show-on-screen", MAYA, None, {"view": "join", "interpreter": "left", "look": "dark"}),
    ("show-on-screen", MAYA, None, {"view": "agreements", "item": 1}),
    ("unstage", AHMAD, "stage", {"speaker": 2}),
    ("time", MAYA, None, {"seconds": 60}),
    ("agenda", MAYA, None, {"item": 3}),
    ("message", MAYA, None, {"speaker": 1, "text": "2 menit lagi"}),
    ("message-read", AHMAD, "1", {}),
    ("pair", MAYA, None, {"digits": "123456"}),
    ("notice", MAYA, None, {"text": "Lima menit lagi."}),
    ("rude-words", MAYA, None, {"rude": "koruptor"}),
    ("hand-over", MAYA, None, {}),
    ("follow-ups", NINA, None, {"problem": "Antrean panjang", "question": ["queued"], "due": "2026-12-24"}),
    ("carry", NINA, None, {"item": 1}),
    ("follow-up", NINA, "1", {"status": "doing", "due": "2026-12-24"}),
]


async def opened(database_url: str) -> tuple[Hall, Room, Numbers]:
    """A hall without a server, and a forum with a question in every status."""
    hall = await build(Settings(database_url=database_url, limits="open"))
    room = await new_room(hall.database, hall.acting)
    await redeemed(room, "scribe")
    return hall, room, await full_room(room)


async def pages(hall: Hall, room: Room) -> dict[Viewer, str]:
    """Every page, fresh."""
    facts = await hall.hub.present.facts((await room.facts()).forum.id)
    return {viewer: rendered(hall, PAGE_OF[viewer.audience], facts, viewer, _extra(viewer)) for viewer in VIEWERS}


async def check_frames(hall: Hall, forum: ForumFacts, old: dict[Viewer, str], new: dict[Viewer, str]) -> None:
    """Every old page with its frame equals the new page, also when the frame comes twice."""
    for viewer in VIEWERS:
        frame = await hall.hub.feed(forum.id).since(viewer, forum.epoch, forum.seq)
        assert frame is not None
        page = Page(old[viewer])
        page.apply(frame.text)
        page.apply(frame.text)
        assert page.differences(Page(new[viewer])) == [], viewer


async def close(hall: Hall) -> None:
    """End what :func:`opened` began."""
    await hall.hub.close()
    await hall.database.close()


def _extra(viewer: Viewer) -> dict[str, Any]:
    if viewer.audience is Audience.PARTICIPANT:
        return {"sort": "top", "mine": None}
    return (
        {"today": "2026-11-24", "find": "", "status": "", "speaker": ""} if viewer.audience is Audience.PUBLIC else {}
    )


def filled(fields: dict[str, Any], numbers: Numbers) -> dict[str, Any]:
    """Names of questions replaced by their numbers."""

    def number(value: Any) -> Any:
        return [number(v) for v in value] if isinstance(value, list) else numbers.get(value, value)

    return {name: number(value) if name in ("before", "question", "into") else value for name, value in fields.items()}


@pytest.mark.parametrize(("name", "actor", "on", "fields"), EXAMPLES, ids=lambda value: str(value)[:24])
async def test_an_open_page_with_its_frames_equals_a_fresh_page_also_when_the_act_is_undone(
    database_url: str, name: str, actor: Actor, on: str | None, fields: dict[str, Any]
) -> None:
    hall, room, numbers = await opened(database_url)
    try:
        if name in ("seat", "seats", "free-seat"):
            await seats(room, SEAT_CODE, holder=TONO.id if name == "free-seat" else None)
        if name == "carry":
            await predecessor(room)
        old = await pages(hall, room)
        forum = (await room.facts()).forum
        number = int(on) if on and on.isdigit() else numbers[on] if on else None
        if name == "erase":
            question = (await room.facts()).question(number or 0)
            assert question is not None
            fields = {"receipt": question.receipt}
        await room.do(name, actor, number, **filled(fields, numbers))
        assert (await room.facts()).forum.seq > forum.seq, "the example changes something"
        done = await pages(hall, room)
        await check_frames(hall, forum, old, done)
        if actor is MAYA and ACTS[name].is_undone:
            forum = (await room.facts()).forum
            assert (await room.do("undo", MAYA)).body["did"] == name
            await check_frames(hall, forum, done, await pages(hall, room))
    finally:
        await close(hall)


async def test_staging_on_an_empty_stage_reaches_every_page(database_url: str) -> None:
    hall, room, numbers = await opened(database_url)
    await room.do("answered", MAYA, numbers["stage"])
    old = await pages(hall, room)
    forum = (await room.facts()).forum
    await room.do("stage", MAYA, numbers["second"])
    await check_frames(hall, forum, old, await pages(hall, room))
    await close(hall)


async def test_feedback_after_the_forum_reaches_the_organiser(database_url: str) -> None:
    hall, room, _ = await opened(database_url)
    await room.do("phase", MAYA, to="closed")
    old = await pages(hall, room)
    forum = (await room.facts()).forum
    await room.do("feedback", SARI, about="heard", verdict="partly")
    await check_frames(hall, forum, old, await pages(hall, room))
    await close(hall)


async def test_publishing_sends_every_page_for_a_fresh_one(database_url: str) -> None:
    hall, room, _ = await opened(database_url)
    forum = (await room.facts()).forum
    await room.publish()
    for viewer in VIEWERS:
        frame = await hall.hub.feed(forum.id).since(viewer, forum.epoch, forum.seq)
        assert frame is not None
        assert frame.text == "!reset\n"
    await close(hall)


async def test_a_changed_plan_sends_every_page_for_a_fresh_one(database_url: str) -> None:
    hall, room, _ = await opened(database_url)
    forum = (await room.facts()).forum
    await room.do("plan", OKI, plan=OTHER_PLAN)
    for viewer in VIEWERS:
        frame = await hall.hub.feed(forum.id).since(viewer, forum.epoch, forum.seq)
        assert frame is not None
        assert frame.text == "!reset\n"
    assert all("hari kedua" in page for page in (await pages(hall, room)).values())
    await close(hall)


async def test_an_objection_to_a_published_promise_reaches_every_page(database_url: str) -> None:
    hall, room, numbers = await opened(database_url)
    await room.publish()
    old = await pages(hall, room)
    facts = await room.facts()
    question = facts.question(numbers["answered"])
    assert question is not None
    await room.do("dispute", BUDI, 1, receipt=question.receipt, text="Belum ada blanko.")
    await check_frames(hall, facts.forum, old, await pages(hall, room))
    await close(hall)


async def test_many_acts_at_once_come_in_one_frame(database_url: str) -> None:
    hall, room, numbers = await opened(database_url)
    old = await pages(hall, room)
    forum = (await room.facts()).forum
    await room.do("next", MAYA)
    await room.do("queue", MAYA, numbers["pending"], speaker=1)
    await room.do("queue", MAYA, numbers["shown"], speaker=1, before=numbers["pending"])
    await room.do("unqueue", MAYA, numbers["second"])
    await room.do("support", BUDI, numbers["second"], on=True)
    await room.do("note", NINA, numbers["stage"], text="Bulan depan.")
    await check_frames(hall, forum, old, await pages(hall, room))
    await close(hall)


def test_every_act_of_the_table_has_an_example() -> None:
    missing = set(ACTS) - {name for name, *_ in EXAMPLES} - {"similar", "stage", "undo", "dispute", "feedback", "plan"}
    assert not missing


def test_every_entry_kind_has_topics() -> None:
    kinds = {act.entry for act in ACTS.values() if act.entry} - {"NEXT"}  # next writes ANSWERED and STAGED
    assert kinds <= set(TOPICS)


def test_every_list_of_a_page_is_a_list_of_the_layout() -> None:
    assert layout.is_ordered("queue-2")
    assert not layout.is_ordered("shown")
