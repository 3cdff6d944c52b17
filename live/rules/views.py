"""Views that are the same for everybody who may see them; who that is, :mod:`live.rules.audience` says."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from live.rules import agenda, follow_ups
from live.rules.facts import AnswerFacts, Facts, FollowUpFacts, ForumFacts, ProgressFacts, SpeakerFacts
from live.rules.words import FollowUpStatus

View = dict[str, Any]


def forum(facts: Facts) -> View:
    """The forum itself, the same for everybody."""
    return _forum(facts.forum) | {"speakers": [_speaker(s) for s in facts.speakers]}


def _forum(forum: ForumFacts) -> View:
    return {
        "code": forum.code,
        "title": forum.title,
        "agency": forum.agency,
        "place": forum.place,
        "starts": forum.starts.isoformat(),
        "ends": forum.ends.isoformat(),
        "timezone": forum.timezone,
        "language": forum.language,
        "phase": forum.phase.value,
        "screen": forum.screen.value,
        "moderation": forum.moderation,
        "integrity": forum.integrity.value,
        "max_length": forum.max_length,
        "interpreter": forum.interpreter.value,
        "look": forum.look.value,
        "read_out": forum.read_out,
        "answer_seconds": forum.answer_seconds,
        "round_minutes": forum.round_minutes,
        "published": forum.published.isoformat() if forum.published else None,
        "notice": forum.notice,
        "erase_at": time(forum.erase_at),
    }


def _speaker(s: SpeakerFacts) -> View:
    return {
        "position": s.position,
        "name": s.name,
        "field": s.field,
        "topics": list(s.topics),
        "seconds": s.seconds,
        "answered": s.answered,
    }


def answer(answer: AnswerFacts) -> View:
    """One time on stage; everybody in the hall saw it."""
    return {
        "speaker": answer.speaker,
        "since": time(answer.started),
        "until": time(answer.ended),
        "seconds": answer.seconds,
        "finished": answer.finished,
    }


def promise(f: FollowUpFacts) -> View:
    """A follow-up itself, the same for everybody who may see it."""
    return {
        "id": f.number,
        "problem": f.problem,
        "recommendation": f.recommendation,
        "activity": f.activity,
        "owner": f.owner,
        "due": f.due.isoformat() if f.due else None,
        "term": f.term.value if f.term else None,
        "duration": f.duration,
        "authority": f.authority.value if f.authority else None,
        "needs_budget": f.needs_budget,
        "element": f.element.value if f.element else None,
        "indicator": f.indicator,
        "agreed": time(f.agreed),
        "status": f.status.value,
        "reason": f.reason,
        "forwarded_to": f.forwarded_to,
        "partial": f.partial,
        "updated": f.updated.isoformat(),
        "disputed": follow_ups.is_disputed(f),
        "progress": [_line(line) for line in reversed(f.progress)],
        "disputes": _disputes(f),
        "carried_from": f.carried_from,
        "carried_to": None if f.carried_to is None else {"code": f.carried_to[0], "id": f.carried_to[1]},
    }


def _line(line: ProgressFacts) -> View:
    return {
        "at": line.at.isoformat(),
        "text": line.text,
        "link": line.link,
        "status": line.status.value if line.status else None,
        "due": line.due.isoformat() if line.due else None,
        "evidence": [{"id": e.id, "name": e.name, "size": e.size, "sha256": e.sha256} for e in line.evidence],
    }


def _disputes(f: FollowUpFacts) -> list[View]:
    """Objections with their words, once a human has answered them and they hold nothing personal or rude."""
    shown = [] if follow_ups.is_disputed(f) else [d for d in f.disputes if not d.flagged]
    return [{"at": d.at.isoformat(), "number": d.question, "text": d.text if d in shown else None} for d in f.disputes]


def earlier(facts: Facts) -> View | None:
    """How the promises of the forum before stand, the same for everybody: it is published."""
    before = facts.earlier
    if before is None:
        return None
    here = {f.carried_from: f.number for f in facts.follow_ups if f.carried_from is not None}
    counted = Counter(f.status for f in before.follow_ups)
    return {
        "code": before.code,
        "title": before.title,
        "starts": before.starts.isoformat(),
        "total": len(before.follow_ups),
        "by_status": {status.value: counted[status] for status in FollowUpStatus},
        "percent_done": follow_ups.percent_done(before.follow_ups),
        "open": [_unfinished(f, here) for f in before.follow_ups if f.status not in follow_ups.SETTLED],
    }


def _unfinished(f: FollowUpFacts, here: Mapping[int, int]) -> View:
    return {
        "id": f.number,
        "title": f.recommendation or f.activity or f.problem,
        "owner": f.owner,
        "due": f.due.isoformat() if f.due else None,
        "status": f.status.value,
        "disputed": follow_ups.is_disputed(f),
        "here": here.get(f.number),
    }


def papers(facts: Facts) -> View:
    papers = facts.forum.papers
    filled = {name: getattr(papers, name) for name in papers.__dataclass_fields__ if name != "logo"}
    return filled | {"signed": papers.signed.isoformat() if papers.signed else "", "draft": papers.is_draft}


def round_of_questions(facts: Facts) -> View:
    """The clock of the round of questions: since when, and how many seconds it may take."""
    return {"since": time(facts.forum.round_started), "allowed": facts.forum.round_minutes * 60}


def run_of_show(facts: Facts) -> View:
    """The run of show and where it is: ``item`` is the place of the present one from 1, 0 = none."""
    times = agenda.begins(facts.agenda, facts.forum.starts, facts.forum.agenda)
    items = [
        {"item": i.position, "title": i.title, "minutes": i.minutes, "questions": i.is_round, "at": at.isoformat()}
        for i, at in zip(facts.agenda, times, strict=True)
    ]
    return {"item": facts.forum.agenda, "items": items}


def time(value: Any) -> str | None:
    return value.isoformat() if value is not None else None
