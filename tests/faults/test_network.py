"""A weak network between the phones and the server: lost packets, an outage, one direction only."""

import asyncio
import contextlib
import os
import socket
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.faults.conftest import Play, prepared
from tests.faults.hall import Hall, Size
from tests.faults.lossnet import BAD, CLEAR, NOTHING, ONE_WAY, THERE, WEAK, LossNet, Weather, inside, lossnet
from tests.faults.process import Server

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not os.path.exists("/dev/net/tun") or os.geteuid() != 0, reason="needs root and a TUN device"),
]
THIRTY = Size(phones=30, screens=10, pause=0.5, asks=0.1)
HEALED = 15.0
"""Seconds after the weather clears in which every screen shows the same."""


@pytest.fixture
async def far_server(tmp_path: Path) -> AsyncIterator[tuple[Server, LossNet]]:
    """A server in a namespace of its own; this test's thread is on the other side of the weak network."""
    url = await prepared(f"sqlite:///{tmp_path / 'jaring.db'}")
    with lossnet(f"j{os.getpid()}") as net, inside(net.phones):
        before = ("ip", "netns", "exec", net.server)
        settings = {"JARING_PUBLIC_URL": f"http://{THERE}:8000"}
        server = Server(url, tmp_path, port=8000, host=THERE, before=before, settings=settings)
        server.start()
        try:
            yield server, net
        finally:
            net.weather = CLEAR
            server.stop()


async def seen(hall: Hall, net: LossNet, weather: Weather, seconds: float) -> None:
    """This weather for so long, then it clears."""
    net.weather = weather
    await asyncio.sleep(seconds)
    net.weather = CLEAR


async def test_weak_wifi(far_server: tuple[Server, LossNet], play: Play) -> None:
    async def weak(hall: Hall) -> None:
        await seen(hall, far_server[1], WEAK, 15)
        await seen(hall, far_server[1], BAD, 20)

    hall = await play("F4 5 % loss, then 20 % for 20 s", far_server[0], weak, size=THIRTY, before=30)
    assert hall.seconds_until_equal <= HEALED


async def test_outages_of_a_minute_in_weak_wifi(far_server: tuple[Server, LossNet], play: Play) -> None:
    async def outage(hall: Hall) -> None:
        for _ in range(2):
            await seen(hall, far_server[1], BAD, 10)
            await seen(hall, far_server[1], NOTHING, 60)

    hall = await play("F5 20 % loss, nothing for 60 s, twice", far_server[0], outage, size=THIRTY, before=30)
    assert hall.seconds_until_equal <= HEALED


async def test_only_one_direction_works(far_server: tuple[Server, LossNet], play: Play) -> None:
    async def half(hall: Hall) -> None:
        await seen(hall, far_server[1], ONE_WAY, 30)

    hall = await play("F6 only one direction for 30 s", far_server[0], half, size=THIRTY, before=30)
    assert hall.seconds_until_equal <= HEALED


def test_the_weather_is_real() -> None:
    """A network that loses nothing would prove nothing."""
    with lossnet(f"w{os.getpid()}") as net, contextlib.ExitStack() as ends:
        with inside(net.server):
            there = ends.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            there.bind((THERE, 9000))
        with inside(net.phones):
            here = ends.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        there.settimeout(2)
        net.weather = Weather(loss=0.3)
        arrived = 0
        for number in range(300):
            here.sendto(bytes(100), (THERE, 9000))
            if number % 10 == 9:
                time.sleep(0.01)
        with contextlib.suppress(TimeoutError):
            while there.recv(200):
                arrived += 1
    assert 150 < arrived < 260, arrived
