"""Pages kept ready: rendered and compressed once for everybody of an audience and language."""

import gzip
from collections import OrderedDict
from typing import Any

KEPT_PAGES = 200


class Kept:
    """Rendered pages by everything they depend on, compressed once."""

    def __init__(self) -> None:
        self._pages: OrderedDict[tuple[Any, ...], tuple[bytes, bytes]] = OrderedDict()

    def get(self, key: tuple[Any, ...]) -> tuple[bytes, bytes] | None:
        """The page as (plain, gzip) bytes, or None."""
        return self._pages.get(key)

    def put(self, key: tuple[Any, ...], page: str) -> tuple[bytes, bytes]:
        """Keep this page; the oldest goes."""
        self._pages[key] = packed(page)
        while len(self._pages) > KEPT_PAGES:
            self._pages.popitem(last=False)
        return self._pages[key]


def packed(page: str) -> tuple[bytes, bytes]:
    """A page as (plain, gzip) bytes."""
    plain = page.encode()
    return plain, gzip.compress(plain, 6, mtime=0)
