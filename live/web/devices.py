"""A page of the team on a strange device: it shows a number, and opens when the desk has typed that."""

import secrets
from typing import Any

from litestar import MediaType, Response, get
from litestar.params import FromPath
from litestar.response import Redirect

from live.rules.facts import ForumFacts
from live.rules.refusal import Refusal, of_field
from live.rules.words import Role
from live.store import links, pairings
from live.web.device import named
from live.web.entering import PAGES
from live.web.hall import AnyRequest, GivenHall, Hall, language_of, visitor_of

PAIRED = {PAGES[role]: role for role in pairings.ROLES}
"""The pages that a device may be let in to, by the last part of their address."""


async def closed(hall: Hall, request: AnyRequest, forum: ForumFacts, name: str, refused: Refusal) -> Response[Any]:
    """The answer to a page ``name`` without its grant: in, if the desk has typed the number; else the number (403)."""
    visitor, role, now = visitor_of(request), PAIRED[name], hall.database.clock()
    secret = visitor.device or secrets.token_urlsafe(links.SECRET_BYTES)
    async with hall.database.writing() as session:
        if visitor.device is not None and await pairings.taken(session, forum.id, role, secret, now):
            admitted = await links.admit(session, forum, role, visitor.session, now, named(request))
            visitor.cookies.append(hall.cookies.keep_session(admitted))
            return Redirect(request.url.path, status_code=303)
        number = await pairings.number(session, forum.id, role, secret, now)
    visitor.cookies.append(hall.cookies.keep_device(secret))
    asked = {"forum": forum, "base": f"/f/{forum.code}", "role": role}
    page = hall.renderer.page("pair", language_of(request, forum.language), number=number, **asked)
    return Response(page, status_code=refused.status, media_type=MediaType.HTML)


@get("/f/{code:str}/device")
async def device(request: AnyRequest, code: FromPath[str], hall: GivenHall) -> Response[Any]:
    """``{"state": "waiting" | "open" | "over"}`` of this browser's number for the role ``as=``."""
    forum = await hall.forum(code)
    asked, secret = request.query_params.get("as", ""), visitor_of(request).device
    if asked not in pairings.ROLES:
        raise of_field("as")
    async with hall.database.reading() as session:
        now = hall.database.clock()
        state = await pairings.state(session, forum.id, Role(asked), secret, now) if secret is not None else "over"
    return Response({"state": state}, media_type=MediaType.JSON)
