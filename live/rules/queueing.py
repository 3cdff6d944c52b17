"""Whose turn is next."""

from live.rules.facts import Facts, QuestionFacts


def following(facts: Facts, speaker: int | None = None) -> QuestionFacts | None:
    """The question that ``next`` would stage; None when nothing waits.

    With ``speaker`` the head of that queue. Without: of the speaker with the fewest minutes among those whose queue is
    not empty, ties to the lower position. Whoever is on stage comes after the others: the running answer has no
    minutes yet, and counting it by the clock would let the answer of this function change without a journal entry, so
    that two screens could name different questions.
    """
    if speaker is not None:
        return next(iter(facts.queue(speaker)), None)
    waiting = [s for s in facts.speakers if facts.queue(s.position)]
    if not waiting:
        return None
    staged = facts.on_stage
    on_stage = staged.speaker if staged is not None else None
    fewest = min(waiting, key=lambda s: (s.position == on_stage, s.seconds, s.position))
    return facts.queue(fewest.position)[0]
