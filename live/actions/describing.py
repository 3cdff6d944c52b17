"""``docs/acts.md``: the table of acts for people, written from the table that the program itself obeys.

``python -m live.actions.describing > docs/acts.md`` writes it anew; a test fails while the two differ.
"""

import inspect
import sys
from collections.abc import Iterable

from live.actions.table import DEEDS
from live.rules.acts import ACTS, ASKER, Act
from live.rules.words import Phase, Role, Status

HEAD = """# The acts

Who may do what to what, and when. Made from `live/rules/acts.py`, which the program itself obeys, by
`python -m live.actions.describing > docs/acts.md`; change it there
(`tests/test_acts_page.py` keeps the two equal).

Every act is a POST below `/f/{code}`. It is checked in this order, and the first "no" is the answer: role (403),
existence (404), phase and status (409), fields (422), pace (429). An organiser may do what a moderator may. *That
speaker* is the one for whom the question waits or is on stage. *Entry* is the line that the act leaves in the journal;
an act that changes nothing leaves none, and asking for what already stands (*already*) is answered with 200.
"""

TITLES = {
    "forum": "Acts on the forum",
    "question": "Acts on a question",
    "follow_up": "Acts on a follow-up",
}
ELSEWHERE = {
    "support": "Give one's support, or take it back.",
    "similar": "Find questions like the one being typed.",
}
"""Acts that are no deed of their own: supports are written in groups, and looking for similar ones changes nothing."""

WHO = {ASKER: "the asker", Role.PARTICIPANT: "everybody", Role.SPEAKER: "that speaker"}


def markdown() -> str:
    """The whole page."""
    targets = dict.fromkeys(act.target for act in ACTS.values())
    return "\n".join([HEAD, *(_section(target) for target in targets)])


def _section(target: str) -> str:
    acts = [act for act in ACTS.values() if act.target == target]
    title = TITLES.get(target, f"Acts on a {target.replace('_', ' ')}")
    moving = ("From", "To", "Already") if target == "question" else ()
    head = ("Act", "What it does", "Who", *moving, "Phases", "Entry")
    lines = [head, ("---",) * len(head), *map(_row, acts)]
    return "\n".join([f"## {title}", "", *(f"| {' | '.join(cells)} |" for cells in lines), ""])


def _row(act: Act) -> tuple[str, ...]:
    moving = (_of(act.statuses, Status), _to(act), _of(act.stands, Status)) if act.target == "question" else ()
    return _code(act.name), _does(act), _who(act), *moving, _of(act.phases, Phase), _code(act.entry)


def _does(act: Act) -> str:
    """The first sentence that the act says about itself."""
    deed = DEEDS.get(act.name)
    words = ELSEWHERE[act.name] if deed is None else inspect.getdoc(deed.do) or ""
    return " ".join(words.split("\n\n")[0].split()).partition(". ")[0].rstrip(".").replace("|", "\\|")


def _who(act: Act) -> str:
    if Role.PARTICIPANT in act.roles:
        return WHO[Role.PARTICIPANT]
    return ", ".join(WHO.get(role, role) for role in act.roles)


def _to(act: Act) -> str:
    return _code(act.to) if act.to is not None else "as it was"


def _of(some: Iterable[Phase] | Iterable[Status], every: type[Phase] | type[Status]) -> str:
    """The ones that count, in the order of the words; all but a few of them are told by what is missing."""
    wanted = set(some)
    missing = [word for word in every if word not in wanted]
    if not missing:
        return "any"
    if len(missing) <= 2 and len(wanted) > len(missing):
        return f"any but {' '.join(map(_code, missing))}"
    return " ".join(_code(word) for word in every if word in wanted) or "–"


def _code(word: str) -> str:
    return f"`{word}`" if word else "–"


if __name__ == "__main__":
    sys.stdout.write(markdown())
