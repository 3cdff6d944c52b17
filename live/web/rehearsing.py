"""The organiser's rehearsal: a copy of a forum to try everything with, which is erased before the real one begins."""

from typing import Any

from litestar import MediaType, Response, get, post
from litestar.response import Redirect

from live.actions import rehearsing
from live.catalogue import catalogue
from live.rules import rehearsals as rule
from live.rules.facts import Facts, ForumFacts
from live.rules.refusal import Refusal
from live.store import snapshot
from live.web import answers
from live.web.acts import fields
from live.web.hall import AnyRequest, GivenHall, Hall
from live.web.organiser import HOME, page, required

PATH = f"{HOME}/rehearsal"


@get(PATH)
async def offer(request: AnyRequest, hall: GivenHall) -> Response[str]:
    """What a rehearsal is and when this one would be erased, with the button that makes it."""
    forum = await _of_agency(hall, request, request.query_params.get("code", ""))
    erased = rule.erase_at(hall.database.clock(), forum.starts)
    return page(hall, request, "rehearsal", forum=forum, erased=erased.isoformat())


@post(PATH, status_code=201)
async def make(request: AnyRequest, hall: GivenHall) -> Response[Any]:
    """Make it; its links are shown in this answer and never again."""
    forum = await _of_agency(hall, request, str((await fields(request)).get("code", "")))
    title = catalogue(forum.language)("rehearsal.of", title=forum.title)
    made = await rehearsing.create(hall.database, forum.code, title, hall.settings.public)
    if answers.wants_json(request):
        return Response(made, status_code=201, media_type=MediaType.JSON)
    facts = await _facts(hall, forum)
    shown = {"title": title, "speakers": facts.speakers, "timezone": forum.timezone}
    cards = page(hall, request, "cards", plan=shown, made=made)
    cards.status_code = 201
    return cards


@post(f"{PATH}/erase")
async def erase(request: AnyRequest, hall: GivenHall) -> Response[Any]:
    """Erase a rehearsal now, with everything in it."""
    forum = await _of_agency(hall, request, str((await fields(request)).get("code", "")))
    await rehearsing.erase(hall.database, forum.code)
    if answers.wants_json(request):
        return Response({"erased": forum.code}, media_type=MediaType.JSON)
    return Redirect(HOME, status_code=303)


async def _of_agency(hall: Hall, request: AnyRequest, code: str) -> ForumFacts:
    """The forum with this code, for a signed-in organiser of its agency."""
    organiser, _ = await required(hall, request)
    forum = await hall.forum(code)
    if forum.agency != organiser.agency:
        raise Refusal("not_allowed", "role")
    return forum


async def _facts(hall: Hall, forum: ForumFacts) -> Facts:
    async with hall.database.reading() as session:
        return await snapshot.read(session, forum.id)
