"""What every request passes first: the same-origin rule of design 6.3; and the headers every answer carries."""

import ipaddress
import json
from collections.abc import Iterable
from urllib.parse import urlsplit

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from live.settings import Settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FOREIGN = "Halaman lain tidak boleh mengirim ke sini. / Another site may not post here."
UNKNOWN_HOST = (
    "Alamat ini tidak dikenal; pakai alamat di layar, atau tambahkan ke JARING_ORIGINS. / "
    "This address is not known; use the one on the screen, or add it to JARING_ORIGINS."
)


POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self' {socket}; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

ALWAYS = {
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}

OVER_TLS = {
    "strict-transport-security": "max-age=63072000; includeSubDomains",
    # On plain http a browser ignores it, and says so as an error on its console.
    "cross-origin-opener-policy": "same-origin",
}


class Headers:
    """The security headers by the host a page was asked at."""

    def __init__(self, settings: Settings) -> None:
        self._public = settings.public
        always = ALWAYS | OVER_TLS if self._public.startswith("https:") else ALWAYS
        self._always = [(name.encode(), value.encode()) for name, value in always.items()]
        self._policies = {origin.partition("://")[2]: _policy(origin) for origin in settings.allowed_origins}

    def at(self, host: str | None) -> list[tuple[bytes, bytes]]:
        """The headers for a page at this Host header; a host that is not ours gets the public address's policy."""
        policy = self._policies.get(host or "") or _policy(self._public)
        return [(b"content-security-policy", policy), *self._always]


def _policy(origin: str) -> bytes:
    """``connect-src`` names the socket's host as well, since older Safari does not let 'self' cover it."""
    scheme, _, host = origin.partition("://")
    return POLICY.format(socket=f"{'wss' if scheme == 'https' else 'ws'}://{host}").encode()


def is_ours(scope: Scope, allowed: frozenset[str]) -> bool:
    """Whether a post may come from where it says it comes; without any word of its origin the session decides."""
    fetched_from = _header(scope["headers"], b"sec-fetch-site")
    if fetched_from is not None and fetched_from not in ("same-origin", "none"):
        return False
    origins = [value.decode("latin-1") for name, value in scope["headers"] if name == b"origin"]
    return all(origin in allowed for origin in origins)


def is_our_socket(scope: Scope, allowed: frozenset[str]) -> bool:
    """A socket must name exactly one origin, and it must be ours."""
    origins = [value.decode("latin-1") for name, value in scope["headers"] if name == b"origin"]
    return len(origins) == 1 and origins[0] in allowed


def is_known_host(host: str | None, known: frozenset[str]) -> bool:
    """Whether a browser may have come here by this name: ours, or a plain address, which nobody can rebind."""
    name = urlsplit(f"//{host}").hostname if host else None
    if name is None or name in known:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def guard_middleware(app: ASGIApp, settings: Settings) -> ASGIApp:
    """Refuse unknown hosts with 400, foreign posts and sockets with 403, and put the headers on every answer."""
    headers = Headers(settings)
    allowed = settings.allowed_origins
    known = frozenset(urlsplit(origin).hostname or "" for origin in allowed)

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _ in message["headers"]}
                more = [] if b"cache-control" in given else [(b"cache-control", b"no-store")]
                host = _header(scope["headers"], b"host")
                message["headers"] = [*message["headers"], *headers.at(host), *more]
            await send(message)

        kind, method = str(scope["type"]), str(scope.get("method"))
        if kind == "websocket" and not is_our_socket(scope, allowed):
            await receive()
            await send({"type": "websocket.close", "code": 4403, "reason": "foreign origin"})
        elif kind == "http" and not is_known_host(_header(scope["headers"], b"host"), known):
            await _refuse(send_with_headers, 400, "unknown_host", UNKNOWN_HOST)
        elif kind == "http" and method not in SAFE_METHODS and not is_ours(scope, allowed):
            await _refuse(send_with_headers, 403, "foreign_origin", FOREIGN)
        else:
            await app(scope, receive, send_with_headers)

    return guarded


async def _refuse(send: Send, status: int, refusal: str, message: str) -> None:
    """Before it is known who asks and in which language: both languages, as JSON."""
    body = json.dumps({"refusal": refusal, "message": message}).encode()
    start: Message = {
        "type": "http.response.start",
        "status": status,
        "headers": [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())],
    }
    await send(start)
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _header(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> str | None:
    return next((value.decode("latin-1") for key, value in headers if key == name), None)
