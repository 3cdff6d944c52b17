"""The table of acts: who may do what to what, and when. Code, documentation and tests all read this one table.

The order of the checks is that of design 6.4: role (403), existence (404), phase and state (409), fields (422), pace
(429). A hidden button is not a permission: every act passes here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from live.rules.actor import Actor
from live.rules.refusal import Refusal
from live.rules.words import Phase, Role, Status

Target = Literal["forum", "question", "follow_up", "message"]

ASKER = "asker"
"""Not a grant: the participant who posted this very question."""

RUNNING = frozenset({Phase.OPEN, Phase.SUPPORTING})
UNPUBLISHED = frozenset({Phase.DRAFT, Phase.OPEN, Phase.SUPPORTING, Phase.CLOSED})
STARTED = frozenset({Phase.OPEN, Phase.SUPPORTING, Phase.CLOSED})
AFTER = frozenset({Phase.CLOSED, Phase.PUBLISHED})
ALWAYS = frozenset(Phase)

_WAITING = (Status.PENDING, Status.SHOWN, Status.QUEUED)
_HEARD = (Status.STAGE, Status.ANSWERED, Status.WRITTEN)
_ANY = tuple(Status)


@dataclass(frozen=True, slots=True)
class Act:
    """One act.

    ``roles`` in the order in which they speak for a browser that holds several. A speaker may act only on what is on
    stage for, waiting for, or sent to that very speaker, and on the forum only while on stage. ``stands`` are the
    statuses in which the wish is already fulfilled: asking again is answered with 200 and changes nothing.
    ``is_undone`` is whether ``undo`` may take it back.
    """

    name: str
    entry: str
    roles: tuple[str, ...]
    phases: frozenset[Phase]
    target: Target = "forum"
    statuses: tuple[Status, ...] = ()
    to: Status | None = None
    stands: tuple[Status, ...] = ()
    is_undone: bool = True


def _question(
    name: str,
    entry: str,
    roles: Iterable[str],
    statuses: Iterable[Status],
    to: Status | None = None,
    *,
    phases: frozenset[Phase] = UNPUBLISHED,
    stands: Iterable[Status] = (),
) -> Act:
    return Act(name, entry, tuple(roles), phases, "question", tuple(statuses), to, tuple(stands))


def _follow_up(name: str, entry: str, roles: Iterable[str], phases: frozenset[Phase] = ALWAYS - {Phase.DRAFT}) -> Act:
    return Act(name, entry, tuple(roles), phases, "follow_up")


_PARTICIPANT = (Role.PARTICIPANT,)
_MODERATOR = (Role.MODERATOR,)
_STAGE = (Role.MODERATOR, Role.SPEAKER)
_RECORD = (Role.SCRIBE, Role.MODERATOR, Role.ORGANISER)

ACTS: dict[str, Act] = {
    act.name: act
    for act in (
        Act("ask", "ASKED", (Role.MODERATOR, Role.HELPER, Role.PARTICIPANT), frozenset({Phase.OPEN})),
        Act("similar", "", (Role.PARTICIPANT,), ALWAYS),
        _question("support", "SUPPORTED", (Role.PARTICIPANT,), (Status.SHOWN, Status.QUEUED), phases=RUNNING),
        _question("edit", "EDITED", (ASKER,), (Status.PENDING,)),
        _question("withdraw", "WITHDRAWN", (ASKER,), _WAITING, Status.WITHDRAWN, stands=(Status.WITHDRAWN,)),
        _question("erase", "ERASED", (Role.PARTICIPANT,), tuple(Status), Status.WITHDRAWN, phases=ALWAYS),
        _question(
            "show",
            "SHOWN",
            _MODERATOR,
            (Status.PENDING, Status.REJECTED, Status.PRIVATE),
            Status.SHOWN,
            stands=(Status.SHOWN,),
        ),
        _question("reject", "REJECTED", _MODERATOR, _WAITING, Status.REJECTED, stands=(Status.REJECTED,)),
        _question("private", "MADE_PRIVATE", _MODERATOR, _WAITING, Status.PRIVATE, stands=(Status.PRIVATE,)),
        _question("rephrase", "REPHRASED", _MODERATOR, _ANY),
        _question("mask", "MASKED", _MODERATOR, _ANY),
        _question("merge", "MERGED", _MODERATOR, _WAITING, Status.MERGED),
        _question("unmerge", "UNMERGED", _MODERATOR, (Status.MERGED,)),
        _question("why", "EXPLAINED", _MODERATOR, (Status.QUEUED, *_HEARD)),
        _question(
            "queue",
            "QUEUED",
            _STAGE,
            (Status.PENDING, Status.SHOWN, Status.ANSWERED, Status.QUEUED),
            Status.QUEUED,
            phases=UNPUBLISHED,
        ),
        _question("unqueue", "UNQUEUED", _MODERATOR, (Status.QUEUED,), Status.SHOWN, stands=(Status.SHOWN,)),
        _question(
            "stage",
            "STAGED",
            _MODERATOR,
            (Status.QUEUED, Status.SHOWN),
            Status.STAGE,
            phases=RUNNING,
            stands=(Status.STAGE,),
        ),
        _question(
            "unstage", "UNSTAGED", _STAGE, (Status.STAGE,), Status.QUEUED, phases=STARTED, stands=(Status.QUEUED,)
        ),
        _question(
            "answered", "ANSWERED", _STAGE, (Status.STAGE,), Status.ANSWERED, phases=STARTED, stands=(Status.ANSWERED,)
        ),
        _question(
            "written",
            "MADE_WRITTEN",
            _STAGE,
            (*_WAITING, Status.STAGE),
            Status.WRITTEN,
            phases=STARTED,
            stands=(Status.WRITTEN,),
        ),
        _question("note", "NOTED", (Role.SCRIBE, Role.MODERATOR), _HEARD, phases=STARTED),
        _question("confirm", "CONFIRMED", (Role.SPEAKER, Role.MODERATOR, Role.ORGANISER), _HEARD, phases=STARTED),
        _question("no-promise", "NO_PROMISE", _RECORD, _HEARD, phases=STARTED),
        _question(
            "answer", "WRITTEN_ANSWERED", (Role.ORGANISER, Role.OWNER), (Status.WRITTEN,), phases=AFTER | STARTED
        ),
        Act("next", "NEXT", _MODERATOR, RUNNING),
        Act("group", "GROUPED", _PARTICIPANT, UNPUBLISHED),
        Act("help", "HELP_ASKED", _PARTICIPANT, UNPUBLISHED),
        Act("helped", "HELPED", (Role.HELPER, Role.MODERATOR), UNPUBLISHED, is_undone=False),
        Act("contact", "CONSENTED", _PARTICIPANT, ALWAYS),
        Act("feedback", "FEEDBACK_GIVEN", _PARTICIPANT, AFTER),
        Act("seat", "SEATED", _PARTICIPANT, UNPUBLISHED),
        Act("seats", "SEATS_MADE", (Role.ORGANISER,), UNPUBLISHED, is_undone=False),
        Act("free-seat", "SEAT_FREED", (Role.HELPER, Role.MODERATOR), UNPUBLISHED, is_undone=False),
        Act("void", "VOIDED", _MODERATOR, UNPUBLISHED),
        Act("forget", "FORGOTTEN", _PARTICIPANT, ALWAYS),
        Act("links", "LINKS_RENEWED", (Role.ORGANISER,), ALWAYS, is_undone=False),
        Act("devices", "DEVICE_ENDED", (Role.ORGANISER,), ALWAYS, is_undone=False),
        Act("phase", "PHASE_CHANGED", (Role.ORGANISER, Role.MODERATOR), ALWAYS),
        Act("show-on-screen", "SCREEN_CHANGED", _MODERATOR, ALWAYS),
        Act("time", "TIME_ADDED", _STAGE, STARTED),
        Act("agenda", "AGENDA_MOVED", _MODERATOR, UNPUBLISHED),
        Act("message", "MESSAGE_SENT", _MODERATOR, UNPUBLISHED),
        Act("message-read", "MESSAGE_READ", (Role.SPEAKER,), UNPUBLISHED, "message", is_undone=False),
        Act("pair", "PAIRED", _MODERATOR, ALWAYS, is_undone=False),
        Act("notice", "NOTICED", _MODERATOR, UNPUBLISHED),
        Act("rude-words", "RUDE_WORDS_CHANGED", _MODERATOR, UNPUBLISHED),
        Act("hand-over", "HANDED_OVER", _MODERATOR, ALWAYS, is_undone=False),
        Act("undo", "UNDONE", _MODERATOR, UNPUBLISHED, is_undone=False),
        Act("plan", "PLAN_CHANGED", (Role.ORGANISER,), UNPUBLISHED, is_undone=False),
        Act("papers", "PAPERS_CHANGED", (Role.ORGANISER,), ALWAYS),
        Act("follow-ups", "FOLLOW_UP_MADE", _RECORD, ALWAYS - {Phase.DRAFT}),
        Act("carry", "FOLLOW_UP_CARRIED", _RECORD, UNPUBLISHED, is_undone=False),
        _follow_up("follow-up", "FOLLOW_UP_CHANGED", _RECORD),
        _follow_up("agree", "FOLLOW_UP_AGREED", _MODERATOR, STARTED),
        _follow_up("progress", "FOLLOW_UP_PROGRESSED", (Role.ORGANISER, Role.OWNER)),
        _follow_up("dispute", "FOLLOW_UP_DISPUTED", (Role.PARTICIPANT,), frozenset({Phase.PUBLISHED})),
    )
}


def speaking_as(
    act: Act, actor: Actor, *, asker: str | None = None, speaker: int | None = None, owner: str | None = None
) -> str:
    """The role in which ``actor`` may do ``act``; refuses with 403 when there is none.

    ``asker``, ``speaker`` and ``owner`` belong to the item: who posted the question, for whom it waits or is on stage,
    and which office owns the follow-up or the written answer.
    """
    for role in act.roles:
        if role == ASKER and asker is not None and asker == actor.id:
            return Role.PARTICIPANT
        if role == Role.SPEAKER and speaker is not None and speaker in actor.positions:
            return Role.SPEAKER
        if role == Role.OWNER and owner and owner in actor.offices:
            return Role.OWNER
        if role not in (ASKER, Role.SPEAKER, Role.OWNER) and role in actor.roles:
            return role
    raise Refusal("not_yours" if act.roles == (ASKER,) else "not_allowed", "role")


def may_ever(act: Act, actor: Actor) -> None:
    """Refuse early who holds no role of this act at all, before it is known whether the question exists."""
    held = {ASKER, *actor.roles}
    if not held.intersection(act.roles):
        raise Refusal("not_allowed", "role")


def check_phase(act: Act, phase: Phase) -> None:
    """Refuse with 409 outside the act's phases; the reason names the phase (``phase_closed`` and so on)."""
    if phase not in act.phases:
        raise Refusal(f"phase_{phase}", "state", extra={"phase": phase})


def stands(act: Act, status: Status) -> bool:
    """Whether the question already is where the act would bring it."""
    return status in act.stands


def check_status(act: Act, status: Status) -> None:
    """Refuse with 409 when the question is not in a status this act starts from."""
    if status not in act.statuses:
        raise Refusal("wrong_status", "state", params={"status": status})
