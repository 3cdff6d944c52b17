"""What may happen on the other side: lost answers, killed phones, slow readers, attackers."""

import asyncio
import contextlib
import socket
from dataclasses import replace
from random import Random

import pytest

from live.rehearsal.material import drafts
from tests.faults.conftest import SEED, SMALL, Play
from tests.faults.crowd import Phone
from tests.faults.hall import Hall
from tests.faults.process import Server
from tests.faults.soak import junk
from tests.faults.wire import Lost, Wire

pytestmark = pytest.mark.long


async def test_every_answer_is_lost_and_every_act_sent_again(sqlite_server: Server, play: Play) -> None:
    async def lossy(hall: Hall) -> None:
        for person in (*hall.phones, hall.desk):
            person.loses = 1.0
        await hall.when(200)

    hall = await play("F14 every first answer lost", sqlite_server, lossy, before=10)
    assert sum(person.lost_answers for person in hall.phones) > 50


async def test_two_hundred_phones_die_between_send_and_answer(sqlite_server: Server, play: Play) -> None:
    """Each comes back with the draft and the key it had stored."""
    hall = Hall(sqlite_server, Random(SEED), SMALL)
    await hall.create()
    hall.seat()
    texts = drafts(Random(SEED))
    for number in range(200):
        phone = Phone(sqlite_server.address, hall.code, Random(number), texts, [], 1.0, hall.going)
        await phone.join()
        draft = next(texts)
        dying = asyncio.create_task(phone.act("/questions", draft.marker, text=draft.text, kind=draft.kind))
        await asyncio.sleep(Random(number).uniform(0, 0.02))
        dying.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await dying
        if phone.acts:
            await phone.send(phone.acts[0])
        hall.phones.append(phone)
    hall.over.set()
    async with hall.busy():
        pass
    verdict = await hall.verdict()
    play.note("F13 200 phones killed between send and answer", sqlite_server, verdict)
    assert verdict.is_good, verdict.wrong[:10]
    hall.close()


async def test_screens_that_never_read_do_not_slow_the_others(sqlite_server: Server, play: Play) -> None:
    async def slow(hall: Hall) -> None:
        readers = [deaf_socket(hall) for _ in range(30)]
        await hall.when(sum(act.is_acked for act in hall.acts) + 200)
        for reader in readers:
            reader.close()

    await play("F11 30 screens that never read", sqlite_server, slow)


def deaf_socket(hall: Hall) -> socket.socket:
    """A socket with the smallest of buffers that asks for the feed and never reads."""
    deaf = socket.socket()
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
    deaf.connect((hall.server.host, hall.server.port))
    deaf.sendall(
        f"GET /f/{hall.code}/feed HTTP/1.1\r\nHost: {hall.server.host}:{hall.server.port}\r\n"
        f"Origin: {hall.server.address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    return deaf


async def test_an_attack_from_the_same_network_costs_honest_people_nothing(sqlite_server: Server, play: Play) -> None:
    async def attack(hall: Hall) -> None:
        half_open = []
        for _ in range(100):  # heads that never end
            reader, writer = await asyncio.open_connection(hall.server.host, hall.server.port)
            writer.write(b"POST /enter HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            half_open.append((reader, writer))
        await asyncio.gather(*(junk(hall, Random(number)) for number in range(4)), foreign(hall))
        for _, writer in half_open:
            writer.transport.abort()

    hall = await play(
        "F19 flood, bombs, half requests, foreign pages", sqlite_server, attack, size=replace(SMALL, phones=20)
    )
    assert sum(person.turned_away for person in (*hall.phones, hall.desk)) == 0


async def foreign(hall: Hall) -> None:
    """Another site's page, with a visitor's cookies."""
    wire = Wire(hall.server.address)
    wire.cookies = dict(hall.desk.wire.cookies)
    wire.address = "http://evil.example"
    for number in range(1, 40):
        with contextlib.suppress(Lost):
            answer = await wire.post(f"/f/{hall.code}/questions/{number}/reject", {"reason": "spam"})
            assert answer.status == 403
    wire.close()
