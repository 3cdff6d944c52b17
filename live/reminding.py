"""Writing to the owners of what is due: at most one letter an owner and forum, never twice for one item and day.

An item is claimed in the database before its letter goes out, so several processes share the work; when the mail
server does not take the letter the claim is given back, and the next round tries again. Who is killed in between has
claimed and not written: on that day the reminder is missing, never doubled.
"""

import asyncio
import contextlib
import smtplib
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import date

import structlog
from sqlalchemy.exc import SQLAlchemyError

from live import dates, mail
from live.catalogue import catalogue
from live.rules import reminders
from live.rules.facts import Facts
from live.rules.reminders import Item
from live.settings import Settings, Smtp
from live.store import offices, snapshot
from live.store.beside import beside
from live.store.database import Database
from live.store.safe import Safe

HOUR_SECONDS = 3600.0
FROM_HOUR = 7
"""Not before this hour of the forum's day."""

Send = Callable[[Smtp, str, str, str], None]
log = structlog.get_logger()


@contextlib.asynccontextmanager
async def reminding(database: Database, settings: Settings, safe: Safe) -> AsyncIterator[None]:
    """While the block runs, owners are written to once an hour; without a mail server nothing happens."""
    if settings.smtp is None:
        yield
        return
    async with beside(_every_hour(Mailroom(database, settings.smtp, settings.public, safe)), "remind"):
        yield


async def _every_hour(mailroom: "Mailroom") -> None:
    while True:
        try:
            await mailroom.remind()
        except (SQLAlchemyError, OSError) as error:
            log.warning("owners could not be reminded", error=type(error).__name__)
        await asyncio.sleep(HOUR_SECONDS)


@dataclass(frozen=True, slots=True)
class Mailroom:
    """Writes to owners through ``server``; ``public`` is our own address, ``safe`` opens theirs."""

    database: Database
    server: Smtp
    public: str
    safe: Safe
    send: Send = mail.send

    async def remind(self) -> int:
        """Write to everybody who has to be written to now; returns how many letters the mail server took."""
        async with self.database.reading() as session:
            forums = await offices.with_addresses(session)
        return sum([await self._forum(forum_id) for forum_id in forums])

    async def _forum(self, forum_id: int) -> int:
        async with self.database.reading() as session:
            facts = await snapshot.read(session, forum_id)
            sealed = await offices.addresses(session, forum_id)
        now = dates.local(self.database.clock(), facts.forum.timezone)
        if now.hour < FROM_HOUR:
            return 0
        by_owner: dict[str, list[Item]] = defaultdict(list)
        for item in reminders.to_send(facts, now.date()):
            by_owner[item.owner].append(item)
        reached = {owner: self.safe.open(sealed[owner]) for owner in by_owner if owner in sealed}
        sent = [await self._owner(facts, owner, to, by_owner[owner], now.date()) for owner, to in reached.items() if to]
        return sum(sent)

    async def _owner(self, facts: Facts, owner: str, to: str, items: list[Item], day: date) -> bool:
        forum_id = facts.forum.id
        async with self.database.writing() as session:
            claimed = [item for item in items if await offices.claim(session, forum_id, item.id, day)]
        if not claimed:
            return False
        try:
            await asyncio.to_thread(self.send, self.server, to, *letter(facts, owner, claimed, self.public))
        except (smtplib.SMTPException, OSError) as error:
            log.warning("a reminder was not taken", error=type(error).__name__)  # whose it is, is not for a log
            async with self.database.writing() as session:
                await offices.give_back(session, forum_id, [item.id for item in claimed], day)
            return False
        return True


def letter(facts: Facts, owner: str, items: list[Item], public: str) -> tuple[str, str]:
    """Subject and text, in the forum's language. It holds no secret: whoever reads it sees what everybody may."""
    t = catalogue(facts.forum.language)
    base = f"{public}/f/{facts.forum.code}"
    lines = [t("mail.dear", owner=owner), "", t("mail.lead", title=facts.forum.title), ""]
    for item in items:
        name = t("question_no", n=item.number) if item.is_written else t("rec.promise_no", n=item.number)
        day = dates.day(item.due, facts.forum.language)
        stands = (
            t("mail.late", day=day, n=-item.left)
            if item.left < 0
            else t("mail.due" if item.left else "mail.due_today", day=day, n=item.left)
        )
        where = f"{base}/archive#{item.id}" if item.is_written else f"{base}/follow-up#{item.id}"
        lines += [f"- {name}: {' '.join(item.title.split())[:300]}", f"  {stands}", f"  {where}"]
    lines += ["", t("mail.how"), "", facts.forum.agency]
    return t("mail.subject", n=len(items), title=facts.forum.title), "\n".join(lines) + "\n"
