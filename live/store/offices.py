"""What an office leaves with a forum: addresses of owners, what they were reminded of, and the logo."""

import dataclasses
from datetime import date

from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from live.rules.facts import Facts
from live.rules.words import Phase
from live.store.models import Forum, Logo, OwnerAddress, Reminder


async def addresses(session: AsyncSession, forum_id: int) -> dict[str, str]:
    """Owner → sealed address."""
    rows = await session.execute(
        select(OwnerAddress.owner, OwnerAddress.sealed).where(OwnerAddress.forum_id == forum_id)
    )
    return {owner: sealed for owner, sealed in rows}


async def set_address(session: AsyncSession, forum_id: int, owner: str, sealed: str | None) -> None:
    """Keep this owner's address, in place of an earlier one; None forgets it."""
    await session.execute(delete(OwnerAddress).where(OwnerAddress.forum_id == forum_id, OwnerAddress.owner == owner))
    if sealed is not None:
        session.add(OwnerAddress(forum_id=forum_id, owner=owner, sealed=sealed))


async def with_addresses(session: AsyncSession) -> list[int]:
    """Ids of the published forums of which at least one owner can be written to; a rehearsal writes to nobody."""
    wanted = (
        select(Forum.id)
        .where(Forum.phase == Phase.PUBLISHED, Forum.rehearsal_of.is_(None))
        .where(Forum.id.in_(select(OwnerAddress.forum_id)))
        .order_by(Forum.id)
    )
    return list(await session.scalars(wanted))


async def claim(session: AsyncSession, forum_id: int, item: str, day: date) -> bool:
    """Take the one reminder of this item on this day; False when it was taken before, by whomever."""
    try:
        async with session.begin_nested():
            await session.execute(insert(Reminder).values(forum_id=forum_id, item=item, day=day))
    except IntegrityError:
        return False
    return True


async def reminded(session: AsyncSession, forum_id: int) -> dict[str, date]:
    """Item → the day of its latest reminder."""
    wanted = select(Reminder.item, func.max(Reminder.day)).where(Reminder.forum_id == forum_id)
    return {item: day for item, day in await session.execute(wanted.group_by(Reminder.item))}


async def give_back(session: AsyncSession, forum_id: int, items: list[str], day: date) -> None:
    """The letter did not go out: these reminders may be taken again."""
    await session.execute(
        delete(Reminder).where(Reminder.forum_id == forum_id, Reminder.item.in_(items), Reminder.day == day)
    )


async def logo(session: AsyncSession, forum_id: int) -> bytes:
    """The PNG of the letterhead; empty when there is none."""
    return await session.scalar(select(Logo.content).where(Logo.forum_id == forum_id)) or b""


async def with_logo(session: AsyncSession, facts: Facts) -> Facts:
    """The same facts with the logo on their papers: for making documents."""
    papers = dataclasses.replace(facts.forum.papers, logo=await logo(session, facts.forum.id))
    return dataclasses.replace(facts, forum=dataclasses.replace(facts.forum, papers=papers))


async def set_logo(session: AsyncSession, forum_id: int, content: bytes) -> None:
    """Keep this picture in place of an earlier one; empty takes it away."""
    await session.execute(delete(Logo).where(Logo.forum_id == forum_id))
    if content:
        session.add(Logo(forum_id=forum_id, content=content))
