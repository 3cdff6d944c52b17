"""Handing the desk to somebody else."""

from datetime import timedelta

from live.actions.doing import Doing, Outcome
from live.actions.fields import Fields
from live.actions.linking import LINK_DAYS
from live.rules.actor import Granted
from live.rules.words import Role
from live.store import links


async def hand_over(doing: Doing, _fields: Fields) -> Outcome:
    """Make one more link of the role moderator; its secret is told once, in ``secret``, and kept nowhere."""
    change = doing.change
    expires = max(change.forum.ends, change.now) + timedelta(days=LINK_DAYS)
    secret = await links.make(change.session, change.forum.id, Granted(Role.MODERATOR), change.now, expires)
    doing.note_down()
    return Outcome({}, created=True, once={"secret": secret})
