"""How long a forum to rehearse with lives."""

from datetime import datetime, timedelta

LONGEST = timedelta(days=7)
AFTER_THE_START = timedelta(hours=24)
"""For who rehearses a forum whose time has come or gone: long enough to be done, and to be read the next morning."""


def erase_at(now: datetime, starts: datetime) -> datetime:
    """When a rehearsal made ``now`` of a forum that ``starts`` then is erased, if the forum is not opened before.

    Before the real start whenever that still lies ahead, and never later than ``LONGEST`` from now.
    """
    return min(starts, now + LONGEST) if starts > now else now + AFTER_THE_START
