"""The people of every test. A pseudonym is 32 hex digits, as the cookie gives it."""

from live.rules.actor import Actor, Granted
from live.rules.words import Role


def person(number: int, *roles: Granted) -> Actor:
    """Somebody with these roles."""
    return Actor(f"{number:032x}", roles)


SARI = person(1)  # asks
BUDI = person(2)  # supports
TONO = person(3)  # a stranger
MAYA = person(10, Granted(Role.MODERATOR))
RIZAL = person(11, Granted(Role.MODERATOR))  # the second moderator
NINA = person(12, Granted(Role.SCRIBE))
OKI = person(13, Granted(Role.ORGANISER))
HADI = person(14, Granted(Role.HELPER))
LAYAR = person(15, Granted(Role.SCREEN))
AHMAD = person(21, Granted(Role.SPEAKER, 1))
BEATRIX = person(22, Granted(Role.SPEAKER, 2))
CAHYA = person(23, Granted(Role.SPEAKER, 3))
DINA = person(31, Granted(Role.OWNER, owner="Kabid Dafduk"))  # reports on what her office promised

EVERYBODY = {
    "participant": SARI,
    "helper": HADI,
    "moderator": MAYA,
    "scribe": NINA,
    "speaker": AHMAD,
    "screen": LAYAR,
    "organiser": OKI,
    "owner": DINA,
}
