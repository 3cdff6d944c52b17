"""The organiser's page of role links: which devices hold one, a new link for one that got lost, cards to print."""

from typing import Any

from litestar import MediaType, Response, get, post
from litestar.params import FromPath

from live.actions import creating
from live.rules.actor import Granted
from live.rules.facts import ForumFacts
from live.rules.refusal import Refusal
from live.rules.words import Integrity, Role
from live.store import identities, links, snapshot
from live.web import answers
from live.web.acts import fields
from live.web.hall import AnyRequest, GivenHall, Hall, language_of, visitor_of


@get("/f/{code:str}/team")
async def team(request: AnyRequest, code: FromPath[str], hall: GivenHall) -> Response[Any]:
    """Every role link that works, with the devices that redeemed it."""
    forum = await hall.organised(request, code)
    return await _page(hall, request, forum)


@post("/f/{code:str}/links", name="links", operation_id="links", status_code=200)
async def renew(request: AnyRequest, code: FromPath[str], hall: GivenHall) -> Response[Any]:
    """A new link for one role; it is shown in this answer and never again."""
    given = await fields(request)
    forum = await hall.forum(code)
    actor = await hall.actor(visitor_of(request), forum.id)
    try:
        outcome = await hall.acting.perform("links", actor, code, given)
    except Refusal as refused:
        return answers.refusal(hall, request, refused, given)
    granted = Granted(Role(outcome.body["role"]), outcome.body["speaker"])
    secret = outcome.once.get("secret")
    address = creating.entrance(hall.settings.public, secret) if secret else None
    if answers.wants_json(request):
        return Response(outcome.body | {"link": address}, media_type=MediaType.JSON)
    return await _page(hall, request, forum, fresh={granted: address} if address else {})


async def _page(
    hall: Hall, request: AnyRequest, forum: ForumFacts, fresh: dict[Granted, str] | None = None
) -> Response[str]:
    async with hall.database.reading() as session:
        found = await links.of_forum(session, forum.id, hall.database.clock())
        facts = await snapshot.read(session, forum.id)
        seats = await identities.seats(session, forum.id) if forum.integrity is Integrity.STRICT else None
    page = hall.renderer.page(
        "team",
        language_of(request, forum.language),
        forum=hall.renderer.forum_view(facts),
        links=found,
        fresh=fresh or {},
        seats=seats,
    )
    return Response(page, media_type=MediaType.HTML)
