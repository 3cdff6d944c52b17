"""What happened in a piece of a forum's journal, read once for everybody who has to be told of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from live.push.frames import Changes
from live.push.present import Present
from live.rules.facts import Facts
from live.rules.words import Status
from live.store import journal, snapshot
from live.store.database import Database

LONGEST_GAP = 1000
"""So many entries are told; who missed more fetches the page again."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """What happened from one position to ``reached``: counts, when only those changed; who asked what was touched."""

    changes: Changes
    reached: int
    began: datetime | None
    is_whole: bool
    """False when entries are missing (a journal that was trimmed): nobody may be brought up to date from it."""
    counted: Mapping[int, tuple[Status, int]] = field(default_factory=dict)
    owners: frozenset[str] = frozenset()

    @property
    def is_too_much(self) -> bool:
        """Whether pages have to be fetched again."""
        return self.changes.published or not self.is_whole

    @property
    def is_rendered(self) -> bool:
        """Whether frames need more than the counts."""
        return not self.is_too_much and not self.changes.only_supports


async def read(database: Database, present: Present, forum_id: int, since: int, seq: int) -> Stretch:
    """Everything after ``since``, at least up to ``seq``. What its frames are rendered from is read with it."""
    renew = present.reading(forum_id)

    async def at_once(session: AsyncSession) -> tuple[Stretch, Facts | None]:
        entries = await journal.told_after(session, forum_id, since, LONGEST_GAP + 1)
        changes = Changes.of(entries)
        # More may have been committed than was asked for: what was read is what is told.
        reached, began = (entries[-1].seq, entries[0].at) if entries else (seq, None)
        is_whole = reached - since == len(entries) and reached >= seq
        stretch = Stretch(changes, max(seq, reached), began, is_whole)
        facts = await renew(session, entries) if stretch.is_rendered else None
        if facts is not None:
            asked_by = frozenset(facts.askers(changes.kinds))
        else:
            asked_by = await snapshot.askers(session, forum_id, set(changes.kinds))
        counted = await snapshot.counts(session, forum_id, changes.supported) if changes.only_supports else {}
        return replace(stretch, counted=counted, owners=asked_by | changes.people), facts

    stretch, facts = await database.read(at_once)
    if facts is not None:  # what the frames are about to ask for
        present.remember(facts)
    return stretch
