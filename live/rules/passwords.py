"""What a password must be: long, and not one that is tried first (OWASP ASVS 5.0, 6.2.1 and 6.2.4)."""

from collections.abc import Iterable

from zxcvbn import zxcvbn

from live.rules.refusal import Refusal

SHORTEST, LONGEST = 12, 128
OFFICE_WORDS = tuple("jaring forum dukcapil disdukcapil kelurahan kecamatan pelayanan indonesia admin".split())
"""What anybody would try first at an office; zxcvbn knows English words and names."""
WEAKEST = 3
"""Of zxcvbn's five classes: 3 takes more than 10⁸ guesses by somebody who knows the usual words."""


def check(password: str, own_words: Iterable[str]) -> None:
    """Refuse a password that is too short, too long to hash, or easily guessed; ``own_words`` (name, agency) count as
    known to whoever guesses."""
    if len(password) < SHORTEST:
        raise Refusal("password_short", "fields", params={"least": SHORTEST}, extra={"field": "password"})
    if len(password) > LONGEST:
        raise Refusal("password_long", "fields", params={"most": LONGEST}, extra={"field": "password"})
    known = [*OFFICE_WORDS, *(word for words in own_words for word in (words, *words.split()))]
    # It takes time with the square of the length; what makes a password weak shows in its first part.
    if zxcvbn(password[:72], user_inputs=known)["score"] < WEAKEST:
        raise Refusal("password_common", "fields", extra={"field": "password"})


def wait(failures: int, seconds_ago: float) -> int:
    """Whole seconds until the next try: 1 after the first failure, doubling to 60; the account is never locked."""
    if not failures:
        return 0
    delay = min(60.0, 2.0 ** min(failures - 1, 6))
    return max(0, -int(-(delay - seconds_ago) // 1))
