"""The record as files, from the archive page: masked text only, spreadsheet-safe."""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from live.documents import record, tables
from live.rules.audience import Viewer
from live.rules.words import Audience
from live.web.hall import AnyRequest, GivenHall
from live.web.pages import may_read_record


# One address per kind: the router's parameters are whole segments, so "archive.{kind}" would match only itself.
@get([f"/f/{{code:str}}/{name}.{kind}" for name in ("archive", "follow-up") for kind in tables.KINDS])
async def export(request: AnyRequest, code: FromPath[str], hall: GivenHall) -> Response[Any]:
    """``archive.json``, ``archive.csv``, ``follow-up.json``, ``follow-up.csv``."""
    name, _, kind = request.url.path.rpartition("/")[2].partition(".")
    forum = await hall.forum(code)
    await may_read_record(hall, request, forum)
    facts = await hall.hub.present.facts(forum.id)
    made = record.of(facts, Viewer(Audience.PUBLIC, forum.language))
    body, media_type = tables.write(made, name, kind)
    headers = {"content-disposition": f'attachment; filename="{name}-{code}.{kind}"'}
    return Response(body, media_type=media_type, headers=headers)
