"""Who sees what: one function per thing, and nothing leaves the server except through here.

A view is a new object made of named fields, never a row with fields taken out: what the template never gets, it cannot
leak. The table is that of design 6.5.
"""

from collections.abc import Callable
from dataclasses import dataclass

from live.rules import counting, desk, queueing, views
from live.rules.facts import (
    CrowdFacts,
    Facts,
    FollowUpFacts,
    QuestionFacts,
)
from live.rules.views import View
from live.rules.words import PUBLIC_STATUSES, Aspect, Audience, Group, Phase, Status, Verdict
from live.rules.words import View as Showing

DESK = frozenset({Audience.MODERATOR, Audience.ORGANISER})
TEAM = DESK | {Audience.SCRIBE}


@dataclass(frozen=True, slots=True)
class Viewer:
    """One kind of screen: everybody with an equal viewer gets the same bytes. ``speaker`` only for speakers."""

    audience: Audience
    language: str = "id"
    speaker: int | None = None

    @property
    def is_desk(self) -> bool:
        """Moderator or organiser: sees everything."""
        return self.audience in DESK


def question(q: QuestionFacts, viewer: Viewer, facts: Facts) -> View | None:
    """What ``viewer`` may see of this question; None when not even that it exists."""
    if viewer.is_desk:
        return _desk_question(q, facts)
    if viewer.audience is Audience.SPEAKER:
        return _speaker_question(q, viewer, facts)
    if q.status is Status.MERGED:
        return {"number": q.number, "status": q.status.value, "into": q.merged_into}
    if q.status not in PUBLIC_STATUSES:
        return None
    seen = _public_question(q, facts)
    if viewer.audience is Audience.SCRIBE:
        seen |= _note(q) | {
            "source": q.source.value,
            "follow_ups": _promises_of(q, facts),
            "touched": _cursor(facts, q.touched),
        }
    return seen


def follow_up(f: FollowUpFacts, viewer: Viewer, facts: Facts) -> View | None:
    """What ``viewer`` may see of this follow-up: the team always, everybody else once the forum is published.

    The projector has it also while the moderator shows the agreements, for there they are read aloud in the hall.
    """
    is_read_aloud = viewer.audience is Audience.SCREEN and facts.forum.screen is Showing.AGREEMENTS
    if viewer.audience not in TEAM and facts.forum.phase is not Phase.PUBLISHED and not is_read_aloud:
        return None
    seen: View = views.promise(f) | {"questions": _visible_sources(f, viewer, facts)}
    return seen | {"touched": _cursor(facts, f.touched)} if viewer.audience in TEAM else seen


def state(facts: Facts, viewer: Viewer, before: tuple[Facts, View] | None = None) -> View:
    """Everything ``viewer`` may see of the forum: the answer of ``GET /state`` and what pages are made of.

    ``before``: earlier facts with this viewer's state of them; what did not change is taken from there.
    """
    promises = [seen for f in facts.follow_ups if (seen := follow_up(f, viewer, facts)) is not None]
    shown: View = {
        "cursor": facts.forum.cursor,
        "forum": views.forum(facts),
        "counts": counting.counts(facts),
        "questions": _questions(facts, viewer, before),
        "queues": _queues(facts, viewer),
        "stage": _stage(facts, viewer),
        "next": _next(facts),
        "round": views.round_of_questions(facts) if _has_clock(viewer) else None,
        "agenda": views.run_of_show(facts),
        "messages": _messages(facts, viewer),
        "follow_ups": promises,
        "earlier": views.earlier(facts),
        **({"desk": desk.about(facts)} if viewer.is_desk else {}),
        **_crowd(facts.crowd, viewer),
    }
    if viewer.audience in TEAM:
        shown["undecided"] = facts.undecided
    if viewer.audience is Audience.ORGANISER:
        shown["papers"] = views.papers(facts)
    return shown


def _questions(facts: Facts, viewer: Viewer, before: tuple[Facts, View] | None) -> list[View]:
    if before is None or viewer.is_desk or not _differ_in_questions_only(facts, before[0]):
        return [seen for q in facts.questions if (seen := question(q, viewer, facts)) is not None]
    earlier, kept = before[0], {seen["number"]: seen for seen in before[1]["questions"]}
    views = (
        kept.get(q.number) if earlier.question(q.number) is q else question(q, viewer, facts) for q in facts.questions
    )
    return [seen for seen in views if seen is not None]


def _differ_in_questions_only(facts: Facts, earlier: Facts) -> bool:
    """Whether a question that is the same looks the same. Not so for the desk, which is told of others with it."""
    return (
        facts.answers is earlier.answers
        and facts.follow_ups is earlier.follow_ups
        and facts.forum.phase is earlier.forum.phase
        and facts.forum.epoch == earlier.forum.epoch
    )


def _public_question(q: QuestionFacts, facts: Facts) -> View:
    confirmed = q.note_state == "confirmed"
    return {
        "number": q.number,
        "status": q.status.value,
        "text": q.text,
        "kind": q.kind.value,
        "supports": q.supports,
        "voided": q.voided,
        "speaker": q.speaker,
        "name": q.name,
        "shown_at": views.time(q.shown_at),
        "answered_at": views.time(q.answered_at),
        "answers": [views.answer(answer) for answer in facts.answers.get(q.number, ())],
        "note": q.note if confirmed else None,
        "answer": q.answer,
        "due": q.due.isoformat() if q.due else None,
        "chosen": dict(q.chosen) or None,
        "follow_ups": _promises_of(q, facts) if facts.forum.phase is Phase.PUBLISHED else [],
    }


def _note(q: QuestionFacts) -> View:
    return {
        "note": q.note,
        "note_state": q.note_state,
        "noted_at": views.time(q.noted_at),
        "confirmed_at": views.time(q.confirmed_at),
        "confirmed_role": q.confirmed_role,
        "confirmed_speaker": q.confirmed_speaker,
        "no_promise": q.no_promise,
        "staged_at": views.time(q.staged_at),
    }


def _desk_question(q: QuestionFacts, facts: Facts) -> View:
    return (
        _public_question(q, facts)
        | _note(q)
        | {
            "original": q.original,
            "flags": list(q.flags),
            "source": q.source.value,
            "seat": q.seat,
            "paper": q.paper,
            "wanted": q.wanted,
            "passed": list(q.passed),
            "reason": q.reason,
            "into": q.merged_into,
            "owner": q.owner,
            **desk.question(q, facts),
            "asked_at": q.asked_at.isoformat(),
            "touched": _cursor(facts, q.touched),
            "follow_ups": _promises_of(q, facts),
        }
    )


def _speaker_question(q: QuestionFacts, viewer: Viewer, facts: Facts) -> View | None:
    """A speaker gets what is on stage and the own queue; no identities, not even a freely given name."""
    own = q.status is Status.QUEUED and q.speaker == viewer.speaker
    if not own and q.status is not Status.STAGE:
        return None
    return _public_question(q, facts) | {
        "name": None,
        "passed": list(q.passed),
        "touched": _cursor(facts, q.touched),
    }


def _visible_sources(f: FollowUpFacts, viewer: Viewer, facts: Facts) -> list[View]:
    sources = ((number, facts.question(number)) for number in f.questions)
    may: Callable[[QuestionFacts], bool] = lambda q: viewer.audience in DESK or q.status in PUBLIC_STATUSES  # noqa: E731
    return [{"number": number, "supports": q.supports} for number, q in sources if q is not None and may(q)]


def _promises_of(q: QuestionFacts, facts: Facts) -> list[int]:
    return [f.number for f in facts.follow_ups if q.number in f.questions]


def _queues(facts: Facts, viewer: Viewer) -> dict[str, list[int]]:
    shown = [s.position for s in facts.speakers if viewer.is_desk or s.position == viewer.speaker]
    return {str(position): [q.number for q in facts.queue(position)] for position in shown}


def _has_clock(viewer: Viewer) -> bool:
    """Whether this viewer sees how much time is left: the desk and the speakers, never the hall."""
    return viewer.is_desk or viewer.audience is Audience.SPEAKER


def _stage(facts: Facts, viewer: Viewer) -> View | None:
    q = facts.on_stage
    if q is None:
        return None
    seen: View = {"number": q.number, "speaker": q.speaker, "since": views.time(q.staged_at)}
    return seen | {"allowed": facts.answers[q.number][-1].allowed} if _has_clock(viewer) else seen


def _messages(facts: Facts, viewer: Viewer) -> list[View]:
    """The desk's private lines: all for the desk, the own ones for a speaker, none for everybody else."""
    is_speaker = viewer.audience is Audience.SPEAKER
    return [
        {"id": m.number, "speaker": m.speaker, "text": m.text, "sent": views.time(m.sent), "read": views.time(m.read)}
        for m in facts.messages
        if viewer.is_desk or (is_speaker and m.speaker == viewer.speaker)
    ]


def _next(facts: Facts) -> View | None:
    q = queueing.following(facts)
    return None if q is None else {"number": q.number, "speaker": q.speaker}


def _crowd(crowd: CrowdFacts, viewer: Viewer) -> View:
    """Who waits for a helper: for helpers and the desk. Groups and feedback, as counts: for the desk."""
    if viewer.audience is not Audience.HELPER and not viewer.is_desk:
        return {}
    calls = [{"number": c.number, "row": c.row, "since": c.since.isoformat()} for c in crowd.calls]
    if viewer.audience is Audience.HELPER:
        return {"calls": calls}
    groups = {group.value: 0 for group in Group} | {group.value: count for group, count in crowd.groups}
    feedback = {aspect.value: {verdict.value: 0 for verdict in Verdict} for aspect in Aspect}
    for aspect, verdict, count in crowd.feedback:
        feedback[aspect.value][verdict.value] = count
    return {"calls": calls, "groups": groups, "feedback": feedback}


def _cursor(facts: Facts, seq: int) -> str:
    return f"{facts.forum.epoch}.{seq}"
