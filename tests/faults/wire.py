"""One browser's connection: HTTP/1.1 with keep-alive and cookies, small enough that hundreds of them leave the
processor to the server. Whatever goes wrong on the way is one error: :class:`Lost`."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

PATIENCE = 12.0


class Lost(Exception):
    """No whole answer came: whether the server did it is unknown."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        found = json.loads(self.body)
        assert isinstance(found, dict)
        return found


class Wire:
    """Requests one after the other; a broken connection is opened again by the next request."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.cookies: dict[str, str] = {}
        self.received = bytearray()
        self._place = urlsplit(address)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str, accept: str = "application/json") -> Answer:
        return await self._ask(f"GET {path} HTTP/1.1\r\nAccept: {accept}\r\n", b"")

    async def post(self, path: str, fields: Mapping[str, str], *, lose: bool = False) -> Answer:
        """``lose`` hangs up as soon as the request is out: the answer never comes."""
        body = urlencode(fields).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nAccept: application/json\r\nOrigin: {self.address}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        )
        return await self._ask(head, body, lose=lose)

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].transport.abort()
            self._streams = None

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    async def _ask(self, head: str, body: bytes, *, lose: bool = False) -> Answer:
        try:
            async with asyncio.timeout(PATIENCE):
                reader, writer = await self._open()
                cookie = f"Cookie: {self.cookie}\r\n" if self.cookies else ""
                writer.write(f"{head}Host: {self._place.netloc}\r\n{cookie}\r\n".encode() + body)
                await writer.drain()
                if lose:
                    raise ConnectionError
                return await self._read(reader)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError, IndexError) as error:
            self.close()
            raise Lost(type(error).__name__) from None
        except asyncio.CancelledError:
            self.close()
            raise

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams is None or self._streams[0].at_eof():
            self.close()
            self._streams = await asyncio.open_connection(self._place.hostname, self._place.port)
        return self._streams

    async def _read(self, reader: asyncio.StreamReader) -> Answer:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        for line in filter(None, lines[1:]):
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
            if name.lower() == "set-cookie":
                cookie, _, kept = value.strip().partition("=")
                self.cookies[cookie] = kept.partition(";")[0]
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        if headers.get("connection") == "close":
            self.close()
        return Answer(int(lines[0].split()[1]), headers, body)
