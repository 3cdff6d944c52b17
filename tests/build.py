"""Building forums and questions for tests, through the same acts that people use."""

from datetime import UTC, datetime, timedelta
from typing import Any

from live.actions import creating
from live.actions.doing import Outcome
from live.actions.perform import Acting
from live.rules import seat_codes
from live.rules.actor import Actor
from live.rules.facts import Facts
from live.rules.forum_file import ForumPlan, ItemPlan, SpeakerPlan
from live.rules.words import Moderation, Phase
from live.store import pairings, snapshot
from live.store.database import Database
from live.store.models import Identity, Pairing, SeatCode
from tests.people import BUDI, MAYA, NINA, OKI, SARI

STARTS = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)

PLAN = ForumPlan(
    title="Forum Konsultasi Publik",
    agency="Disdukcapil Kota Balikpapan",
    place="Aula lantai IV",
    starts=STARTS,
    ends=STARTS + timedelta(hours=3),
    timezone="Asia/Makassar",
    language="id",
    moderation=Moderation.BEFORE,
    phase=Phase.OPEN,
    max_length=300,
    speakers=(
        SpeakerPlan("Narasumber 1", "Pendaftaran Penduduk", ("KTP-el",)),
        SpeakerPlan("Narasumber 2", "Pencatatan Sipil", ("akta",)),
        SpeakerPlan("Narasumber 3", "Inovasi", ("IKD",)),
    ),
    agenda=(ItemPlan("Pembukaan", 25), ItemPlan("Paparan", 45), ItemPlan("Tanya jawab", 90, is_round=True)),
)


class Room:
    """One forum with everything needed to act in it and to look at it."""

    def __init__(self, database: Database, acting: Acting, code: str, links: dict[str, Any]) -> None:
        self.database, self.acting, self.code, self.links = database, acting, code, links

    async def do(self, name: str, actor: Actor = MAYA, number: int | None = None, **fields: Any) -> Outcome:
        """Do an act as ``actor``."""
        if name == "support":
            return await self.acting.support(actor, self.code, fields, number or 0)
        return await self.acting.perform(name, actor, self.code, fields, number)

    async def ask(self, text: str = "Kapan blanko KTP-el tersedia?", actor: Actor = SARI, **fields: Any) -> int:
        """Ask, and return the number."""
        return int((await self.do("ask", actor, text=text, **fields)).body["number"])

    async def asked(self, status: str, text: str = "Kapan blanko KTP-el tersedia?", speaker: int = 1) -> int:
        """A question in this status; the stage must be free for ``stage``, ``answered``."""
        number = await self.ask(f"{text} {await self.count()}")
        for name, actor, fields in PATHS[status]:
            more: dict[str, Any] = {"speaker": speaker} if name == "queue" else {}
            if name == "merge":
                more = {"into": await self.asked("shown", f"{text} juga")}
            await self.do(name, actor, number, **(fields | more))
        return number

    async def publish(self) -> None:
        """Say of every answer that nothing was promised, as far as nobody said anything, and publish."""
        for number in (await self.facts()).undecided:
            await self.do("no-promise", NINA, number)
        await self.do("phase", OKI, to="published")

    async def facts(self) -> Facts:
        """The forum as it is now."""
        async with self.database.reading() as session:
            forum = await snapshot.forum_by_code(session, self.code)
            assert forum is not None
            return await snapshot.read(session, forum.id)

    async def status(self, number: int) -> str:
        """Where a question stands."""
        question = (await self.facts()).question(number)
        assert question is not None
        return question.status.value

    async def count(self) -> int:
        """How many questions there are."""
        return len((await self.facts()).questions)


PATHS: dict[str, list[tuple[str, Actor, dict[str, Any]]]] = {
    "pending": [],
    "shown": [("show", MAYA, {})],
    "queued": [("queue", MAYA, {})],
    "stage": [("queue", MAYA, {}), ("stage", MAYA, {})],
    "answered": [("queue", MAYA, {}), ("stage", MAYA, {}), ("answered", MAYA, {})],
    "written": [("written", MAYA, {})],
    "rejected": [("reject", MAYA, {"reason": "spam"})],
    "private": [("private", MAYA, {})],
    "withdrawn": [("withdraw", SARI, {})],
    "merged": [("show", MAYA, {}), ("merge", MAYA, {"into": 0})],
}
"""How a question gets into each status."""


async def room(database: Database, acting: Acting, plan: ForumPlan = PLAN) -> Room:
    """A new forum."""
    made = await creating.create(database, plan, "http://jaring.test")
    links = made["links"]
    assert isinstance(links, dict)
    return Room(database, acting, str(made["code"]), links)


async def predecessor(later: Room) -> Room:
    """A published forum with one promise under way, which the later one follows."""
    before = await room(later.database, later.acting)
    await before.do("follow-ups", NINA, problem="Antrean panjang", owner="Sekretaris Dinas", due="2026-12-24")
    await before.do("follow-up", NINA, 1, status="doing")
    await before.publish()
    async with later.database.change(later.code) as change:
        change.forum.predecessor = before.code
    return before


async def waiting_device(room: Room, number: str = "123456") -> None:
    """A projector that shows this number."""
    async with room.database.change(room.code) as change:
        expires = change.now + pairings.LIFE
        device = Pairing(
            forum_id=change.forum.id, role="screen", number=number, device="0" * 64, expires=expires, allowed=False
        )
        change.session.add(device)


async def set_integrity(room: Room, level: str) -> None:
    """Bring the forum to this level of integrity by hand."""
    async with room.database.change(room.code) as change:
        change.forum.integrity = level


async def seats(room: Room, *codes: str, holder: str | None = None) -> None:
    """Make the forum strict, with these printed codes; the first one is in the hands of ``holder``."""
    await set_integrity(room, "strict")
    async with room.database.change(room.code) as change:
        for number, code in enumerate(codes, 1):
            digest = seat_codes.digest(room.acting.safe.admission, room.code, code)
            seat = SeatCode(forum_id=change.forum.id, number=number, digest=digest)
            if number == 1 and holder is not None:
                seat.participant, seat.taken = holder, change.now
                change.session.add(Identity(forum_id=change.forum.id, participant=holder, since=change.now))
            change.session.add(seat)


async def full_room(room: Room) -> dict[str, int]:
    """One question in every status, with supports, a note and a follow-up; returns status → number."""
    numbers = {status: await room.asked(status) for status in PATHS if status not in ("stage", "answered")}
    numbers["answered"] = await room.asked("answered")
    numbers["stage"] = await room.asked("stage")
    numbers["second"] = await room.asked("queued")
    for status in ("shown", "queued"):
        await room.do("support", BUDI, numbers[status], on=True)
    await room.do("note", NINA, numbers["answered"], text="Blanko tiba bulan depan.")
    await room.do("message", MAYA, speaker=1, text="Mohon singkat.")
    await waiting_device(room)
    await room.do("help", SARI, row="C4")
    await room.do(
        "follow-ups", OKI, question=[numbers["answered"]], problem="Blanko habis", owner="Kabid Dafduk", term="short"
    )
    return numbers
