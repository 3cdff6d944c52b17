"""Litestar's ChannelsPlugin with its memory backend, as its documentation shows it, on uvicorn."""

import asyncio
from typing import Any

import uvicorn
from litestar import Litestar, WebSocket, websocket
from litestar.channels import ChannelsPlugin
from litestar.channels.backends.memory import MemoryChannelsBackend

from live.yardsticks.ticking import Wanted, wanted


async def main(asked: Wanted) -> None:
    """Serve until stdin ends."""
    plugin = ChannelsPlugin(backend=MemoryChannelsBackend(), channels=["hall"])

    @websocket("/{path:path}")
    async def listen(socket: WebSocket[Any, Any, Any], path: str) -> None:
        await socket.accept()
        async with (
            plugin.start_subscription("hall") as subscriber,
            subscriber.run_in_background(socket.send_text),
        ):
            while (await socket.receive())["type"] != "websocket.disconnect":
                pass

    server = uvicorn.Server(
        uvicorn.Config(
            Litestar([listen], plugins=[plugin]),
            port=asked.port,
            ws="websockets-sansio",
            ws_per_message_deflate=asked.deflate,
            log_level="warning",
        )
    )
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    print("ready", flush=True)
    await asked.ticker.run(lambda text: plugin.publish(text, "hall"))
    server.should_exit = True
    await serving


if __name__ == "__main__":
    asyncio.run(main(wanted()))
