"""The pages of a forum. A page is the same bytes for everybody of an audience and language, and is kept ready.

Marks ("supported by you") and *my questions* are fetched after load, so nothing personal is in a kept page. A browser
without JavaScript that owns something gets a page put together for it alone.
"""

from typing import Any

from litestar import MediaType, Response, get
from litestar.params import FromPath
from litestar.response import Redirect

from live import dates
from live.rules import finding, layout
from live.rules.audience import Viewer
from live.rules.facts import Facts, ForumFacts
from live.rules.refusal import Refusal
from live.rules.words import Audience, Phase, Role
from live.store import snapshot
from live.web import answers, devices
from live.web.hall import LANGUAGE_COOKIE, AnyRequest, GivenHall, Hall, language_of, visitor_of
from live.web.kept import packed
from live.web.mine import belongings, owns_something

SORTS = ("fair", "top", "new", "answered")
SCRIPT_COOKIE = "jaring_js"
ASKED = ("find", "speaker", "topic", "status")
"""What a reader may ask the record for."""

DESKS = {
    "closing": Audience.MODERATOR,
    "moderate": Audience.MODERATOR,
    "scribe": Audience.SCRIBE,
    "speaker": Audience.SPEAKER,
    "screen": Audience.SCREEN,
    "helper": Audience.HELPER,
    "manage": Audience.ORGANISER,
}


@get("/")
async def front(request: AnyRequest, hall: GivenHall) -> Response[Any]:
    """Join by code; and the forums that are published."""
    language = language_of(request)
    code = "".join(ch for ch in request.query_params.get("code", "") if not ch.isspace())
    is_bad = False
    if code:
        async with hall.database.reading() as session:
            is_bad = await snapshot.forum_by_code(session, code) is None
        if not is_bad:
            return Redirect(f"/f/{code}", status_code=303)
    async with hall.database.reading() as session:
        forums = await snapshot.published(session)
    page = hall.renderer.page("front", language, typed=code, is_bad=is_bad, forums=forums)
    return _language(request, Response(page, status_code=404 if is_bad else 200, media_type=MediaType.HTML))


@get("/f/{code:str}")
async def participant(request: AnyRequest, code: FromPath[str], hall: GivenHall) -> Response[Any]:
    """A participant's page: what is being answered, the ask box, the list."""
    sort = request.query_params.get("sort", SORTS[0])
    forum = await hall.place(code)
    viewer = await hall.viewer(request, forum, Audience.PARTICIPANT)
    facts = await hall.hub.present.recent(forum.id)
    extra = {"sort": sort if sort in SORTS else SORTS[0], "mine": None}
    if request.cookies.get(SCRIPT_COOKIE) is None and not visitor_of(request).is_new:
        mine = await belongings(hall, facts, visitor_of(request).participant)
        extra["mine"] = mine if owns_something(mine) else None
    return _language(request, _page(hall, request, "phone", facts, viewer, **extra))


@get([f"/f/{{code:str}}/{name}" for name in DESKS])
async def desk(request: AnyRequest, code: FromPath[str], hall: GivenHall) -> Response[Any]:
    """The pages of the team; each needs its grant."""
    name = request.url.path.rstrip("/").rpartition("/")[2]
    forum = await hall.forum(code)
    try:
        viewer = await hall.viewer(request, forum, DESKS[name])
    except Refusal as refused:
        if refused.step != "role":
            raise
        if name in devices.PAIRED:
            return await devices.closed(hall, request, forum, name, refused)
        return _closed_door(hall, request, refused)
    facts = await hall.hub.present.facts(forum.id)
    return _language(request, _page(hall, request, name, facts, viewer))


@get(["/f/{code:str}/archive", "/f/{code:str}/follow-up"])
async def record(request: AnyRequest, code: FromPath[str], hall: GivenHall) -> Response[Any]:
    """The archive and the follow-up list: public once published; the team may look before."""
    name = request.url.path.rpartition("/")[2]
    forum = await hall.forum(code)
    await may_read_record(hall, request, forum)
    viewer = await hall.viewer(request, forum, Audience.PUBLIC)
    facts = await hall.hub.present.facts(forum.id)
    # The local day is part of what is kept: "overdue" changes at midnight, without an entry.
    day = dates.local(hall.database.clock(), forum.timezone).date().isoformat()
    wanted = {name: request.query_params.get(name, "").strip()[:100] for name in ASKED}
    return _language(request, _page(hall, request, name, facts, viewer, day=day, **wanted))


async def may_read_record(hall: Hall, request: AnyRequest, forum: ForumFacts) -> None:
    """Refuse with 404 until the forum is published, except to its moderators and organisers."""
    if forum.phase is Phase.PUBLISHED:
        return
    actor = await hall.actor(visitor_of(request), forum.id)
    if Role.MODERATOR not in actor.roles:
        raise Refusal("not_published", "existence")


def _page(hall: Hall, request: AnyRequest, name: str, facts: Facts, viewer: Viewer, **extra: Any) -> Response[bytes]:
    """The page from the kept ones, or rendered now; with what is personal it is never kept."""
    is_personal = extra.get("mine") is not None
    key = (name, facts.forum.id, facts.forum.cursor, viewer, *sorted((k, str(v)) for k, v in extra.items()))
    kept = None if is_personal else hall.pages.get(key)
    if kept is None:
        text = rendered(hall, name, facts, viewer, extra)
        kept = packed(text) if is_personal else hall.pages.put(key, text)
    headers = {"vary": "accept-encoding, cookie"}
    if not is_personal and viewer.audience in (Audience.PARTICIPANT, Audience.PUBLIC):
        headers["etag"] = kept.tag
        if kept.tag in request.headers.get("if-none-match", ""):
            return Response(b"", status_code=304, media_type=MediaType.HTML, headers=headers)
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(kept.plain, media_type=MediaType.HTML, headers=headers)
    return Response(kept.squeezed, media_type=MediaType.HTML, headers=headers | {"content-encoding": "gzip"})


def rendered(hall: Hall, name: str, facts: Facts, viewer: Viewer, extra: dict[str, Any]) -> str:
    """The page ``name`` as this viewer gets it."""
    state = hall.hub.present.state(facts, viewer)
    lists = layout.lists(state, viewer)
    if extra.get("sort") == "fair":
        lists = lists | {"list": layout.fair(lists["list"])}
    if extra.get("sort") == "new":
        lists = lists | {"list": sorted(lists["list"], reverse=True)}
    asked = {name: extra.get(name, "") for name in ASKED}
    if name == "archive" and any(asked.values()):
        lists = lists | {"record": finding.chosen(state["questions"], **asked)}
    context = hall.renderer.about(state, viewer) | {"state": state, "lists": lists} | asked | extra
    return hall.renderer.page(name, viewer.language, **context)


def _closed_door(hall: Hall, request: AnyRequest, refused: Refusal) -> Response[Any]:
    """A page of the team without its grant: where to put the role link."""
    language = language_of(request)
    page = hall.renderer.page("enter", language, message=answers.sentence(language, refused))
    return Response(page, status_code=refused.status, media_type=MediaType.HTML)


def _language(request: AnyRequest, response: Response[Any]) -> Response[Any]:
    """Remember the language that ``lang=`` chose."""
    chosen = request.query_params.get("lang")
    if chosen is not None:
        response.set_cookie(LANGUAGE_COOKIE, language_of(request), max_age=31536000, samesite="lax", path="/")
    return response
