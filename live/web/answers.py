"""How an act or a refusal is answered: as the asker wants it.

``HX-Request`` → an HTML part; ``Accept: application/json`` → JSON; else a page, by 303 back to where the form stood,
so that everything works without JavaScript.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from litestar import MediaType, Response
from litestar.response import Redirect

from live.actions import creating
from live.actions.doing import Outcome
from live.catalogue import catalogue
from live.rules.refusal import Refusal
from live.rules.words import Status
from live.web.hall import AnyRequest, Hall, language_of

STATUS_WORDS = {Status.STAGE: "s.live", Status.ANSWERED: "s.done", Status.MERGED: "s.merged_away"}
"""Statuses whose words are not named after them."""


def wants_json(request: AnyRequest) -> bool:
    """Whether the asker is a program."""
    return "application/json" in request.headers.get("accept", "")


def wants_part(request: AnyRequest) -> bool:
    """Whether htmx asks."""
    return request.headers.get("hx-request") == "true"


def answer(hall: Hall, request: AnyRequest, name: str, outcome: Outcome, *, base: str) -> Response[Any]:
    """The answer to an act that was done, on the forum whose pages are below ``base``."""
    status = 201 if outcome.created else 200
    once = _told_once(hall, outcome)
    if wants_json(request) and not wants_part(request):
        return Response(outcome.body | once, status_code=status, media_type=MediaType.JSON)
    language = language_of(request)
    if wants_part(request):
        told = said(language, name, outcome.body)
        text = hall.renderer.piece("said", language, text=told, bad=False, body=outcome.body)
        text += hall.renderer.piece("handed", language, **once) if once else ""
        return Response(text, status_code=status, media_type=MediaType.HTML)
    if once:
        page = hall.renderer.page("handed", language, back=_came_from(request, base), **once)
        return Response(page, status_code=status, media_type=MediaType.HTML)
    place = _came_from(request, base)
    # A phone without JavaScript sees the number and the receipt of what it just asked.
    return Redirect(f"{base}/mine" if name == "ask" and place.partition("?")[0] == base else place, status_code=303)


def _told_once(hall: Hall, outcome: Outcome) -> dict[str, str]:
    """A role link is told once, as an address."""
    secret = outcome.once.get("secret")
    return {} if secret is None else {"link": creating.entrance(hall.settings.public, secret)}


def refusal(hall: Hall, request: AnyRequest, refused: Refusal, given: Mapping[str, Any] | None = None) -> Response[Any]:
    """The answer to a "no": what was refused, why, and what to do next; what the person wrote is given back."""
    language = language_of(request)
    message = sentence(language, refused)
    headers = {"retry-after": str(refused.extra["wait"])} if "wait" in refused.extra else {}
    if wants_part(request):
        text = hall.renderer.piece("said", language, text=message, bad=True, body={})
        return Response(text, status_code=refused.status, media_type=MediaType.HTML, headers=headers)
    if wants_json(request):
        body = {"refusal": refused.reason, "message": message, **refused.extra}
        return Response(body, status_code=refused.status, media_type=MediaType.JSON, headers=headers)
    words = (given or {}).get("text")
    page = hall.renderer.page(
        "refused",
        language,
        message=message,
        status=refused.status,
        words=words if isinstance(words, str) else "",
        action=request.url.path,
        back=_came_from(request, "/"),
        needs=refused.extra.get("needs"),
        rest=_rest(given or {}, refused) if "needs" in refused.extra else {},
        wait=refused.extra.get("wait", 0),
        waiting=f"/f/{request.path_params.get('code')}/seat?ticket={refused.extra.get('ticket')}",
    )
    return Response(page, status_code=refused.status, media_type=MediaType.HTML, headers=headers)


def _rest(given: Mapping[str, Any], refused: Refusal) -> dict[str, str]:
    """What goes along when the same form is sent once more, with the number or the code beside it."""
    kept = {name: value for name, value in given.items() if isinstance(value, str) and name not in ("text", "proof")}
    if refused.extra["needs"] != "patience":
        return {name: value for name, value in kept.items() if name not in ("code", "ticket")}
    return kept | {"ticket": refused.extra["ticket"]}


def sentence(language: str, refused: Refusal) -> str:
    """The refusal in words a person can act on."""
    words = catalogue(language)
    params = dict(refused.params)
    did = f"did.{refused.extra.get('did')}"
    if refused.reason in ("moved_on", "undo_too_late") and did in words:
        told = words(did, n=params.get("n", 0))
        return words(f"refusal.{refused.reason}_by", did=told, by=words(f"by.{refused.extra['by']}"))
    if "status" in params:
        params["status"] = words(STATUS_WORDS.get(params["status"], f"s.{params['status']}"))
    if field := params.get("field"):
        params["field"] = words(f"field.{field}") if f"field.{field}" in words else field
    return words(f"refusal.{refused.reason}", **params)


def said(language: str, name: str, body: Mapping[str, Any]) -> str:
    """What was done, in a sentence: of the act ``name`` that answered with ``body``."""
    words = catalogue(language)
    if name == "undo":
        return words("said.undo", did=said(language, body["did"], {"number": body.get("number")}))
    key = f"said.{name}.{body['status']}" if "status" in body else f"said.{name}"
    if key not in words:
        key = f"said.{name}" if f"said.{name}" in words else "said.done"
    return words(key, n=body.get("number") or body.get("staged") or body.get("id") or 0)


def _came_from(request: AnyRequest, back: str) -> str:
    """The page the form stood on, if it is one of ours."""
    referer = urlsplit(request.headers.get("referer", ""))
    is_itself = request.method == "POST" and referer.path == request.url.path  # a refused act that was sent once more
    if referer.netloc == request.headers.get("host") and referer.path.startswith("/") and not is_itself:
        return referer.path + (f"?{referer.query}" if referer.query else "")
    return back
