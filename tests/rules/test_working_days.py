"""Working days over holidays, against the days that were decreed; and how dates and zones are written on paper."""

from datetime import UTC, date, datetime, timedelta

import pytest

from live import dates
from live.rules import working_days
from live.rules.words import Kind

# Of 2025: the joint decree of three ministers (SKB 3 Menteri) 1017/2024, 2/2024 and 2/2024 of 14 October 2024, as
# reported by jpnn.com, amended on 7 August 2025 for 18 August (okezone.com). Of 2026: SKB 1497/2025, 2/2025 and 5/2025;
# its 17 holidays and 8 days of joint leave are below, all of them, as newspapers and teachers reported them.
DECREED_2026 = """
01-01 01-16 02-16 02-17 03-18 03-19 03-20 03-21 03-22 03-23 03-24 04-03 04-05 05-01 05-14 05-15 05-27 05-28 05-31
06-01 06-16 08-17 08-25 12-24 12-25
""".split()
OFF = {
    "2025-01-01": "New Year",
    "2025-03-31": "Idul Fitri",
    "2025-04-02": "joint leave, Idul Fitri",
    "2025-04-18": "Good Friday",
    "2025-05-30": "joint leave, Ascension",
    "2025-08-18": "joint leave, Independence",
    "2025-12-25": "Christmas",
    "2025-12-26": "joint leave, Christmas",
    "2026-01-16": "Isra Mikraj",
    "2026-02-17": "Imlek",
    "2026-03-20": "joint leave, Idul Fitri",
    "2026-05-01": "Labour Day",
    "2026-05-27": "Idul Adha",
    "2026-06-01": "Pancasila",
    "2026-08-17": "Independence",
    "2026-12-24": "joint leave, Christmas",
    "2026-11-28": "a Saturday",
    "2026-11-29": "a Sunday",
}
OPEN = ("2025-01-02", "2025-04-08", "2026-02-18", "2026-03-25", "2026-11-24", "2026-12-28", "2028-02-29")

AFTER = (
    ("2026-11-24", 1, "2026-11-25", "the next day"),
    ("2026-11-27", 1, "2026-11-30", "over a weekend"),
    ("2026-12-23", 1, "2026-12-28", "over Christmas, its joint leave and a weekend"),
    ("2026-03-17", 5, "2026-03-31", "over Nyepi, Idul Fitri and their joint leave"),
    ("2026-12-31", 1, "2027-01-04", "over New Year and a weekend"),
    ("2028-02-28", 1, "2028-02-29", "into the leap day"),
    ("2028-02-29", 1, "2028-03-01", "out of the leap day"),
    ("2027-02-26", 1, "2027-03-01", "a February without one"),
    ("2026-11-28", 1, "2026-11-30", "from a Saturday"),
    ("2026-11-24", 0, "2026-11-24", "none at all"),
)


@pytest.mark.parametrize("day", OFF)
def test_offices_are_closed_on_decreed_days(day: str) -> None:
    assert not working_days.is_working(date.fromisoformat(day)), OFF[day]


def test_of_2026_offices_are_closed_on_every_decreed_day_and_on_no_other_weekday() -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    decreed = {date.fromisoformat(f"2026-{day}") for day in DECREED_2026}
    assert len(decreed) == 17 + 8
    assert [d for d in days if working_days.is_working(d)] == [d for d in days if d.weekday() < 5 and d not in decreed]


@pytest.mark.parametrize("day", OPEN)
def test_offices_work_on_all_others(day: str) -> None:
    assert working_days.is_working(date.fromisoformat(day))


@pytest.mark.parametrize(("start", "count", "end", "why"), AFTER)
def test_working_days_are_counted_over_what_is_closed(start: str, count: int, end: str, why: str) -> None:
    assert working_days.after(date.fromisoformat(start), count) == date.fromisoformat(end), why


def test_a_written_answer_is_due_by_its_kind_and_by_what_the_forum_says() -> None:
    today = date(2026, 11, 24)
    assert working_days.written_due(Kind.COMPLAINT, today, {}) == date(2026, 12, 1)
    assert working_days.written_due(Kind.SUGGESTION, today, {}) == date(2026, 12, 14)
    assert working_days.written_due(Kind.SUGGESTION, today, {"suggestion": 2}) == date(2026, 11, 26)


# As Ejaan yang Disempurnakan spells numbers, and as the mockup of the Berita Acara writes its day.
WORDS = (
    ("2022-06-30", "Kamis, tanggal tiga puluh bulan Juni tahun dua ribu dua puluh dua"),
    ("2026-11-24", "Selasa, tanggal dua puluh empat bulan November tahun dua ribu dua puluh enam"),
    ("2028-02-29", "Selasa, tanggal dua puluh sembilan bulan Februari tahun dua ribu dua puluh delapan"),
    ("2025-08-17", "Minggu, tanggal tujuh belas bulan Agustus tahun dua ribu dua puluh lima"),
    ("2026-05-01", "Jumat, tanggal satu bulan Mei tahun dua ribu dua puluh enam"),
    ("2030-10-11", "Jumat, tanggal sebelas bulan Oktober tahun dua ribu tiga puluh"),
    ("2100-12-10", "Jumat, tanggal sepuluh bulan Desember tahun dua ribu seratus"),
)


@pytest.mark.parametrize(("day", "words"), WORDS)
def test_a_date_is_spelled_in_words(day: str, words: str) -> None:
    assert dates.in_words(date.fromisoformat(day)) == words


# Keputusan Presiden 41 of 1987: three zones, UTC+7, +8 and +9, without daylight saving.
ZONES = (
    ("Asia/Jakarta", "09.00", "WIB"),
    ("Asia/Pontianak", "09.00", "WIB"),
    ("Asia/Makassar", "10.00", "WITA"),
    ("Asia/Jayapura", "11.00", "WIT"),
)


@pytest.mark.parametrize(("zone", "clock", "name"), ZONES)
@pytest.mark.parametrize("month", [1, 7])
def test_the_three_zones_have_their_names_and_hours(zone: str, clock: str, name: str, month: int) -> None:
    moment = datetime(2026, month, 15, 2, 0, tzinfo=UTC)
    assert dates.clock(moment, zone, "id") == clock
    assert dates.zone_name(dates.local(moment, zone), zone) == name


def test_a_forum_late_in_the_evening_of_utc_is_the_next_day_in_balikpapan() -> None:
    assert dates.local(datetime(2028, 2, 28, 23, 30, tzinfo=UTC), "Asia/Makassar").date() == date(2028, 2, 29)


def test_an_offices_own_days_outweigh_the_calendar() -> None:
    days = working_days.own({"off": ["2026-11-25"], "on": ["2026-11-28", "2026-12-24"]})
    assert working_days.after(date(2026, 11, 24), 1, days) == date(2026, 11, 26), "closed on a Wednesday"
    assert working_days.after(date(2026, 11, 27), 1, days) == date(2026, 11, 28), "works on this Saturday"
    assert working_days.is_working(date(2026, 12, 24), days), "joint leave that this office does not take"
