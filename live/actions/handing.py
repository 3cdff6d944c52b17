"""Handing the desk to somebody else."""

from live.actions import linking
from live.actions.doing import Doing, Outcome
from live.actions.fields import Fields
from live.rules.actor import Granted
from live.rules.words import Role


async def hand_over(doing: Doing, _fields: Fields) -> Outcome:
    """Make one more link of the role moderator; its secret is told once, in ``secret``, and kept nowhere."""
    change = doing.change
    secret = await linking.made(change.session, change.forum, Granted(Role.MODERATOR), change.now)
    doing.note_down()
    return Outcome({}, created=True, once={"secret": secret})
