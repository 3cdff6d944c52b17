"""The state, the socket and the poll: how a screen gets what it shows (design 6.5)."""

import asyncio
import contextlib
from typing import Any

from litestar import MediaType, Response, WebSocket, get, websocket
from litestar.exceptions import WebSocketDisconnect
from litestar.params import FromPath

from live.push import frames
from live.push.feed import Feed
from live.push.listener import Listener
from live.rules.refusal import Refusal
from live.web.hall import AnyRequest, GivenHall, visitor_of

NOT_ALLOWED, NO_SUCH_FORUM, SEEN_ENOUGH = 4403, 4404, 1000
AnySocket = WebSocket[Any, Any, Any]


@get("/f/{code:str}/state")
async def state(request: AnyRequest, code: FromPath[str], hall: GivenHall) -> Response[Any]:
    """Everything this audience may see, with the cursor it was read at."""
    forum = await hall.forum(code)
    viewer = await hall.viewer(request, forum)
    facts = await hall.hub.present.facts(forum.id)
    return Response(hall.hub.present.state(facts, viewer), media_type=MediaType.JSON)


@get("/f/{code:str}/frames")
async def frames_since(request: AnyRequest, code: FromPath[str], hall: GivenHall) -> Response[str]:
    """One frame with everything newer than ``since``; 204 when nothing is; ``!reset`` without a usable cursor."""
    forum = await hall.forum(code)
    viewer = await hall.viewer(request, forum)
    position = _position(request.query_params.get("since"))
    if position is None:
        return Response(f"{frames.RESET}\n", media_type=MediaType.TEXT)
    frame = await hall.hub.feed(forum.id).since(viewer, *position)
    if frame is None:
        return Response("", status_code=204, media_type=MediaType.TEXT)
    return Response(frame.text, media_type=MediaType.TEXT)


@websocket("/f/{code:str}/feed")
async def feed(socket: AnySocket, code: FromPath[str], hall: GivenHall) -> None:
    """Server → client only. Says no after accepting: before that a browser would see 1006 and retry for ever."""
    await socket.accept()
    try:
        forum = await hall.forum(code)
        viewer = await hall.viewer(socket, forum)
    except Refusal as refused:
        code_of = NO_SUCH_FORUM if refused.status == 404 else NOT_ALLOWED
        await socket.close(code_of, refused.reason)
        return
    since = socket.query_params.get("since")
    position = _position(since) if since else (forum.epoch, forum.seq)
    if position is None:
        await socket.send_text(f"{frames.RESET}\n")
        await socket.close(SEEN_ENOUGH)
        return
    await socket.send_text(f"{position[0]}.{position[1]}\n" if since else f"{forum.cursor}\n")
    listener = Listener(socket.send, viewer, position, visitor_of(socket).participant)  # type: ignore[arg-type]
    await _listen(socket, hall.hub.feed(forum.id), listener)


async def _listen(socket: AnySocket, follow: Feed, listener: Listener) -> None:
    """Until the browser leaves, or the listener is closed (too slow, or sent for a fresh page)."""
    follow.join(listener)
    reading = asyncio.create_task(_until_gone(socket))
    closed = asyncio.create_task(listener.closed.wait())
    try:
        await asyncio.wait({reading, closed}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        gone = reading.done()
        reading.cancel()
        closed.cancel()
        await follow.leave(listener)
        if not gone:
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                await socket.close(SEEN_ENOUGH)


async def _until_gone(socket: AnySocket) -> None:
    """Read and drop whatever a browser sends: the feed goes one way."""
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return


def _position(cursor: str | None) -> tuple[str, int] | None:
    """``epoch.seq`` taken apart; None when it is not one."""
    epoch, dot, seq = (cursor or "").partition(".")
    if not (epoch and dot and seq.isascii() and seq.isdigit() and len(seq) < 16):
        return None
    return epoch, int(seq)
