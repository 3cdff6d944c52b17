"""HTTP connections as we take them: who is slow to say what is wanted, or says too much before it, is cut.

uvicorn waits for the rest of a request for ever, and bounds its head only by memory: five hundred half requests held
five hundred connections, and one endless header grew until the process died. Behind a proxy with limits of its own
this changes nothing; at a venue there is none.
"""

import asyncio
from collections.abc import Callable

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

LARGEST_HEAD = 32 * 1024


class Bounded(HttpToolsProtocol):
    """uvicorn's protocol with an end to its patience (408) and to what it reads before a body (431)."""

    head_seconds = 10.0
    """From the first byte (or from the connection) to the end of the head: long even for a phone on weak Wi-Fi."""

    body_seconds = 20.0
    """For a body, with a second more for every KiB of it that has come."""

    _timer: asyncio.TimerHandle | None = None
    _is_heading = True
    _is_refused = False
    _head = 0
    _body = 0
    _began = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait(self.head_seconds, self._late)

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_more()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._is_refused:
            return
        self._head += len(data) if self._is_heading else 0
        super().data_received(data)
        if self._is_heading and self._head > LARGEST_HEAD:
            self._refuse(431)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._is_heading, self._body = True, 0
        if self._timer is None:
            self._wait(self.head_seconds, self._late)

    def on_headers_complete(self) -> None:
        self._is_heading, self._head = False, 0
        if sum(len(name) + len(value) for name, value in self.headers) + len(self.url) > LARGEST_HEAD:
            self._refuse(431)
            return
        super().on_headers_complete()
        self._began = self.loop.time()
        self._wait(self.body_seconds, self._late_body)

    def on_body(self, body: bytes) -> None:
        if not self._is_refused:
            self._body += len(body)
            super().on_body(body)

    def on_message_complete(self) -> None:
        self._wait_no_more()
        if not self._is_refused:
            super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        self._wait_no_more()
        if not self._is_refused:
            super().handle_websocket_upgrade()

    def _late(self) -> None:
        self._refuse(408)

    def _late_body(self) -> None:
        left = self._began + self.body_seconds + self._body / 1024 - self.loop.time()
        if left > 0:
            self._wait(left, self._late_body)
        else:
            self._refuse(408)

    def _refuse(self, status: int) -> None:
        """Say why in one line, and close."""
        self._wait_no_more()
        self._is_refused = True
        if not self.transport.is_closing():
            self.transport.write(STATUS_LINE[status] + b"content-length: 0\r\nconnection: close\r\n\r\n")
            self.transport.close()

    def _wait(self, seconds: float, then: Callable[[], None]) -> None:
        self._wait_no_more()
        self._timer = self.loop.call_later(seconds, then)

    def _wait_no_more(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
