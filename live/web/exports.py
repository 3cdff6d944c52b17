"""The record as files: what everybody may have once the forum is published, and the papers for its organisers."""

import asyncio
from datetime import date
from typing import Any
from urllib.parse import quote

from litestar import Response, get
from litestar.params import FromPath

from live import dates
from live.documents import feeds, files, pack, record, schema, tables, whole
from live.documents.files import File
from live.rules.audience import Viewer
from live.rules.facts import Facts, ForumFacts
from live.rules.refusal import Refusal
from live.rules.words import Audience, Phase, Role
from live.store import offices, promises
from live.web.hall import AnyRequest, GivenHall, Hall, visitor_of
from live.web.pages import may_read_record

PACK = "paket-bukti.zip"


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
    return _attached(File(f"{name}-{code}.{kind}", body, media_type))


@get("/record.schema.json")
async def record_schema() -> dict[str, Any]:
    """The shape of ``archive.json``, for programs that read it."""
    return schema.RECORD


@get([f"/f/{{code:str}}/follow-up.{kind}" for kind in (*feeds.FEEDS, "ics")])
async def follow(request: AnyRequest, code: FromPath[str], hall: GivenHall) -> Response[Any]:
    """The follow-up list as RSS, as Atom, and its due dates as iCalendar."""
    kind = request.url.path.rpartition(".")[2]
    forum = await hall.forum(code)
    await may_read_record(hall, request, forum)
    facts = await hall.hub.present.facts(forum.id)
    base = f"{hall.settings.public}/f/{code}"
    if kind == "ics":
        return Response(await asyncio.to_thread(feeds.calendar, facts, base), media_type=feeds.CALENDAR)
    made = await asyncio.to_thread(feeds.feed, facts, "rss" if kind == "rss" else "atom", base)
    return Response(made, media_type=feeds.FEEDS[kind])


@get("/f/{code:str}/files/{name:str}")
async def paper(request: AnyRequest, code: FromPath[str], name: FromPath[str], hall: GivenHall) -> Response[Any]:
    """One of the papers, or the whole package of evidence (``paket-bukti.zip``)."""
    forum = await hall.forum(code)
    if name not in files.names() and name != PACK:
        raise Refusal("no_such_page", "existence")
    await _may_have(hall, request, forum, name)
    facts = await hall.hub.present.facts(forum.id)
    today = dates.local(hall.database.clock(), forum.timezone).date()
    async with hall.database.reading() as session:
        facts = await offices.with_logo(session, facts)
    if name == PACK:
        return _attached(await package(hall, facts, today))
    return _attached(await asyncio.to_thread(files.make, name, facts, today))


async def package(hall: Hall, facts: Facts, today: date) -> File:
    """The package with the evidence that was handed in."""
    async with hall.database.reading() as session:
        evidence = whole.named(await promises.all_evidence(session, facts.forum.id))
    made = record.of(facts, Viewer(Audience.PUBLIC, facts.forum.language), whole=True)
    return await asyncio.to_thread(pack.write, facts, made, today, evidence)


async def _may_have(hall: Hall, request: AnyRequest, forum: ForumFacts, name: str) -> None:
    """The organisers may have everything; everybody the public papers, once the forum is published."""
    if name in files.PUBLIC and forum.phase is Phase.PUBLISHED:
        return
    actor = await hall.actor(visitor_of(request), forum.id)
    if not {Role.MODERATOR, Role.SCRIBE} & actor.roles:
        raise Refusal("not_allowed", "role")


def _attached(file: File) -> Response[bytes]:
    plain = file.name.encode("ascii", "replace").decode().replace('"', "").replace("?", "_")
    named = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name)}"
    return Response(file.content, media_type=file.media_type, headers={"content-disposition": named})
