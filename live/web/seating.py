"""Letting people in where the level of integrity asks for it: the number for the projector, and where to type it."""

import asyncio
from typing import Any

from litestar import MediaType, Response, get, post
from litestar.params import FromPath

from live.documents import seats as cards
from live.rules import admission
from live.rules.refusal import Refusal
from live.rules.words import Integrity, Role
from live.web import answers
from live.web.acts import fields
from live.web.hall import AnyRequest, GivenHall, language_of, visitor_of

MAY_SEE = frozenset({Role.SCREEN, Role.MODERATOR, Role.HELPER})
"""Who shows the number to the hall, or reads it to somebody."""


@get("/f/{code:str}/number")
async def number(request: AnyRequest, code: FromPath[str], hall: GivenHall) -> Response[Any]:
    """``{"number", "seconds"}``: what the projector shows now and for how long; only at the level ``room``."""
    forum = await hall.place(code)
    actor = await hall.actor(visitor_of(request), forum.id)
    if not MAY_SEE & actor.roles:
        raise Refusal("not_allowed", "role")
    if forum.integrity is not Integrity.ROOM:
        raise Refusal("no_such_page", "existence")
    now = hall.database.clock()
    told = {"number": admission.number(hall.acting.safe.admission, code, now), "seconds": admission.seconds_left(now)}
    return Response(told, media_type=MediaType.JSON)


@get("/f/{code:str}/seat")
async def seat_page(request: AnyRequest, code: FromPath[str], hall: GivenHall) -> Response[Any]:
    """Where the number or the code is typed; the address on a printed code brings it along in its fragment."""
    forum = await hall.forum(code)
    if forum.integrity is Integrity.OPEN:
        raise Refusal("no_such_page", "existence")
    sealed, person = request.query_params.get("ticket", ""), visitor_of(request).participant
    ticket = admission.opened(hall.acting.safe.admission, code, person, sealed)
    context = {
        "forum": forum,
        "base": f"/f/{code}",
        "needs": "number" if forum.integrity is Integrity.ROOM else "code",
        "ticket": sealed if ticket is not None else None,
        "was_right": ticket is not None and ticket.is_right,
    }
    return Response(
        hall.renderer.page("seat", language_of(request, forum.language), **context), media_type=MediaType.HTML
    )


@post("/f/{code:str}/seats", name="seats", operation_id="seats", status_code=201)
async def seats(request: AnyRequest, code: FromPath[str], hall: GivenHall) -> Response[Any]:
    """New seat codes: the sheets to print, or ``{"first", "count", "codes"}``; in this answer and nowhere else."""
    given = await fields(request)
    forum = await hall.forum(code)
    actor = await hall.actor(visitor_of(request), forum.id)
    try:
        outcome = await hall.acting.perform("seats", actor, code, given)
    except Refusal as refused:
        return answers.refusal(hall, request, refused, given)
    if answers.wants_json(request):
        return Response(outcome.body | outcome.once, status_code=201, media_type=MediaType.JSON)
    codes, first = outcome.once.get("codes", []), outcome.body["first"]
    made = await asyncio.to_thread(cards.write, forum, codes, first, hall.settings.public)
    headers = {"content-disposition": f'attachment; filename="kartu-{code}-{first}.pdf"'}
    return Response(made, status_code=201, media_type="application/pdf", headers=headers)
