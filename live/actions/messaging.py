"""Private lines from the desk to one speaker ("two minutes left"), and the receipt that they were read."""

from live.actions.doing import Doing, Outcome
from live.actions.fields import Fields, position
from live.rules import text
from live.store.models import Message

MESSAGE_LIMIT = 200


class Send(Fields, frozen=True, kw_only=True):
    """The fields of ``message``."""

    speaker: int
    text: str


async def send(doing: Doing, fields: Send) -> Outcome:
    """Send one line to one speaker; nobody else gets it."""
    change, forum = doing.change, doing.change.forum
    position(fields.speaker, await change.speaker_count())
    line = text.normalise(fields.text, limit=MESSAGE_LIMIT, lines=False)
    forum.last_message += 1
    message = Message(
        forum_id=forum.id, number=forum.last_message, speaker=fields.speaker, text=line, sent=change.now, read=None
    )
    change.session.add(message)
    doing.note_down(detail={"message": message.number, "speaker": fields.speaker})
    return Outcome({"id": message.number, "status": message.status, "speaker": fields.speaker}, created=True)


async def read(doing: Doing, message: Message, _fields: Fields) -> None:
    """Say that the line was read; the desk sees it."""
    if message.read is None:
        message.read = doing.change.now
        doing.note_down(detail={"message": message.number, "speaker": message.speaker})
