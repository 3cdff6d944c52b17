"""The organiser's rehearsal: a copy of a forum to try everything with, which is erased before the real one begins."""

from typing import Any

from litestar import MediaType, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from live.actions import rehearsing
from live.catalogue import catalogue
from live.rules import rehearsals as rule
from live.store import snapshot
from live.web import answers
from live.web.hall import AnyRequest, GivenHall
from live.web.organiser import HOME, page
from live.web.setting_up import made_answer

PATH = "/f/{code:str}/rehearsal"


def named(language: str, title: str) -> str:
    """The title of the rehearsal of a forum with this title."""
    return catalogue(language)("rehearsal.of", title=title)


@get(PATH)
async def offer(request: AnyRequest, code: FromPath[str], hall: GivenHall) -> Response[str]:
    """What a rehearsal is and when this one would be erased, with the button that makes it."""
    forum = await hall.organised(request, code)
    erased = rule.erase_at(hall.database.clock(), forum.starts)
    return page(hall, request, "rehearsal", forum=forum, erased=erased.isoformat())


@post(PATH, status_code=201)
async def make(request: AnyRequest, code: FromPath[str], hall: GivenHall) -> Response[Any]:
    """Make it; its links are shown in this answer and never again."""
    forum = await hall.organised(request, code)
    made = await rehearsing.create(hall.database, code, named, hall.settings.public)
    async with hall.database.reading() as session:
        facts = await snapshot.read(session, forum.id)
    plan = {"title": made["title"], "speakers": facts.speakers, "timezone": forum.timezone}
    return made_answer(hall, request, plan, made)


@post(f"{PATH}/erase", status_code=200)
async def erase(request: AnyRequest, code: FromPath[str], hall: GivenHall) -> Response[Any]:
    """Erase a rehearsal now, with everything in it."""
    await hall.organised(request, code)
    await rehearsing.erase(hall.database, code)
    if answers.wants_json(request):
        return Response({"erased": code}, media_type=MediaType.JSON)
    return Redirect(HOME, status_code=303)
