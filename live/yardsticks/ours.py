"""Our server, whole, with what the bench has to know or to vary: nothing here is on the way of an act or a frame.

It can write down when each frame began to be told, take another pace than the default, commit every support in a
transaction of its own, and answer a POST that does nothing behind the same middleware.
"""

import argparse
import asyncio
import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import uvicorn
from litestar import Response, post
from litestar.params import FromPath

from live.actions.pace import Pace
from live.actions.perform import Acting
from live.app import build, create_app
from live.push.feed import Feed, Pacing
from live.push.hub import Hub
from live.serving import bound, collect_rarely, configuration, run_quickly
from live.settings import read
from live.web.acts import fields
from live.web.hall import AnyRequest


class Told(Feed):
    """A feed that writes down when it began to tell."""

    moments: list[tuple[int, float]]

    async def _tell(self) -> None:
        began = time.monotonic()
        await super()._tell()
        if self._position is not None:
            self.moments.append((self._position[1], began))


@post("/f/{code:str}/nothing", status_code=200)
async def nothing(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Reads the fields of a support and does nothing with them."""
    await fields(request)
    return Response({"number": 1, "status": "shown", "supports": 1, "supported": True, "cursor": "bench.1"})


def arguments() -> argparse.Namespace:
    """The command line; the database and the limits come from ``JARING_*`` as always."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--breath", type=float)
    parser.add_argument("--spacing", type=float)
    parser.add_argument("--told", type=Path)
    parser.add_argument("--one-each", action="store_true", help="every support in a transaction of its own")
    return parser.parse_args()


async def main(asked: argparse.Namespace) -> None:
    """Serve until stdin ends; every line on it asks for the moments to be written down."""
    settings = replace(read(None), port=asked.port)
    hall = await build(settings)
    pacing = None if asked.breath is None else Pacing(asked.breath, asked.spacing)
    moments: list[tuple[int, float]] = []
    if asked.told is not None:
        Told.moments = moments
        Hub.feed_of = Told
    hall = replace(hall, hub=Hub(hall.database, hall.renderer, hall.metrics, pacing))
    if asked.one_each:
        hall = replace(hall, acting=Acting(hall.database, Pace(settings.limits), hall.metrics, largest_batch=1))
    with bound(settings) as listening:
        server = uvicorn.Server(configuration(create_app(hall, more=[nothing]), hall.settings))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        collect_rarely()
        print("ready", flush=True)
        await _told(asked.told, moments)
        server.should_exit = True
        await serving


async def _told(path: Path | None, moments: list[tuple[int, float]]) -> None:
    loop, reader = asyncio.get_running_loop(), asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while await reader.readline():
        if path is not None:
            path.write_text(json.dumps(moments))  # noqa: ASYNC240 - nothing else is going on then
        print("done", flush=True)


if __name__ == "__main__":
    run_quickly(main(arguments()))
