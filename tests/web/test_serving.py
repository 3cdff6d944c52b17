"""The listening socket that ``jaring serve`` uses."""

import asyncio
import socket

import pytest

from live.serving import ServerRunning, bound
from live.settings import Settings


async def test_an_answer_never_waits_for_an_acknowledgement() -> None:
    """Nagle's algorithm is off on every accepted connection."""
    told: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def accepted(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        told.set_result(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    with bound(Settings(port=0)) as listening:
        server = await asyncio.start_server(accepted, sock=listening)
        async with server, asyncio.timeout(10):
            _, writer = await asyncio.open_connection(*listening.getsockname())
            assert await told
            writer.close()
            await writer.wait_closed()


async def test_a_taken_port_is_told_in_one_line_that_says_what_to_do() -> None:
    with bound(Settings(port=0)) as listening:
        port = listening.getsockname()[1]
        with pytest.raises(ServerRunning, match=f"^port {port}: .*--port$"), bound(Settings(port=port)):
            pass
