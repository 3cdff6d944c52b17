"""Static files: read once, compressed once, at addresses that change with their content and may be kept for a year."""

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

import brotli
from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

SQUEEZABLE = frozenset({".css", ".js", ".svg", ".txt", ".md", ".webmanifest"})
FOREVER = "public, max-age=31536000, immutable"
JOINED = {"phone.js": ("base", "voice", "mine", "outbox", "asking", "support", "list", "page")}
"""A script of several parts, and its parts in their order: one module in one request, each part about one thing."""

TYPES = {".woff2": "font/woff2", ".webmanifest": "application/manifest+json", ".js": "text/javascript"}


@dataclass(frozen=True, slots=True)
class File:
    """One file, plain and (where it helps) by coding, the smallest first; over plain http browsers only take gzip."""

    kind: str
    plain: bytes
    packed: Mapping[str, bytes]


class StaticFiles:
    """All files of a folder; ``address`` is where they are served, with the hash of everything in it."""

    def __init__(self, folder: Path) -> None:
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        whole = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
        for name, parts in JOINED.items():
            whole[name] = b"".join(whole.pop(f"{name.removesuffix('.js')}/{part}.js") for part in parts)
        self._files = {name: _file(name, plain) for name, plain in whole.items()}
        content = hashlib.sha256()
        for name, file in self._files.items():
            content.update(name.encode() + file.plain)
        self.address = f"/static/{content.hexdigest()[:12]}"

    def handler(self) -> HTTPRouteHandler:
        """Serves ``/static/{hash}/{path}``; an old hash gets the present file, uncached."""

        @get("/static/{digest:str}/{path:path}", include_in_schema=False)
        async def static(
            request: Request[Any, Any, Any], digest: FromPath[str], path: FromPath[str]
        ) -> Response[bytes]:
            file = self._files.get(path.lstrip("/"))
            if file is None:
                raise NotFoundException
            is_current = digest == self.address.rpartition("/")[2]
            headers = {"cache-control": FOREVER if is_current else "no-cache", "vary": "accept-encoding"}
            accepted = {taken.split(";")[0].strip() for taken in request.headers.get("accept-encoding", "").split(",")}
            for coding, packed in file.packed.items():
                if coding in accepted:
                    return Response(packed, media_type=file.kind, headers=headers | {"content-encoding": coding})
            return Response(file.plain, media_type=file.kind, headers=headers)

        return static


def _file(name: str, plain: bytes) -> File:
    suffix = PurePosixPath(name).suffix
    kind = TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return File(kind, plain, _packed(plain) if suffix in SQUEEZABLE else {})


@cache
def _packed(plain: bytes) -> Mapping[str, bytes]:
    return {"br": brotli.compress(plain), "gzip": gzip.compress(plain, 9, mtime=0)}
