"""Who did what, when: the journal of a forum as the organiser reads it, on a page and as a file."""

from typing import Any

from litestar import MediaType, Response, get
from litestar.params import FromPath

from live.documents import trail as document
from live.store import journal, snapshot
from live.store.models import Forum
from live.web.hall import AnyRequest, GivenHall, language_of

PAGE = 200


@get("/f/{code:str}/trail")
async def trail(request: AnyRequest, code: FromPath[str], hall: GivenHall) -> Response[Any]:
    """The latest entries first, a page at a time; and whether the chain of hashes is sound."""
    forum = await hall.organised(request, code)
    before = _number(request.query_params.get("before")) or forum.seq + 1
    async with hall.database.reading() as session:
        facts = await snapshot.read(session, forum.id)
        entries = await journal.before(session, forum.id, before, PAGE)
        broken = await journal.broken_at(session, await session.get_one(Forum, forum.id))
    page = hall.renderer.page(
        "trail",
        language_of(request, forum.language),
        forum=hall.renderer.forum_view(facts),
        lines=[document.line(entry) for entry in entries],
        older=entries[-1].seq if entries and entries[-1].seq > 1 else None,
        broken=broken,
    )
    return Response(page, media_type=MediaType.HTML)


@get("/f/{code:str}/trail.csv")
async def trail_csv(request: AnyRequest, code: FromPath[str], hall: GivenHall) -> Response[bytes]:
    """Every entry, for a spreadsheet."""
    forum = await hall.organised(request, code)
    async with hall.database.reading() as session:
        entries = await journal.before(session, forum.id, forum.seq + 1, forum.seq)
    headers = {"content-disposition": f'attachment; filename="trail-{code}.csv"'}
    return Response(document.csv(entries), media_type="text/csv; charset=utf-8", headers=headers)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else None
