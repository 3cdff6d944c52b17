"""Making a forum in the browser: the fields of the forum file as a form, checked by the same rules."""

import json
import tomllib
from typing import Any

from litestar import MediaType, Response, get, post

from live import dates
from live.actions import creating
from live.rules import forum_file
from live.rules.facts import Facts
from live.rules.forum_file import BadForumFile, ForumPlan
from live.rules.refusal import Refusal
from live.store import snapshot
from live.web import answers
from live.web.acts import fields
from live.web.hall import AnyRequest, GivenHall, Hall, language_of
from live.web.organiser import HOME, required

Given = dict[str, Any]
ROWS = 3
"""Speakers the empty form has room for; a button gives room for more."""

PLAIN = ("title", "place", "starts", "ends", "timezone", "language", "moderation", "integrity", "predecessor")
SPEAKER = ("name", "field", "topics")
DEFAULTS = {"timezone": "Asia/Makassar", "language": "id", "moderation": "before", "integrity": "open"}
DEFAULTS |= {"max_length": "300", "more": ""}


@get(f"{HOME}/new")
async def new_page(request: AnyRequest, hall: GivenHall) -> Response[Any]:
    """The empty form, or with ``copy=CODE`` the words of an earlier forum of the same agency."""
    organiser, _ = await required(hall, request)
    code = request.query_params.get("copy", "")
    given = DEFAULTS if not code else await _copied(hall, code, organiser.agency)
    return _form(hall, request, given, organiser.agency)


@post(f"{HOME}/new", status_code=201)
async def new(request: AnyRequest, hall: GivenHall) -> Response[Any]:
    """Make the forum; its links are shown in this answer and never again."""
    organiser, _ = await required(hall, request)
    given = await fields(request)
    if "add" in given:
        return _form(hall, request, given, organiser.agency, rows=_filled(given) + 1)
    try:
        plan = planned(given, organiser.agency)
        made = await creating.create(hall.database, plan, hall.settings.public)
    except BadForumFile as bad:
        refused = Refusal("bad_forum", "fields", params={"field": bad.field}, extra={"field": bad.field})
        if answers.wants_json(request):
            return answers.refusal(hall, request, refused)
        message = answers.sentence(language_of(request), refused)
        return _form(hall, request, given, organiser.agency, message=message, wrong=bad.field, status=422)
    if answers.wants_json(request):
        return Response(made, status_code=201, media_type=MediaType.JSON)
    page = hall.renderer.page("cards", language_of(request), plan=plan, made=made)
    return Response(page, status_code=201, media_type=MediaType.HTML)


def planned(given: Given, agency: str) -> ForumPlan:
    """The plan that the form describes; raises :class:`BadForumFile` as the forum file does."""
    table: Given = {name: given[name] for name in PLAIN if given.get(name)} | {"agency": agency}
    length = str(given.get("max_length", ""))
    table["max_length"] = int(length) if length.isascii() and length.isdigit() else length
    table["speakers"] = [_speaker(given, row) for row in range(1, forum_file.MAX_SPEAKERS + 1) if _named(given, row)]
    try:
        more = tomllib.loads(str(given.get("more", "")))
    except tomllib.TOMLDecodeError as error:
        raise BadForumFile("more", str(error)) from None
    return forum_file.read(json.dumps(more | table, default=str), "json")


def _speaker(given: Given, row: int) -> Given:
    found: Given = {name: str(given.get(f"{name}-{row}", "")) for name in SPEAKER}
    found["topics"] = [topic.strip() for topic in found["topics"].split(",") if topic.strip()]
    return found


def _named(given: Given, row: int) -> bool:
    return any(str(given.get(f"{name}-{row}", "")).strip() for name in SPEAKER)


def _filled(given: Given) -> int:
    """The last row with something in it, and never fewer than the form had."""
    shown = [row for row in range(1, forum_file.MAX_SPEAKERS) if f"name-{row}" in given]
    return max([ROWS, *shown])


async def _copied(hall: Hall, code: str, agency: str) -> Given:
    forum = await hall.forum(code)
    if forum.agency != agency:
        raise Refusal("not_allowed", "role")
    async with hall.database.reading() as session:
        facts = await snapshot.read(session, forum.id)
    return DEFAULTS | _words_of(facts)


def _words_of(facts: Facts) -> Given:
    forum = facts.forum
    copied = ("title", "place", "timezone", "language", "moderation", "integrity")
    found: Given = {name: str(getattr(forum, name)) for name in copied}
    found |= {"max_length": str(forum.max_length), "predecessor": forum.code}
    for name in ("starts", "ends"):
        found[name] = dates.local(getattr(forum, name), forum.timezone).strftime("%Y-%m-%dT%H:%M")
    for speaker in facts.speakers:
        found |= {
            f"name-{speaker.position}": speaker.name,
            f"field-{speaker.position}": speaker.field,
            f"topics-{speaker.position}": ", ".join(speaker.topics),
        }
    return found


def _form(
    hall: Hall,
    request: AnyRequest,
    given: Given,
    agency: str,
    *,
    rows: int | None = None,
    message: str | None = None,
    wrong: str = "",
    status: int = 200,
) -> Response[str]:
    context = {"given": given, "agency": agency, "message": message, "wrong": wrong, "zones": dates.ZONES}
    shown = min(rows or _filled(given), forum_file.MAX_SPEAKERS)
    page = hall.renderer.page("new", language_of(request), rows=shown, **context)
    return Response(page, status_code=status, media_type=MediaType.HTML)
