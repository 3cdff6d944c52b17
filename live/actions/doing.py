"""What every act gets, and what it answers."""

from dataclasses import dataclass, field
from typing import Any

from live.actions.pace import Pace
from live.rules.actor import Actor
from live.rules.acts import Act
from live.store.change import Change
from live.store.models import FollowUp, Question
from live.store.safe import Safe


@dataclass(slots=True)
class Doing:
    """One act under way: the change, who does it and in which role, where secrets are sealed, and how fast.

    ``is_final`` when it cannot be undone.
    """

    change: Change
    act: Act
    actor: Actor
    role: str
    safe: Safe
    pace: Pace
    is_final: bool = False

    def note_down(
        self,
        *,
        question: Question | None = None,
        follow_up: FollowUp | None = None,
        kind: str | None = None,
        detail: dict[str, Any] | None = None,
    ) -> None:
        """Append this act's entry (or ``kind``) to the journal."""
        self.change.append(
            kind or self.act.entry,
            role=self.role,
            actor=self.actor.id,
            question=question,
            follow_up=follow_up,
            detail=detail,
        )


@dataclass(slots=True)
class Outcome:
    """The answer of an act: the JSON of design 6.4, and 201 when something was created.

    ``once`` is told to the asker only now and never kept: a secret.
    """

    body: dict[str, Any] = field(default_factory=dict)
    created: bool = False
    once: dict[str, Any] = field(default_factory=dict)
