"""Frames: what a screen is sent when the journal grew. The table that turns entries into parts of pages is here.

A frame replaces, inserts at a place, or removes by id, always from the *present* state of what was touched; applying
it twice is harmless. Pages are made of the same parts, so "old page + frames = new page" (a test walks every act).

Text form (design 6.5): first line a cursor, the rest elements with ids; nothing after the cursor is a heartbeat or a
"nothing for you"; ``!reset`` as first line means "fetch the page again".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row

from live.render import Renderer
from live.rules import layout
from live.rules.audience import Viewer
from live.rules.views import View
from live.rules.words import PUBLIC_STATUSES, Audience, Status
from live.store.models import Entry

RESET = "!reset"

TOPICS: dict[str, frozenset[str]] = {
    "ASKED": frozenset({"card", "counts"}),
    "EDITED": frozenset({"card"}),
    "WITHDRAWN": frozenset({"card", "counts", "queues"}),
    "ERASED": frozenset({"card", "counts", "stage", "queues", "follow_up"}),
    "SHOWN": frozenset({"card", "counts"}),
    "REJECTED": frozenset({"card", "counts", "queues"}),
    "MADE_PRIVATE": frozenset({"card", "counts", "queues"}),
    "REPHRASED": frozenset({"card", "stage", "queues"}),
    "MASKED": frozenset({"card", "stage", "queues"}),
    "MERGED": frozenset({"card", "counts", "stage", "queues"}),
    "UNMERGED": frozenset({"card", "counts", "stage", "queues"}),
    "EXPLAINED": frozenset({"card"}),
    "QUEUED": frozenset({"card", "counts", "queues"}),
    "UNQUEUED": frozenset({"card", "counts", "queues"}),
    "STAGED": frozenset({"card", "counts", "stage", "queues"}),
    "UNSTAGED": frozenset({"card", "counts", "stage", "queues"}),
    "ANSWERED": frozenset({"card", "counts", "stage", "queues"}),
    "MADE_WRITTEN": frozenset({"card", "counts", "stage", "queues"}),
    "NOTED": frozenset({"card", "counts"}),
    "NO_PROMISE": frozenset({"card", "counts"}),
    "CONFIRMED": frozenset({"card"}),
    "WRITTEN_ANSWERED": frozenset({"card", "counts"}),
    "SUPPORTED": frozenset({"support"}),
    "PHASE_CHANGED": frozenset({"forum", "stage"}),
    "LINKS_RENEWED": frozenset({"done"}),
    "DEVICE_ENDED": frozenset({"done"}),
    "SCREEN_CHANGED": frozenset({"screen"}),
    "PURGED": frozenset({"card"}),  # too much at once: every page is fetched again
    "PLAN_CHANGED": frozenset({"forum"}),  # in every heading and list of speakers: fetched again as well
    "RESTORED": frozenset(),  # with a new epoch: every screen starts again
    "TIME_ADDED": frozenset({"stage"}),
    "AGENDA_MOVED": frozenset({"agenda"}),
    "MESSAGE_SENT": frozenset({"message"}),
    "MESSAGE_READ": frozenset({"message"}),
    "PAIRED": frozenset({"done"}),  # the device asks for itself
    "NOTICED": frozenset({"notice"}),
    "RUDE_WORDS_CHANGED": frozenset({"words"}),
    "HANDED_OVER": frozenset({"done"}),
    "UNDONE": frozenset({"done"}),  # and what the acts it undid are about
    "GROUPED": frozenset({"groups"}),
    "HELP_ASKED": frozenset({"help"}),
    "HELPED": frozenset({"help"}),
    "CONSENTED": frozenset(),
    "CONSENT_WITHDRAWN": frozenset(),
    "FEEDBACK_GIVEN": frozenset({"feedback"}),
    "FORGOTTEN": frozenset({"help", "groups", "feedback"}),
    "SEATED": frozenset(),
    "SEAT_MOVED": frozenset(),
    "SEATS_MADE": frozenset({"done"}),
    "SEAT_FREED": frozenset({"done"}),
    "VOIDED": frozenset({"card", "support", "stage"}),
    "FOLLOW_UP_MADE": frozenset({"follow_up"}),
    "FOLLOW_UP_CARRIED": frozenset({"follow_up"}),
    "FOLLOW_UP_CHANGED": frozenset({"follow_up"}),
    "FOLLOW_UP_AGREED": frozenset({"follow_up"}),
    "FOLLOW_UP_PROGRESSED": frozenset({"follow_up"}),
    "FOLLOW_UP_DISPUTED": frozenset({"follow_up"}),
    "PAPERS_CHANGED": frozenset({"papers"}),
}
"""Entry kind → what changed. A kind that is missing here fails the architecture test."""

OWN = frozenset({"GROUPED", "HELP_ASKED", "HELPED", "CONSENTED", "CONSENT_WITHDRAWN", "FEEDBACK_GIVEN", "FORGOTTEN"})
"""Kinds that concern what one participant told: that participant's other screens look again."""

JOINED = "JOINED"
"""Not an entry: what happened to a question that another one was merged into, or taken out of."""

STAYING = frozenset({"EDITED", "REPHRASED", "MASKED", "CONFIRMED", "EXPLAINED", "NO_PROMISE", "TIME_ADDED", JOINED})
"""Kinds that change a card where it stands; after all others it may stand elsewhere, so it is taken out and put in."""

_HALL = {
    "notice": {"notice"},
    "banner": {"forum"},
    "earlier": {"forum"},
    "agenda": {"agenda"},
    "ask": {"forum"},
    "stage": {"stage"},
}
_MODERATOR = {
    "head": {"forum", "screen", "notice"},
    "recent": set().union(*TOPICS.values()) - {"support"},
    "words": {"words", "notice"},
    "onstage": {"card", "stage", "queues", "forum", "agenda"},
    "agenda": {"agenda"},
    "lines": {"message"},
    "projector": {"screen", "follow_up"},
    "figures": {"card", "counts", "queues", "stage"},
}
PARTS: dict[Audience, dict[str, set[str]]] = {
    Audience.PARTICIPANT: _HALL,
    Audience.HELPER: {
        "notice": {"notice"},
        "banner": {"forum"},
        "calls": {"help"},
        "agenda": {"agenda"},
        "stage": {"stage"},
    },
    Audience.PUBLIC: {"totals": {"card", "counts"}, "progress": {"follow_up"}},
    Audience.SCREEN: {
        "view": {"card", "counts", "support", "stage", "queues", "forum", "screen", "follow_up", "agenda"},
        "now": {"agenda"},
        "foot": {"card", "counts", "forum"},
        "notice": {"notice"},
    },
    # The last two stand on the closing page; on the desk itself there is no place for them, and they are left out.
    Audience.MODERATOR: _MODERATOR
    | {"agreed": {"follow_up", "screen", "forum"}, "undecided": {"card", "counts", "stage", "follow_up", "forum"}},
    Audience.ORGANISER: {
        "manage": {"card", "counts", "stage", "queues", "forum", "follow_up"},
        "papers": {"papers"},
        "crowd": {"groups", "feedback"},
    },
    Audience.SCRIBE: {
        "stage": {"stage"},
        "figures": {"card", "counts", "stage"},
        "promises": {"follow_up"},
        "undecided": {"card", "counts", "stage", "follow_up", "forum"},
    },
    Audience.SPEAKER: {
        "lines": {"message"},
        "round": {"stage", "agenda"},
        "stage": {"card", "stage"},
        "figures": {"card", "queues", "stage", "counts"},
    },
}
"""Audience → its parts beside the cards (id of the element and name of the template) → the topics that touch them."""


@dataclass(slots=True)
class Changes:
    """What some entries touched."""

    kinds: dict[int, set[str]] = field(default_factory=dict)
    supported: set[int] = field(default_factory=set)
    follow_ups: set[int] = field(default_factory=set)
    sources: set[int] = field(default_factory=set)
    topics: set[str] = field(default_factory=set)
    published: bool = False
    people: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, entries: Iterable[Entry | Row[Any]]) -> "Changes":
        """Collect; the same question touched twice counts once."""
        entries = list(entries)
        changes = cls(people={e.detail.get("person", e.actor) for e in entries if e.kind in OWN})
        for entry in entries:
            changes.topics |= TOPICS[entry.kind]
            if entry.question is not None:
                changes.kinds.setdefault(entry.question, set()).add(entry.kind)
            if entry.detail.get("into") is not None:
                changes.kinds.setdefault(entry.detail["into"], set()).add(JOINED)
            if entry.kind == "UNDONE":
                changes._undone(entry.detail)
            changes._counted(entry)
            if entry.follow_up is not None:
                changes.follow_ups.add(entry.follow_up)
                changes.sources.update(entry.detail.get("questions", ()))
            changes.follow_ups.update(entry.detail.get("follow_ups", ()))
            if entry.kind == "PHASE_CHANGED" and entry.detail["to"] == "published":
                changes.published = True
            changes.published = changes.published or entry.kind in ("PURGED", "PLAN_CHANGED")
        return changes

    def _counted(self, entry: Entry | Row[Any]) -> None:
        """Counts that changed; a card tells as well how many supports are void."""
        if entry.kind == "SUPPORTED":
            self.supported.update(entry.detail["questions"])
        for number in entry.detail["questions"] if entry.kind == "VOIDED" else entry.detail.get("voided", ()):
            self.topics |= {"card"}
            self.kinds.setdefault(number, set()).add(JOINED)

    def _undone(self, detail: Mapping[str, Any]) -> None:
        """What was undone touches what it touched when it was done."""
        self.topics |= frozenset().union(*(TOPICS[kind] for kind in detail["kinds"]))
        for number in detail["questions"]:
            self.kinds.setdefault(number, set()).add("UNDONE")
        self.follow_ups.update(detail["follow_ups"])
        self.sources.update(detail["sources"])

    @property
    def only_supports(self) -> bool:
        """Whether counts are all that changed: the storm case, answered without reading whole questions."""
        return self.topics == {"support"}


def counts(changed: Mapping[int, tuple[Status, int]]) -> str:
    """The frame body of a storm: one small element per visible question whose count changed."""
    return "".join(
        f'<b id="n-{number}">{supports}</b>'
        for number, (status, supports) in sorted(changed.items())
        if status in PUBLIC_STATUSES
    )


def body(renderer: Renderer, state: View, viewer: Viewer, changes: Changes) -> str:
    """The frame body for this viewer: parts first, then what left its place, then cards where they belong."""
    lists = layout.lists(state, viewer)
    pieces = [
        renderer.part(name, viewer, state=state, lists=lists)
        for name, topics in PARTS[viewer.audience].items()
        if topics & changes.topics
    ]
    pieces += _promises(renderer, state, viewer, changes)
    return "".join([*pieces, *_cards(renderer, state, viewer, changes, lists)])


def _cards(renderer: Renderer, state: View, viewer: Viewer, changes: Changes, lists: layout.Lists) -> list[str]:
    if not lists:
        return []
    views = {q["number"]: q for q in state["questions"]}
    where = {number: name for name, numbers in lists.items() for number in numbers}
    touched = dict(changes.kinds)
    for number in _neighbours(viewer, changes, lists, views):
        touched.setdefault(number, set())
    gone = [_gone(n) for n, kinds in sorted(touched.items()) if _left(n, kinds, where)]
    placed = [n for name in lists for n in reversed(lists[name]) if n in touched]
    cards = [
        renderer.card(
            viewer, state=state, question=views[n], where=where[n], before=_before(n, lists[where[n]], where[n])
        )
        for n in placed
    ]
    fresh = set(placed)
    numbers = [
        f'<b id="n-{n}">{views[n]["supports"]}</b>'
        for n in sorted(changes.supported - fresh)
        if n in where and n in views
    ]
    return [*gone, *cards, *numbers]


def _neighbours(viewer: Viewer, changes: Changes, lists: layout.Lists, views: dict[int, View]) -> set[int]:
    """Cards that nobody touched but that tell of others: on the desk, a queued card's buttons name its neighbours and
    depend on the stage, a card lists its follow-ups (the scribe's too), and one that waits names what it is like."""
    if viewer.audience is Audience.SCRIBE:
        return changes.sources
    if viewer.audience is not Audience.MODERATOR:
        return set()
    waiting = {n for name, numbers in lists.items() if name.startswith("queue-") for n in numbers}
    touched = set(changes.kinds)
    alike = {n for n, view in views.items() if not touched.isdisjoint(view["alike"])}
    return changes.sources | alike | (waiting if changes.topics & {"queues", "stage"} else set())


def _left(number: int, kinds: set[str], where: dict[str, str] | dict[int, str]) -> bool:
    """Whether the card may stand in another place than before. A new one that is not for this viewer never stood."""
    if kinds <= STAYING:
        return False
    return number in where or not kinds <= {"ASKED", *STAYING}


def _before(number: int, numbers: list[int], name: str) -> int | None:
    """The number this card stands before, in lists whose order is kept."""
    if not layout.is_ordered(name):
        return None
    following = numbers[numbers.index(number) + 1 :]
    return following[0] if following else None


def _gone(number: int) -> str:
    return f'<article id="q-{number}" data-status="gone"></article>'


def _promises(renderer: Renderer, state: View, viewer: Viewer, changes: Changes) -> list[str]:
    if viewer.audience not in (Audience.SCRIBE, Audience.PUBLIC):
        return []
    views = [f for f in state["follow_ups"] if f["id"] in changes.follow_ups]
    return [renderer.promise(viewer, state=state, follow_up=f) for f in views]
