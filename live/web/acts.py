"""The acts of design 6.4 as POST handlers: read the fields, perform, answer. What may happen is decided elsewhere."""

import json
from collections.abc import Callable
from typing import Any

from litestar import Response, post
from litestar.datastructures import FormMultiDict
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from live.actions.fields import Unreadable
from live.metrics import now
from live.rules import receipts
from live.rules.actor import Actor
from live.rules.refusal import Refusal, of_field
from live.store import snapshot
from live.web import answers
from live.web.hall import AnyRequest, GivenHall, Hall, visitor_of

LISTS = frozenset({"question"})
"""Fields that may be repeated."""

FORUM_ACTS = {
    "/questions": "ask",
    "/next": "next",
    "/group": "group",
    "/help": "help",
    "/helped": "helped",
    "/contact": "contact",
    "/feedback": "feedback",
    "/erase": "erase",
    "/seat": "seat",
    "/free-seat": "free-seat",
    "/void": "void",
    "/phase": "phase",
    "/devices": "devices",
    "/show-on-screen": "show-on-screen",
    "/time": "time",
    "/agenda": "agenda",
    "/message": "message",
    "/pair": "pair",
    "/notice": "notice",
    "/rude-words": "rude-words",
    "/hand-over": "hand-over",
    "/undo": "undo",
    "/follow-ups": "follow-ups",
    "/carry": "carry",
    "/papers": "papers",
}
QUESTION_ACTS = (
    "edit",
    "withdraw",
    "show",
    "reject",
    "private",
    "rephrase",
    "mask",
    "merge",
    "unmerge",
    "why",
    "queue",
    "unqueue",
    "stage",
    "unstage",
    "answered",
    "written",
    "note",
    "no-promise",
    "confirm",
    "answer",
)
ADMITTED = frozenset({"ask", "support"})
"""Acts of those who were let in, where the level of integrity asks for it."""
ENTERING = ("code", "ticket", "proof")
"""Fields of ``seat``, which the forms of these acts may bring along."""
FOLLOW_UP_ACTS = ("agree", "progress", "dispute")


async def fields(request: AnyRequest) -> dict[str, Any]:
    """The fields of a form or of a JSON object; anything else is refused."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        return _json(await request.body())
    if kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return form_fields(await request.form())
    if not await request.body():
        return {}
    raise Refusal("bad_body", "fields")


async def perform(hall: Hall, request: AnyRequest, name: str, code: str, number: int | None = None) -> Response[Any]:
    """Do one act for whoever asks, answer, and count how long it took."""
    arrived = now()
    response = await _performed(hall, request, name, code, number)
    hall.metrics.answered(name, response.status_code or 200, arrived)
    return response


async def _performed(hall: Hall, request: AnyRequest, name: str, code: str, number: int | None) -> Response[Any]:
    given: dict[str, Any] = {}
    try:
        given = await _given(request)
        forum = await hall.place(code)
        actor = await hall.actor(visitor_of(request), forum.id)
        if name == "erase" and "receipt" not in given:  # left empty it is a mistake, not a wish
            name = "forget"  # everything of one's own
        if name == "erase":
            number = await _of_receipt(hall, given, forum.id)
        if name in ADMITTED and "code" in given:
            given = await _let_in(hall, actor, code, given)
        if name == "support":
            outcome = await hall.acting.support(actor, code, given, number or 0)
        else:
            outcome = await hall.acting.perform(name, actor, code, given, number)
    except Refusal as refused:
        return answers.refusal(hall, request, refused, given)
    return answers.answer(hall, request, name, outcome, base=f"/f/{code}")


async def _let_in(hall: Hall, actor: Actor, code: str, given: dict[str, Any]) -> dict[str, Any]:
    """Come in with the number or code that a form without JavaScript brought along; returns the act's own fields."""
    await hall.acting.perform("seat", actor, code, {name: given[name] for name in ENTERING if name in given})
    return {name: value for name, value in given.items() if name not in ENTERING}


async def _given(request: AnyRequest) -> dict[str, Any]:
    """The fields; what is wrong with the body as a whole is told after role, existence and state (design 6.4)."""
    try:
        return await fields(request)
    except Refusal as refused:
        return Unreadable(refused)


def _forum_act(path: str, name: str) -> HTTPRouteHandler:
    @post(f"/f/{{code:str}}{path}", name=name, operation_id=name, status_code=200)
    async def act(request: AnyRequest, code: FromPath[str], hall: GivenHall) -> Response[Any]:
        return await perform(hall, request, name, code)

    return act


def _numbered_act(path: str, name: str) -> HTTPRouteHandler:
    @post(f"/f/{{code:str}}{path}", name=name, operation_id=name, status_code=200)
    async def act(request: AnyRequest, code: FromPath[str], number: FromPath[int], hall: GivenHall) -> Response[Any]:
        return await perform(hall, request, name, code, number)

    return act


async def _of_receipt(hall: Hall, given: dict[str, Any], forum_id: int) -> int:
    """The number of the question with the receipt that was given; refuses one that is not of this forum."""
    receipt = given.get("receipt")
    if not isinstance(receipt, str) or not receipt:
        raise of_field("receipt")
    async with hall.database.reading() as session:
        found = await snapshot.question_of_receipt(session, receipts.read(receipt))
    if found is None or found[0] != forum_id:
        raise Refusal("no_such_receipt", "existence")
    return found[1]


def handlers() -> list[HTTPRouteHandler]:
    """All acts."""
    numbered: Callable[[str], str] = "/questions/{{number:int}}/{}".format
    return [
        *(_forum_act(path, name) for path, name in FORUM_ACTS.items()),
        *(_numbered_act(numbered(name), name) for name in (*QUESTION_ACTS, "support")),
        _numbered_act("/follow-ups/{number:int}", "follow-up"),
        _numbered_act("/message/{number:int}/read", "message-read"),
        *(_numbered_act(f"/follow-ups/{{number:int}}/{name}", name) for name in FOLLOW_UP_ACTS),
    ]


def _json(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
        json.dumps(found, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError):
        raise Refusal("bad_body", "fields") from None
    if not isinstance(found, dict):
        raise Refusal("bad_body", "fields")
    return {name: value for name, value in found.items() if value is not None}


def form_fields(form: FormMultiDict, but: str = "") -> dict[str, Any]:
    """One value a field, except for those that may be repeated; files are not fields."""
    found: dict[str, Any] = {}
    for name in (name for name in form if name != but):
        values = [value for value in form.getall(name) if isinstance(value, str)]
        if not values or (len(values) > 1 and name not in LISTS):
            raise of_field(name)
        found[name] = [value for value in values if value] if name in LISTS else values[0]
    return found
