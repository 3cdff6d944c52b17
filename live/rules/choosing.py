"""Whether a choice asks for a word of explanation: fairness one can see."""

from collections.abc import Mapping
from typing import Any

from live.rules.words import Source

FAR_RANK = 3
"""From the fourth place on a choice may be far below; above it is nobody's surprise."""


def needs_reason(chosen: Mapping[str, Any], source: Source) -> bool:
    """Whether a question was picked far below the most supported (less than half of the top) and nobody said why.

    What came on paper, aloud or through a helper is not measured: people without a phone cannot be supported as much.
    """
    if not chosen or chosen.get("why") or source is not Source.APP:
        return False
    return bool(chosen["rank"] > FAR_RANK and chosen["supports"] * 2 < chosen["top"])
