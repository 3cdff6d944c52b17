"""Settings: ``JARING_*`` variables (or a ``.env`` beside the data), read once, refused when wrong with their name."""

import ipaddress
import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, cast
from urllib.parse import unquote, urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

Limits = Literal["venue", "open"]
Tls = Literal["none", "self-signed"]
Security = Literal["none", "starttls", "tls"]
MAIL_SCHEMES: dict[str, tuple[Security, int]] = {
    "smtp": ("starttls", 587),
    "smtps": ("tls", 465),
    "smtp+plain": ("none", 25),
}
SECRET_BYTES = 32
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


class BadSetting(ValueError):
    """One setting is wrong; the text is one line that names it and says what would be right."""


@dataclass(frozen=True, slots=True, repr=False)
class Smtp:
    """The office's mail server, and in whose name it is written."""

    host: str
    port: int
    security: Security
    user: str
    password: str
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """How this installation runs. ``secret`` None means "made once and kept in the database"."""

    database_url: str = "sqlite:///./data/jaring.db"
    secret: bytes | None = None
    public_url: str | None = None
    origins: tuple[str, ...] = ()
    limits: Limits = "venue"
    host: str = "127.0.0.1"
    port: int = 8000
    lan: tuple[str, ...] = field(default=())
    backup_dir: str = ""
    backup_seconds: float = 60.0
    tls: Tls = "none"
    proxies: tuple[str, ...] = ()
    smtp_url: Smtp | None = None
    smtp_from: str = ""

    @property
    def smtp(self) -> Smtp | None:
        """The mail server that reminders go through; None when there is none."""
        return None if self.smtp_url is None else replace(self.smtp_url, sender=self.smtp_from)

    @property
    def scheme(self) -> str:
        """What this server itself speaks."""
        return "http" if self.tls == "none" else "https"

    @property
    def served_url(self) -> str:
        """The address the server listens at, as seen from this machine."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104 - compared, not bound
        return _origin(self.scheme, host, self.port)

    @property
    def backup_folder(self) -> Path | None:
        """Where copies go: the configured folder, beside an SQLite file by default, nowhere for ``none``."""
        if self.backup_dir:
            return None if self.backup_dir == "none" else Path(self.backup_dir)
        url = make_url(self.database_url)
        return Path(url.database or "").parent / "backup" if url.get_backend_name() == "sqlite" else None

    @property
    def tls_folder(self) -> Path:
        """Where the self-made certificate lies: beside an SQLite file, else in ``./data``."""
        url = make_url(self.database_url)
        return Path(url.database or "").parent if url.get_backend_name() == "sqlite" else Path("data")

    @property
    def public(self) -> str:
        """The address people use: the configured one, the LAN address at a venue, else the served one."""
        if self.public_url is not None:
            return self.public_url
        is_open = self.host not in ("127.0.0.1", "localhost", "::1")
        if is_open and self.lan:
            return _origin(self.scheme, self.lan[0], self.port)
        return self.served_url

    @property
    def allowed_origins(self) -> frozenset[str]:
        """Origins whose posts and sockets are ours (design 6.3): exact scheme, host and port."""
        hosts = (*LOOPBACK, *self.lan)
        return frozenset({self.public, *self.origins, *(_origin(self.scheme, host, self.port) for host in hosts)})


def read(environment: Mapping[str, str] | None = None, **given: object) -> Settings:
    """Settings from the environment (default: the process's, and ``.env``); ``given`` values win. Refuses bad ones."""
    values = {**_dotenv(Path(".env")), **(os.environ if environment is None else environment)}
    for name in values:
        if name.startswith("JARING_") and name.removeprefix("JARING_") not in {*_READERS, *_FOR_TESTS}:
            raise BadSetting(f"{name}: no such setting; the settings are {', '.join(f'JARING_{k}' for k in _READERS)}")
    asked = {name: values[f"JARING_{name}"] for name in _READERS if values.get(f"JARING_{name}")}
    found = {name.lower(): _READERS[name](text) for name, text in asked.items()}
    if found.get("smtp_url") and not found.get("smtp_from"):
        raise BadSetting("JARING_SMTP_FROM: must be the address reminders come from when JARING_SMTP_URL is set")
    return Settings(**(found | given))  # type: ignore[arg-type]  # each value was checked above


def lan_addresses() -> tuple[str, ...]:
    """This machine's own addresses on local networks, the one of the default route first."""
    found: list[str] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:  # connecting a datagram socket sends nothing
        try:
            probe.connect(("192.0.2.1", 9))
            found.append(probe.getsockname()[0])
        except OSError:
            pass
    try:
        found += [str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    except OSError:
        pass
    usable = (a for a in dict.fromkeys(found) if not ipaddress.ip_address(a).is_loopback)
    return tuple(usable)


def _origin(scheme: str, host: str, port: int) -> str:
    """As a browser writes it: without the default port."""
    return f"{scheme}://{host}" if port == {"http": 80, "https": 443}[scheme] else f"{scheme}://{host}:{port}"


def _database_url(url: str) -> str:
    try:
        backend = make_url(url).get_backend_name()
    except (ArgumentError, ValueError):
        backend = ""
    if backend not in ("sqlite", "postgresql"):
        raise BadSetting("JARING_DATABASE_URL: must be sqlite:///PATH or postgresql://USER@HOST/NAME")
    if backend == "sqlite" and make_url(url).database in (None, "", ":memory:"):
        raise BadSetting("JARING_DATABASE_URL: sqlite needs a file, for example sqlite:///data/jaring.db")
    return url


def _secret(secret: str) -> bytes:
    if len(secret.encode()) < SECRET_BYTES:
        raise BadSetting(f"JARING_SECRET: must have at least {SECRET_BYTES} bytes; leave it unset to have one made")
    return secret.encode()


def _address(name: str, url: str) -> str:
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = -1
    good = (
        parts.scheme in ("http", "https") and parts.hostname and port != -1 and not parts.query and not parts.fragment
    )
    if not good or parts.username or parts.path not in ("", "/"):
        raise BadSetting(f"{name}: must look like https://tanya.example or http://192.168.1.5:8000, not {url!r}")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _seconds(name: str, text: str) -> float:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 3600:
        raise BadSetting(f"{name}: must be whole seconds from 1 to 3600, not {text!r}")
    return float(text)


def _smtp(url: str) -> Smtp:
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = 0
    if parts.scheme not in MAIL_SCHEMES or not parts.hostname or port == 0 or parts.path not in ("", "/"):
        raise BadSetting(
            "JARING_SMTP_URL: must look like smtp://USER:PASSWORD@mail.example (STARTTLS), smtps:// or smtp+plain://"
        )
    security, usual = MAIL_SCHEMES[parts.scheme]
    return Smtp(parts.hostname, port or usual, security, unquote(parts.username or ""), unquote(parts.password or ""))


def _mail_address(name: str, text: str) -> str:
    local, at, host = text.strip().rpartition("@")
    if not (local and at and host) or any(ch.isspace() or ch in '<>,;"' for ch in text.strip()):
        raise BadSetting(f"{name}: must be one e-mail address")
    return text.strip()


def _limits(limits: str) -> Limits:
    if limits not in ("venue", "open"):
        raise BadSetting("JARING_LIMITS: must be venue (default) or open (load tests)")
    return cast(Limits, limits)


def _tls(tls: str) -> Tls:
    if tls not in ("none", "self-signed"):
        raise BadSetting("JARING_TLS: must be none (default) or self-signed")
    return cast(Tls, tls)


def _proxies(text: str) -> tuple[str, ...]:
    found = tuple(text.replace(",", " ").split())
    for part in found:
        try:
            ipaddress.ip_network(part)
        except ValueError:
            raise BadSetting(f"JARING_PROXIES: must be addresses or networks like 10.0.0.0/8, not {part!r}") from None
    return found


def _dotenv(path: Path) -> dict[str, str]:
    """``NAME=value`` lines of a ``.env`` file; comments and blank lines are passed over."""
    if not path.is_file():
        return {}
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise BadSetting(f"{path}: must be UTF-8 text") from None
    lines = (line.strip() for line in text.splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#") and "=" in line)
    return {name.strip(): value.strip().strip("\"'") for name, _, value in pairs if name.strip().startswith("JARING_")}


_FOR_TESTS = ("TEST_POSTGRES", "TEST_BROWSER")
_READERS: dict[str, Callable[[str], object]] = {
    "DATABASE_URL": _database_url,
    "SECRET": _secret,
    "PUBLIC_URL": lambda text: _address("JARING_PUBLIC_URL", text),
    "ORIGINS": lambda text: tuple(_address("JARING_ORIGINS", part) for part in text.replace(",", " ").split()),
    "LIMITS": _limits,
    "TLS": _tls,
    "PROXIES": _proxies,
    "BACKUP_DIR": str,
    "SMTP_URL": _smtp,
    "SMTP_FROM": lambda text: _mail_address("JARING_SMTP_FROM", text),
    "BACKUP_SECONDS": lambda text: _seconds("JARING_BACKUP_SECONDS", text),
}
"""Every setting and what reads it; the field of :class:`Settings` has the same name in small letters."""
