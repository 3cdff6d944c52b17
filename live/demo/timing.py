"""When things happen in a scenario, as moments."""

from datetime import datetime, timedelta

from live.demo.scenario import Asked, Scenario
from live.rules.words import Status

SHOWN_AFTER = 0.8
"""Minutes until a moderator has read a question."""

WAITING = 6.0
"""Minutes a question waits in its queue, if it was asked long enough before."""

BETWEEN = 0.5
"""Minutes between two answers."""

UNSEEN = frozenset({Status.PENDING, Status.REJECTED, Status.PRIVATE})


class Timing:
    """The moments of one forum; ``turns`` are the minutes in which the answers begin."""

    def __init__(self, scenario: Scenario, start: datetime) -> None:
        self._scenario, self._start = scenario, start
        self.turns = [scenario.first_turn]
        for turn in scenario.turns[:-1]:
            self.turns.append(self.turns[-1] + (turn.minutes or 0) + BETWEEN)
        self._begun = {turn.question: begun for turn, begun in zip(scenario.turns, self.turns, strict=True)}

    def minute(self, minute: float) -> datetime:
        """So many minutes after the start."""
        return self._start + timedelta(minutes=minute)

    def day(self, day: int) -> datetime:
        """In working hours, so many days after the forum."""
        return self._start + timedelta(days=day, hours=day % 6, minutes=7 * day % 60)

    def due(self, days: int | None) -> str:
        """The local day so many days after the forum, as an act takes it; empty for none."""
        if days is None:
            return ""
        return (self._start.astimezone(self._scenario.zone).date() + timedelta(days=days)).isoformat()

    def shown(self, asked: Asked) -> datetime:
        """When everybody saw the question."""
        return self.minute(asked.at + SHOWN_AFTER)

    def decided(self, asked: Asked) -> datetime:
        """When it was rejected, withdrawn, handed to the desk, or left for a written answer."""
        return self.minute(asked.at + 1 if asked.decided is None else asked.decided)

    def queued(self, asked: Asked, begun: float) -> float:
        """The minute in which a question that was answered from ``begun`` on had come into its queue."""
        return max(asked.at + SHOWN_AFTER + 0.1, begun - WAITING)

    def rounds(self, number: int, every: int) -> list[datetime]:
        """The moments, ``every`` so many minutes, in which this question could be supported."""
        asked, scenario = self._scenario.questions[number - 1], self._scenario
        if asked.becomes in UNSEEN:
            return []
        last = scenario.closes if scenario.closes is not None else self.turns[-1]
        end = self._begun.get(number, asked.decided if asked.decided is not None else last)
        first = int((asked.at + SHOWN_AFTER) // every + 1)
        return [self.minute(at * every) for at in range(first, int(end // every) + 1) if at * every < end]
