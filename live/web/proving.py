"""Evidence: a photo or a PDF handed in with a line of progress, checked, and photos encoded anew."""

import asyncio
import io
import re
from typing import Any

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath
from PIL import Image, ImageOps, UnidentifiedImageError

from live.rules.proof import Proof
from live.rules.refusal import Refusal
from live.rules.words import Phase, Role
from live.store import promises
from live.web import answers
from live.web.acts import form_fields
from live.web.hall import AnyRequest, GivenHall, visitor_of

LARGEST = 5 * 1024 * 1024
WIDEST = 2000
MOST_PIXELS = 50_000_000
PHOTOS = ("JPEG", "PNG", "WEBP")


@post("/f/{code:str}/follow-ups/{number:int}/evidence", status_code=200, request_max_body_size=LARGEST + 64 * 1024)
async def prove(request: AnyRequest, code: FromPath[str], number: FromPath[int], hall: GivenHall) -> Response[Any]:
    """The act ``progress`` with a file: the fields of progress, and ``file``."""
    given: dict[str, Any] = {}
    try:
        form = await request.form()
        given = form_fields(form, but="file")
        forum = await hall.forum(code)
        actor = await hall.actor(visitor_of(request), forum.id)
        if not {Role.ORGANISER, Role.OWNER} & actor.roles:
            raise Refusal("not_allowed", "role")
        file = form.get("file")
        if isinstance(file, UploadFile) and file.filename:
            content = await file.read()
            given["evidence"] = await asyncio.to_thread(checked, file.filename, content)
        outcome = await hall.acting.perform("progress", actor, code, given, number)
    except Refusal as refused:
        return answers.refusal(hall, request, refused, given)
    return answers.answer(hall, request, "progress", outcome, base=f"/f/{code}")


@get("/f/{code:str}/evidence/{number:int}")
async def evidence(request: AnyRequest, code: FromPath[str], number: FromPath[int], hall: GivenHall) -> Response[bytes]:
    """One file: for everybody once the forum is published, for the team and owners before."""
    forum = await hall.forum(code)
    if forum.phase is not Phase.PUBLISHED:
        actor = await hall.actor(visitor_of(request), forum.id)
        if not {Role.MODERATOR, Role.SCRIBE, Role.OWNER} & actor.roles:
            raise Refusal("not_published", "existence")
    async with hall.database.reading() as session:
        kept = await promises.evidence(session, forum.id, number)
    if kept is None:
        raise Refusal("no_such_page", "existence")
    named = {"content-disposition": f'attachment; filename="{kept.name}"'}
    return Response(kept.content, media_type=kept.media_type, headers=named)


def checked(name: str, content: bytes) -> Proof:
    """A PDF as it is, a photo without its place and camera and no wider than 2,000 points; anything else is refused."""
    if len(content) > LARGEST:
        raise Refusal("too_big", "size")
    stem = re.sub(r"[^A-Za-z0-9 _-]+", "_", name.rpartition(".")[0] or name).strip()[:80] or "bukti"
    if content.startswith(b"%PDF-"):
        return Proof(f"{stem}.pdf", "application/pdf", content)
    return Proof(f"{stem}.jpg", "image/jpeg", _photo(content))


def _photo(content: bytes) -> bytes:
    try:
        with Image.open(io.BytesIO(content), formats=PHOTOS) as photo:
            if photo.width * photo.height > MOST_PIXELS:
                raise Refusal("bad_evidence", "fields", extra={"field": "file"})
            upright = ImageOps.exif_transpose(photo).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Refusal("bad_evidence", "fields", extra={"field": "file"}) from None
    upright.thumbnail((WIDEST, WIDEST))
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=82)
    return out.getvalue()
