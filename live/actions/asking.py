"""Posting a question, and what its asker may still do with it."""

import secrets

from live.actions.doing import Doing, Outcome
from live.actions.fields import Fields, line, position
from live.rules import personal, receipts, wording
from live.rules.refusal import of_field
from live.rules.words import Kind, Moderation, Role, Source, Status
from live.store.models import Question


class Ask(Fields, frozen=True, kw_only=True):
    """The fields of ``/questions``; ``source``, ``seat`` and ``paper`` only from helpers and the desk."""

    text: str
    kind: Kind = Kind.QUESTION
    speaker: int | None = None
    name: str | None = None
    source: Source | None = None
    seat: str | None = None
    paper: str | None = None


class Words(Fields, frozen=True, kw_only=True):
    """The fields of an act that carries one text."""

    text: str


async def ask(doing: Doing, fields: Ask) -> Outcome:
    """Post a question; personal numbers are masked here, before anything is stored as public text."""
    forum = doing.change.forum
    written = wording.read(fields.text, forum.max_length, forum.rude, forum.polite)
    alike = wording.compare(written.public, await doing.change.others())
    question = Question(
        forum_id=forum.id,
        status=_first_status(forum.moderation, written.flags),
        kind=fields.kind,
        text=written.public,
        original=written.original,
        flags=[*written.flags, *alike.flags],
        similar=list(alike.numbers),
        wanted=position(fields.speaker, await doing.change.speaker_count()),
        name=_masked_name(fields.name),
        asker=doing.actor.id,
        receipt="".join(secrets.choice(receipts.LETTERS) for _ in range(receipts.LENGTH)),
        asked_at=doing.change.now,
        supports=0,
        **_source(doing.role, fields),
    )
    forum.last_question += 1
    question.number = forum.last_question
    question.shown_at = doing.change.now if question.status == Status.SHOWN else None
    doing.change.session.add(question)
    doing.note_down(question=question, detail={"status": question.status})
    return Outcome({"number": question.number, "status": question.status, "receipt": question.receipt}, created=True)


async def edit(doing: Doing, question: Question, fields: Words) -> None:
    """Change the words of a question that nobody has handled yet."""
    forum = doing.change.forum
    written = wording.read(fields.text, forum.max_length, forum.rude, forum.polite)
    alike = wording.compare(written.public, await doing.change.others(question))
    question.text, question.original = written.public, written.original
    question.flags, question.similar = [*written.flags, *alike.flags], list(alike.numbers)
    doing.note_down(question=question)


async def withdraw(doing: Doing, question: Question, _fields: Fields) -> None:
    """Take a question back; its number stays taken."""
    question.status, question.place = Status.WITHDRAWN, None
    doing.note_down(question=question)


def _first_status(moderation: str, flags: tuple[str, ...]) -> Status:
    shown = moderation == Moderation.AFTER and not wording.must_wait(flags)
    return Status.SHOWN if shown else Status.PENDING


def _masked_name(name: str | None) -> str | None:
    short = line(name, 60)
    return None if short is None else personal.mask(short).text


def _source(role: str, fields: Ask) -> dict[str, str | None]:
    if role == Role.PARTICIPANT:
        for field in ("source", "seat", "paper"):
            if getattr(fields, field) is not None:
                raise of_field(field)
        return {"source": Source.APP, "seat": None, "paper": None}
    default = Source.HELPER if role == Role.HELPER else Source.APP
    return {"source": fields.source or default, "seat": line(fields.seat, 40), "paper": line(fields.paper, 40)}
