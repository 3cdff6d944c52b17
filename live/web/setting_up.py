"""Making a forum in the browser: the fields of the forum file as a form, checked by the same rules."""

import json
import tomllib
from typing import Any

from litestar import MediaType, Response, get, post

from live import dates
from live.actions import creating
from live.rules import forum_file
from live.rules.facts import Facts, ForumFacts
from live.rules.forum_file import BadForumFile, ForumPlan
from live.rules.refusal import Refusal, of_field
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
    return form(hall, request, given, organiser.agency)


@post(f"{HOME}/new", status_code=201)
async def new(request: AnyRequest, hall: GivenHall) -> Response[Any]:
    """Make the forum; its links are shown in this answer and never again."""
    organiser, _ = await required(hall, request)
    given = await fields(request)
    if "add" in given:
        return form(hall, request, given, organiser.agency, rows=filled(given) + 1)
    try:
        plan = planned(given, organiser.agency)
        made = await creating.create(hall.database, plan, hall.settings.public)
    except BadForumFile as bad:
        refused = of_field(bad.field, "bad_forum")
        if answers.wants_json(request):
            return answers.refusal(hall, request, refused)
        return form(hall, request, given, organiser.agency, refused=refused)
    return made_answer(hall, request, plan, made)


def made_answer(hall: Hall, request: AnyRequest, plan: Any, made: Given) -> Response[Any]:
    """A forum was made: its links, once, as JSON or as cards to print. Of ``plan`` the title and the speakers count."""
    if answers.wants_json(request):
        return Response(made, status_code=201, media_type=MediaType.JSON)
    page = hall.renderer.page("cards", language_of(request), plan=plan, made=made)
    return Response(page, status_code=201, media_type=MediaType.HTML)


def planned(given: Given, agency: str) -> ForumPlan:
    """The plan that the form describes; raises :class:`BadForumFile` as the forum file does."""
    return forum_file.read(as_file(given, agency), "json")


def as_file(given: Given, agency: str, speakers: int = 0) -> str:
    """The form as a forum file in JSON. The first ``speakers`` rows count also when they are empty: a speaker keeps
    the number. Raises :class:`BadForumFile` about ``more`` only."""
    table: Given = {name: given[name] for name in PLAIN if given.get(name)} | {"agency": agency}
    length = str(given.get("max_length", ""))
    table["max_length"] = int(length) if length.isascii() and length.isdigit() else length
    table["speakers"] = [
        _speaker(given, row) for row in range(1, forum_file.MAX_SPEAKERS + 1) if row <= speakers or _named(given, row)
    ]
    try:
        more = tomllib.loads(str(given.get("more", "")))
    except tomllib.TOMLDecodeError as error:
        raise BadForumFile("more", str(error)) from None
    return json.dumps(more | table, default=str)


def _speaker(given: Given, row: int) -> Given:
    found: Given = {name: str(given.get(f"{name}-{row}", "")) for name in SPEAKER}
    found["topics"] = [topic.strip() for topic in found["topics"].split(",") if topic.strip()]
    return found


def _named(given: Given, row: int) -> bool:
    return any(str(given.get(f"{name}-{row}", "")).strip() for name in SPEAKER)


def filled(given: Given) -> int:
    """The last row with something in it, and never fewer than the form had."""
    shown = [row for row in range(1, forum_file.MAX_SPEAKERS) if f"name-{row}" in given]
    return max([ROWS, *shown])


async def _copied(hall: Hall, code: str, agency: str) -> Given:
    forum = await hall.forum(code)
    if forum.agency != agency:
        raise Refusal("not_allowed", "role")
    async with hall.database.reading() as session:
        facts = await snapshot.read(session, forum.id)
    return DEFAULTS | words_of(facts)


def words_of(facts: Facts) -> Given:
    """The form's fields as this forum has them; itself as the predecessor, as for a copy."""
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


def form(
    hall: Hall,
    request: AnyRequest,
    given: Given,
    agency: str,
    *,
    rows: int | None = None,
    refused: Refusal | None = None,
    forum: ForumFacts | None = None,
    is_saved: bool = False,
) -> Response[str]:
    """The form with these words; it changes ``forum``, and without one makes a new one."""
    language = language_of(request)
    page = hall.renderer.page(
        "new",
        language,
        rows=min(rows or filled(given), forum_file.MAX_SPEAKERS),
        given=given,
        agency=agency,
        forum=forum,
        code="" if forum is None else forum.code,
        is_saved=is_saved,
        message=refused and answers.sentence(language, refused),
        wrong=str(refused.extra.get("field", "")) if refused else "",
        zones=dates.ZONES,
        p=preview_of(given, agency),
    )
    return Response(page, status_code=refused.status if refused else 200, media_type=MediaType.HTML)


@post(f"{HOME}/preview", status_code=200)
async def preview(request: AnyRequest, hall: GivenHall) -> Response[str]:
    """How the pages will begin, from a form that is still being filled in."""
    given = await fields(request)
    piece = hall.renderer.piece("preview", language_of(request), p=preview_of(given, str(given.get("agency", ""))))
    return Response(piece, media_type=MediaType.HTML)


def preview_of(given: Given, agency: str) -> Given:
    """What the preview shows; the times only once they can be read."""
    found: Given = {name: str(given.get(name, "")) for name in ("title", "place")} | {"agency": agency, "when": None}
    rows = [_speaker(given, row) for row in range(1, forum_file.MAX_SPEAKERS + 1) if _named(given, row)]
    found["speakers"] = rows
    try:
        plan = planned(given, agency)
    except BadForumFile:
        return found
    return found | {"when": (plan.starts.isoformat(), plan.ends.isoformat(), plan.timezone)}
