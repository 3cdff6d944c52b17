"""Redeeming a role link. The secret stays in the fragment of the address: no server, proxy or log sees it."""

from typing import Any

from litestar import MediaType, Response, get, post
from litestar.response import Redirect

from live.rules import pace
from live.rules.refusal import Refusal
from live.rules.words import Role
from live.store import links
from live.web import answers
from live.web.acts import fields
from live.web.device import named
from live.web.hall import AnyRequest, GivenHall, language_of, visitor_of

PAGES = {
    Role.MODERATOR: "moderate",
    Role.SCRIBE: "scribe",
    Role.SPEAKER: "speaker",
    Role.SCREEN: "screen",
    Role.HELPER: "helper",
    Role.ORGANISER: "manage",
    Role.OWNER: "owner",
}


@get("/enter")
async def enter_page(request: AnyRequest, hall: GivenHall) -> Response[str]:
    """The page that posts the fragment, with a field to paste the link without JavaScript."""
    return Response(hall.renderer.page("enter", language_of(request), message=None), media_type=MediaType.HTML)


@post("/enter", status_code=200)
async def enter(request: AnyRequest, hall: GivenHall) -> Response[Any]:
    """Add the link's role to this browser, under a renewed session."""
    visitor = visitor_of(request)
    hall_at_once = pace.times(pace.KNOCKING, 10 * pace.HALL)
    knocking = ((visitor.participant, pace.KNOCKING), (f"address {visitor.address}", hall_at_once))
    for who, limit in knocking:
        hall.acting.pace.check(who, limit)
    secret = links.pasted(str((await fields(request)).get("token", "")))
    async with hall.database.writing() as session:
        got = await links.redeem(session, secret, visitor.session, hall.database.clock(), named(request))
    if got is None:
        for who, limit in knocking:
            hall.acting.pace.count(who, limit)
        raise Refusal("wrong_link", "role")
    visitor.cookies.append(hall.cookies.keep_session(got.session))
    page = f"/f/{got.code}/{PAGES[got.role]}" + (f"?speaker={got.speaker}" if got.speaker else "")
    if answers.wants_json(request):
        return Response({"role": got.role, "code": got.code, "page": page}, media_type=MediaType.JSON)
    return Redirect(page, status_code=303)
