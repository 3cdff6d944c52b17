"""One way through which every act goes: the checks of design 6.4 in their order, the key, the act, the answer."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any, Literal

from live.actions import fields as reading
from live.actions import seating, seen, undoing
from live.actions.doing import Doing, Outcome
from live.actions.pace import Pace
from live.actions.seen import Seen
from live.actions.supporting import LARGEST_BATCH, Give, Supports, Wish
from live.actions.table import DEEDS, Deed
from live.metrics import Metrics
from live.rules import acts, pace, text
from live.rules.actor import Actor
from live.rules.acts import Act
from live.rules.refusal import Refusal
from live.rules.words import Phase, Role, Status
from live.store import undo
from live.store.change import Change
from live.store.database import Database, UnknownForum
from live.store.models import FollowUp, Key, Message, Question
from live.store.safe import Safe
from live.store.undo import Watch

Given = Mapping[str, Any]
NOT_DIGESTED = ("phone", "code", "ticket", "proof")
"""Fields too short to hide in a digest: a telephone number would be found by trying them all."""
Item = Question | FollowUp | Message | None


class Acting:
    """Does acts for this process: one database, one pace, one set of group writers.

    Without a ``safe`` what is sealed can be opened by nobody after this process.
    """

    def __init__(
        self,
        database: Database,
        pace: Pace,
        metrics: Metrics | None = None,
        safe: Safe | None = None,
        largest_batch: int = LARGEST_BATCH,
    ) -> None:
        self.database, self.pace = database, pace
        self.safe = safe or Safe(secrets.token_bytes(32))
        self._supports = Supports(database, pace, metrics or Metrics(), largest_batch)

    async def perform(self, name: str, actor: Actor, code: str, given: Given, number: int | None = None) -> Outcome:
        """Do the act ``name`` on the forum (or on question or follow-up ``number``) and answer after its commit.

        Raises :class:`Refusal` for every "no"; nothing is changed and no number is used up then.
        """
        deed = DEEDS[name]
        acts.may_ever(deed.act, actor)
        if name in pace.LIMITS:
            self.pace.shed(actor.id, pace.LIMITS[name])

        async def do(change: Change) -> Outcome:
            outcome = await self._inside(deed, change, actor, given, number)
            outcome.body.setdefault("cursor", change.cursor)
            return outcome

        try:
            return await self.database.change_at_once(code, do)
        except UnknownForum:
            raise Refusal("no_such_forum", "existence") from None
        except Refusal as refused:
            if refused.reason == "undo_too_late":
                await self._give_up(code, actor, refused.extra["undo"])
            raise

    async def _give_up(self, code: str, actor: Actor, seq: int) -> None:
        """Forget an act that can be undone no more, or the ones before it could not be either."""
        async with self.database.change(code) as change:
            await undoing.forget(change, actor.id, seq)

    async def support(self, actor: Actor, code: str, given: Given, number: int) -> Outcome:
        """Set or unset this person's support; committed with whatever else is waiting."""
        self.pace.shed(actor.id, pace.SUPPORTING)
        wish = Wish(number, actor.id, address=actor.address)
        try:
            wish.key, wish.seen = reading.check_key(given), reading.check_cursor(given)
            wish.wanted = reading.read(Give, given)
        except Refusal as refusal:  # said after role, existence and state: the batch knows those
            wish.wrong = refusal
        try:
            return await self._supports.give(code, wish)
        except UnknownForum:
            raise Refusal("no_such_forum", "existence") from None

    async def _inside(self, deed: Deed, change: Change, actor: Actor, given: Given, number: int | None) -> Outcome:
        act = deed.act
        item = await _item(deed, change, number)
        role = acts.speaking_as(act, actor, **await _owners(act, change, item))
        wrong, key, seen_at = _marks(given)
        key, digest = _key(act.name, number, given, key)
        if wrong is None and key is not None and (known := await change.key(actor.id, key)) is not None:
            return await _repeat(act, change, known, digest)
        if isinstance(item, Question | FollowUp):
            named: Literal["question", "follow_up"] = "question" if isinstance(item, Question) else "follow_up"
            seen.check(change.forum.epoch, seen_at, item, actor.id, named)
        if act.target == "question" and isinstance(item, Question) and _stands(act, item, given):
            return Outcome(_about(item))
        acts.check_phase(act, Phase(change.forum.phase))
        if act.statuses and isinstance(item, Question):
            acts.check_status(act, Status(item.status))
        if act.name == "ask" and role == Role.PARTICIPANT:
            await seating.check(change, actor.id)
        if wrong is not None:
            raise wrong
        fields = reading.read(deed.fields, given)
        outcome = await self._paced(deed, Doing(change, act, actor, role, self.safe, self.pace), item, fields)
        if key is not None:
            await change.keep(actor.id, key, digest, outcome.body)
        return outcome

    async def _paced(self, deed: Deed, doing: Doing, item: Item, fields: reading.Fields) -> Outcome:
        """Do the act within its limit: a wrong guess of the team counts, a participant's slip of the pen does not."""
        name, person, is_team = doing.act.name, doing.actor.id, doing.role != Role.PARTICIPANT
        if is_team and name in pace.TEAM_LIMITS:
            self.pace.take(person, pace.TEAM_LIMITS[name])
        outcome = await _watched(deed, doing, item, fields)
        if not is_team and name in pace.LIMITS:
            forum, address = doing.change.forum.code, doing.actor.address
            self.pace.take(person, pace.LIMITS[name], forum=forum, address=address)
        return outcome


def _stands(act: acts.Act, question: Question, given: Given) -> bool:
    """Whether the wish is fulfilled already; merging again is a repeat only into the same question."""
    if act.name == "merge":
        return question.status == Status.MERGED and str(given.get("into")) == str(question.merged_into)
    return acts.stands(act, Status(question.status))


async def _watched(deed: Deed, doing: Doing, item: Item, fields: reading.Fields) -> Outcome:
    """Do the act, and remember what it changed if whoever does it may take it back."""
    change = doing.change
    first = change.forum.seq + 1
    watch = Watch(change.session)
    outcome = await _do(deed, doing, item, fields)
    await change.session.flush()
    if doing.role != Role.PARTICIPANT and Role.MODERATOR in doing.actor.roles and deed.act.is_undone:
        if change.forum.seq >= first and not doing.is_final:
            act = {"seq": change.forum.seq, "first": first, "act": deed.act.name, "images": watch.images()}
            await undo.remember(change.session, change.forum.id, doing.actor.id, **act)
    return outcome


async def _do(deed: Deed, doing: Doing, item: Item, fields: reading.Fields) -> Outcome:
    if item is None:
        return await deed.do(doing, fields) or Outcome()
    outcome = await deed.do(doing, item, fields) or Outcome()
    outcome.body = _about(item) | outcome.body
    return outcome


async def _item(deed: Deed, change: Change, number: int | None) -> Item:
    if deed.act.target == "forum" or number is None:
        return None
    if deed.act.target == "question":
        item: Item = await change.question(number)
        reason = "no_such_question"
    elif deed.act.target == "message":
        item, reason = await change.message(number), "no_such_message"
    else:
        item, reason = await change.follow_up(number), "no_such_follow_up"
    if item is None:
        raise Refusal(reason, "existence", params={"n": number})
    return item


async def _owners(act: Act, change: Change, item: Item) -> dict[str, Any]:
    """Whose item it is; what a speaker may do to the forum is for the one on stage."""
    if isinstance(item, Question):
        return {"asker": item.asker, "speaker": item.speaker, "owner": item.owner}
    if isinstance(item, FollowUp):
        return {"owner": item.owner}
    if isinstance(item, Message):
        return {"speaker": item.speaker}
    on_stage = await change.on_stage() if act.target == "forum" and Role.SPEAKER in act.roles else None
    return {"speaker": on_stage.speaker} if on_stage is not None else {}


def _about(item: Question | FollowUp | Message) -> dict[str, Any]:
    named = "number" if isinstance(item, Question) else "id"
    return {named: item.number, "status": str(item.status)}


def _marks(given: Given) -> tuple[Refusal | None, str | None, Seen]:
    """Key and cursor of an act. What is wrong with them is said later, after role, existence and state."""
    try:
        return None, reading.check_key(given), reading.check_cursor(given)
    except Refusal as refusal:
        return refusal, None, None


def _key(name: str, number: int | None, given: Given, key: str | None) -> tuple[str | None, str]:
    """The key of this act and the digest of its body; making something without a key counts as its text."""
    body = {k: v for k, v in given.items() if k not in ("key", "seen", *NOT_DIGESTED) and v != ""}
    digest = hashlib.sha256(json.dumps([name, number, body], sort_keys=True, default=str).encode()).hexdigest()
    words = given.get("text") if name == "ask" else given.get("problem") if name == "follow-ups" else None
    if key is None and isinstance(words, str):
        folded = hashlib.sha256(f"{name} {text.fold(words)}".encode("utf-8", "surrogatepass")).hexdigest()
        return f"text-{folded[:40]}", folded
    return key, digest


async def _repeat(act: Act, change: Change, known: Key, digest: str) -> Outcome:
    if known.digest != digest:
        raise Refusal("key_reused", "state")
    body = dict(known.result)
    item: Item = None
    if "number" in body:
        item = await change.question(int(body["number"]))
    elif "id" in body and act.name.startswith("message"):
        item = await change.message(int(body["id"]))
    elif "id" in body:
        item = await change.follow_up(int(body["id"]))
    if item is not None:
        body["status"] = str(item.status)
    return Outcome(body)
