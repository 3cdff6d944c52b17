"""*My questions*: what belongs to one participant, fetched after the page, and by receipt from any device."""

from typing import Any

from litestar import MediaType, Response, get
from litestar.params import FromPath

from live.rules import receipts
from live.rules.facts import Facts, QuestionFacts
from live.rules.refusal import Refusal
from live.rules.words import Phase, Status
from live.store import crowd, snapshot
from live.web import answers
from live.web.hall import AnyRequest, GivenHall, Hall, language_of, visitor_of

Belongings = dict[str, Any]


async def belongings(hall: Hall, facts: Facts, participant: str) -> Belongings:
    """``{"cursor", "questions": [...], "supported": [numbers], "told": {...}}`` of this participant."""
    async with hall.database.reading() as session:
        supported = await snapshot.supported_by(session, facts.forum.id, participant)
        told = await crowd.told_by(session, facts.forum.id, participant)
    own = [q for q in facts.questions if q.asker == participant]
    return {
        "cursor": facts.forum.cursor,
        "questions": [own_view(q, facts) for q in reversed(own)],
        "supported": supported,
        "told": told,
    }


def owns_something(mine: Belongings) -> bool:
    """Whether anything on the page would look different for this participant than for everybody."""
    return bool(mine["questions"] or mine["supported"] or any(mine["told"].values()))


def own_view(q: QuestionFacts, facts: Facts) -> dict[str, Any]:
    """What an asker sees of the own question, whatever its status; the words as everybody sees or would see them."""
    promises = [f for f in facts.follow_ups if q.number in f.questions]
    is_public = facts.forum.phase is Phase.PUBLISHED
    target = facts.question(q.merged_into) if q.merged_into is not None else None
    return {
        "number": q.number,
        "status": q.status.value,
        "text": q.text,
        "kind": q.kind.value,
        "supports": q.supports,
        "receipt": q.receipt,
        "reason": q.reason,
        "speaker": q.speaker,
        "into": q.merged_into,
        "into_status": target.status.value if target is not None else None,
        "note": q.note if q.note_state == "confirmed" else None,
        "answer": q.answer,
        "owner": q.owner if is_public else None,
        "due": q.due.isoformat() if q.due else None,
        "answered_at": q.answered_at.isoformat() if q.answered_at else None,
        "may_edit": q.status is Status.PENDING,
        "may_withdraw": q.status in (Status.PENDING, Status.SHOWN, Status.QUEUED),
        "follow_ups": [
            {"id": f.number, "status": f.status.value, "owner": f.owner, "due": f.due.isoformat() if f.due else None}
            for f in promises
            if is_public
        ],
    }


@get("/f/{code:str}/mine")
async def mine(request: AnyRequest, code: FromPath[str], hall: GivenHall) -> Response[Any]:
    """My questions as JSON, as the part a page fetches, or as a page of its own."""
    forum = await hall.forum(code)
    facts = await hall.hub.present.facts(forum.id)
    own = await belongings(hall, facts, visitor_of(request).participant)
    if answers.wants_json(request):
        return Response(own, media_type=MediaType.JSON)
    language = language_of(request, forum.language)
    if answers.wants_part(request):
        context = _context(hall, facts, language)
        pieces = [hall.renderer.piece(name, language, own=own, **context) for name in ("mine", "me", "aid")]
        return Response("".join(pieces), media_type=MediaType.HTML)
    page = hall.renderer.page("mine", language, own=own, by_receipt=False, **_context(hall, facts, language))
    return Response(page, media_type=MediaType.HTML)


@get("/r/{receipt:str}")
async def by_receipt(request: AnyRequest, receipt: FromPath[str], hall: GivenHall) -> Response[Any]:
    """One question by its receipt, from any device."""
    async with hall.database.reading() as session:
        found = await snapshot.question_of_receipt(session, receipts.read(receipt))
    if found is None:
        raise Refusal("no_such_receipt", "existence")
    forum_id, number = found
    facts = await hall.hub.present.facts(forum_id)
    question = facts.question(number)
    if question is None:
        raise Refusal("no_such_receipt", "existence")
    own = {"cursor": facts.forum.cursor, "questions": [own_view(question, facts)], "supported": []}
    if answers.wants_json(request):
        return Response(own, media_type=MediaType.JSON)
    language = language_of(request, facts.forum.language)
    page = hall.renderer.page("mine", language, own=own, by_receipt=True, **_context(hall, facts, language))
    return Response(page, media_type=MediaType.HTML)


def _context(hall: Hall, facts: Facts, language: str) -> dict[str, Any]:
    speakers = {s.position: {"name": s.name, "field": s.field} for s in facts.speakers}
    return {"forum": hall.renderer.forum_view(facts), "base": f"/f/{facts.forum.code}", "speakers": speakers}
