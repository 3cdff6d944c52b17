"""A bare ``websockets.broadcast`` server: nothing but sockets and the same bytes."""

import asyncio

from websockets.asyncio.server import ServerConnection, broadcast, serve

from live.yardsticks.ticking import Wanted, wanted


async def main(asked: Wanted) -> None:
    """Serve until stdin ends."""
    sockets: set[ServerConnection] = set()

    async def listen(socket: ServerConnection) -> None:
        sockets.add(socket)
        try:
            await socket.wait_closed()
        finally:
            sockets.discard(socket)

    compression = "deflate" if asked.deflate else None
    async with serve(listen, "127.0.0.1", asked.port, compression=compression, backlog=4096):
        print("ready", flush=True)
        await asked.ticker.run(lambda text: broadcast(sockets, text))


if __name__ == "__main__":
    asyncio.run(main(wanted()))
