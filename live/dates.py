"""Dates and times as Indonesian offices write them: ``Kamis, 30 Juni 2022, pukul 09.00 WITA`` (domain notes, 3.1)."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from lokal import terbilang

ZONES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


def local(value: str | datetime, zone: str) -> datetime:
    """A UTC time (or its RFC 3339 text) in the forum's zone."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.astimezone(ZoneInfo(zone))


def zone_name(moment: datetime, zone: str) -> str:
    """WIB, WITA or WIT; elsewhere the zone's own abbreviation."""
    return ZONES.get(zone) or moment.tzname() or zone


def clock(value: str | datetime, zone: str, language: str) -> str:
    """``09.00`` (Indonesian) or ``09:00``."""
    return format_time(local(value, zone), "HH.mm" if language == "id" else "HH:mm", locale=language)


def plus(value: str, seconds: int) -> str:
    """The RFC 3339 time so many seconds later."""
    return (datetime.fromisoformat(value) + timedelta(seconds=seconds)).isoformat()


def day(value: str | date, language: str, *, weekday: bool = False) -> str:
    """``30 Juni 2022``, with ``weekday`` ``Kamis, 30 Juni 2022``."""
    when = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return format_date(when, "EEEE, d MMMM y" if weekday else "d MMMM y", locale=language)


def moment(value: str | datetime, zone: str, language: str) -> str:
    """``30 Juni 2022, 09.00 WITA``."""
    there = local(value, zone)
    return f"{day(there.date(), language)}, {clock(there, zone, language)} {zone_name(there, zone)}"


def span(starts: str | datetime, ends: str | datetime, zone: str, language: str) -> str:
    """``Kamis, 30 Juni 2022, pukul 09.00–12.00 WITA``."""
    begin, end = local(starts, zone), local(ends, zone)
    at = "pukul " if language == "id" else ""
    hours = f"{clock(begin, zone, language)}–{clock(end, zone, language)} {zone_name(begin, zone)}"
    if begin.date() == end.date():
        return f"{day(begin.date(), language, weekday=True)}, {at}{hours}"
    return f"{moment(begin, zone, language)} – {moment(end, zone, language)}"


def in_words(when: date) -> str:
    """``Kamis, tanggal tiga puluh bulan Juni tahun dua ribu dua puluh dua``, as minutes of agreements spell a date."""
    names = format_date(when, "EEEE|MMMM", locale="id").split("|")
    return f"{names[0]}, tanggal {terbilang(when.day)} bulan {names[1]} tahun {terbilang(when.year)}"
