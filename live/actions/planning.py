"""Changing what a forum was planned as: its words, times, speakers and rules, read as strictly as a forum file.

What people have built on stays: the agency and the language; the level of integrity once the forum has begun; a
speaker's number for good; and a speaker with questions, as a row. Speakers may be renamed and added.
"""

from typing import Any

from sqlalchemy import delete, or_, select

from live.actions import creating, linking
from live.actions.doing import Doing, Outcome
from live.actions.fields import Fields
from live.rules import forum_file
from live.rules.actor import Granted
from live.rules.forum_file import BadForumFile, ForumPlan
from live.rules.refusal import Refusal, of_field
from live.rules.words import Phase, Role
from live.store import links
from live.store.change import Change
from live.store.models import AgendaItem, Answer, Message, Question, Speaker


class Planned(Fields, frozen=True, kw_only=True):
    """The field of ``plan``: the whole forum file, as JSON; its phase and agency are passed over."""

    plan: str


async def change(doing: Doing, fields: Planned) -> Outcome:
    """Make the forum what this plan says; every open page is fetched again. ``changed`` names what is not as before."""
    forum = doing.change.forum
    try:
        plan = forum_file.read(fields.plan, "json")
        await creating.check_predecessor(doing.change.session, plan)
    except BadForumFile as bad:
        field = "plan" if bad.field == "file" else bad.field  # here no file is the whole, but this field
        raise of_field(field, "bad_forum") from None
    _check(doing.change, plan)
    wanted = creating.columns(plan)
    changed = {name for name, value in wanted.items() if getattr(forum, name) != value}
    for name in changed:
        setattr(forum, name, wanted[name])
    if await _speakers(doing.change, plan):
        changed.add("speakers")
    if await _agenda(doing.change, plan):
        changed.add("agenda")
    if "ends" in changed:
        await linking.prolong(doing.change)
    if changed:
        doing.note_down(detail={"changed": sorted(changed)})
    return Outcome({"changed": sorted(changed)})


def _check(change: Change, plan: ForumPlan) -> None:
    forum = change.forum
    has_begun = forum.phase != Phase.DRAFT or forum.last_question > 0
    for field, is_other in (
        ("agency", plan.agency != forum.agency),
        ("language", plan.language != forum.language),
        ("integrity", has_begun and plan.integrity != forum.integrity),
        ("predecessor", plan.predecessor == forum.code),
    ):
        if is_other:
            raise Refusal(f"{field}_stays", "state", extra={"field": field})
    if len(plan.agenda) < forum.agenda:
        raise Refusal("agenda_runs", "state", params={"n": forum.agenda}, extra={"field": "agenda"})


async def _speakers(change: Change, plan: ForumPlan) -> bool:
    """Rename, add, and take the last ones away as long as nobody asked them anything; whether anything changed."""
    of_forum = select(Speaker).where(Speaker.forum_id == change.forum.id).order_by(Speaker.position)
    known = list(await change.session.scalars(of_forum))
    for speaker in known[len(plan.speakers) :]:
        await _remove(change, speaker)
    is_other = len(known) != len(plan.speakers)
    for position, wanted in enumerate(plan.speakers, start=1):
        if position > len(known):
            await _add(change, position, wanted)
            continue
        speaker, now = known[position - 1], (wanted.name, wanted.field, list(wanted.topics))
        is_other = is_other or (speaker.name, speaker.field, list(speaker.topics)) != now
        speaker.name, speaker.field, speaker.topics = now
    return is_other


async def _add(change: Change, position: int, wanted: forum_file.SpeakerPlan) -> None:
    """A speaker with a link of the own, which the organiser renews to see it."""
    row: dict[str, Any] = {"name": wanted.name, "field": wanted.field, "topics": list(wanted.topics)}
    change.session.add(Speaker(forum_id=change.forum.id, position=position, **row))
    await change.session.flush()
    await linking.made(change.session, change.forum, Granted(Role.SPEAKER, position), change.now)


async def _remove(change: Change, speaker: Speaker) -> None:
    session, forum_id, position = change.session, change.forum.id, speaker.position
    asked = select(Question.id).where(
        Question.forum_id == forum_id, or_(Question.speaker == position, Question.wanted == position)
    )
    heard = select(Answer.id).where(Answer.forum_id == forum_id, Answer.speaker == position)
    told = select(Message.id).where(Message.forum_id == forum_id, Message.speaker == position)
    for used in (asked, heard, told):
        if await session.scalar(used.limit(1)) is not None:
            params = {"name": speaker.name, "n": position}
            raise Refusal("speaker_stays", "state", params=params, extra={"field": f"speakers[{position}]"})
    await links.revoke(session, forum_id, Granted(Role.SPEAKER, position), change.now)
    await session.delete(speaker)


async def _agenda(change: Change, plan: ForumPlan) -> bool:
    """The run of show, item by item; those that were begun keep their times."""
    of_forum = select(AgendaItem).where(AgendaItem.forum_id == change.forum.id).order_by(AgendaItem.position)
    known = list(await change.session.scalars(of_forum))
    gone = delete(AgendaItem).where(AgendaItem.forum_id == change.forum.id, AgendaItem.position > len(plan.agenda))
    await change.session.execute(gone)
    is_other = len(known) != len(plan.agenda)
    for position, wanted in enumerate(plan.agenda, start=1):
        now = (wanted.title, wanted.minutes, wanted.is_round)
        if position > len(known):
            row = {"title": wanted.title, "minutes": wanted.minutes, "is_round": wanted.is_round}
            change.session.add(AgendaItem(forum_id=change.forum.id, position=position, **row))
            continue
        item = known[position - 1]
        is_other = is_other or (item.title, item.minutes, item.is_round) != now
        item.title, item.minutes, item.is_round = now
    return is_other
