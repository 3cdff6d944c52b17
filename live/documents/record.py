"""The record of a forum as plain values: what every document is made from."""

from typing import Any

from live.rules import audience, follow_ups
from live.rules.audience import Viewer
from live.rules.facts import Facts
from live.rules.words import Audience, Status

Record = dict[str, Any]


def of(facts: Facts, viewer: Viewer, *, whole: bool = False) -> Record:
    """``{"forum", "totals", "questions", "follow_ups", "percent_done"}``, as this viewer may see it.

    What is not shown is counted with its reason, but its words are not in the record. ``whole`` adds the follow-ups of
    a forum that is not published yet: for the organiser at the command line.
    """
    state = dict(audience.state(facts, viewer))
    state["questions"] = [dict(question) for question in state["questions"]]
    if whole:
        scribe = Viewer(Audience.SCRIBE, viewer.language)
        promises = [f for each in facts.follow_ups if (f := audience.follow_up(each, scribe, facts))]
        state["follow_ups"] = [{k: v for k, v in f.items() if k != "touched"} for f in promises]
    speakers = {s.position: s for s in facts.speakers}
    for question in state["questions"]:
        speaker = speakers.get(question.get("speaker") or 0)
        question["speaker_name"] = speaker.name if speaker is not None else None
    return {
        "forum": state["forum"],
        "totals": totals(facts),
        "questions": state["questions"],
        "follow_ups": state["follow_ups"],
        "percent_done": follow_ups.percent_done(facts.follow_ups),
    }


def totals(facts: Facts) -> dict[str, Any]:
    """How many questions ended in which status, and the reasons of those not shown."""
    by_status = {status.value: 0 for status in Status}
    reasons: dict[str, int] = {}
    for question in facts.questions:
        by_status[question.status.value] += 1
        if question.status is Status.REJECTED and question.reason is not None:
            reasons[question.reason] = reasons.get(question.reason, 0) + 1
    return {"received": len(facts.questions), "by_status": by_status, "rejected_because": reasons}
