"""For every act of the table an example that is allowed, and what design 6.4 says of it, written down a second time."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, cast, func, select, update

from live.actions.doing import Outcome
from live.rules.actor import Actor
from live.rules.acts import ACTS
from live.rules.facts import Facts
from live.rules.words import Phase, Status
from live.store import links, snapshot
from live.store.database import Database
from live.store.models import Forum, Grant, Question
from tests import build
from tests.build import Room
from tests.people import AHMAD, BUDI, HADI, MAYA, NINA, OKI, SARI, TONO, person

ALL = "participant helper moderator scribe speaker screen organiser owner"
DESK = "moderator organiser"
UNPUBLISHED = "draft open supporting closed"
RUNNING = "open supporting"
STARTED = "open supporting closed"
ALWAYS = "draft open supporting closed published"


@dataclass(frozen=True)
class Example:
    """``on`` is the status of the question it works on, asked by Sari and for the speaker 1 where there is one."""

    who: str
    phases: str
    fields: dict[str, Any]
    actor: Actor = MAYA
    on: str | None = None


RECEIPT = "ABCD2345"
TEXT = {"text": "Berapa lama pengurusannya?"}
SEAT_CODE = "0123456789"
VOIDING = {"since": "2020-01-01T00:00:00Z", "until": "2100-01-01T00:00:00Z"}
OTHER_PLAN = json.dumps(
    {
        "title": "Forum Konsultasi Publik, hari kedua",
        "agency": build.PLAN.agency,
        "place": "Gedung serbaguna",
        "starts": "2026-11-25T09:00:00",
        "ends": "2026-11-25T12:00:00",
        "timezone": "Asia/Makassar",
        "speakers": [{"name": f"Narasumber {n}", "field": "Pelayanan", "topics": []} for n in range(1, 5)],
    }
)
"""A day later, with one more speaker, and no run of show."""
EXAMPLES: dict[str, Example] = {
    "ask": Example(ALL, "open", TEXT, SARI),
    "support": Example(ALL, RUNNING, {"on": "1"}, BUDI, "shown"),
    "edit": Example("", UNPUBLISHED, TEXT, SARI, "pending"),
    "withdraw": Example("", UNPUBLISHED, {}, SARI, "pending"),
    "erase": Example(ALL, ALWAYS, {}, SARI, "answered"),  # with the receipt, which perform() adds
    "show": Example(DESK, UNPUBLISHED, {}, MAYA, "pending"),
    "reject": Example(DESK, UNPUBLISHED, {"reason": "offtopic"}, MAYA, "shown"),
    "private": Example(DESK, UNPUBLISHED, {}, MAYA, "shown"),
    "rephrase": Example(DESK, UNPUBLISHED, TEXT, MAYA, "shown"),
    "mask": Example(DESK, UNPUBLISHED, {"text": "Kapan"}, MAYA, "shown"),
    "merge": Example(DESK, UNPUBLISHED, {"into": "1"}, MAYA, "shown"),
    "unmerge": Example(DESK, UNPUBLISHED, {}, MAYA, "merged"),
    "why": Example(DESK, UNPUBLISHED, TEXT, MAYA, "queued"),
    "queue": Example(f"{DESK} speaker", UNPUBLISHED, {"speaker": "2"}, MAYA, "queued"),
    "unqueue": Example(DESK, UNPUBLISHED, {}, MAYA, "queued"),
    "stage": Example(DESK, RUNNING, {}, MAYA, "queued"),
    "unstage": Example(f"{DESK} speaker", STARTED, {}, MAYA, "stage"),
    "answered": Example(f"{DESK} speaker", STARTED, {}, MAYA, "stage"),
    "written": Example(f"{DESK} speaker", STARTED, {"owner": "Kabid", "due": "2026-12-24"}, MAYA, "stage"),
    "note": Example(f"{DESK} scribe", STARTED, TEXT, NINA, "stage"),
    "confirm": Example(f"{DESK} speaker", STARTED, {}, MAYA, "answered"),
    "no-promise": Example(f"{DESK} scribe", STARTED, {}, NINA, "answered"),
    "answer": Example("organiser owner", f"{STARTED} published", TEXT, OKI, "written"),
    "next": Example(DESK, RUNNING, {}, MAYA),
    "links": Example("organiser", ALWAYS, {"role": "scribe"}, OKI),
    "devices": Example("organiser", ALWAYS, {"device": "1"}, OKI),
    "group": Example(ALL, UNPUBLISHED, {"group": "user"}, SARI),
    "help": Example(ALL, UNPUBLISHED, {"row": "F12"}, SARI),
    "helped": Example(f"{DESK} helper", UNPUBLISHED, {"call": "1"}, HADI),
    "contact": Example(ALL, ALWAYS, {"phone": "0812-0000-0000", "consent": "1"}, SARI),
    "feedback": Example(ALL, "closed published", {"about": "clear", "verdict": "yes"}, SARI),
    "seat": Example(ALL, UNPUBLISHED, {"code": SEAT_CODE}, SARI),
    "seats": Example("organiser", UNPUBLISHED, {"count": "2"}, OKI),
    "free-seat": Example(f"{DESK} helper", UNPUBLISHED, {"seat": "1"}, HADI),
    "void": Example(DESK, UNPUBLISHED, VOIDING, MAYA),
    "forget": Example(ALL, ALWAYS, {}, SARI),
    "phase": Example(DESK, "draft open supporting closed", {"to": "supporting"}, MAYA),
    "show-on-screen": Example(DESK, ALWAYS, {"view": "list"}, MAYA),
    "time": Example(f"{DESK} speaker", STARTED, {"seconds": "60"}, MAYA),
    "agenda": Example(DESK, UNPUBLISHED, {"item": "2"}, MAYA),
    "message": Example(DESK, UNPUBLISHED, {"speaker": "1", "text": "2 menit lagi"}, MAYA),
    "pair": Example(DESK, ALWAYS, {"digits": "123 456"}, MAYA),
    "message-read": Example("speaker", UNPUBLISHED, {}, AHMAD),
    "notice": Example(DESK, UNPUBLISHED, {"text": "Lima menit lagi."}, MAYA),
    "rude-words": Example(DESK, UNPUBLISHED, {"rude": "koruptor", "polite": "sial"}, MAYA),
    "hand-over": Example(DESK, ALWAYS, {}, MAYA),
    "undo": Example(DESK, UNPUBLISHED, {}, MAYA),
    "plan": Example("organiser", UNPUBLISHED, {"plan": OTHER_PLAN}, OKI),
    "papers": Example("organiser", ALWAYS, {"reference": "400.12/17/2026", "signed": "2026-11-24"}, OKI),
    "follow-ups": Example(f"{DESK} scribe", f"{STARTED} published", {"problem": "Antrean panjang"}, NINA),
    "carry": Example(f"{DESK} scribe", UNPUBLISHED, {"item": "1"}, NINA),
    "follow-up": Example(f"{DESK} scribe", f"{STARTED} published", {"status": "doing"}, NINA),
    "agree": Example(DESK, STARTED, {}, MAYA),
    "progress": Example("organiser owner", f"{STARTED} published", {"text": "Blanko sudah dipesan."}, OKI),
    "dispute": Example(ALL, "published", {"receipt": RECEIPT, "text": "Belum ada blanko."}, SARI),
}

FROM: dict[str, tuple[str, str, str]] = {
    "support": ("shown queued", "", ""),
    "edit": ("pending", "", ""),
    "withdraw": ("pending shown queued", "withdrawn", "withdrawn"),
    "erase": (" ".join(Status), "withdrawn", ""),
    "show": ("pending rejected private", "shown", "shown"),
    "reject": ("pending shown queued", "rejected", "rejected"),
    "private": ("pending shown queued", "private", "private"),
    "rephrase": ("pending shown queued stage answered written rejected private merged withdrawn", "", ""),
    "mask": ("pending shown queued stage answered written rejected private merged withdrawn", "", ""),
    "merge": ("pending shown queued", "merged", ""),
    "unmerge": ("merged", "shown", ""),
    "why": ("queued stage answered written", "", ""),
    "queue": ("pending shown answered queued", "queued", ""),
    "unqueue": ("queued", "shown", "shown"),
    "stage": ("queued shown", "stage", "stage"),
    "unstage": ("stage", "queued", "queued"),
    "answered": ("stage", "answered", "answered"),
    "written": ("pending shown queued stage", "written", "written"),
    "note": ("stage answered written", "", ""),
    "no-promise": ("stage answered written", "", ""),
    "confirm": ("stage answered written", "", ""),
    "answer": ("written", "", ""),
}
"""Act on a question → the statuses it starts from, where it leads (nothing: it stays), where it already stands."""

NUMBERED = tuple(FROM)


async def set_scene(room: Room, name: str) -> None:
    """What must be there besides the item the act works on."""
    if name in ("seat", "seats", "free-seat"):
        await build.seats(room, SEAT_CODE, holder=TONO.id if name == "free-seat" else None)
    if name == "feedback":
        await set_phase(room, "closed")
    if name == "merge":
        await room.asked("shown")  # No. 1 stands for it
    if name in SCENES:
        await SCENES[name](room)


async def _undoable(room: Room) -> None:
    await room.do("notice", MAYA, text="Lima menit lagi.")
    await room.do("show-on-screen", person(99, *MAYA.grants), view="list")


async def _supported(room: Room) -> None:
    await room.do("support", BUDI, await room.asked("shown"), on="1")


SCENES: dict[str, Callable[[Room], Awaitable[object]]] = {
    "pair": build.waiting_device,
    "time": lambda room: room.asked("stage"),
    "next": lambda room: room.asked("queued"),
    "helped": lambda room: room.do("help", SARI, row="F12"),
    "undo": _undoable,
    "void": _supported,
}


async def prepared(room: Room, name: str) -> int | None:
    """What the example of this act works on; returns its number."""
    example = EXAMPLES[name]
    await set_scene(room, name)
    if name == "carry":
        await build.predecessor(room)
    if name == "message-read":
        return int((await room.do("message", MAYA, speaker=1, text="2 menit lagi")).body["id"])
    if name == "devices":
        return await redeemed(room, "scribe")
    if ACTS[name].target == "follow_up":
        return await _promise(room, name)
    return None if example.on is None else await _question(room, name, example.on)


async def _promise(room: Room, name: str) -> int:
    """A promise from an answer of the owner's office."""
    source = await room.asked("answered")
    if name == "dispute":
        await _give_receipt(room, source)
        await set_phase(room, Phase.PUBLISHED)
    promise = {"problem": "Blanko habis", "owner": "Kabid Dafduk", "term": "short"}
    return int((await room.do("follow-ups", NINA, question=[source], **promise)).body["id"])


async def _question(room: Room, name: str, status: str) -> int:
    """A question in this status, with what this act needs beside."""
    number = await room.asked(status)
    if name == "answer":
        async with room.database.change(room.code) as change:
            question = await change.question(number)
            assert question is not None
            question.owner = "Kabid Dafduk"
    if name == "confirm":
        await room.do("note", NINA, number, text="Bulan depan.")
    return number


async def redeemed(room: Room, role: str) -> int:
    """The number of a device that redeemed this role's link."""
    async with room.database.writing() as session:
        await links.redeem(session, links.pasted(room.links[role]), None, room.database.clock(), "Firefox, Linux")
        await session.flush()
        return int(await session.scalar(select(func.max(Grant.id))) or 0)


async def _give_receipt(room: Room, number: int) -> None:
    """The receipt of the example, taken from whatever had it before."""
    async with room.database.writing() as session:
        await session.execute(
            update(Question)
            .where(Question.receipt == RECEIPT)
            .values(receipt=Question.receipt + cast(Question.id, String))
        )
        forum_id = select(Forum.id).where(Forum.code == room.code).scalar_subquery()
        await session.execute(
            update(Question).where(Question.forum_id == forum_id, Question.number == number).values(receipt=RECEIPT)
        )


async def example_of(database: Database, room: Room, name: str) -> tuple[Room, int | None]:
    """A fresh forum beside ``room`` in which the example works."""
    fresh = await build.room(database, room.acting)
    return fresh, await prepared(fresh, name)


async def perform(room: Room, name: str, actor: Actor, number: int | None, fields: dict[str, Any]) -> Outcome:
    """The act, with its fields as a form sends them; whoever erases holds the receipt."""
    if name == "erase":
        fields = {"receipt": await receipt_of(room, number or 0)} | fields
    if name == "support":
        return await room.acting.support(actor, room.code, fields, number or 0)
    if name == "devices" and number and fields.get("device") == "1":
        fields = fields | {"device": str(number)}
    return await room.acting.perform(name, actor, room.code, fields, number)


async def receipt_of(room: Room, number: int) -> str:
    """The receipt of this question, or one that nobody has."""
    async with room.database.reading() as session:
        forum = await snapshot.forum_by_code(session, room.code)
        facts = None if forum is None else await snapshot.read(session, forum.id)
    question = None if facts is None else facts.question(number)
    return "ABCD2345" if question is None else question.receipt


async def set_phase(room: Room, phase: Phase | str) -> None:
    """Bring the forum into this phase by hand, so that nothing else changes."""
    async with room.database.change(room.code) as change:
        change.forum.phase = str(phase)


async def set_status(room: Room, number: int, status: Status | str) -> None:
    """Bring a question into this status by hand."""
    async with room.database.change(room.code) as change:
        question = await change.question(number)
        assert question is not None
        question.status = str(status)


def number_of(facts: Facts, number: int) -> str:
    """The status of this question."""
    question = facts.question(number)
    assert question is not None
    return question.status.value
