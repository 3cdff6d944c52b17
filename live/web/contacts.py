"""The numbers that askers left for a reply: one page, for the organiser only, never in a frame or a kept page."""

from typing import Any

from litestar import MediaType, Response, get
from litestar.params import FromPath

from live.store import crowd
from live.web.hall import AnyRequest, GivenHall, language_of


@get("/f/{code:str}/contacts")
async def contacts(request: AnyRequest, code: FromPath[str], hall: GivenHall) -> Response[Any]:
    """Every number with the questions of the person who left it; a number that cannot be opened says so."""
    forum = await hall.organised(request, code)
    facts = await hall.hub.present.facts(forum.id)
    async with hall.database.reading() as session:
        left = await crowd.contacts(session, forum.id)
    listed = [
        {
            "phone": hall.acting.safe.open(contact.sealed),
            "given": contact.given.isoformat(),
            "questions": [q.number for q in facts.questions if q.asker == contact.participant],
        }
        for contact in left
    ]
    about = {"forum": hall.renderer.forum_view(facts), "base": f"/f/{code}", "days": crowd.CONTACT_DAYS}
    page = hall.renderer.page("contacts", language_of(request, forum.language), contacts=listed, **about)
    return Response(page, media_type=MediaType.HTML)
