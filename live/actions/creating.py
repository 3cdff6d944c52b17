"""Creating a forum from a plan, with its role links; the links' secrets are told once."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from live.actions import linking
from live.rules.actor import Granted
from live.rules.forum_file import BadForumFile, ForumPlan, ItemPlan, SpeakerPlan
from live.rules.words import Role, View
from live.store.database import Database, UnknownForum
from live.store.models import AgendaItem, Forum, RetiredCode, Speaker

SINGLE_ROLES = (Role.MODERATOR, Role.SCRIBE, Role.HELPER, Role.SCREEN, Role.ORGANISER)


async def create(database: Database, plan: ForumPlan, public_url: str) -> dict[str, object]:
    """Make the forum; returns ``{"code", "links": {…}}`` with absolute addresses (design 6.1).

    Raises :class:`BadForumFile` when the predecessor that it names does not exist.
    """
    async with database.writing() as session:
        await check_predecessor(session, plan)
        row = columns(plan) | {"phase": plan.phase}
        forum = await forum_of(session, database.clock(), row, plan.speakers, plan.agenda)
        made = await every_link(session, database.clock(), forum, len(plan.speakers))
    return {"code": forum.code, "links": addresses(forum.code, made, public_url)}


def addresses(code: str, made: dict[Granted, str], public_url: str) -> dict[str, object]:
    """The links as people get them: role links keep the secret in the fragment."""
    entered = {granted: entrance(public_url, secret) for granted, secret in made.items()}
    single = {granted.role.value: address for granted, address in entered.items() if granted.role in SINGLE_ROLES}
    speakers = sorted((g.speaker or 0, address) for g, address in entered.items() if g.role is Role.SPEAKER)
    found: dict[str, object] = {"participant": f"{public_url}/f/{code}", **single}
    if speakers:
        found["speakers"] = [address for _, address in speakers]
    return found


def entrance(public_url: str, secret: str) -> str:
    """The address that redeems a role link."""
    return f"{public_url}/enter#{secret}"


async def renew(database: Database, code: str, role: Role, public_url: str) -> dict[str, object] | None:
    """End the links of this role and make new ones, from the command line; None when there is no such forum."""
    try:
        async with database.change(code) as change:
            count = await change.speaker_count()
            wanted = [Granted(role, p) for p in range(1, count + 1)] if role is Role.SPEAKER else [Granted(role)]
            made = {granted: await linking.renewed(change, granted) for granted in wanted}
            change.append("LINKS_RENEWED", role=Role.ORGANISER, actor="", detail={"role": role, "speaker": None})
    except UnknownForum:
        return None
    return addresses(code, made, public_url)


async def check_predecessor(session: AsyncSession, plan: ForumPlan) -> None:
    """Raise :class:`BadForumFile` when the predecessor that the plan names does not exist, or was a rehearsal."""
    known = select(Forum.id).where(Forum.code == plan.predecessor, Forum.rehearsal_of.is_(None))
    if plan.predecessor and await session.scalar(known) is None:
        raise BadForumFile("predecessor", "no forum has this code")


def columns(plan: ForumPlan) -> dict[str, Any]:
    """What of the plan stands in the forum's own row and may change later."""
    return {
        "title": plan.title,
        "agency": plan.agency,
        "place": plan.place,
        "starts": plan.starts,
        "ends": plan.ends,
        "timezone": plan.timezone,
        "language": plan.language,
        "moderation": plan.moderation,
        "integrity": plan.integrity,
        "max_length": plan.max_length,
        "answer_seconds": plan.answer_seconds,
        "round_minutes": plan.round_minutes,
        "interpreter": plan.interpreter,
        "look": plan.look,
        "written_days": dict(plan.written_days),
        "days": {"off": [day.isoformat() for day in plan.days_off], "on": [day.isoformat() for day in plan.days_on]},
        "predecessor": plan.predecessor,
    }


async def forum_of(
    session: AsyncSession,
    now: datetime,
    row: dict[str, Any],
    speakers: Iterable[SpeakerPlan | Speaker],
    agenda: Iterable[ItemPlan | AgendaItem],
) -> Forum:
    """A new forum with these columns and a new code, and in order who answers in it and its run of show."""
    forum = Forum(
        code=await _free_code(session),
        **row,
        agenda=0,
        last_message=0,
        screen=View.JOIN,
        epoch=secrets.token_hex(8),
        seq=0,
        chain="",
        last_question=0,
        last_follow_up=0,
        created=now,
    )
    session.add(forum)
    await session.flush()
    for position, speaker in enumerate(speakers, start=1):
        session.add(
            Speaker(
                forum_id=forum.id,
                position=position,
                name=speaker.name,
                field=speaker.field,
                topics=list(speaker.topics),
            )
        )
    for position, item in enumerate(agenda, start=1):
        session.add(
            AgendaItem(
                forum_id=forum.id, position=position, title=item.title, minutes=item.minutes, is_round=item.is_round
            )
        )
    return forum


async def every_link(session: AsyncSession, now: datetime, forum: Forum, speakers: int) -> dict[Granted, str]:
    """The secret of a first link for every role."""
    wanted = [Granted(role) for role in SINGLE_ROLES]
    wanted += [Granted(Role.SPEAKER, position) for position in range(1, speakers + 1)]
    return {granted: await linking.made(session, forum, granted, now) for granted in wanted}


async def _free_code(session: AsyncSession) -> str:
    """Six digits that no forum has or had."""
    while True:
        code = str(secrets.randbelow(900_000) + 100_000)
        is_taken = await session.scalar(select(Forum.id).where(Forum.code == code)) is not None
        if not is_taken and await session.get(RetiredCode, code) is None:
            return code
