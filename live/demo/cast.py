"""Who plays: the people of one demo forum, with the grants that their links would give them."""

from dataclasses import dataclass
from random import Random

from live.rules.actor import Actor, Granted
from live.rules.words import Role

CROWD = 190


@dataclass(frozen=True, slots=True)
class Cast:
    """The team, the speakers in order, and the people in the hall."""

    moderator: Actor
    scribe: Actor
    helper: Actor
    organiser: Actor
    speakers: tuple[Actor, ...]
    crowd: tuple[Actor, ...]

    def speaker(self, position: int) -> Actor:
        """The speaker at this position, from 1."""
        return self.speakers[position - 1]


def cast(chance: Random, speakers: int) -> Cast:
    """Fresh people, the same for the same ``chance``."""

    def person(*grants: Granted) -> Actor:
        return Actor(chance.randbytes(16).hex(), grants)

    return Cast(
        moderator=person(Granted(Role.MODERATOR)),
        scribe=person(Granted(Role.SCRIBE)),
        helper=person(Granted(Role.HELPER)),
        organiser=person(Granted(Role.ORGANISER)),
        speakers=tuple(person(Granted(Role.SPEAKER, position)) for position in range(1, speakers + 1)),
        crowd=tuple(person() for _ in range(CROWD)),
    )
