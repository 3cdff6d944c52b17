"""How the supports of a forum count, for its desk: given, void and counted; and bursts of newcomers to look at."""

from typing import Any

from litestar import MediaType, Response, get
from litestar.params import FromPath

from live.rules import bursts
from live.rules.refusal import Refusal
from live.rules.words import Role
from live.store import identities
from live.web import answers
from live.web.hall import AnyRequest, GivenHall, Hall, language_of, visitor_of


@get("/f/{code:str}/supports")
async def supports(request: AnyRequest, code: FromPath[str], hall: GivenHall) -> Response[Any]:
    """``{"people", "void", "questions": [{"number", "given", "void", "supports"}], "bursts": […]}``, for moderators."""
    forum = await hall.forum(code)
    actor = await hall.actor(visitor_of(request), forum.id)
    if Role.MODERATOR not in actor.roles:
        raise Refusal("not_allowed", "role")
    told = await _counted(hall, forum.id)
    if answers.wants_json(request):
        return Response(told, media_type=MediaType.JSON)
    language = language_of(request, forum.language)
    context = {"told": told, "forum": hall.renderer.forum_view(await hall.hub.present.facts(forum.id))}
    piece = answers.wants_part(request)
    made = (hall.renderer.piece if piece else hall.renderer.page)("counted", language, base=f"/f/{code}", **context)
    return Response(made, media_type=MediaType.HTML)


async def _counted(hall: Hall, forum_id: int) -> dict[str, Any]:
    facts = await hall.hub.present.facts(forum_id)
    async with hall.database.reading() as session:
        arrivals = await identities.arrivals(session, forum_id)
        choices = await identities.choices(session, forum_id)
    questions = [
        {"number": q.number, "given": q.supports + q.voided, "void": q.voided, "supports": q.supports}
        for q in sorted(facts.questions, key=lambda q: (-q.supports - q.voided, q.number))
        if q.supports or q.voided
    ]
    found = [
        {"question": b.question, "since": b.since.isoformat(), "until": b.until.isoformat(), "people": b.people}
        for b in bursts.bursts(arrivals, choices)
    ]
    void = sum(is_void for _, _, is_void in arrivals)
    return {"people": len(arrivals), "void": void, "questions": questions, "bursts": found}
