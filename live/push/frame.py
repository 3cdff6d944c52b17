"""One frame of the feed, made once for everybody it fits."""

from functools import cached_property

from live.push.frames import RESET
from live.push.wire import Message


class Frame:
    """``text`` for everybody whose position lies in ``since`` ≤ position < ``seq``."""

    def __init__(self, since: int, seq: int, text: str) -> None:
        self.since, self.seq, self.text = since, seq, text

    @property
    def is_reset(self) -> bool:
        """Whether it says "fetch the page again"."""
        return self.text.startswith(RESET)

    def message(self, *, is_nudged: bool = False) -> Message:
        """What goes to a socket: the same object for all, and one for those whose own question was touched."""
        return self._nudged if is_nudged else self._plain

    @cached_property
    def _plain(self) -> Message:
        return Message(self.text)

    @cached_property
    def _nudged(self) -> Message:
        return Message(self.text + nudge(self.seq))


class Nudging:
    """A frame for one whose own question it touches."""

    is_reset = False

    def __init__(self, frame: Frame) -> None:
        self.since, self.seq, self._frame = frame.since, frame.seq, frame

    def message(self, *, is_nudged: bool = True) -> Message:
        """With the nudge, whatever is asked."""
        return self._frame.message(is_nudged=True)


def nudge(seq: int) -> str:
    """Says "look at your questions again" and nothing else."""
    return f'<i id="nudge" data-seq="{seq}" hidden></i>'
