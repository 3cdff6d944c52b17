"""The logo in the letterhead: handed in by the organiser, checked, and drawn anew as a small PNG."""

import asyncio
import io
from typing import Any

from litestar import MediaType, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath
from litestar.response import Redirect
from PIL import Image, UnidentifiedImageError

from live.rules.refusal import Refusal
from live.store import offices
from live.web import answers
from live.web.hall import AnyRequest, GivenHall

LARGEST = 2 * 1024 * 1024
WIDEST = 400
MOST_PIXELS = 25_000_000


@post("/f/{code:str}/logo", status_code=200, request_max_body_size=LARGEST + 64 * 1024)
async def hand_in(request: AnyRequest, code: FromPath[str], hall: GivenHall) -> Response[Any]:
    """Keep ``file`` (PNG or JPEG) as the logo of this forum's papers; without a file the logo is taken away."""
    try:
        forum = await hall.organised(request, code)
        file = (await request.form()).get("file")
        content = await file.read() if isinstance(file, UploadFile) else b""
        logo = await asyncio.to_thread(drawn, content) if content else b""
        async with hall.database.writing() as session:
            await offices.set_logo(session, forum.id, logo)
    except Refusal as refused:
        return answers.refusal(hall, request, refused, {})
    if answers.wants_json(request):
        return Response({"kept": bool(logo)}, media_type=MediaType.JSON)
    return Redirect(f"/f/{code}/logo" if logo else f"/f/{code}/manage", status_code=303)


@get("/f/{code:str}/logo")
async def logo(request: AnyRequest, code: FromPath[str], hall: GivenHall) -> Response[bytes]:
    """The logo as it stands on the papers, for the organiser."""
    forum = await hall.organised(request, code)
    async with hall.database.reading() as session:
        content = await offices.logo(session, forum.id)
    if not content:
        raise Refusal("no_such_page", "existence")
    return Response(content, media_type="image/png")


def drawn(content: bytes) -> bytes:
    """The picture as a PNG of at most 400 points a side, with nothing in it but the picture."""
    if len(content) > LARGEST:
        raise Refusal("too_big", "size")
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Refusal("bad_evidence", "fields", extra={"field": "file"})
            clean = picture.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Refusal("bad_evidence", "fields", extra={"field": "file"}) from None
    clean.thumbnail((WIDEST, WIDEST))
    out = io.BytesIO()
    clean.save(out, "PNG", optimize=True)
    return out.getvalue()
