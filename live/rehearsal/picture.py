"""What a screen shows, built from its start state and the frames that followed: number → (status, supports)."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Literal, NamedTuple

Look = tuple[str, int]
"""Status and supports of one question."""

PUBLIC_STATUSES = frozenset({"shown", "queued", "stage", "answered", "written"})

ELEMENT = re.compile(r'<[a-z]+\s(?:[^>]*?\s)?id="(?:(stage)|(q|stage|n)-(\d+))"[^>]*>(?:\s*([\d.]+))?')
STATUS = re.compile(r'\sdata-status="([a-z]+)"')
SUPPORTS = re.compile(r'\sdata-supports="(\d+)"')


class Change(NamedTuple):
    """One element of a frame. ``place``: a card in the list, on stage, a count alone, or the stage as a whole."""

    place: Literal["card", "stage", "count", "stage_emptied"]
    number: int = 0
    status: str = ""
    supports: int = 0


@lru_cache(maxsize=1024)
def changes_in(html: str) -> tuple[Change, ...]:
    """Read a frame's elements, in their order.

    Cached: hundreds of screens get the same bytes, and reading them once leaves the processor to the server.
    """
    return tuple(change for found in ELEMENT.finditer(html) if (change := _change(found)))


def _change(found: re.Match[str]) -> Change | None:
    whole, kind, number, count = found[1], found[2], found[3], found[4]
    if whole:
        return Change("stage_emptied")
    if kind == "n":
        return Change("count", int(number), supports=int(count.replace(".", ""))) if count else None
    status, supports = STATUS.search(found[0]), SUPPORTS.search(found[0])
    if status is None:
        return None
    place: Literal["card", "stage"] = "stage" if kind == "stage" else "card"
    return Change(place, int(number), status[1], int(supports[1]) if supports else 0)


class Picture:
    """What one screen shows. Merged questions are left out: their card and their state carry different things."""

    def __init__(self) -> None:
        self._cards: dict[int, Look] = {}
        self._stage: dict[int, Look] = {}

    def start(self, state: Mapping[str, Any]) -> list[int]:
        """Replace everything by a state; returns the numbers that were not there before."""
        before = self.looks().keys()
        looks = looks_of(state)
        self._stage = {number: look for number, look in looks.items() if look[0] == "stage"}
        self._cards = {number: look for number, look in looks.items() if look[0] != "stage"}
        return [number for number in looks if number not in before]

    def apply(self, changes: Iterable[Change]) -> list[int]:
        """Apply a frame; returns the numbers that appeared. Applying a frame twice changes nothing more."""
        appeared: list[int] = []
        for change in changes:
            if self._apply_one(change):
                appeared.append(change.number)
        return appeared

    def _apply_one(self, change: Change) -> bool:
        if change.place == "stage_emptied":
            self._stage.clear()
            return False
        if change.place == "count":
            self._count(change.number, change.supports)
            return False
        here, there = (self._stage, self._cards) if change.place == "stage" else (self._cards, self._stage)
        if change.status in ("gone", "merged"):
            here.pop(change.number, None)
            return False
        is_new = change.number not in self._cards and change.number not in self._stage
        there.pop(change.number, None)
        here[change.number] = (change.status, change.supports)
        return is_new

    def _count(self, number: int, supports: int) -> None:
        for place in (self._cards, self._stage):
            if number in place:
                place[number] = (place[number][0], supports)

    def looks(self) -> dict[int, Look]:
        """Everything on this screen."""
        return {**self._cards, **self._stage}

    def status(self, number: int) -> str | None:
        """The status of one question here, None if it is not on this screen."""
        look = self._stage.get(number) or self._cards.get(number)
        return look[0] if look else None


def looks_of(state: Mapping[str, Any]) -> dict[int, Look]:
    """The same view of a state document, without merged questions."""
    return {
        question["number"]: (question["status"], question.get("supports", 0))
        for question in state["questions"]
        if question["status"] != "merged"
    }
