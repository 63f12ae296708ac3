"""Working time: breaks, holidays, half days, night shifts and clock changes, counted by hand."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpdesk.domain.errors import BadConfiguration, InvalidInput
from helpdesk.domain.hours import (
    Intervals,
    OpeningHours,
    TooFarAhead,
    parse_day,
    parse_interval,
    wall_exists,
    wall_to_utc,
)

BISHKEK = ZoneInfo("Asia/Bishkek")
NEW_YORK = ZoneInfo("America/New_York")
BERLIN = ZoneInfo("Europe/Berlin")
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)


def week(days: dict[int, list[str]]) -> tuple[Intervals, ...]:
    return tuple(parse_day(days.get(day, [])) for day in range(7))


def at(text: str, zone: ZoneInfo = BISHKEK) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def span(text: str) -> timedelta:
    hours, minutes = text.split(":")
    return timedelta(hours=int(hours), minutes=int(minutes))


WORKDAYS = range(MON, SAT)
OFFICE = OpeningHours(
    BISHKEK,
    week({day: ["09:00-13:00", "14:00-18:00"] for day in WORKDAYS}),
    closed={date(2026, 12, 31), date(2027, 1, 1)},
    half_days={date(2026, 12, 30): parse_day(["09:00-13:00"])},
)
NIGHTS = OpeningHours(BISHKEK, week({day: ["22:00-06:00"] for day in WORKDAYS}))
ALWAYS = OpeningHours(BISHKEK, week({day: ["00:00-24:00"] for day in range(7)}))
NEVER = OpeningHours(BISHKEK, week({}))


# Reading hours


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("09:00-13:00", (540, 780)),
        ("00:00-24:00", (0, 1440)),
        ("22:00-24:00", (1320, 1440)),
        ("22:00-06:00", (1320, 1800)),
        ("22:00-00:00", (1320, 1440)),
        ("00:01-00:00", (1, 1440)),
        ("23:59-23:58", (1439, 2878)),
    ],
)
def test_an_opening_is_minutes_from_midnight(text: str, minutes: tuple[int, int]) -> None:
    assert parse_interval(text) == minutes


@pytest.mark.parametrize(
    "text",
    [
        "09:00-09:00",
        "00:00-00:00",
        "25:00-26:00",
        "24:00-06:00",
        "24:00-24:00",
        "09:00-24:01",
        "09:00-25:00",
        "09:60-12:00",
        "09:00-10:60",
        "9-13",
        "9:00-13:00",
        "09:00",
        "09:00-13:00-14:00",
        "09.00-13.00",
        "09:00-13:00\n",
        "٠٩:٠٠-١٣:٠٠",
        "closed",
        "",
    ],
)
def test_hours_that_cannot_be_are_refused_with_their_text_and_an_example(text: str) -> None:
    with pytest.raises(BadConfiguration) as refused:
        parse_interval(text)
    assert repr(text) in refused.value.message
    assert "09:00-13:00" in refused.value.message
    assert "\n" not in refused.value.message


def test_a_day_is_put_in_order_and_may_touch() -> None:
    assert parse_day(["14:00-18:00", "09:00-14:00"]) == ((540, 840), (840, 1080))
    assert parse_day([]) == ()


@pytest.mark.parametrize(
    "texts",
    [
        ["09:00-13:00", "12:59-18:00"],
        ["09:00-13:00", "09:00-13:00"],
        ["22:00-06:00", "23:00-24:00"],
        ["09:00-18:00", "10:00-11:00"],
    ],
)
def test_openings_of_one_day_that_overlap_are_refused_by_name(texts: list[str]) -> None:
    with pytest.raises(BadConfiguration, match="overlap") as refused:
        parse_day(texts)
    assert all(text in refused.value.message for text in texts)


def test_a_week_has_seven_days_in_order() -> None:
    with pytest.raises(ValueError, match="seven days"):
        OpeningHours(BISHKEK, ((),) * 6)
    for wrong in (((840, 1080), (540, 780)), ((540, 540),), ((1440, 1500),), ((0, 1441),)):
        with pytest.raises(ValueError, match="out of order"):
            OpeningHours(BISHKEK, (wrong, *((),) * 6))
        with pytest.raises(ValueError, match="out of order"):
            OpeningHours(BISHKEK, ((),) * 7, half_days={date(2026, 12, 30): wrong})


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


# Days, holidays and shifts that meet


def test_openings_go_forward_from_the_one_that_is_running() -> None:
    found = OFFICE.openings(at("2026-11-27 15:00"))
    assert [next(found) for _ in range(2)] == [
        (at("2026-11-27 14:00"), at("2026-11-27 18:00"), date(2026, 11, 27)),
        (at("2026-11-30 09:00"), at("2026-11-30 13:00"), date(2026, 11, 30)),
    ]
    assert next(OFFICE.openings(at("2026-11-27 13:00"))).start == at("2026-11-27 14:00")
    night = next(NIGHTS.openings(at("2026-11-24 01:00")))
    assert night == (at("2026-11-23 22:00"), at("2026-11-24 06:00"), date(2026, 11, 23))


@pytest.mark.parametrize(
    ("desk", "moment", "is_open"),
    [
        (OFFICE, "2026-11-25 09:00", True),
        (OFFICE, "2026-11-25 08:59:59", False),
        (OFFICE, "2026-11-25 13:00", False),
        (OFFICE, "2026-11-25 17:59:59", True),
        (OFFICE, "2026-11-25 18:00", False),
        (OFFICE, "2026-12-30 15:00", False),
        (OFFICE, "2026-12-31 10:00", False),
        (NIGHTS, "2026-11-28 02:00", True),
        (NIGHTS, "2026-11-29 02:00", False),
    ],
)
def test_the_desk_is_open_from_opening_until_closing(
    desk: OpeningHours, moment: str, is_open: bool
) -> None:
    assert desk.is_open(at(moment)) is is_open


def test_a_half_day_wins_over_a_holiday_and_over_a_day_off() -> None:
    new_year, sunday, no_day = date(2026, 12, 31), date(2026, 12, 6), date(2026, 12, 7)
    desk = OpeningHours(
        BISHKEK,
        week({day: ["09:00-18:00"] for day in WORKDAYS}),
        closed=lambda day: day.month == 12 and day.day >= 25,
        half_days={new_year: ((540, 720),), sunday: ((600, 660),), no_day: ()},
    )
    assert desk.working_between(at("2026-12-25 00:00"), at("2027-01-01 00:00")) == span("3:00")
    assert desk.working_between(at("2026-12-06 00:00"), at("2026-12-08 00:00")) == span("1:00")
    assert desk.is_holiday(new_year)
    assert not desk.is_holiday(sunday)


def test_a_shift_over_midnight_runs_into_a_holiday_and_belongs_to_its_eve() -> None:
    desk = OpeningHours(
        BISHKEK, week({day: ["22:00-06:00"] for day in range(7)}), closed={date(2026, 12, 31)}
    )
    assert desk.is_open(at("2026-12-31 05:59"))
    assert not desk.is_open(at("2026-12-31 23:00"))
    assert not desk.is_open(at("2027-01-01 05:00"))
    assert desk.working_day(at("2026-12-31 05:00")) == date(2026, 12, 30)


def test_a_shift_that_overlaps_the_next_day_counts_once() -> None:
    desk = OpeningHours(BISHKEK, week({MON: ["22:00-06:00"], TUE: ["05:00-13:00"]}))
    monday, tuesday = date(2026, 11, 23), date(2026, 11, 24)
    assert list(desk.openings(at("2026-11-23 12:00")))[:2] == [
        (at("2026-11-23 22:00"), at("2026-11-24 06:00"), monday),
        (at("2026-11-24 06:00"), at("2026-11-24 13:00"), tuesday),
    ]
    assert desk.working_between(at("2026-11-23 12:00"), at("2026-11-24 20:00")) == span("15:00")
    assert desk.add_working(at("2026-11-24 04:00"), span("3:00")) == at("2026-11-24 07:00")


def test_openings_within_a_night_shift_make_no_day_of_their_own() -> None:
    desk = OpeningHours(BISHKEK, week({MON: ["22:00-06:00"], TUE: ["01:00-05:00"]}))
    assert desk.openings_on(date(2026, 11, 24)) == ()
    assert desk.working_between(at("2026-11-23 12:00"), at("2026-11-24 20:00")) == span("8:00")
    assert desk.end_of_working_days(at("2026-11-23 12:00"), 1) == at("2026-12-01 06:00")


@pytest.mark.parametrize(
    ("desk", "moment", "day"),
    [
        (OFFICE, "2026-11-25 07:00", "2026-11-25"),
        (OFFICE, "2026-11-25 13:30", "2026-11-25"),
        (OFFICE, "2026-11-25 18:00", None),
        (OFFICE, "2026-11-28 12:00", None),
        (OFFICE, "2026-12-31 12:00", None),
        (NIGHTS, "2026-11-27 10:00", "2026-11-27"),
        (NIGHTS, "2026-11-24 03:00", "2026-11-23"),
        (NIGHTS, "2026-11-24 06:00", "2026-11-24"),
        (NIGHTS, "2026-11-28 02:00", "2026-11-27"),
        (NIGHTS, "2026-11-28 06:00", None),
    ],
)
def test_the_current_working_day_is_the_first_not_over(
    desk: OpeningHours, moment: str, day: str | None
) -> None:
    expected = date.fromisoformat(day) if day else None
    assert desk.working_day(at(moment)) == expected
    assert desk.closing(at(moment)) == (desk.end_of(expected) if expected else None)


@pytest.mark.parametrize(
    ("desk", "received", "minutes", "due"),
    [
        (OFFICE, "2026-11-25 16:00", 60, "2026-11-25 18:00"),
        (OFFICE, "2026-11-25 17:00", 60, "2026-11-25 18:00"),  # exactly enough
        (OFFICE, "2026-11-25 17:00:01", 60, "2026-11-26 18:00"),
        (OFFICE, "2026-11-25 17:59:59", 0, "2026-11-25 18:00"),
        (OFFICE, "2026-11-25 18:00", 0, "2026-11-26 18:00"),
        (OFFICE, "2026-11-25 12:30", 270, "2026-11-25 18:00"),  # the break doesn't count
        (OFFICE, "2026-11-25 12:31", 270, "2026-11-26 18:00"),
        (OFFICE, "2026-11-25 07:00", 480, "2026-11-25 18:00"),  # before opening
        (OFFICE, "2026-11-25 07:00", 481, "2026-11-26 18:00"),
        (OFFICE, "2026-11-27 17:30", 60, "2026-11-30 18:00"),
        (OFFICE, "2026-11-28 12:00", 60, "2026-11-30 18:00"),
        (OFFICE, "2026-12-29 17:30", 60, "2026-12-30 13:00"),  # next is the half day
        (OFFICE, "2026-12-30 12:30", 60, "2027-01-04 18:00"),
        (NIGHTS, "2026-11-24 03:00", 60, "2026-11-24 06:00"),
        (NIGHTS, "2026-11-24 05:30", 60, "2026-11-25 06:00"),
        (NIGHTS, "2026-11-28 05:30", 60, "2026-12-01 06:00"),
    ],
)
def test_same_day_is_the_end_of_it_if_enough_of_it_is_left(
    desk: OpeningHours, received: str, minutes: int, due: str
) -> None:
    assert desk.same_day(at(received), minutes) == at(due)


@pytest.mark.parametrize(
    ("desk", "received", "days", "due"),
    [
        (OFFICE, "2026-11-25 10:00", 1, "2026-11-26 18:00"),
        (OFFICE, "2026-11-25 10:00", 2, "2026-11-27 18:00"),
        (OFFICE, "2026-11-25 10:00", 3, "2026-11-30 18:00"),
        (OFFICE, "2026-11-25 07:00", 1, "2026-11-26 18:00"),
        (OFFICE, "2026-11-25 20:00", 1, "2026-11-26 18:00"),
        (OFFICE, "2026-11-27 10:00", 1, "2026-11-30 18:00"),
        (OFFICE, "2026-11-28 10:00", 1, "2026-11-30 18:00"),
        (OFFICE, "2026-11-28 10:00", 2, "2026-12-01 18:00"),
        (OFFICE, "2026-12-29 10:00", 1, "2026-12-30 13:00"),
        (OFFICE, "2026-12-29 10:00", 2, "2027-01-04 18:00"),
        (NIGHTS, "2026-11-24 02:00", 1, "2026-11-25 06:00"),  # received on Monday's shift
        (NIGHTS, "2026-11-28 02:00", 1, "2026-12-01 06:00"),
    ],
)
def test_the_day_of_receipt_is_not_counted(
    desk: OpeningHours, received: str, days: int, due: str
) -> None:
    assert desk.end_of_working_days(at(received), days) == at(due)


def test_time_between_counts_only_openings_and_never_runs_backwards() -> None:
    wednesday, monday = at("2026-11-25 12:30"), at("2026-11-30 09:10")
    assert OFFICE.working_between(wednesday, monday) == span("20:40")
    assert OFFICE.working_between(monday, wednesday) == timedelta()
    assert OFFICE.working_between(monday, monday) == timedelta()
    year = OFFICE.working_between(at("2024-01-01 00:00"), at("2026-01-01 00:00"))
    assert year == timedelta(hours=8 * 523)  # 105 weeks less a Saturday and a Sunday


# What cannot be counted


ASKED: list[Callable[[OpeningHours], object]] = [
    lambda desk: desk.add_working(at("2026-11-25 10:00"), span("1:00")),
    lambda desk: desk.same_day(at("2026-11-25 10:00"), 60),
    lambda desk: desk.end_of_working_days(at("2026-11-25 10:00"), 2),
    lambda desk: desk.next_working_day(date(2026, 11, 25)),
]


@pytest.mark.parametrize("ask", ASKED)
def test_a_desk_that_never_opens_says_so_and_where_to_look(
    ask: Callable[[OpeningHours], object],
) -> None:
    always_holiday = OpeningHours(BISHKEK, OFFICE.week, closed=lambda day: True)
    for desk in (NEVER, always_holiday):
        assert list(desk.openings(at("2026-11-25 10:00"))) == []
        with pytest.raises(BadConfiguration) as refused:
            ask(desk)
        assert refused.value.message == (
            "no opening within 366 days of 2026-11-25: check [hours] in desk.toml"
        )
        assert refused.value.exit_code == 78


def test_an_opening_is_found_up_to_366_days_ahead() -> None:
    received, morning = at("2026-11-25 10:00"), ((540, 600),)
    last = date(2026, 11, 25) + timedelta(days=366)
    reachable = OpeningHours(BISHKEK, NEVER.week, half_days={last: morning})
    assert reachable.add_working(received, span("1:00")) == reachable.end_of(last)
    assert reachable.same_day(received, 60) == reachable.end_of(last)
    assert [opening.working_day for opening in reachable.openings(received)] == [last]
    beyond = OpeningHours(BISHKEK, NEVER.week, half_days={last + timedelta(days=1): morning})
    with pytest.raises(BadConfiguration, match="no opening within 366 days"):
        beyond.add_working(received, span("1:00"))
    with pytest.raises(BadConfiguration, match="no opening within 366 days"):
        beyond.same_day(received, 60)


def test_more_than_a_year_of_work_is_too_far_ahead() -> None:
    received = at("2026-11-25 10:00")
    with pytest.raises(TooFarAhead, match="3000 working hours do not fit into the 366 days"):
        OFFICE.add_working(received, timedelta(hours=3000))
    with pytest.raises(TooFarAhead, match="300 working days do not fit into the 366 days"):
        OFFICE.end_of_working_days(received, 300)


def test_impossible_questions_are_refused() -> None:
    with pytest.raises(ValueError, match="without an offset"):
        OFFICE.add_working(datetime(2026, 11, 25, 10), span("1:00"))
    with pytest.raises(ValueError, match="negative"):
        OFFICE.add_working(at("2026-11-25 10:00"), timedelta(minutes=-1))
    with pytest.raises(ValueError, match="counted from 1"):
        OFFICE.end_of_working_days(at("2026-11-25 10:00"), 0)
    for beyond in ("0001-01-01 00:00", "9998-01-01 00:00", "9999-12-31 23:59"):
        with pytest.raises(InvalidInput, match="out of reach"):
            OFFICE.add_working(at(beyond), span("1:00"))


def test_the_days_kept_in_memory_are_limited() -> None:
    desk = OpeningHours(BISHKEK, OFFICE.week)
    desk.working_between(at("1900-01-01 00:00"), at("2026-01-01 00:00"))
    assert len(desk._days) <= 20_000


# What holds for any desk

ZONES = st.sampled_from([BISHKEK, NEW_YORK, BERLIN])
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=0)
)
BUDGETS = st.integers(0, 5 * 3600).map(lambda seconds: timedelta(seconds=seconds))
DATES = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@st.composite
def day_openings(draw: st.DrawFn, step: int = 15, skip: tuple[int, ...] = ()) -> Intervals:
    """Up to two openings of a day, the last one perhaps over midnight."""
    marks = [minute for minute in range(0, 1440, step) if minute // 60 not in skip]
    count = draw(st.sampled_from([0, 2, 2, 4]))
    bounds = sorted(
        draw(st.lists(st.sampled_from(marks), min_size=count, max_size=count, unique=True))
    )
    intervals = list(zip(bounds[::2], bounds[1::2], strict=True))
    runs_over_midnight, end = draw(st.booleans()), draw(st.sampled_from(marks))
    if intervals and runs_over_midnight and end < intervals[-1][0]:
        intervals[-1] = (intervals[-1][0], end + 1440)
    return tuple(intervals)


@st.composite
def desks(draw: st.DrawFn, step: int = 15, skip: tuple[int, ...] = ()) -> OpeningHours:
    days = day_openings(step, skip)
    plan = tuple(draw(days) for _ in range(7))
    # Few enough days off that any budget fits into a year.
    assume(sum(end - start for day in plan for start, end in day) >= 60)
    return OpeningHours(
        draw(ZONES),
        plan,
        draw(st.frozensets(DATES, max_size=5)),
        draw(st.dictionaries(DATES, days, max_size=3)),
    )


def falls_in_or_ends_an_opening(desk: OpeningHours, moment: datetime) -> bool:
    eve = desk.local_date(moment) - timedelta(days=1)
    return any(
        opening.start <= moment <= opening.end
        for offset in range(3)
        for opening in desk.openings_on(eve + timedelta(days=offset))
    )


calm = settings(deadline=None, max_examples=100)


@calm
@given(desks(), MOMENTS, BUDGETS)
def test_what_is_due_is_ahead_in_an_opening_and_exactly_the_budget_away(
    desk: OpeningHours, received: datetime, budget: timedelta
) -> None:
    due = desk.add_working(received, budget)
    assert due >= received
    assert falls_in_or_ends_an_opening(desk, due)
    assert desk.working_between(received, due) == budget


@calm
@given(desks(), MOMENTS, MOMENTS, BUDGETS, BUDGETS)
def test_later_or_longer_is_never_due_sooner(
    desk: OpeningHours, a: datetime, b: datetime, small: timedelta, large: timedelta
) -> None:
    a, b = sorted((a, b))
    small, large = sorted((small, large))
    assert desk.add_working(a, small) <= desk.add_working(b, small)
    assert desk.add_working(a, small) <= desk.add_working(a, large)


@calm
@given(desks(), MOMENTS, BUDGETS, BUDGETS)
def test_adding_in_two_steps_is_adding_at_once(
    desk: OpeningHours, received: datetime, a: timedelta, b: timedelta
) -> None:
    assert desk.add_working(desk.add_working(received, a), b) == desk.add_working(received, a + b)


@calm
@given(desks(), MOMENTS, MOMENTS, MOMENTS)
def test_time_between_adds_up(desk: OpeningHours, a: datetime, b: datetime, c: datetime) -> None:
    a, b, c = sorted((a, b, c))
    whole = desk.working_between(a, c)
    assert whole == desk.working_between(a, b) + desk.working_between(b, c)
    assert timedelta() <= whole <= c - a


@calm
@given(desks(), MOMENTS, MOMENTS, st.integers(0, 600), st.integers(1, 5))
def test_ends_of_days_are_ahead_and_in_order(
    desk: OpeningHours, a: datetime, b: datetime, minutes: int, days: int
) -> None:
    a, b = sorted((a, b))
    assert a < desk.same_day(a, minutes) <= desk.same_day(b, minutes)
    assert desk.same_day(a, 0) <= desk.same_day(a, minutes)
    assert a < desk.end_of_working_days(a, days) <= desk.end_of_working_days(b, days)
    assert desk.end_of_working_days(a, days) < desk.end_of_working_days(a, days + 1)
    assert desk.same_day(a, minutes) <= desk.end_of_working_days(a, 1)


@calm
@given(desks(), MOMENTS)
def test_openings_never_overlap_and_agree_with_being_open(
    desk: OpeningHours, moment: datetime
) -> None:
    reached = utc("2000-01-01")
    for opening, _ in zip(desk.openings(moment), range(20), strict=False):
        assert reached <= opening.start < opening.end
        assert opening.end > moment
        assert desk.is_open(opening.start)
        reached = opening.end
    first = next(desk.openings(moment))
    assert desk.is_open(moment) == (first.start <= moment)


def open_by_the_wall_clock(desk: OpeningHours, moment: datetime) -> bool:
    """The same question asked another way: look at the clock on the wall, minute by minute."""
    wall = moment.astimezone(desk.zone)
    minute = wall.hour * 60 + wall.minute
    today, eve = wall.date(), wall.date() - timedelta(days=1)
    return any(start <= minute < end for start, end in desk.intervals_on(today)) or any(
        start <= minute + 1440 < end for start, end in desk.intervals_on(eve)
    )


# Openings that begin or end in an hour that is skipped or comes twice are left to the table above.
@calm
@given(
    desks(skip=(1, 2)),
    st.one_of(
        MOMENTS,
        # Close to the clock changes of New York and Berlin.
        st.builds(
            lambda day, minutes: utc(day) + timedelta(minutes=minutes),
            st.sampled_from(["2026-03-08", "2026-11-01", "2026-03-29", "2026-10-25"]),
            st.integers(-1440, 1440),
        ),
    ),
    st.integers(0, 180),
)
def test_counting_agrees_with_stepping_minute_by_minute(
    desk: OpeningHours, received: datetime, minutes: int
) -> None:
    received = received.replace(second=0)
    moment, left, steps = received, minutes, 0
    while left and steps < 20_000:
        left -= open_by_the_wall_clock(desk, moment)
        moment += timedelta(minutes=1)
        steps += 1
    assume(not left and minutes)
    assert desk.add_working(received, timedelta(minutes=minutes)) == moment
