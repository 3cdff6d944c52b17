"""What a screen shows, built from its start state and the frames that followed: number → (status, supports)."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

Look = tuple[str, int]
"""Status and supports of one question."""

ELEMENT = re.compile(r'<[a-z]+\s(?:[^>]*?\s)?id="(q|n)-(\d+)"[^>]*>(?:\s*([\d.]+))?')
STATUS = re.compile(r'\sdata-status="([a-z]+)"')
SUPPORTS = re.compile(r'\sdata-supports="(\d+)"')


class Change(NamedTuple):
    """One element of a frame: a card, or a count alone (``status`` None)."""

    number: int
    status: str | None
    supports: int


@lru_cache(maxsize=1024)
def changes_in(html: str) -> tuple[Change, ...]:
    """Read a frame's elements, in their order.

    Cached: hundreds of screens get the same bytes, and reading them once leaves the processor to the server.
    """
    return tuple(change for found in ELEMENT.finditer(html) if (change := _change(found)))


def _change(found: re.Match[str]) -> Change | None:
    """None for an element that says nothing about a question."""
    number, count = int(found[2]), found[3]
    if found[1] == "n":
        return Change(number, None, int(count.replace(".", ""))) if count else None
    status, supports = STATUS.search(found[0]), SUPPORTS.search(found[0])
    return Change(number, status[1], int(supports[1]) if supports else 0) if status else None


class Picture:
    """What one screen shows: its list of cards, with what is on stage among them.

    Merged questions are left out: their card and their state carry different things.
    """

    def __init__(self) -> None:
        self._cards: dict[int, Look] = {}

    def start(self, state: Mapping[str, Any]) -> list[int]:
        """Replace everything by a state; returns the numbers that were not there before."""
        before, self._cards = self._cards, looks_of(state)
        return [number for number in self._cards if number not in before]

    def apply(self, changes: Iterable[Change]) -> list[int]:
        """Apply a frame; returns the numbers that appeared. Applying a frame twice changes nothing more.

        A card that moves is taken out and put in again within one frame: that is no new question.
        """
        before = set(self._cards)
        for change in changes:
            self._apply_one(change)
        return [number for number in self._cards if number not in before]

    def _apply_one(self, change: Change) -> None:
        if change.status is None:
            if look := self._cards.get(change.number):
                self._cards[change.number] = (look[0], change.supports)
        elif change.status in ("gone", "merged"):
            self._cards.pop(change.number, None)
        else:
            self._cards[change.number] = (change.status, change.supports)

    def looks(self) -> dict[int, Look]:
        """Everything on this screen."""
        return dict(self._cards)

    def status(self, number: int) -> str | None:
        """The status of one question here, None if it is not on this screen."""
        look = self._cards.get(number)
        return look[0] if look else None


def looks_of(state: Mapping[str, Any]) -> dict[int, Look]:
    """The same view of a state document, without merged questions."""
    return {
        question["number"]: (question["status"], question.get("supports", 0))
        for question in state["questions"]
        if question["status"] != "merged"
    }
