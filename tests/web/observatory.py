"""Mozilla's HTTP Observatory as far as headers go: what each test is worth, from its table of scores.

https://github.com/mdn/mdn-http-observatory, ``src/grader/charts.js``. Left out because they need other hosts: the
preload lists (they only add), and a redirection from http, which a server that speaks https alone does not have.
"""

import re
from collections.abc import Mapping
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

import httpx

HALF_A_YEAR = 15_768_000
EXTRA_FROM = 90
"""Points above the full score count only from here."""

PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}


def scores(answer: httpx.Response) -> dict[str, int]:
    """What every test adds to 100, or takes from it."""
    headers = answer.headers
    return {
        "content-security-policy": _policy(headers.get("content-security-policy")),
        "cookies": _cookies(headers.get_list("set-cookie")),
        "cross-origin-resource-policy": 10 if headers.get("cross-origin-resource-policy") == "same-origin" else 0,
        "cross-origin-resource-sharing": -50 if "access-control-allow-credentials" in headers else 0,
        "referrer-policy": 5 if headers.get("referrer-policy") in PRIVATE else -5,
        "strict-transport-security": _transport(headers.get("strict-transport-security", "")),
        "subresource-integrity": _scripts(answer),
        "x-content-type-options": 0 if headers.get("x-content-type-options") == "nosniff" else -5,
        "x-frame-options": 5 if "frame-ancestors 'none'" in headers.get("content-security-policy", "") else -20,
    }


def total(found: Mapping[str, int]) -> int:
    """The score as the Observatory gives it."""
    plain = 100 + sum(min(0, score) for score in found.values())
    return plain if plain < EXTRA_FROM else plain + sum(max(0, score) for score in found.values())


def _policy(text: str | None) -> int:
    if text is None:
        return -25
    rules = dict((part.split()[0], part.split()[1:]) for part in text.split(";") if part.strip())
    sources = {source for given in rules.values() for source in given}
    if {"'unsafe-inline'", "'unsafe-eval'", "data:", "https:", "*"} & sources:
        return -20
    if any(source.startswith(("http:", "ws:")) for source in sources):
        return -20
    is_tight = rules.get("default-src") == ["'none'"] and rules.get("form-action") in (["'none'"], ["'self'"])
    return 10 if is_tight else 5


def _cookies(given: list[str]) -> int:
    if not given:
        return 0
    jar: SimpleCookie = SimpleCookie()
    for line in given:
        jar.load(line)
    if not all(morsel["secure"] for morsel in jar.values()):
        return -40
    if not all(morsel["httponly"] for morsel in jar.values()):
        return -30
    return 5 if all(morsel["samesite"] in ("Lax", "Strict") for morsel in jar.values()) else 0


def _transport(text: str) -> int:
    age = re.search(r"max-age=(\d+)", text)
    if age is None:
        return -20
    return 0 if int(age[1]) >= HALF_A_YEAR else -10


def _scripts(answer: httpx.Response) -> int:
    """Scripts of our own origin need no hash; any other does."""
    host = urlsplit(str(answer.url)).netloc
    sources = re.findall(r"<script[^>]*\bsrc=\"([^\"]+)\"", answer.text)
    return 0 if all(urlsplit(source).netloc in ("", host) for source in sources) else -50
