"""Days, holidays and shifts that meet."""

from datetime import date, timedelta

import pytest

from helpdesk.domain.hours import OpeningHours
from tests.unit.opening_hours import BISHKEK, MON, NIGHTS, OFFICE, TUE, WORKDAYS, at, span, week


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
