"""Owners of promises and written answers: a link of their own, and a page with nothing but their own items."""

import re
from datetime import timedelta
from typing import Any

from litestar import MediaType, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from live import dates
from live.actions import creating
from live.actions.fields import line
from live.rules import audience, reminders
from live.rules.actor import Granted
from live.rules.audience import Viewer
from live.rules.facts import Facts
from live.rules.refusal import Refusal, of_field
from live.rules.words import Audience, Role, Status
from live.store import links, offices
from live.web import answers
from live.web.acts import fields
from live.web.hall import AnyRequest, GivenHall, language_of, visitor_of

YEAR = timedelta(days=366)
"""How long an owner's link works: promises outlive the forum."""

ADDRESS_LIMIT = 200
ADDRESS = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+")


@post("/f/{code:str}/owners", status_code=200)
async def make_link(request: AnyRequest, code: FromPath[str], hall: GivenHall) -> Response[Any]:
    """A new link for the owner that the form names; told once, and older ones of the same owner end."""
    forum = await hall.organised(request, code)
    owner = line((await fields(request)).get("owner"))
    if owner is None:
        raise of_field("owner")
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


@get("/f/{code:str}/owners")
async def reminding_page(request: AnyRequest, code: FromPath[str], hall: GivenHall) -> Response[Any]:
    """What is due soon or overdue, and where each owner is written to; for the organiser, put together anew."""
    forum = await hall.organised(request, code)
    facts = await hall.hub.present.facts(forum.id)
    today = dates.local(hall.database.clock(), forum.timezone).date()
    async with hall.database.reading() as session:
        sealed, reminded = await offices.addresses(session, forum.id), await offices.reminded(session, forum.id)
    viewer = Viewer(Audience.ORGANISER, language_of(request, forum.language))
    owners = sorted({f.owner for f in facts.follow_ups if f.owner} | {q.owner for q in facts.questions if q.owner})
    context = hall.renderer.about(audience.state(facts, viewer), viewer) | {
        "items": reminders.listed(facts, today),
        "reminded": reminded,
        "owners": {owner: hall.acting.safe.open(sealed[owner]) if owner in sealed else "" for owner in owners},
        "sends": hall.settings.smtp is not None,
    }
    return Response(hall.renderer.page("owners", viewer.language, **context), media_type=MediaType.HTML)


@post("/f/{code:str}/owners/address", status_code=200)
async def set_address(request: AnyRequest, code: FromPath[str], hall: GivenHall) -> Response[Any]:
    """Where the owner that the form names is written to; an empty ``address`` forgets it. It is kept sealed."""
    forum = await hall.organised(request, code)
    given = await fields(request)
    owner, address = line(given.get("owner")), line(given.get("address") or None, ADDRESS_LIMIT)
    if owner is None:
        raise of_field("owner")
    if address is not None and not ADDRESS.fullmatch(address):
        raise Refusal("bad_address", "fields", extra={"field": "address"})
    sealed = None if address is None else hall.acting.safe.seal(address)
    async with hall.database.writing() as session:
        await offices.set_address(session, forum.id, owner, sealed)
    if answers.wants_json(request):
        return Response({"owner": owner, "kept": sealed is not None}, media_type=MediaType.JSON)
    return Redirect(f"/f/{code}/owners", status_code=303)


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
