"""Was every acknowledged act kept exactly once, and do all screens agree? Pure comparisons, no traffic."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from live.rehearsal.material import marker_in
from live.rehearsal.picture import Look


@dataclass(frozen=True)
class Post:
    """One question sent by a phone; ``number`` is None when no acknowledgement ever came."""

    marker: str
    number: int | None = None


@dataclass
class Intents:
    """What one phone wants supported: the last acknowledged wish per question, and those whose answer never came."""

    acknowledged: dict[int, bool] = field(default_factory=dict)
    unsure: set[int] = field(default_factory=set)

    def range_for(self, number: int) -> tuple[int, int]:
        """Fewest and most supports this phone may have given to that question."""
        if number in self.unsure:
            return 0, 1
        wish = int(self.acknowledged.get(number, False))
        return wish, wish


@dataclass
class Verdict:
    """All zero is what the forum promises. ``examples`` explains in words what is not."""

    lost: int = 0
    doubled: int = 0
    unequal: int = 0
    examples: list[str] = field(default_factory=list)


def judge_posts(verdict: Verdict, posts: Iterable[Post], questions: Sequence[Mapping[str, Any]]) -> None:
    """Each acknowledged marker must occur once, under its number; no marker may occur twice.

    ``questions`` is the moderator's whole list. A marker masked out of the public text is found in the original.
    """
    numbers: dict[str, list[int]] = {}
    for question in questions:
        if marker := marker_in(f"{question.get('text') or ''} {question.get('original') or ''}"):
            numbers.setdefault(marker, []).append(question["number"])
    for post in posts:
        _judge_post(verdict, post, numbers.get(post.marker, []))


def _judge_post(verdict: Verdict, post: Post, found: list[int]) -> None:
    if post.number is not None and post.number not in found:
        verdict.lost += 1
        verdict.examples.append(f"lost: No. {post.number} was acknowledged, its marker {post.marker} is at {found}")
    if len(found) > 1:
        verdict.doubled += len(found) - 1
        verdict.examples.append(f"doubled: {post.marker} is No. {' and No. '.join(map(str, found))}")


def judge_supports(
    verdict: Verdict, intents: Sequence[Intents], before: Mapping[int, int], final: Mapping[int, int]
) -> None:
    """Each count must be what stood before the start plus what the phones want, within what they cannot know.

    ``final`` holds the counts that can be checked; questions missing from it are skipped.
    """
    for number, count in final.items():
        ranges = [intent.range_for(number) for intent in intents]
        fewest = before.get(number, 0) + sum(low for low, _ in ranges)
        most = before.get(number, 0) + sum(high for _, high in ranges)
        if not fewest <= count <= most:
            verdict.lost += max(0, fewest - count)
            verdict.doubled += max(0, count - most)
            verdict.examples.append(f"supports: No. {number} has {count}, the phones gave {fewest}")


def judge_screens(verdict: Verdict, pictures: Sequence[Mapping[int, Look]], fresh: Mapping[int, Look]) -> None:
    """Every screen must show exactly what a fresh state holds."""
    unlike = [at for at, picture in enumerate(pictures) if picture != fresh]
    verdict.unequal += len(unlike)
    for at in unlike[:1]:
        verdict.examples.append(f"unequal: on phone {at + 1}, {_difference(pictures[at], fresh)}")


def _difference(picture: Mapping[int, Look], fresh: Mapping[int, Look]) -> str:
    number = min(number for number in {*picture, *fresh} if picture.get(number) != fresh.get(number))
    return f"No. {number} is {picture.get(number)} on the screen and {fresh.get(number)} in the state"
