"""Who acts: a participant's browser and the grants it holds."""

from dataclasses import dataclass, field

from live.rules.words import Role


@dataclass(frozen=True, slots=True)
class Granted:
    """One role in one forum; ``speaker`` is the position for the role speaker, ``owner`` the office of an owner."""

    role: Role
    speaker: int | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """One browser in one forum. ``id`` is the participant's pseudonym, 32 hex digits; never shown to anybody.

    ``address`` is where it comes from, for limits only: it is never stored and never logged.
    """

    id: str
    grants: tuple[Granted, ...] = ()
    address: str = field(default="", compare=False, repr=False)

    @property
    def roles(self) -> frozenset[Role]:
        """All roles of this browser here; everybody is a participant, and an organiser may do what a moderator may."""
        held = {Role.PARTICIPANT, *(grant.role for grant in self.grants)}
        return frozenset(held | {Role.MODERATOR} if Role.ORGANISER in held else held)

    @property
    def positions(self) -> frozenset[int]:
        """The speakers this browser speaks for."""
        return frozenset(g.speaker for g in self.grants if g.role is Role.SPEAKER and g.speaker is not None)

    @property
    def offices(self) -> frozenset[str]:
        """The offices (positions, not persons) whose promises and written answers this browser may report on."""
        return frozenset(g.owner for g in self.grants if g.role is Role.OWNER and g.owner is not None)
