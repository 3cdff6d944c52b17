"""Changing a forum's plan in the browser: the form it was made with, filled in, and one act behind it."""

import json
from collections.abc import Sequence
from typing import Any

from litestar import MediaType, Response, get, post
from litestar.params import FromPath

from live.rules.facts import ItemFacts
from live.rules.forum_file import BadForumFile
from live.rules.refusal import Refusal, of_field
from live.store import snapshot
from live.store.models import Forum
from live.web import answers
from live.web.acts import fields
from live.web.hall import AnyRequest, GivenHall, Hall, visitor_of
from live.web.setting_up import Given, as_file, filled, form, words_of


@get("/f/{code:str}/plan")
async def plan_page(request: AnyRequest, code: FromPath[str], hall: GivenHall) -> Response[Any]:
    """The forum as it is planned now."""
    forum = await hall.organised(request, code)
    given, _ = await _present(hall, forum.id)
    return form(hall, request, given, forum.agency, forum=forum)


@post("/f/{code:str}/plan", name="plan", operation_id="plan", status_code=200)
async def plan(request: AnyRequest, code: FromPath[str], hall: GivenHall) -> Response[Any]:
    """The act ``plan``, from the form or with the whole plan in its one field."""
    given = await fields(request)
    forum = await hall.forum(code)
    actor = await hall.actor(visitor_of(request), forum.id)
    if "add" in given:
        await hall.organised(request, code)
        return form(hall, request, given, forum.agency, rows=filled(given) + 1, forum=forum)
    try:
        if answers.wants_json(request):
            return Response((await hall.acting.perform("plan", actor, code, given)).body, media_type=MediaType.JSON)
        _, speakers = await _present(hall, forum.id)
        await hall.acting.perform("plan", actor, code, {"plan": _file(given, forum.agency, speakers)})
    except Refusal as refused:
        if answers.wants_json(request) or refused.status in (403, 404):
            return answers.refusal(hall, request, refused)
        return form(hall, request, given, forum.agency, refused=refused, forum=forum)
    given, _ = await _present(hall, forum.id)
    return form(hall, request, given, forum.agency, forum=forum, is_saved=True)


def _file(given: Given, agency: str, speakers: int) -> str:
    try:
        return as_file(given, agency, speakers)
    except BadForumFile as bad:
        raise of_field(bad.field, "bad_forum") from None


async def _present(hall: Hall, forum_id: int) -> tuple[Given, int]:
    """The form's fields as the forum stands, and how many speakers it has."""
    async with hall.database.reading() as session:
        facts = await snapshot.read(session, forum_id)
        row = await session.get_one(Forum, forum_id)
    more = {name: getattr(row, name) for name in ("answer_seconds", "round_minutes", "interpreter", "look")}
    lines = [*map(_line, more.items()), *_days(row)]
    lines += [f"[written_days]\n{chr(10).join(map(_line, row.written_days.items()))}"] if row.written_days else []
    given = words_of(facts) | {"predecessor": row.predecessor or "", "more": "\n".join([*lines, *_items(facts.agenda)])}
    return given, len(facts.speakers)


def _days(row: Forum) -> list[str]:
    """Of the office's own calendar what there is."""
    found = (("days_off", row.days.get("off")), ("days_on", row.days.get("on")))
    return [_line(pair) for pair in found if pair[1]]


def _items(items: Sequence[ItemFacts]) -> list[str]:
    told = ({"title": i.title, "minutes": i.minutes} | ({"questions": True} if i.is_round else {}) for i in items)
    return ["[[agenda]]\n" + "\n".join(map(_line, item.items())) for item in told]


def _line(pair: tuple[str, Any]) -> str:
    """One line of TOML: its texts, numbers, truths and lists of texts are written as JSON writes them."""
    return f"{pair[0]} = {json.dumps(pair[1], ensure_ascii=False)}"
