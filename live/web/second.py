"""The organiser's second factor: switching it on and off, and the second step of signing in."""

from typing import Any

from litestar import MediaType, Response, get, post
from litestar.response import Redirect

from live.actions import fields as reading
from live.actions import organising, second
from live.rules.refusal import Refusal
from live.store.models import Organiser
from live.web import answers
from live.web.acts import fields
from live.web.hall import AnyRequest, GivenHall, Hall
from live.web.organiser import HOME, again, browser, page, required, welcome

PLACE = f"{HOME}/second-factor"


@get(PLACE)
async def settings(request: AnyRequest, hall: GivenHall) -> Response[Any]:
    """Whether it is on; if it is not, a new key as QR code and text."""
    organiser, _ = await required(hall, request)
    return page(hall, request, "second-factor", message=None, **await _context(hall, organiser))


@post(PLACE, status_code=200)
async def switch_on(request: AnyRequest, hall: GivenHall) -> Response[Any]:
    """Switch it on with a code of the phone; the recovery codes stand in this answer and never again."""
    organiser, _ = await required(hall, request)
    given = await fields(request)
    try:
        confirm = reading.read(second.Confirm, given)
        codes = await second.switch_on(hall.database, hall.acting.safe, organiser.id, confirm)
    except Refusal as refused:
        context = await _context(hall, organiser, str(given.get("sealed", "")))
        return again(hall, request, refused, "second-factor", **context)
    if answers.wants_json(request):
        return Response({"codes": codes}, media_type=MediaType.JSON)
    return page(hall, request, "recovery-codes", codes=codes, name=organiser.name)


@post(f"{PLACE}/off", status_code=200)
async def switch_off(request: AnyRequest, hall: GivenHall) -> Response[Any]:
    """Switch it off with the password."""
    organiser, _ = await required(hall, request)
    try:
        given = reading.read(second.Off, await fields(request))
        await organising.switch_off(hall.database, hall.door, organiser, given.password, browser(request).place)
    except Refusal as refused:
        return again(hall, request, refused, "second-factor", **await _context(hall, organiser))
    if answers.wants_json(request):
        return Response({"second": False}, media_type=MediaType.JSON)
    return Redirect(PLACE, status_code=303)


@post(f"{HOME}/second")
async def sign_in(request: AnyRequest, hall: GivenHall) -> Response[Any]:
    """The second step of signing in."""
    given = await fields(request)
    try:
        wanted = reading.read(second.Second, given)
        session = await organising.finish(hall.database, hall.door, hall.acting.safe, wanted, browser(request))
    except Refusal as refused:
        is_over = refused.reason == "sign_in_again"
        context = {"name": ""} if is_over else {"ticket": str(given.get("ticket", ""))}
        return again(hall, request, refused, "sign-in" if is_over else "second", **context)
    return welcome(hall, request, session)


async def _context(hall: Hall, organiser: Organiser, sealed: str = "") -> dict[str, Any]:
    """What the page shows; after a wrong code the same key again, so that the phone need not be set up anew."""
    async with hall.database.reading() as session:
        left = await second.codes_left(session, organiser.id)
    if organiser.totp is not None:
        return {"is_on": True, "left": left, "key": "", "sealed": "", "address": ""}
    key = hall.acting.safe.open(sealed) or second.new_key()
    shown = " ".join(key[at : at + 4] for at in range(0, len(key), 4))
    address = second.address(key, organiser.name)
    return {"is_on": False, "left": 0, "key": shown, "sealed": hall.acting.safe.seal(key), "address": address}
