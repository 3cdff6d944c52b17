"""The organiser's door and desk: setting a password, signing in, the agency's forums, and where one is signed in."""

from typing import Any

from litestar import MediaType, Response, get, post
from litestar.response import Redirect

from live.actions import fields as reading
from live.actions import organising
from live.rules.refusal import Refusal, of_field
from live.store import links, organisers, snapshot
from live.store.models import Organiser, SignIn
from live.web import answers
from live.web.acts import fields
from live.web.device import named
from live.web.hall import AnyRequest, GivenHall, Hall, language_of, visitor_of

HOME = "/organiser"


@get(HOME)
async def home(request: AnyRequest, hall: GivenHall) -> Response[str]:
    """The agency's forums; without a sign-in the form for it."""
    found = await signed_in(hall, request)
    if found is None:
        return page(hall, request, "sign-in", name="", message=None)
    organiser, present = found
    async with hall.database.reading() as session:
        forums = await snapshot.every_forum(session, agency=organiser.agency)
        places = await organisers.sign_ins(session, organiser.id, hall.database.clock())
    zone = forums[0]["timezone"] if forums else "Asia/Jakarta"
    context = {"forums": forums, "places": places, "present": present.id, "zone": zone}
    return page(hall, request, "organiser", organiser=organiser, **context)


@post(HOME)
async def sign_in(request: AnyRequest, hall: GivenHall) -> Response[Any]:
    """Sign in; a wrong name or password says so on the same form."""
    given = await fields(request)
    try:
        credentials = reading.read(organising.Credentials, given)
        session = await organising.sign_in(hall.database, hall.door, hall.acting.safe, credentials, browser(request))
    except Refusal as refused:
        return again(hall, request, refused, "sign-in", name=str(given.get("name", ""))[:60])
    if session.ticket is not None:
        return _second(hall, request, session.ticket)
    return welcome(hall, request, session.secret)


@get(f"{HOME}/first")
async def first_page(request: AnyRequest, hall: GivenHall) -> Response[str]:
    """Where an invitation leads: the secret stays in the fragment."""
    return page(hall, request, "first", given={}, message=None)


@post(f"{HOME}/first")
async def first(request: AnyRequest, hall: GivenHall) -> Response[Any]:
    """Set the password of an invitation."""
    given = await fields(request)
    given["token"] = links.pasted(str(given.get("token", "")))
    try:
        account = reading.read(organising.Account, given)
        session = await organising.accept(hall.database, account, browser(request))
    except Refusal as refused:
        shown = {name: given.get(name, "") for name in ("token", "name", "agency")}
        return again(hall, request, refused, "first", given=shown)
    return welcome(hall, request, session)


@post(f"{HOME}/out")
async def sign_out(request: AnyRequest, hall: GivenHall) -> Response[Any]:
    """End this sign-in, or the one of this organiser that ``id`` names."""
    organiser, present = await required(hall, request)
    wanted = str((await fields(request)).get("id") or present.id)
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 10):
        raise of_field("id")
    await organising.sign_out(hall.database, organiser.id, int(wanted))
    return Redirect(HOME, status_code=303)


async def signed_in(hall: Hall, request: AnyRequest) -> tuple[Organiser, SignIn] | None:
    """The organiser of this browser, and the sign-in; None when nobody is."""
    secret = visitor_of(request).session
    if secret is None:
        return None
    async with hall.database.reading() as session:
        return await organisers.signed_in(session, links.digest(secret), hall.database.clock())


async def required(hall: Hall, request: AnyRequest) -> tuple[Organiser, SignIn]:
    """The same; refuses with 403 when nobody is signed in."""
    found = await signed_in(hall, request)
    if found is None:
        raise Refusal("sign_in_first", "role")
    return found


def browser(request: AnyRequest) -> organising.Browser:
    """Who knocks."""
    place = request.client.host if request.client else ""
    return organising.Browser(visitor_of(request).session, named(request), place)


def _second(hall: Hall, request: AnyRequest, ticket: str) -> Response[Any]:
    """The password was right; now the code."""
    if answers.wants_json(request):
        return Response({"ticket": ticket}, status_code=200, media_type=MediaType.JSON)
    shown = page(hall, request, "second", ticket=ticket, message=None)
    shown.status_code = 200
    return shown


def welcome(hall: Hall, request: AnyRequest, session: str) -> Response[Any]:
    """Signed in: the cookie, and the list of forums."""
    visitor_of(request).cookies.append(hall.cookies.keep_session(session))
    if answers.wants_json(request):
        return Response({"page": HOME}, media_type=MediaType.JSON)
    return Redirect(HOME, status_code=303)


def again(hall: Hall, request: AnyRequest, refused: Refusal, template: str, **context: Any) -> Response[Any]:
    """The form again with what is wrong; to a program the refusal as usual."""
    if answers.wants_json(request):
        return answers.refusal(hall, request, refused)
    message = answers.sentence(language_of(request), refused)
    shown = page(hall, request, template, message=message, **context)
    shown.status_code = refused.status
    if "wait" in refused.extra:
        shown.headers["retry-after"] = str(refused.extra["wait"])
    return shown


def page(hall: Hall, request: AnyRequest, template: str, **context: Any) -> Response[str]:
    """A page of the organiser, which belongs to no forum."""
    return Response(hall.renderer.page(template, language_of(request), **context), media_type=MediaType.HTML)
