"""What becomes of a follow-up after the forum: dated progress by its owner, and objections by those who asked."""

from typing import Any
from urllib.parse import urlsplit

from msgspec import UNSET, UnsetType
from sqlalchemy import or_, select

from live.actions.doing import Doing, Outcome
from live.actions.fields import Fields, day
from live.actions.promising import LIMITS, check_reasons
from live.rules import personal, text, wording
from live.rules.proof import Proof
from live.rules.refusal import Refusal, of_field
from live.rules.words import FollowUpStatus
from live.store.models import Dispute, Evidence, FollowUp, FollowUpQuestion, Progress, Question

LIMIT = 500
LINK_LIMIT = 500


class Report(Fields, frozen=True, kw_only=True):
    """The fields of ``progress``: what was done; and what changed with it. A new ``due`` has its reason in ``text``.

    ``evidence`` is a :class:`Proof`, which only our own hand-in makes; no form and no JSON can.
    """

    text: str
    link: str | None = None
    status: FollowUpStatus | UnsetType = UNSET
    due: str | None = None
    reason: str | UnsetType = UNSET
    forwarded_to: str | UnsetType = UNSET
    partial: bool | UnsetType = UNSET
    evidence: Any = None


class Objection(Fields, frozen=True, kw_only=True):
    """The fields of ``dispute``: the receipt of a question that led to the follow-up, and why it is not so."""

    receipt: str
    text: str


async def progress(doing: Doing, follow_up: FollowUp, fields: Report) -> Outcome:
    """Add a dated line of what was done; it also answers an objection. Answers ``{"id", "status", "progress"}``."""
    change, before = doing.change, (follow_up.status, follow_up.due)
    if not isinstance(fields.evidence, Proof | None):
        raise of_field("evidence")
    line = Progress(
        forum_id=change.forum.id,
        follow_up_id=follow_up.id,
        at=change.now,
        role=doing.role,
        text=personal.mask(text.normalise(fields.text, limit=LIMIT)).text,
        link=_link(fields.link),
    )
    _change(follow_up, fields)
    line.status = follow_up.status if follow_up.status != before[0] else None
    line.due = follow_up.due if follow_up.due != before[1] else None
    follow_up.updated = change.now
    change.session.add(line)
    await change.session.flush()
    if fields.evidence is not None:
        _keep(doing, line, fields.evidence)
    doing.note_down(follow_up=follow_up, detail={"from": before[0], "status": follow_up.status})
    return Outcome({"progress": line.id})


async def dispute(doing: Doing, follow_up: FollowUp, fields: Objection) -> None:
    """Say "not so, because…" as the asker of a question behind it; it shows as disputed until progress answers it."""
    question = await _asked(doing, follow_up, fields.receipt)
    if question is None:
        raise Refusal("wrong_receipt", "role")
    written = wording.read(fields.text, LIMIT)
    doing.change.session.add(
        Dispute(
            forum_id=doing.change.forum.id,
            follow_up_id=follow_up.id,
            question_id=question.id,
            at=doing.change.now,
            text=written.public,
            flagged=bool(written.flags),
        )
    )
    doing.note_down(follow_up=follow_up)


def _keep(doing: Doing, line: Progress, proof: Proof) -> None:
    doing.change.session.add(
        Evidence(
            progress_id=line.id,
            name=proof.name,
            media_type=proof.media_type,
            size=len(proof.content),
            sha256=proof.sha256,
            content=proof.content,
        )
    )


def _change(follow_up: FollowUp, fields: Report) -> None:
    if fields.status is not UNSET:
        follow_up.status = fields.status
    if fields.partial is not UNSET:
        follow_up.partial = fields.partial
    for name in ("reason", "forwarded_to"):
        if (value := getattr(fields, name)) is not UNSET:
            setattr(follow_up, name, personal.mask(text.normalise(value, limit=LIMITS[name])).text)
    if fields.due is not None:
        follow_up.due = day(fields.due)
    check_reasons(follow_up)


def _link(value: str | None) -> str:
    """An address of the web, or nothing; whatever else a browser might run is refused."""
    if value is None:
        return ""
    address = text.normalise(value, limit=LINK_LIMIT, lines=False)
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or " " in address:
        raise Refusal("bad_link", "fields", extra={"field": "link"})
    return address


async def _asked(doing: Doing, follow_up: FollowUp, receipt: str) -> Question | None:
    """The question of this receipt, if it led to the follow-up or was merged into one that did."""
    wanted = "".join(ch for ch in receipt.upper() if ch.isascii() and ch.isalnum())
    forum_id = doing.change.forum.id
    led = (
        select(Question.number)
        .join(FollowUpQuestion, FollowUpQuestion.question_id == Question.id)
        .where(FollowUpQuestion.follow_up_id == follow_up.id)
    )
    return await doing.change.session.scalar(
        select(Question).where(
            Question.forum_id == forum_id,
            Question.receipt == wanted,
            or_(Question.number.in_(led), Question.merged_into.in_(led)),
        )
    )
