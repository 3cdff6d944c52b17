"""Static files: read once, compressed once, at addresses that change with their content and may be kept for a year."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

SQUEEZABLE = frozenset({".css", ".js", ".svg", ".txt", ".md", ".webmanifest"})
FOREVER = "public, max-age=31536000, immutable"
TYPES = {".woff2": "font/woff2", ".webmanifest": "application/manifest+json", ".js": "text/javascript"}


@dataclass(frozen=True, slots=True)
class File:
    """One file, plain and (where it helps) gzipped."""

    kind: str
    plain: bytes
    packed: bytes | None


class StaticFiles:
    """All files of a folder; ``address`` is where they are served, with the hash of everything in it."""

    def __init__(self, folder: Path) -> None:
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        self._files = {path.relative_to(folder).as_posix(): _load(path) for path in paths}
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
            if file.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
                headers["content-encoding"] = "gzip"
                return Response(file.packed, media_type=file.kind, headers=headers)
            return Response(file.plain, media_type=file.kind, headers=headers)

        return static


def _load(path: Path) -> File:
    plain = path.read_bytes()
    kind = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    packed = gzip.compress(plain, 9, mtime=0) if path.suffix in SQUEEZABLE else None
    return File(kind, plain, packed)
