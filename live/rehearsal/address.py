"""What the person typed after ``rehearse``: a role link or the address of a forum."""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

FORUM_PATH = re.compile(r"/f/(\d{6})(?:/.*)?")
DEFAULT_PORTS = {"http": 80, "https": 443}
ADVICE = "give a moderator link (http://host/enter#TOKEN) or the address of a forum (http://host/f/123456)"


class CannotGoOn(Exception):
    """The rehearsal cannot start or go on; the text is one clear line for the person at the terminal."""


@dataclass(frozen=True)
class Address:
    """``origin`` is what a browser would send as ``Origin``. Either ``code`` or ``token`` is set, never both."""

    origin: str
    code: str | None = None
    token: str | None = None


def parse(text: str) -> Address:
    """Read a role link or a forum address. Raises CannotGoOn for anything else."""
    parts = urlsplit(text.strip())
    origin = _origin(parts, text)
    if parts.path.rstrip("/") == "/enter" and parts.fragment:
        return Address(origin, token=parts.fragment)
    if forum := FORUM_PATH.fullmatch(parts.path):
        return Address(origin, code=forum[1])
    raise CannotGoOn(f"{text!r} is no address to rehearse at: {ADVICE}")


def _origin(parts: SplitResult, text: str) -> str:
    """Scheme, host and port as browsers serialise an origin: lower case, default port left out."""
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if parts.scheme not in DEFAULT_PORTS or not host:
        raise CannotGoOn(f"{text!r} is no web address: {ADVICE}")
    name = f"[{host}]" if ":" in host else host
    shown_port = "" if port in (None, DEFAULT_PORTS[parts.scheme]) else f":{port}"
    return f"{parts.scheme}://{name}{shown_port}"
