"""Working time runs while the desk is open: over nights, holidays and clock changes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from helpdesk.domain.hours import OpeningHours, wall_exists, wall_to_utc
from tests.unit.opening_hours import (
    ALWAYS,
    BERLIN,
    BISHKEK,
    NEW_YORK,
    NIGHTS,
    OFFICE,
    SAT,
    at,
    span,
    utc,
    week,
)

# Adding working time


@pytest.mark.parametrize(
    ("received", "budget", "due"),
    [
        ("2026-11-25 10:00", "2:00", "2026-11-25 12:00"),
        ("2026-11-25 12:30", "1:00", "2026-11-25 14:30"),  # over the break
        ("2026-11-25 10:00", "3:00", "2026-11-25 13:00"),  # ends with the morning
        ("2026-11-25 13:30", "1:00", "2026-11-25 15:00"),  # came in the break
        ("2026-11-25 13:00", "1:00", "2026-11-25 15:00"),  # came as the break began
        ("2026-11-25 14:00", "4:00", "2026-11-25 18:00"),  # ends exactly at closing
        ("2026-11-25 09:00", "8:00", "2026-11-25 18:00"),
        ("2026-11-25 17:30", "1:00", "2026-11-26 09:30"),
        ("2026-11-25 18:00", "1:00", "2026-11-26 10:00"),  # came exactly at closing
        ("2026-11-25 07:00", "0:15", "2026-11-25 09:15"),
        ("2026-11-25 20:00", "0:15", "2026-11-26 09:15"),
        ("2026-11-27 17:00", "4:00", "2026-11-30 12:00"),  # over the weekend
        ("2026-11-28 12:00", "1:00", "2026-11-30 10:00"),  # on Saturday
        ("2026-12-30 09:00", "4:00", "2026-12-30 13:00"),  # the half day, whole
        ("2026-12-30 12:00", "4:00", "2027-01-04 12:00"),  # half day, holidays, weekend
        ("2026-12-29 17:00", "8:00", "2027-01-04 12:00"),
        ("2026-12-31 10:00", "1:00", "2027-01-04 10:00"),  # on a holiday
        ("2026-11-25 10:00", "0:00", "2026-11-25 10:00"),
        ("2026-11-25 18:00", "0:00", "2026-11-25 18:00"),
        ("2026-11-25 20:00", "0:00", "2026-11-26 09:00"),
    ],
)
def test_working_time_runs_only_while_the_desk_is_open(
    received: str, budget: str, due: str
) -> None:
    assert OFFICE.add_working(at(received), span(budget)) == at(due)


@pytest.mark.parametrize(
    ("received", "budget", "due"),
    [
        ("2026-11-23 23:00", "4:00", "2026-11-24 03:00"),
        ("2026-11-24 05:00", "1:00", "2026-11-24 06:00"),
        ("2026-11-24 05:00", "2:00", "2026-11-24 23:00"),
        ("2026-11-28 05:30", "1:00", "2026-11-30 22:30"),  # Friday's shift ends on Saturday
    ],
)
def test_a_night_shift_runs_on_over_midnight(received: str, budget: str, due: str) -> None:
    assert NIGHTS.add_working(at(received), span(budget)) == at(due)


def test_a_desk_that_never_closes_counts_every_hour() -> None:
    received = at("2026-11-25 10:20")
    assert ALWAYS.add_working(received, timedelta(hours=30)) == at("2026-11-26 16:20")
    assert ALWAYS.is_open(at("2026-11-26 00:00"))
    assert ALWAYS.closing(at("2026-11-25 23:59")) == at("2026-11-26 00:00")
    assert ALWAYS.closing(at("2026-11-26 00:00")) == at("2026-11-27 00:00")


def test_times_come_out_in_utc_whatever_zone_they_came_in() -> None:
    received = at("2026-11-25 10:00").astimezone(NEW_YORK)
    results = (
        OFFICE.add_working(received, span("1:00")),
        OFFICE.same_day(received, 60),
        OFFICE.end_of_working_days(received, 1),
        next(OFFICE.openings(received)).start,
        OFFICE.closing(received),
    )
    assert [result.tzinfo for result in results if result] == [UTC] * 5


# Clock changes


@pytest.mark.parametrize(
    ("zone", "evening", "hours"),
    [
        (NEW_YORK, "2026-03-07 22:00", 7),
        (NEW_YORK, "2026-10-31 22:00", 9),
        (NEW_YORK, "2026-06-06 22:00", 8),
        (BERLIN, "2026-03-28 22:00", 7),
        (BERLIN, "2026-10-24 22:00", 9),
        (BISHKEK, "2026-03-28 22:00", 8),
    ],
)
def test_a_night_shift_lasts_as_long_as_it_really_does(
    zone: ZoneInfo, evening: str, hours: int
) -> None:
    desk = OpeningHours(zone, week({SAT: ["22:00-06:00"]}))
    begins = at(evening, zone)
    ends = (begins + timedelta(days=1)).replace(hour=6)
    length = timedelta(hours=hours)
    assert desk.working_between(begins, ends) == length
    assert desk.add_working(begins, length) == ends
    assert desk.add_working(begins, length - timedelta(minutes=1)) == ends.astimezone(
        UTC
    ) - timedelta(minutes=1)


@pytest.mark.parametrize(
    ("zone", "day", "interval", "start", "end"),
    [
        # 02:00 to 03:00 is skipped: what is named in it becomes 03:00.
        (NEW_YORK, date(2026, 3, 8), "02:30-05:00", "2026-03-08 07:00", "2026-03-08 09:00"),
        (NEW_YORK, date(2026, 3, 8), "00:00-02:30", "2026-03-08 05:00", "2026-03-08 07:00"),
        # 01:00 to 02:00 comes twice: the first of the two is meant.
        (NEW_YORK, date(2026, 11, 1), "01:30-03:00", "2026-11-01 05:30", "2026-11-01 08:00"),
        (NEW_YORK, date(2026, 11, 1), "00:00-01:30", "2026-11-01 04:00", "2026-11-01 05:30"),
        (BERLIN, date(2026, 3, 29), "02:30-05:00", "2026-03-29 01:00", "2026-03-29 03:00"),
        (BERLIN, date(2026, 10, 25), "02:30-05:00", "2026-10-25 00:30", "2026-10-25 04:00"),
        # Midnight itself is skipped.
        (
            ZoneInfo("America/Sao_Paulo"),
            date(2018, 11, 4),
            "00:00-08:00",
            "2018-11-04 03:00",
            "2018-11-04 10:00",
        ),
        # Just after midnight clocks go back to the evening before.
        (
            ZoneInfo("America/St_Johns"),
            date(2006, 10, 29),
            "00:00-08:00",
            "2006-10-29 02:30",
            "2006-10-29 11:30",
        ),
    ],
)
def test_openings_around_a_clock_change(
    zone: ZoneInfo, day: date, interval: str, start: str, end: str
) -> None:
    desk = OpeningHours(zone, week({day.weekday(): [interval]}))
    assert desk.openings_on(day) == ((utc(start), utc(end), day),)
    assert not desk.is_open(utc(start) - timedelta(seconds=1))
    moment = utc(start)
    while moment < utc(end):
        assert desk.is_open(moment)
        moment += timedelta(minutes=15)
    assert not desk.is_open(utc(end))


def test_a_skipped_time_becomes_the_first_instant_after_the_gap() -> None:
    lord_howe = ZoneInfo("Australia/Lord_Howe")
    skipped = datetime.fromisoformat("2026-10-04 02:15")
    assert not wall_exists(skipped, lord_howe)
    assert wall_to_utc(skipped, lord_howe) == utc("2026-10-03 15:30")
    assert wall_exists(datetime.fromisoformat("2026-10-04 02:30"), lord_howe)
    assert wall_exists(datetime.fromisoformat("2026-10-04 01:59"), lord_howe)


def test_a_date_that_a_zone_left_out_has_no_openings() -> None:
    apia = OpeningHours(ZoneInfo("Pacific/Apia"), week({day: ["09:00-17:00"] for day in range(7)}))
    assert apia.openings_on(date(2011, 12, 30)) == ()
    assert apia.next_working_day(date(2011, 12, 29)) == date(2011, 12, 31)
