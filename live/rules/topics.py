"""Which speaker a question is for, by the topics in the forum file: a suggestion, never an assignment."""

from collections.abc import Sequence
from functools import lru_cache

from live.rules.facts import SpeakerFacts
from live.rules.similar import levelled


def suggested(text: str, speakers: Sequence[SpeakerFacts]) -> int | None:
    """The position of the speaker whose topics and field are named most in ``text``; None when none is, or at a tie."""
    return _suggested(text, tuple((s.position, (s.field, *s.topics)) for s in speakers))


def is_about(text: str, topic: str) -> bool:
    """Whether the text names the topic, or a word of it longer than two letters."""
    return _named(topic, f" {levelled(text)} ") > 0


# The same few hundred questions are asked about at every change of the forum.
@lru_cache(maxsize=4096)
def _suggested(text: str, speakers: tuple[tuple[int, tuple[str, ...]], ...]) -> int | None:
    words = f" {levelled(text)} "
    scores = {position: sum(_named(topic, words) for topic in topics) for position, topics in speakers}
    best = max(scores.values(), default=0)
    first = [position for position, score in scores.items() if score == best]
    return first[0] if best and len(first) == 1 else None


def _named(topic: str, words: str) -> int:
    """How many letters of the topic are named: a whole topic counts more than one word of it."""
    wanted = levelled(topic)
    if f" {wanted} " in words:
        return 2 * len(wanted)
    return sum(len(word) for word in set(wanted.split()) if len(word) > 2 and f" {word} " in words)
