"""Reminders to owners: what is due, once a day at most, through a real mail server, and back when it is away."""

import asyncio
import smtplib
import socket
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from live import mail
from live.actions.pace import Pace
from live.actions.perform import Acting
from live.reminding import Mailroom
from live.rules import reminders
from live.settings import Smtp
from live.store import offices
from live.store.database import Database
from tests import build
from tests.build import Room
from tests.people import MAYA, NINA, OKI

pytestmark = pytest.mark.asyncio(loop_scope="module")
FORUM_DAY = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
DUE = date(2026, 12, 24)
OWNER = "Kepala Bidang Dafduk"


class Office:
    """A mail server that keeps what it gets; ``refuses`` turns letters away."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refuses = False

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.refuses:
            return "451 later"
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 taken"


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Office, Smtp]]:
    """A real SMTP server on this machine."""
    office = Office()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    yield office, Smtp("127.0.0.1", port, "none", "", "", "jaring@dinas.example")
    controller.stop()


async def promised(database: Database) -> Room:
    """A published forum with one promise and one written answer of the same owner; the clock stands at its day."""
    database.clock = lambda: FORUM_DAY
    room = await build.room(database, Acting(database, Pace("open")))
    number = await room.asked("stage")
    await room.do("note", NINA, number, text="Bulan depan.", promise="yes", owner=OWNER, due=DUE.isoformat())
    await room.do("answered", MAYA, number)
    written = await room.asked("shown")
    await room.do("written", MAYA, written, owner=OWNER, due=DUE.isoformat())
    await room.publish()
    async with database.writing() as session:
        forum = (await room.facts()).forum
        await offices.set_address(session, forum.id, OWNER, room.acting.safe.seal("kabid@dinas.example"))
    return room


def mailroom(room: Room, server: Smtp) -> Mailroom:
    return Mailroom(room.database, server, "https://tanya.example", room.acting.safe)


def at(room: Room, day: date, hour: int = 9) -> None:
    """Move the clock to this hour in Balikpapan."""
    room.database.clock = lambda: datetime(day.year, day.month, day.day, hour, tzinfo=UTC) - timedelta(hours=8)


async def test_an_owner_is_written_to_before_the_day_on_it_and_after_it(
    database: Database, served: tuple[Office, Smtp]
) -> None:
    room, (office, server) = await promised(database), served
    office.letters.clear()
    written = []
    for offset in range(-10, 17):
        at(room, DUE + timedelta(days=offset))
        written += [offset] * await mailroom(room, server).remind()
    assert written == [-7, -3, -1, 0, 1, 8, 15]
    letter = office.letters[0]
    assert (letter["To"], letter["From"]) == ("kabid@dinas.example", "jaring@dinas.example")
    text = letter.get_content()
    for words in (OWNER, "Janji 1", "Bulan depan.", "24 Desember 2026", "7 hari lagi", f"/f/{room.code}/follow-up#f-1"):
        assert words in text
    assert f"/f/{room.code}/archive#q-2" in text, "one letter names everything that is due"
    assert "lewat 15 hari" in office.letters[-1].get_content()


async def test_nobody_is_written_to_twice_for_one_item_and_day(database: Database, served: tuple[Office, Smtp]) -> None:
    room, (office, server) = await promised(database), served
    at(room, DUE)
    office.letters.clear()
    rounds = await asyncio.gather(*(mailroom(room, server).remind() for _ in range(5)))
    assert (sum(rounds), len(office.letters)) == (1, 1)
    assert await mailroom(room, server).remind() == 0


async def test_what_the_mail_server_did_not_take_is_sent_later_the_same_day(
    database: Database, served: tuple[Office, Smtp]
) -> None:
    room, (office, server) = await promised(database), served
    at(room, DUE)
    office.letters.clear()
    office.refuses = True
    assert await mailroom(room, server).remind() == 0
    office.refuses = False
    assert await mailroom(room, server).remind() == 1
    assert len(office.letters) == 1


async def test_nobody_is_written_to_at_night_or_about_what_is_done(
    database: Database, served: tuple[Office, Smtp]
) -> None:
    room, (_, server) = await promised(database), served
    at(room, DUE, hour=5)
    assert await mailroom(room, server).remind() == 0
    at(room, DUE)
    await room.do("progress", OKI, 1, text="Sudah dibagikan.", status="done")
    await room.do("answer", OKI, 2, text="Sudah tersedia.")
    assert await mailroom(room, server).remind() == 0
    assert reminders.listed(await room.facts(), DUE) == []


async def test_the_organiser_sees_what_is_due_within_a_week_and_what_is_overdue(database: Database) -> None:
    room = await promised(database)
    facts = await room.facts()
    seen = {offset: [i.id for i in reminders.listed(facts, DUE + timedelta(days=offset))] for offset in (-8, -7, 40)}
    assert seen == {-8: [], -7: ["f-1", "q-2"], 40: ["f-1", "q-2"]}


async def test_a_title_with_line_breaks_cannot_write_headers(served: tuple[Office, Smtp]) -> None:
    office, server = served
    office.letters.clear()
    await asyncio.to_thread(mail.send, server, "kabid@dinas.example", "Satu\r\nBcc: lain@dinas.example", "Isi.")
    assert office.letters[0]["Subject"] == "Satu Bcc: lain@dinas.example"
    assert office.letters[0]["Bcc"] is None


async def test_a_server_that_is_away_is_an_error_of_the_network() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nobody = Smtp("127.0.0.1", int(probe.getsockname()[1]), "none", "", "", "jaring@dinas.example")
        with pytest.raises((OSError, smtplib.SMTPException)):
            await asyncio.to_thread(mail.send, nobody, "kabid@dinas.example", "Satu", "Isi.")
