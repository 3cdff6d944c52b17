"""What only the person at a desk may ask: the own acts that can be undone; and what anybody may: what is similar."""

from typing import Any

from litestar import MediaType, Response, get, post
from litestar.params import FromPath
from sqlalchemy import select

from live.rules import pace, similar, text
from live.rules.refusal import Refusal
from live.rules.words import Role
from live.store import undo
from live.store.models import Entry
from live.web import answers
from live.web.acts import fields
from live.web.hall import AnyRequest, GivenHall, Hall, language_of, visitor_of


@get("/f/{code:str}/undo")
async def undoable(request: AnyRequest, code: FromPath[str], hall: GivenHall) -> Response[Any]:
    """``{"acts": [{"id", "act", "number", "said"}]}``: what the caller can undo, the last act first."""
    forum = await hall.forum(code)
    actor = await hall.actor(visitor_of(request), forum.id)
    if Role.MODERATOR not in actor.roles:
        raise Refusal("not_allowed", "role")
    language = language_of(request, forum.language)
    found = await _acts(hall, forum.id, actor.id)
    acts = [act | {"said": answers.said(language, str(act["act"]), act)} for act in found]
    return Response({"acts": acts}, media_type=MediaType.JSON)


async def _acts(hall: Hall, forum_id: int, actor: str) -> list[dict[str, Any]]:
    async with hall.database.reading() as session:
        acts = await undo.of(session, forum_id, actor)
        wanted = select(Entry).where(Entry.forum_id == forum_id, Entry.seq.in_([act.seq for act in acts]))
        entries = {entry.seq: entry for entry in await session.scalars(wanted)}
    numbers = {seq: entry.question or entry.follow_up for seq, entry in entries.items()}
    return [{"id": act.seq, "act": act.act, "number": numbers.get(act.seq)} for act in acts]


@post("/f/{code:str}/similar", name="similar", operation_id="similar", status_code=200)
async def alike(request: AnyRequest, code: FromPath[str], hall: GivenHall) -> Response[Any]:
    """Up to three questions that ask the same, of those this audience may see: their public text, never an original."""
    given = await fields(request)
    forum = await hall.forum(code)
    viewer = await hall.viewer(request, forum)
    words = text.normalise(given.get("text"), limit=forum.max_length)
    hall.acting.pace.take(visitor_of(request).participant, pace.LOOKING)
    facts = await hall.hub.present.facts(forum.id)
    seen = {q["number"]: q for q in hall.hub.present.state(facts, viewer)["questions"] if q["status"] != "merged"}
    found = similar.most_similar(words, {number: q["text"] for number, q in seen.items()})
    questions = [{name: seen[number][name] for name in ("number", "text", "supports")} for number, _ in found]
    if answers.wants_part(request):
        part = hall.renderer.piece(
            "similar", language_of(request, forum.language), similar=questions, base=f"/f/{code}"
        )
        return Response(part, media_type=MediaType.HTML)
    return Response({"similar": questions, "cursor": facts.forum.cursor}, media_type=MediaType.JSON)
