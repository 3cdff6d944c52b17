"""Who is asking: the participant's pseudonym from a signed cookie, and the session of redeemed role links.

A participant costs no row in the database: the cookie is the pseudonym and its signature. It is given with the first
page or post. A browser may bring no id that we did not sign.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any

from litestar.connection import ASGIConnection
from litestar.types import ASGIApp, Message, Receive, Scope, Send

PARTICIPANT_DAYS = 60
STAFF_DAYS = 14
DEVICE_SECONDS = 3600
KEPT = 8192


@dataclass(slots=True)
class Visitor:
    """One browser. ``device`` is the secret of one that waits to be let in; ``cookies`` are set with the answer."""

    participant: str
    session: str | None
    is_new: bool
    device: str | None = None
    cookies: list[str] = field(default_factory=list)
    address: str = ""


class Cookies:
    """Names and attributes of our cookies; ``__Host-`` and ``Secure`` when the public address is https."""

    def __init__(self, secret: bytes, *, is_secure: bool) -> None:
        # Kept for as many as a full hall has: a hash for each request is a fortieth of what a support costs.
        self._sign = lru_cache(KEPT)(partial(_signature, secret))
        prefix = "__Host-" if is_secure else ""
        self.participant, self.session = f"{prefix}jaring_p", f"{prefix}jaring_s"
        self.device = f"{prefix}jaring_d"
        self._flags = "; Path=/; HttpOnly; SameSite=Lax" + ("; Secure" if is_secure else "")

    def visitor(self, given: Mapping[str, str]) -> Visitor:
        """The visitor with these cookies; a new pseudonym when none of them is one that we signed."""
        known = self._verified(given.get(self.participant, ""))
        session, device = given.get(self.session) or None, given.get(self.device) or None
        return Visitor(known or secrets.token_hex(16), session, known is None, device)

    def keep_participant(self, participant: str) -> str:
        """A Set-Cookie value for this pseudonym."""
        age = PARTICIPANT_DAYS * 86400
        return f"{self.participant}={participant}.{self._sign(participant)}; Max-Age={age}{self._flags}"

    def keep_session(self, session: str) -> str:
        """A Set-Cookie value for this session secret."""
        return f"{self.session}={session}; Max-Age={STAFF_DAYS * 86400}{self._flags}"

    def keep_device(self, secret: str) -> str:
        """A Set-Cookie value for the secret of a device that waits to be let in."""
        return f"{self.device}={secret}; Max-Age={DEVICE_SECONDS}{self._flags}"

    def _verified(self, value: str) -> str | None:
        participant, _, signature = value.partition(".")
        if len(participant) != 32:  # nor is it kept: what a stranger sends may be long
            return None
        good = hmac.compare_digest(signature.encode(), self._sign(participant).encode())
        return participant if good else None


def _signature(secret: bytes, participant: str) -> str:
    return hmac.digest(secret, b"participant " + participant.encode(), "sha256").hex()[:32]


def visitor_middleware(app: ASGIApp, cookies: Cookies) -> ASGIApp:
    """Put the :class:`Visitor` into the connection's state, and its cookies into the answer."""

    async def with_visitor(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await app(scope, receive, send)
            return
        connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope)
        visitor = cookies.visitor(connection.cookies)
        visitor.address = (scope.get("client") or ("", 0))[0]
        scope["visitor"] = visitor  # type: ignore[typeddict-unknown-key]

        async def send_with_cookies(message: Message) -> None:
            if message["type"] == "http.response.start":
                new = [cookies.keep_participant(visitor.participant)] if _gets_cookie(scope, visitor, message) else []
                message["headers"] = [
                    *message["headers"],
                    *((b"set-cookie", value.encode()) for value in [*new, *visitor.cookies]),
                ]
            await send(message)

        await app(scope, receive, send_with_cookies)

    return with_visitor


def _gets_cookie(scope: Scope, visitor: Visitor, message: Message) -> bool:
    """Pages and posts give the cookie; feeds, states and static files do not."""
    if not visitor.is_new:
        return False
    if scope.get("method") == "POST":
        return True
    content = dict(message["headers"]).get(b"content-type", b"")  # type: ignore[typeddict-item]
    return bytes(content).startswith(b"text/html")
