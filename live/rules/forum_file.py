"""The file a forum is made from, read strictly: every mistake is told in one line that names the field."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from live.rules.forum_table import BadForumFile as BadForumFile
from live.rules.forum_table import Table, parsed, shown
from live.rules.forum_table import text as line
from live.rules.words import LANGUAGES, Integrity, Interpreter, Kind, Look, Moderation, Phase

MAX_SPEAKERS = 12
MAX_TOPICS = 30
TITLE_LIMIT = 200
NAME_LIMIT = 100
TOPIC_LIMIT = 60
MAX_AGENDA = 30
LENGTHS = (20, 2000)
ANSWER_SECONDS = (30, 3600)
ROUND_MINUTES = (5, 720)
ITEM_MINUTES = (1, 720)
LONGEST_WAIT = 250
MAX_DAYS = 100


@dataclass(frozen=True, slots=True)
class SpeakerPlan:
    """One speaker. The place in ``ForumPlan.speakers``, from 1, is the speaker's number for good."""

    name: str
    field: str
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemPlan:
    """One item of the run of show; ``is_round`` marks the round of questions, whose clock starts with the item."""

    title: str
    minutes: int
    is_round: bool = False


@dataclass(frozen=True, slots=True)
class ForumPlan:
    """A forum as planned. ``starts`` < ``ends``, both aware and in UTC; ``timezone`` is the IANA name of the place."""

    title: str
    agency: str
    place: str
    starts: datetime
    ends: datetime
    timezone: str
    language: str
    moderation: Moderation
    phase: Phase
    max_length: int
    speakers: tuple[SpeakerPlan, ...]
    answer_seconds: int = 180
    round_minutes: int = 90
    interpreter: Interpreter = Interpreter.NONE
    look: Look = Look.LIGHT
    integrity: Integrity = Integrity.OPEN
    agenda: tuple[ItemPlan, ...] = ()
    written_days: Mapping[str, int] = dataclasses.field(default_factory=dict)
    days_off: tuple[date, ...] = ()
    days_on: tuple[date, ...] = ()
    predecessor: str | None = None


def read(text: str, form: Literal["toml", "json"]) -> ForumPlan:
    """The plan in ``text``. Raises ``BadForumFile`` for the first thing wrong with it.

    Required: title, agency, place, starts, ends, timezone, speakers (1 to 12, each with name and field). Left out:
    language ``id``, moderation ``before``, integrity ``open``, phase ``draft``, max_length 300, topics none, agenda
    none; answer_seconds 180 (the target of one answer), interpreter ``none`` and look ``light`` (of the projector);
    round_minutes as long as the first agenda item with ``questions = true``, else 90; written_days (working days for a
    written answer by kind) as :mod:`live.rules.working_days` has them; days_off and days_on (this office is closed or
    works on them, whatever the calendar says) none; predecessor (the code of the forum whose follow-ups open this one)
    none. Times are local to ``timezone``, without an offset; one that a clock change skips is refused, one it repeats
    means the first.
    """
    table = Table(parsed(text, form))
    title = table.text("title", TITLE_LIMIT)
    zone = _zone(table)
    agenda = tuple(map(_item, table.some_tables("agenda", MAX_AGENDA)))
    plan = ForumPlan(
        title=title,
        agency=table.text("agency", TITLE_LIMIT),
        place=table.text("place", TITLE_LIMIT),
        starts=_moment(table, "starts", zone),
        ends=_moment(table, "ends", zone),
        timezone=zone.key,
        language=table.choice("language", LANGUAGES, "id"),
        moderation=Moderation(table.choice("moderation", tuple(Moderation), Moderation.BEFORE)),
        phase=Phase(table.choice("phase", tuple(phase for phase in Phase if phase != Phase.PUBLISHED), Phase.DRAFT)),
        max_length=table.whole("max_length", LENGTHS, 300),
        speakers=tuple(map(_speaker, table.tables("speakers", MAX_SPEAKERS))),
        answer_seconds=table.whole("answer_seconds", ANSWER_SECONDS, 180),
        round_minutes=table.whole("round_minutes", ROUND_MINUTES, _round_minutes(agenda)),
        interpreter=Interpreter(table.choice("interpreter", tuple(Interpreter), Interpreter.NONE)),
        integrity=Integrity(table.choice("integrity", tuple(Integrity), Integrity.OPEN)),
        look=Look(table.choice("look", tuple(Look), Look.LIGHT)),
        agenda=agenda,
        written_days=_written_days(table),
        days_off=_days(table, "days_off"),
        days_on=_days(table, "days_on"),
        predecessor=_predecessor(table),
    )
    table.nothing_else()
    if plan.ends <= plan.starts:
        raise BadForumFile("ends", "must be after starts")
    return plan


def _speaker(table: Table) -> SpeakerPlan:
    topics = table.items("topics", MAX_TOPICS, [])
    plan = SpeakerPlan(
        name=table.text("name", NAME_LIMIT),
        field=table.text("field", NAME_LIMIT),
        topics=tuple(line(topic, TOPIC_LIMIT, f"{table.at('topics')}[{n}]") for n, topic in enumerate(topics, 1)),
    )
    table.nothing_else()
    return plan


def _item(table: Table) -> ItemPlan:
    plan = ItemPlan(
        title=table.text("title", TOPIC_LIMIT),
        minutes=table.whole("minutes", ITEM_MINUTES),
        is_round=table.yes("questions"),
    )
    table.nothing_else()
    return plan


def _round_minutes(agenda: tuple[ItemPlan, ...]) -> int:
    """What ``round_minutes`` is when it is left out."""
    return max(ROUND_MINUTES[0], next((item.minutes for item in agenda if item.is_round), 90))


def _written_days(table: Table) -> dict[str, int]:
    days = table.get("written_days", {})
    if not isinstance(days, dict):
        raise BadForumFile("written_days", "must be a table of kinds")
    for kind, count in days.items():
        if kind not in tuple(Kind):
            raise BadForumFile(f"written_days.{shown(kind)}", f"must be one of {', '.join(Kind)}")
        if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= LONGEST_WAIT:
            raise BadForumFile(f"written_days.{kind}", f"must be a whole number from 1 to {LONGEST_WAIT}")
    return dict(days)


def _days(table: Table, field: str) -> tuple[date, ...]:
    found = []
    for place, value in enumerate(table.items(field, MAX_DAYS, []), 1):
        try:
            found.append(date.fromisoformat(value) if isinstance(value, str) else value)
        except ValueError:
            found.append(None)
        if not isinstance(found[-1], date) or isinstance(found[-1], datetime):
            raise BadForumFile(f"{field}[{place}]", "must be a day like 2026-12-31")
    return tuple(found)


def _predecessor(table: Table) -> str | None:
    code = table.get("predecessor", "")
    if not isinstance(code, str) or (code and not (len(code) == 6 and code.isascii() and code.isdigit())):
        raise BadForumFile("predecessor", "must be the six digits of an earlier forum")
    return code or None


def _zone(table: Table) -> ZoneInfo:
    name = table.get("timezone")
    try:
        return ZoneInfo(name)
    # Besides "not found": a value that is no text, a path out of the database, a folder of it.
    except (KeyError, ValueError, TypeError, AttributeError, OSError) as error:
        raise BadForumFile("timezone", "must be a name like Asia/Makassar") from error


def _moment(table: Table, field: str, zone: ZoneInfo) -> datetime:
    local = _local_time(table.get(field), field)
    if local.tzinfo is not None:
        raise BadForumFile(field, "must be local time without an offset; the zone is the field timezone")
    try:
        moment = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
        back = moment.astimezone(zone).replace(tzinfo=None)
    except OverflowError as error:
        raise BadForumFile(field, "must be a time like 2022-06-30T09:00:00") from error
    if back != local:
        raise BadForumFile(field, f"does not exist in {zone.key}: the clocks skip it")
    return moment


def _local_time(value: object, field: str) -> datetime:
    try:
        # A date alone would silently become midnight.
        moment = datetime.fromisoformat(value) if isinstance(value, str) and ":" in value else value
    except ValueError:
        moment = None
    if not isinstance(moment, datetime):
        raise BadForumFile(field, "must be a time like 2022-06-30T09:00:00")
    return moment
