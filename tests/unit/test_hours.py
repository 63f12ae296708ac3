"""Opening hours as they are written, and what cannot be counted by them."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from helpdesk.domain.errors import BadConfiguration, InvalidInput
from helpdesk.domain.hours import OpeningHours, TooFarAhead, parse_day, parse_interval
from tests.unit.opening_hours import BISHKEK, NEVER, OFFICE, at, span

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
