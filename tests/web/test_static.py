"""Static files: compressed as the browser can read it, kept for a year at an address that changes with them."""

import gzip
from collections.abc import AsyncIterator

import brotli
import httpx
import pytest
from litestar import Litestar

from live.places import STATIC
from live.web.static import StaticFiles

FILES = StaticFiles(STATIC)
STYLE = (STATIC / "style.css").read_bytes()
READ = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}


@pytest.fixture
async def browser() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(Litestar([FILES.handler()], openapi_config=None))
    async with httpx.AsyncClient(transport=transport, base_url="http://jaring.test") as client:
        yield client


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [("gzip, deflate, br, zstd", "br"), ("gzip, deflate", "gzip"), ("br;q=1.0, *;q=0.5", "br"), ("identity", None)],
)
async def test_a_file_comes_in_the_smallest_coding_the_browser_reads(
    browser: httpx.AsyncClient, accepted: str, coding: str | None
) -> None:
    headers = {"accept-encoding": accepted}
    async with browser.stream("GET", f"{FILES.address}/style.css", headers=headers) as answer:
        body = b"".join([piece async for piece in answer.aiter_raw()])
    assert answer.headers.get("content-encoding") == coding
    assert answer.headers["vary"] == "accept-encoding"
    assert READ[coding](body) == STYLE


async def test_a_file_is_kept_for_a_year_and_at_an_old_address_only_until_the_next_visit(
    browser: httpx.AsyncClient,
) -> None:
    present = await browser.get(f"{FILES.address}/style.css")
    old = await browser.get("/static/000000000000/style.css")
    assert present.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (old.status_code, old.headers["cache-control"]) == (200, "no-cache")
