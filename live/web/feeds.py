"""The state, the socket and the poll: how a screen gets what it shows (design 6.5)."""

import asyncio
import contextlib
import re
import time
from collections.abc import AsyncIterator
from typing import Any

import structlog
from litestar import MediaType, Response, get
from litestar.connection import ASGIConnection
from litestar.params import FromPath
from litestar.types import ASGIApp, Receive, Scope, Send

from live.push import frames
from live.push.gate import Gate, come_back
from live.push.heads import ForumGone
from live.push.listener import NO_SUCH_FORUM, SEEN_ENOUGH, Listener
from live.push.wire import Message, wire_of
from live.rules.audience import Viewer
from live.rules.refusal import Refusal
from live.web.hall import AnyRequest, GivenHall, Hall, needs_no_grant, visitor_of

NOT_ALLOWED, TOO_MANY = 4403, 1013
GRANT_SECONDS = 1.0
"""How often a socket of the team is asked for its grant: a dozen small reads a second in a hall."""

PATH = re.compile(r"/f/([^/]+)/feed/?")
EPOCH = re.compile(r"[0-9A-Za-z]{1,32}")
Connection = ASGIConnection[Any, Any, Any, Any]
log = structlog.get_logger()


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
    forum = await hall.place(code)
    viewer = await hall.viewer(request, forum)
    position = _position(request.query_params.get("since"))
    if position is None:
        return Response(f"{frames.RESET}\n", media_type=MediaType.TEXT)
    frame = await hall.hub.feed(forum.id).since(viewer, *position)
    if frame is None:
        return Response("", status_code=204, media_type=MediaType.TEXT)
    return Response(frame.text, media_type=MediaType.TEXT)


def with_feed(app: ASGIApp, hall: Hall) -> ASGIApp:
    """Answer the sockets ourselves, and leave everything else to ``app``.

    A socket needs nothing of the framework, and lives for hours: without it an idle one holds a third less memory, and
    coming in costs half.
    """
    gate = Gate(time.monotonic)

    async def routed(scope: Scope, receive: Receive, send: Send) -> None:
        path = PATH.fullmatch(scope["path"]) if str(scope["type"]) == "websocket" else None
        if path is None:
            await app(scope, receive, send)
        else:
            await _feed(hall, gate, path[1], scope, receive, send)

    return routed


async def _feed(hall: Hall, gate: Gate, code: str, scope: Scope, receive: Receive, send: Send) -> None:
    """Server → client only. Says no after accepting: before that a browser would see 1006 and retry for ever."""
    await receive()
    wait = gate.wait()
    if wait:
        await asyncio.sleep(wait)
    await send({"type": "websocket.accept", "subprotocol": None, "headers": []})
    if wait is None:
        await send({"type": "websocket.close", "code": TOO_MANY, "reason": f"too many; again in {come_back()} s"})
        return
    try:
        forum_id, listener = await _listener(hall, code, scope, send)
    except (Refusal, ForumGone) as refused:
        status, reason = (refused.status, refused.reason) if isinstance(refused, Refusal) else (404, "no_such_forum")
        closing = NO_SUCH_FORUM if status == 404 else NOT_ALLOWED
        await send({"type": "websocket.close", "code": closing, "reason": reason})
        return
    if listener is not None:
        async with _guarded(hall, code, scope, listener):
            await _listen(hall, forum_id, listener, receive)


async def _listener(hall: Hall, code: str, scope: Scope, send: Send) -> tuple[int, Listener | None]:
    """The forum, and who listens from where, after its first message; None for one whose cursor is none."""
    connection = Connection(scope)
    forum = await hall.place(code)
    viewer = await hall.viewer(connection, forum)
    since = connection.query_params.get("since")
    position = _position(since) if since else await hall.hub.present.heads.head(forum.id)
    wire = wire_of(scope, send)  # type: ignore[arg-type]  # Litestar's types know fewer messages
    if position is None:
        wire.write(Message(f"{frames.RESET}\n"))
        wire.close(SEEN_ENOUGH, "no such place")
        return forum.id, None
    wire.write(Message(f"{position[0]}.{position[1]}\n"))
    return forum.id, Listener(wire, _one(viewer), position, visitor_of(connection).participant)


async def _listen(hall: Hall, forum_id: int, listener: Listener, receive: Receive) -> None:
    """Until the browser leaves or the listener is closed; what a browser sends is read and dropped."""
    follow = hall.hub.feed(forum_id)
    follow.join(listener)
    try:
        while (await receive())["type"] != "websocket.disconnect":
            pass
    finally:
        await follow.leave(listener)


@contextlib.asynccontextmanager
async def _guarded(hall: Hall, code: str, scope: Scope, listener: Listener) -> AsyncIterator[None]:
    """While a socket of the team is open, make sure that its grant still stands."""
    if needs_no_grant(listener.viewer):
        yield
        return
    watching = asyncio.create_task(_while_allowed(hall, code, scope, listener))
    try:
        yield
    finally:
        watching.cancel()


async def _while_allowed(hall: Hall, code: str, scope: Scope, listener: Listener) -> None:
    """Ask the database itself, so that a link that another process ended closes the sockets of this one as well."""
    connection = Connection(scope)
    while not listener.is_closed:
        await asyncio.sleep(GRANT_SECONDS)
        try:
            await hall.viewer(connection, await hall.place(code))
        except Refusal as refused:
            listener.close(*await _why(hall, code, refused))
        except Exception as error:  # a database out of reach ends nobody's grant
            log.warning("grant not checked", error=type(error).__name__)


async def _why(hall: Hall, code: str, refused: Refusal) -> tuple[int, str]:
    """The code and reason to close with: no grant is left of a forum that was erased either."""
    try:
        await hall.forum(code)
    except Refusal as gone:
        return NO_SUCH_FORUM, gone.reason
    return NOT_ALLOWED, refused.reason


_viewers: dict[Viewer, Viewer] = {}


def _one(viewer: Viewer) -> Viewer:
    """The same object for all who see the same."""
    return _viewers.setdefault(viewer, viewer)


def _position(cursor: str | None) -> tuple[str, int] | None:
    """``epoch.seq`` taken apart; None when it is not one."""
    epoch, dot, seq = (cursor or "").partition(".")
    if not (EPOCH.fullmatch(epoch) and dot and seq.isascii() and seq.isdigit() and len(seq) < 16):
        return None
    return epoch, int(seq)
