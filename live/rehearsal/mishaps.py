"""How often things go wrong on purpose, so that exactly-once and resuming are really exercised."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Mishaps:
    """``lost_reply``: share of acts whose first reply never reaches the client.

    ``cut`` and ``poll``: chance that a screen's socket is cut, or that it asks for frames over HTTP, each time the
    screen is looked after (every ``every`` seconds). ``outage``: shortest and longest wait after a cut, in seconds.
    """

    lost_reply: float = 0.03
    cut: float = 0.02
    poll: float = 0.02
    every: float = 5.0
    outage: tuple[float, float] = (0.2, 3.0)


USUAL = Mishaps()


def dice(parent: Random | None = None) -> Random:
    """Chance for one client, from its parent's, so that clients do not disturb each other's."""
    return Random(parent.random() if parent else None)  # noqa: S311 - plays a crowd, guards nothing
