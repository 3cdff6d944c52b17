"""Owners of promises and written answers: a link of their own, and a page with nothing but their own items."""

from datetime import timedelta
from typing import Any

from litestar import MediaType, Response, get, post
from litestar.params import FromPath

from live.actions import creating
from live.actions.fields import line
from live.rules import audience
from live.rules.actor import Granted
from live.rules.audience import Viewer
from live.rules.facts import Facts
from live.rules.refusal import Refusal
from live.rules.words import Audience, Role, Status
from live.store import links
from live.web import answers
from live.web.acts import fields
from live.web.hall import AnyRequest, GivenHall, language_of, visitor_of

YEAR = timedelta(days=366)
"""How long an owner's link works: promises outlive the forum."""


@post("/f/{code:str}/owners", status_code=200)
async def make_link(request: AnyRequest, code: FromPath[str], hall: GivenHall) -> Response[Any]:
    """A new link for the owner that the form names; told once, and older ones of the same owner end."""
    forum = await hall.organised(request, code)
    owner = line((await fields(request)).get("owner"))
    if owner is None:
        raise Refusal("bad_field", "fields", params={"field": "owner"}, extra={"field": "owner"})
    granted, now = Granted(Role.OWNER, owner=owner), hall.database.clock()
    async with hall.database.writing() as session:
        await links.revoke(session, forum.id, granted, now)
        _, secret = await links.make(session, forum.id, granted, now, now + YEAR)
    address = creating.entrance(hall.settings.public, secret)
    if answers.wants_json(request):
        return Response({"owner": owner, "link": address}, media_type=MediaType.JSON)
    language = language_of(request, forum.language)
    page = hall.renderer.page("owner-link", language, owner=owner, link=address, base=f"/f/{code}", forum=forum)
    return Response(page, media_type=MediaType.HTML)


@get("/f/{code:str}/owner")
async def page(request: AnyRequest, code: FromPath[str], hall: GivenHall) -> Response[Any]:
    """The items of the offices whose links this browser holds; put together for it alone."""
    forum = await hall.forum(code)
    actor = await hall.actor(visitor_of(request), forum.id)
    if not actor.offices:
        raise Refusal("not_allowed", "role")
    facts = await hall.hub.present.facts(forum.id)
    viewer = Viewer(Audience.PUBLIC, language_of(request, forum.language))
    context = hall.renderer.about(audience.state(facts, viewer), viewer) | owned(facts, actor.offices)
    return Response(hall.renderer.page("owner", viewer.language, **context), media_type=MediaType.HTML)


def owned(facts: Facts, offices: frozenset[str]) -> dict[str, Any]:
    """``{"offices", "promises", "written"}``: what these offices promised, and what they are to answer in writing."""
    scribe = Viewer(Audience.SCRIBE, facts.forum.language)
    mine = [f for f in facts.follow_ups if f.owner in offices]
    written = [q for q in facts.questions if q.status is Status.WRITTEN and q.owner in offices]
    return {
        "offices": sorted(offices),
        "promises": [audience.follow_up(f, scribe, facts) for f in mine],
        "written": [
            {"number": q.number, "text": q.text, "answer": q.answer, "due": q.due.isoformat() if q.due else None}
            for q in written
        ],
    }
