"""One message for every socket: framed once, compressed once, and written without an awaited step per socket.

Plain ASGI has no way to say "send these very bytes to all of them": every ``send`` encodes, frames and (with
permessage-deflate) compresses anew. So the server offers an ASGI extension, ``scope["extensions"]["jaring.wire"]``:

    {"wire": an object with write(message) -> bool, room() and close(code, reason)}

``write`` puts a :class:`Message` on the wire or, when the socket is blocked, returns False and writes nothing; ``room``
waits until a blocked socket takes bytes again; ``close`` ends it with a code, also when it is blocked. It is offered by
:class:`SharedFrames`, a protocol class for uvicorn (``ws=SharedFrames``). Under any other server :func:`wire_of` gives
the same three over plain ``send``, stepped by hand.

What was tried, in CPU per message of 1.5 kB to 1,000 sockets against ``websockets.broadcast`` (1.0; README says what
this version measures): sequential ``await send`` 1.3 to 1.4, and one stuck phone stops everybody; ``asyncio.gather``
2.3; a task and a slot for each socket 1.6 to 1.9; Litestar's ChannelsPlugin 2.0 to 2.1, at 5,000 sockets 3.4; ``send``
stepped by hand 1.14; this class about 0.9, and writing to the socket's file around the transport no less. Compressing
for each socket costs three times the CPU of not compressing and 30 KiB of memory for each; one compressed frame for all
(``server_no_context_takeover``: no message refers to an earlier one) costs less than no compression, because the kernel
copies a fifth of the bytes. The window is the full 32 KiB, so a client that asks for a smaller one gets plain frames,
as does everybody below :data:`WORTH_DEFLATING` bytes.

The price: it leans on names of uvicorn's class that are not its public interface (``conn``, ``writable``,
``transport``, ``close_sent``, ``handle_connect``); tests/push/test_wire_format.py fails when an update changes them.
"""

import asyncio
import logging
import types
import zlib
from collections.abc import Callable, Coroutine, Generator, Mapping
from functools import cached_property, partial
from typing import Any, Protocol, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.extensions.permessage_deflate import PerMessageDeflate, ServerPerMessageDeflateFactory
from websockets.http11 import Request
from websockets.server import ServerProtocol

EXTENSION = "jaring.wire"
WORTH_DEFLATING = 96
LEVEL = 6
FULL_WINDOW = 15
LAST_WORDS_SECONDS = 5.0
"""How long a blocked socket has to read its close code before the connection is cut."""

Send = Callable[[dict[str, Any]], Coroutine[Any, Any, None]]


class Message:
    """One text message, whole and unmasked as a server sends it."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def plain(self) -> bytes:
        """The frame without compression."""
        return _frame(0x81, self.text.encode())

    @cached_property
    def deflated(self) -> bytes:
        """The frame for whoever negotiated permessage-deflate; the plain one where compression gains nothing."""
        if len(self.plain) < WORTH_DEFLATING:
            return self.plain
        deflate = zlib.compressobj(LEVEL, zlib.DEFLATED, -FULL_WINDOW)
        data = deflate.compress(self.text.encode()) + deflate.flush(zlib.Z_SYNC_FLUSH)
        packed = _frame(0xC1, data.removesuffix(b"\x00\x00\xff\xff"))
        return min(packed, self.plain, key=len)


def _frame(head: int, payload: bytes) -> bytes:
    """RFC 6455, 5.2, for a final frame from the server."""
    size = len(payload)
    if size < 126:
        return bytes((head, size)) + payload
    if size < 65536:
        return bytes((head, 126)) + size.to_bytes(2, "big") + payload
    return bytes((head, 127)) + size.to_bytes(8, "big") + payload


class Wire(Protocol):
    """The way to one socket."""

    def write(self, message: Message) -> bool:
        """Write without waiting; False (and nothing written) when blocked; ConnectionError when it is gone."""

    async def room(self) -> None:
        """Wait until it takes bytes again (or is gone)."""

    def close(self, code: int, reason: str) -> None:
        """End it with this code; whoever waits in ``receive`` is told of a disconnect."""


def wire_of(scope: Mapping[str, Any], send: Send) -> Wire:
    """The server's own wire if it offers one, else plain ASGI."""
    offered = (scope.get("extensions") or {}).get(EXTENSION)
    return cast(Wire, offered["wire"]) if offered else PlainWire(send)


class SharedWire:
    """The way past uvicorn's protocol: few fields close together, for a frame goes through thousands of these."""

    __slots__ = ("_protocol", "deflates", "is_blocked", "is_over", "transport")

    def __init__(self, protocol: "SharedFrames") -> None:
        self._protocol = protocol
        self.transport = cast(asyncio.Transport, None)
        self.is_blocked = self.is_over = self.deflates = False

    def write(self, message: Message) -> bool:
        """See :class:`Wire`."""
        if self.is_blocked:
            return False
        if self.is_over or self.transport.is_closing():
            raise ConnectionResetError
        self.transport.write(message.deflated if self.deflates else message.plain)
        return True

    async def room(self) -> None:
        """See :class:`Wire`."""
        await self._protocol.writable.wait()

    def close(self, code: int, reason: str) -> None:
        """See :class:`Wire`."""
        if not (self.is_over or self.transport.is_closing()):
            self._protocol.say_goodbye(code, reason)


class SharedFrames(WebSocketsSansIOProtocol):
    """uvicorn's protocol, which also takes messages that are framed already."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self._wire = SharedWire(self)
        super().__init__(*arguments, **named)
        # No state stays between messages in either direction, so compression costs an idle socket nothing.
        deflate = ServerPerMessageDeflateFactory(server_no_context_takeover=True, client_no_context_takeover=True)
        self.conn = ServerProtocol(
            extensions=[deflate], max_size=self.config.ws_max_size, logger=logging.getLogger("uvicorn.error")
        )

    @property
    def close_sent(self) -> bool:
        """Whether nothing may be written any more."""
        return self._wire.is_over

    @close_sent.setter
    def close_sent(self, is_over: bool) -> None:
        self._wire.is_over = is_over

    def data_received(self, data: bytes) -> None:
        """Also end a handshake that could not be read: uvicorn leaves it open, with the refusal unsent, for ever."""
        super().data_received(data)
        if self.conn.handshake_exc is not None and not self.handshake_initiated and not self.transport.is_closing():
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.transport.close()

    def handle_connect(self, event: Request) -> None:
        """Offer the extension; the application starts in the next turn of the loop."""
        super().handle_connect(event)
        negotiated = self.conn.extensions
        self._wire.transport = self.transport
        self._wire.deflates = any(
            isinstance(each, PerMessageDeflate) and each.local_max_window_bits == FULL_WINDOW for each in negotiated
        )
        if self.response.status_code == 101:
            offered = cast(dict[str, Any], self.scope["extensions"])
            offered[EXTENSION] = {"wire": self._wire}

    def pause_writing(self) -> None:
        """The transport holds more than it should."""
        self._wire.is_blocked = True
        super().pause_writing()

    def resume_writing(self) -> None:
        """It was taken."""
        self._wire.is_blocked = False
        super().resume_writing()

    def say_goodbye(self, code: int, reason: str) -> None:
        """Close with a code, also when the socket is blocked; whoever waits in ``receive`` is told."""
        self.stop_keepalive()
        self.conn.send_close(code, reason)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        self.close_timer = self.loop.call_later(LAST_WORDS_SECONDS, self.transport.abort)
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()


class PlainWire:
    """The same over plain ASGI. A send that does not finish in one step goes on in a task; until it is through, the
    wire counts as blocked."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._task: asyncio.Task[None] | None = None
        self._is_gone = False

    def write(self, message: Message) -> bool:
        """See :class:`Wire`; a message that is under way counts as written."""
        if self._is_gone:
            raise ConnectionResetError
        if self._task is not None:
            return False
        sending = self._send({"type": "websocket.send", "text": message.text})
        try:
            waiting_for = sending.send(None)
        except StopIteration:
            return True
        except Exception as error:  # each server has its own for a connection that is gone
            self._is_gone = True
            raise ConnectionResetError from error
        self._task = asyncio.create_task(_resume(sending, waiting_for))
        self._task.add_done_callback(self._through)
        return True

    async def room(self) -> None:
        """See :class:`Wire`."""
        if self._task is not None:
            await asyncio.wait({self._task})

    def close(self, code: int, reason: str) -> None:
        """See :class:`Wire`; a blocked server may say it late."""
        closing = {"type": "websocket.close", "code": code, "reason": reason}
        self._is_gone = True
        task = asyncio.create_task(_quietly(self._send(closing)))
        _CLOSING.add(task)
        task.add_done_callback(_CLOSING.discard)

    def _through(self, task: asyncio.Task[None]) -> None:
        self._task = None
        if task.cancelled() or task.exception() is not None:
            self._is_gone = True


_CLOSING: set[asyncio.Task[None]] = set()
"""The loop itself keeps only weak references to its tasks."""


async def _quietly(closing: Coroutine[Any, Any, None]) -> None:
    try:
        async with asyncio.timeout(LAST_WORDS_SECONDS):
            await closing
    except Exception as error:  # gone already, or never read again: the server's own time limit ends it
        logging.getLogger("live.push").debug("a close was not delivered: %s", type(error).__name__)


@types.coroutine
def _resume(sending: Coroutine[Any, Any, None], waiting_for: Any) -> Generator[Any, Any, None]:
    """Go on with a coroutine that was stepped once and is waiting for ``waiting_for``."""
    while True:
        try:
            answer = yield waiting_for
        except BaseException as error:
            step = partial(sending.throw, error)
        else:
            step = partial(sending.send, answer)
        try:
            waiting_for = step()
        except StopIteration:
            return
