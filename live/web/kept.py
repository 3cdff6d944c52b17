"""Pages kept ready: rendered and compressed once for everybody of an audience and language.

A kept page has a tag (its own hash): a browser that still has the page is answered with 304 and no bytes.
"""

import gzip
import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

KEPT_PAGES = 200


@dataclass(frozen=True)
class Page:
    """The bytes of one page."""

    plain: bytes

    @cached_property
    def squeezed(self) -> bytes:
        """The same, compressed for gzip; at most once."""
        return gzip.compress(self.plain, 6, mtime=0)

    @cached_property
    def tag(self) -> str:
        """Its ETag. It is weak, as the same tag stands for both codings of the page."""
        return f'W/"{hashlib.sha256(self.plain).hexdigest()[:24]}"'


class Kept:
    """Rendered pages by everything they depend on, compressed once."""

    def __init__(self) -> None:
        self._pages: OrderedDict[tuple[Any, ...], Page] = OrderedDict()

    def get(self, key: tuple[Any, ...]) -> Page | None:
        """The page, or None."""
        return self._pages.get(key)

    def put(self, key: tuple[Any, ...], page: str) -> Page:
        """Keep this page; the oldest goes."""
        self._pages[key] = packed(page)
        while len(self._pages) > KEPT_PAGES:
            self._pages.popitem(last=False)
        return self._pages[key]


def packed(page: str) -> Page:
    """A page as bytes."""
    return Page(page.encode())
