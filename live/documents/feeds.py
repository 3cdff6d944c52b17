"""The follow-up list for readers of feeds and for calendars: what moved, and what is due when."""

from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from live import dates
from live.catalogue import catalogue
from live.rules.facts import Facts, FollowUpFacts
from live.rules.follow_ups import SETTLED

FEEDS = {"rss": "application/rss+xml; charset=utf-8", "atom": "application/atom+xml; charset=utf-8"}
CALENDAR = "text/calendar"


def feed(facts: Facts, kind: Literal["rss", "atom"], base: str) -> bytes:
    """One entry for every line of progress and every objection, the latest first; ``base`` is the forum's address."""
    from feedgen.feed import FeedGenerator

    made: Any = FeedGenerator()
    title = catalogue(facts.forum.language)("rec.follow_up_of", title=facts.forum.title)
    made.id(f"{base}/follow-up")
    made.title(title)
    made.subtitle(facts.forum.agency)
    made.author(name=facts.forum.agency)
    made.language(facts.forum.language)
    made.link(href=f"{base}/follow-up", rel="alternate")
    made.link(href=f"{base}/follow-up.{kind}", rel="self")
    made.updated(max((at for at, *_ in _news(facts)), default=facts.forum.published or facts.forum.starts))
    for at, f, words in sorted(_news(facts), key=lambda each: (each[0], each[1].number)):
        entry = made.add_entry()
        address = f"{base}/follow-up#f-{f.number}"
        entry.id(f"{base}/follow-up?at={int(at.timestamp())}#f-{f.number}")
        entry.title(f"{catalogue(facts.forum.language)('rec.promise_no', n=f.number)}: {_title(f)}")
        entry.link(href=address)
        entry.description(words)
        entry.published(at)
        entry.updated(at)
    content: bytes = made.rss_str(pretty=True) if kind == "rss" else made.atom_str(pretty=True)
    return content


def calendar(facts: Facts, base: str) -> bytes:
    """A whole-day event for every promise that has a day and is not settled; reminded of three days before."""
    from icalendar import Alarm, Calendar, Event

    t = catalogue(facts.forum.language)
    made = Calendar()
    made.add("prodid", "-//Jaring//follow-ups//ID")
    made.add("version", "2.0")
    made.add("x-wr-calname", t("rec.follow_up_of", title=facts.forum.title))
    for f in facts.follow_ups:
        if f.due is None or f.status in SETTLED:
            continue
        event = Event()
        event.add("uid", f"{facts.forum.code}-{f.number}@{base.partition('://')[2].partition('/')[0]}")
        event.add("dtstamp", f.updated)
        event.add("dtstart", f.due)
        event.add("dtend", f.due + timedelta(days=1))
        event.add("summary", f"{t('rec.promise_no', n=f.number)}: {_title(f)}")
        event.add("description", "\n".join(part for part in (f.problem, f.owner, t(f"st.{f.status}")) if part))
        event.add("url", f"{base}/follow-up#f-{f.number}")
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", _title(f))
        alarm.add("trigger", timedelta(days=-3))
        event.add_component(alarm)
        made.add_component(event)
    content: bytes = made.to_ical()
    return content


def _title(f: FollowUpFacts) -> str:
    return f.recommendation or f.activity or f.problem


def _news(facts: Facts) -> list[tuple[datetime, FollowUpFacts, str]]:
    t = catalogue(facts.forum.language)
    found = []
    for f in facts.follow_ups:
        found.append((f.created.astimezone(UTC), f, f.problem))
        for line in f.progress:
            status = f"{t('rec.dropped' if line.status == 'dropped' else f'st.{line.status}')}. " if line.status else ""
            found.append((line.at, f, status + line.text))
        for d in f.disputes:
            day = dates.day(dates.local(d.at, facts.forum.timezone).date(), facts.forum.language)
            found.append((d.at, f, t("rec.disputed_on", day=day)))
    return found
