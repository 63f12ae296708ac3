"""What an agent types for a moment, and what is made of it. It is Wednesday, 10:20."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.errors import BadConfiguration, InvalidInput
from helpdesk.domain.hours import Intervals, OpeningHours, parse_day
from helpdesk.domain.when import EXAMPLES, read_when

BISHKEK = ZoneInfo("Asia/Bishkek")
NEW_YORK = ZoneInfo("America/New_York")
OFFICE_WEEK: tuple[Intervals, ...] = (*[parse_day(["09:00-13:00", "14:00-18:00"])] * 5, (), ())
OFFICE = OpeningHours(
    BISHKEK,
    OFFICE_WEEK,
    closed={date(2026, 12, 31)},
    half_days={date(2026, 12, 30): parse_day(["09:00-13:00"])},
)
NIGHTS = OpeningHours(BISHKEK, (*[parse_day(["22:00-06:00"])] * 5, (), ()))
NEW_YORK_OFFICE = OpeningHours(NEW_YORK, OFFICE_WEEK)


def at(text: str, zone: ZoneInfo = BISHKEK) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


WEDNESDAY = at("2026-11-25 10:20")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("+2h", "2026-11-25 12:20"),
        ("+30m", "2026-11-25 10:50"),
        ("+90 m", "2026-11-25 11:50"),
        ("+3h", "2026-11-25 14:20"),  # over the break
        ("+8h", "2026-11-26 10:20"),
        ("+1d", "2026-11-26 18:00"),
        ("+2d", "2026-11-27 18:00"),
        ("+3d", "2026-11-30 18:00"),
        ("today", "2026-11-25 18:00"),
        ("eod", "2026-11-25 18:00"),
        ("today 17:00", "2026-11-25 17:00"),
        ("17:00", "2026-11-25 17:00"),
        ("23:59", "2026-11-25 23:59"),
        ("24:00", "2026-11-25 23:59"),
        ("tomorrow 24:00", "2026-11-26 23:59"),
        ("2026-11-27 24:00", "2026-11-27 23:59"),
        ("tomorrow", "2026-11-26 18:00"),
        ("tomorrow 10:00", "2026-11-26 10:00"),
        ("tomorrow 9:05", "2026-11-26 09:05"),
        ("fri 14:00", "2026-11-27 14:00"),
        ("friday 14:00", "2026-11-27 14:00"),
        ("fri", "2026-11-27 18:00"),
        ("mon", "2026-11-30 18:00"),
        ("tuesday", "2026-12-01 18:00"),
        ("wed", "2026-11-25 18:00"),  # today, still ahead
        ("wed 10:21", "2026-11-25 10:21"),
        ("wed 10:20", "2026-12-02 10:20"),  # today's has passed
        ("wednesday 9:00", "2026-12-02 09:00"),
        ("sat 12:00", "2026-11-28 12:00"),  # closed, but said to the minute
        ("2026-11-27 14:00", "2026-11-27 14:00"),
        ("2026-11-27T14:00", "2026-11-27 14:00"),
        ("2026-11-27T14:00:00", "2026-11-27 14:00"),
        ("2026-11-27T14:00+06:00", "2026-11-27 14:00"),
        ("2026-11-27 14:00 +01:00", "2026-11-27 19:00"),
        ("2026-11-27T14:00-04:30", "2026-11-28 00:30"),
        ("2026-11-27T14:00:00Z", "2026-11-27 20:00"),
        ("2026-11-27", "2026-11-27 18:00"),
        ("2026-12-30", "2026-12-30 13:00"),  # the half day
        ("27 Nov 14:00", "2026-11-27 14:00"),
        ("Nov 27 14:00", "2026-11-27 14:00"),
        ("27 november", "2026-11-27 18:00"),
        ("november 27, 2026 9:00", "2026-11-27 09:00"),
        ("27. nov", "2026-11-27 18:00"),
        ("27.11. 14:00", "2026-11-27 14:00"),
        ("27.11.", "2026-11-27 18:00"),
        ("27.11.2026 14:00", "2026-11-27 14:00"),
        ("7.1.2027", "2027-01-07 18:00"),
        ("30 Dec", "2026-12-30 13:00"),  # the half day
        ("20 Nov 10:00", "2027-11-20 10:00"),  # this year's has passed
        ("25 Nov", "2026-11-25 18:00"),  # today, still ahead
        ("25.11. 10:20", "2027-11-25 10:20"),  # today's has passed
        ("1 jan 9:00", "2027-01-01 09:00"),
        ("Fri 27 Nov 14:00", "2026-11-27 14:00"),  # as the desk writes it
        ("Fri 27 Nov 2026 14:00", "2026-11-27 14:00"),
        ("  ToDay   17:00 ", "2026-11-25 17:00"),
        ("FRI 14:00", "2026-11-27 14:00"),
        ("+2H", "2026-11-25 12:20"),
    ],
)
def test_a_moment_is_read(text: str, moment: str) -> None:
    read = read_when(text, WEDNESDAY, OFFICE)
    assert read == at(moment)
    assert read.tzinfo is UTC


@pytest.mark.parametrize("zone", [UTC, NEW_YORK])
def test_today_is_the_day_of_the_desk_wherever_now_comes_from(zone: tzinfo) -> None:
    night = at("2026-11-25 02:00").astimezone(zone)
    assert read_when("today", night, OFFICE) == at("2026-11-25 18:00")
    assert read_when("tomorrow 10:00", night, OFFICE) == at("2026-11-26 10:00")
    assert read_when("wed 17:00", night, OFFICE) == at("2026-11-25 17:00")


def test_every_example_shown_can_be_read() -> None:
    for example in EXAMPLES.replace(" or ", ", ").split(", "):
        written = example.strip("'")
        if written != "2026-11-25":
            assert read_when(written, at("2026-11-24 10:00"), OFFICE) > at("2026-11-24 10:00")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "+2",
        "2h",
        "-2h",
        "+0h",
        "+0d",
        "+0m",
        "+2w",
        "+1.5h",
        "+1h30m",
        "+9999999999h",
        "17",
        "5pm",
        "5:00 pm",
        "25:00",
        "24:01",
        "17:60",
        "today 7",
        "today at 17:00",
        "eod 17:00",
        "tomorrow eod",
        "next fri",
        "fr 14:00",
        "freitag",
        "frid",
        "10/11",
        "10/11 14:00",
        "11/25/2026",
        "27.11",
        "27.11 14:00",
        "27.11.26",
        "27 nov 14",
        "27 nov 26",
        "nov",
        "nov 2026",
        "27th nov",
        "30 feb",
        "31.4.",
        "0 nov",
        "27.13.",
        "29.2.2027",
        "27.11.0000",
        "27 nov 2026 25:00",
        "thu 27 nov",
        "mon 27.11.2026 14:00",
        "27 november november",
        "2026-11-5",
        "2026-02-30",
        "2026-13-01 10:00",
        "0000-01-01",
        "9999-12-31",
        "9999-12-31 23:59-14:00",
        "2026-11-27 14",
        "2026-11-27 25:00",
        "2026-11-27 14:00:61",
        "2026-11-27 14:00+0600",
        "2026-11-27 14:00+15:00",
        "2026-11-27 14:00+05:75",
        "14:00+06:00",
        "today 17:00:00",
        "１７:００",
        "１７:00",
        "17:०0",
        "+٢h",
        "2026-11-२७",
        "fri\x1b[31m",
        "fri 14:00 or so",
    ],
)
def test_what_cannot_be_read_is_refused_with_examples_never_guessed(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_when(text, WEDNESDAY, OFFICE)
    assert refused.value.message.startswith(repr(text))
    assert refused.value.message.endswith(EXAMPLES)
    assert refused.value.message.isprintable()
    assert refused.value.exit_code == 65


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("today 10:20", "Wednesday 2026-11-25 10:20"),
        ("09:00", "Wednesday 2026-11-25 09:00"),
        ("2026-11-24", "Tuesday 2026-11-24 18:00"),
        ("2025-11-27 14:00", "Thursday 2025-11-27 14:00"),
        ("2026-11-25T10:20+07:00", "Wednesday 2026-11-25 09:20"),
    ],
)
def test_a_moment_not_in_the_future_is_refused_with_how_it_was_read(
    text: str, read_as: str
) -> None:
    with pytest.raises(InvalidInput, match="not in the future") as refused:
        read_when(text, WEDNESDAY, OFFICE)
    assert f"read as {read_as} (Asia/Bishkek)" in refused.value.message


def test_of_a_day_gone_by_no_working_day_is_offered_even_if_the_desk_was_closed() -> None:
    with pytest.raises(InvalidInput) as refused:
        read_when("2026-11-22", WEDNESDAY, OFFICE)
    assert refused.value.message == (
        "'2026-11-22' is not in the future: it was read as Sunday 2026-11-22; give a later day"
    )


@pytest.mark.parametrize(
    ("text", "now", "closed_on", "next_day"),
    [
        ("tomorrow", "2026-11-27 10:00", "Saturday 2026-11-28", "Monday 2026-11-30"),
        ("tomorrow", "2026-12-30 10:00", "Thursday 2026-12-31", "Friday 2027-01-01"),
        ("sun", "2026-11-25 10:00", "Sunday 2026-11-29", "Monday 2026-11-30"),
        ("thu", "2026-12-30 10:00", "Thursday 2026-12-31", "Friday 2027-01-01"),
        ("thursday", "2026-12-31 10:00", "Thursday 2026-12-31", "Friday 2027-01-01"),
        ("2026-12-31", "2026-11-25 10:00", "Thursday 2026-12-31", "Friday 2027-01-01"),
    ],
)
def test_a_day_on_which_the_desk_is_closed_is_refused_naming_the_next(
    text: str, now: str, closed_on: str, next_day: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_when(text, at(now), OFFICE)
    assert f"closed on {closed_on}" in refused.value.message
    assert f"next working day is {next_day}" in refused.value.message


@pytest.mark.parametrize("text", ["today", "eod"])
@pytest.mark.parametrize("now", ["2026-11-27 18:00", "2026-11-28 10:00", "2026-11-29 23:00"])
def test_the_end_of_a_day_that_is_over_is_refused_naming_the_next(text: str, now: str) -> None:
    with pytest.raises(InvalidInput, match=r"does not work any more today.*Monday 2026-11-30"):
        read_when(text, at(now), OFFICE)


def test_an_explicit_time_on_a_closed_day_is_taken_as_said() -> None:
    friday = at("2026-11-27 19:00")
    assert read_when("tomorrow 10:00", friday, OFFICE) == at("2026-11-28 10:00")
    assert read_when("today 20:00", friday, OFFICE) == at("2026-11-27 20:00")


def test_on_the_night_shift_the_day_ends_in_the_morning() -> None:
    after_midnight = at("2026-11-28 02:00")
    assert read_when("eod", after_midnight, NIGHTS) == at("2026-11-28 06:00")
    assert read_when("fri", at("2026-11-27 23:00"), NIGHTS) == at("2026-11-28 06:00")
    assert read_when("+1d", after_midnight, NIGHTS) == at("2026-12-01 06:00")
    assert read_when("+5h", after_midnight, NIGHTS) == at("2026-11-30 23:00")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("eod", "2026-11-25 23:59"),
        ("tomorrow", "2026-11-26 23:59"),
        ("fri", "2026-11-27 23:59"),
        ("+2d", "2026-11-27 23:59"),
        ("30 Nov", "2026-11-30 23:59"),
        ("+2h", "2026-11-25 12:20"),
    ],
)
def test_a_day_that_ends_at_midnight_is_told_as_that_day(text: str, moment: str) -> None:
    always = OpeningHours(BISHKEK, (parse_day(["00:00-24:00"]),) * 7)
    assert read_when(text, WEDNESDAY, always) == at(moment)


def test_in_the_last_minute_of_a_day_its_weekday_is_the_next_one() -> None:
    always = OpeningHours(BISHKEK, (parse_day(["00:00-24:00"]),) * 7)
    last_minute = at("2026-11-25 23:59")
    assert read_when("wed", last_minute, always) == at("2026-12-02 23:59")


def test_a_weekday_whose_shift_is_over_today_is_the_next_one() -> None:
    friday_evening = at("2026-11-27 18:00")
    assert read_when("fri", friday_evening, OFFICE) == at("2026-12-04 18:00")
    assert read_when("fri", friday_evening - timedelta(seconds=1), OFFICE) == friday_evening


@pytest.mark.parametrize("text", ["2026-03-08 02:30", "sun 02:30", "tomorrow 02:30"])
def test_a_time_that_clocks_skip_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_when(text, at("2026-03-07 10:00", NEW_YORK), NEW_YORK_OFFICE)
    assert "does not exist in America/New_York" in refused.value.message
    assert "Sunday 2026-03-08 02:30" in refused.value.message


def test_a_skipped_weekday_time_already_behind_is_next_weeks() -> None:
    sunday = at("2026-03-08 05:00", NEW_YORK)
    assert read_when("sun 02:30", sunday, NEW_YORK_OFFICE) == at("2026-03-15 02:30", NEW_YORK)


TWICE = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
"""When it is 01:30 in New York for the first time; an hour later it is so once more."""

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("text", ["tomorrow 01:30", "sun 1:30", "1 nov 01:30", "2026-11-01 01:30"])
def test_a_time_shown_twice_is_refused_naming_both(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_when(text, at("2026-10-31 10:00", NEW_YORK), NEW_YORK_OFFICE)
    assert "comes twice in America/New_York" in refused.value.message
    for offset, moment in (("-04:00", TWICE), ("-05:00", TWICE + HOUR)):
        written = f"2026-11-01T01:30{offset}"
        assert f"'{written}'" in refused.value.message
        assert read_when(written, at("2026-10-31 10:00", NEW_YORK), NEW_YORK_OFFICE) == moment


@pytest.mark.parametrize("text", ["01:30", "sun 01:30", "1 nov 01:30"])
def test_of_a_time_shown_twice_only_the_second_can_be_meant_between_the_two(text: str) -> None:
    between = TWICE + HOUR / 2
    assert read_when(text, between, NEW_YORK_OFFICE) == TWICE + HOUR


@pytest.mark.parametrize("text", ["+9000h", "+2500h", "+999999999m", "+300d", "+999999999d"])
def test_more_working_time_than_a_year_has_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="more than 366 days ahead"):
        read_when(text, WEDNESDAY, OFFICE)


@pytest.mark.parametrize("text", ["+1h", "+1d", "today", "tomorrow"])
def test_a_desk_that_never_opens_is_a_matter_of_its_settings(text: str) -> None:
    with pytest.raises(BadConfiguration, match="no opening within 366 days"):
        read_when(text, WEDNESDAY, OpeningHours(BISHKEK, ((),) * 7))


def test_now_needs_an_offset() -> None:
    with pytest.raises(ValueError, match="without an offset"):
        read_when("eod", datetime(2026, 11, 25, 10), OFFICE)


def test_long_text_is_cut_in_the_refusal() -> None:
    with pytest.raises(InvalidInput) as refused:
        read_when("x" * 100_000, WEDNESDAY, OFFICE)
    assert len(refused.value.message) < 300


def test_a_date_that_may_be_read_in_two_ways_says_so() -> None:
    for text in ("10/11", "10/11/2026 14:00", "10.11"):
        with pytest.raises(InvalidInput, match="may be read in two ways: write it like"):
            read_when(text, WEDNESDAY, OFFICE)
    for text in ("12/25/2026", "25/12/2026 14:00", "27.11", "10/10", "31.31"):
        with pytest.raises(InvalidInput, match="cannot be read as a time: write it like"):
            read_when(text, WEDNESDAY, OFFICE)


def test_seconds_are_refused_as_no_promise_tells_them() -> None:
    for text in ("2026-12-25 14:00:30", "2026-12-25T14:00:01+06:00"):
        with pytest.raises(InvalidInput, match="holds seconds, and a promise is told to the min"):
            read_when(text, WEDNESDAY, OFFICE)


def test_the_29th_of_february_is_waited_for_until_there_is_one() -> None:
    assert read_when("29 feb 10:00", at("2027-09-01 10:00"), OFFICE) == at("2028-02-29 10:00")
    with pytest.raises(InvalidInput, match="more than 366 days ahead"):
        read_when("29.2. 10:00", WEDNESDAY, OFFICE)


def test_a_day_of_the_calendar_on_which_the_desk_is_closed_is_refused() -> None:
    with pytest.raises(InvalidInput, match="closed on Saturday 2026-11-28"):
        read_when("28 nov", WEDNESDAY, OFFICE)


MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
minutes = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 1)).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)


def spellings(day: datetime, *, year: bool) -> list[str]:
    """The day in every way that agents write it, with its year or without."""
    name, long = MONTH_NAMES[day.month - 1], f"{day:%B}"
    named = [f"{day.day} {name}", f"{name} {day.day}", f"{day.day}. {long}", f"{long} {day.day}"]
    named += [f"{WEEKDAY_NAMES[day.weekday()]} {each}" for each in named]
    if year:
        dotted = [f"{day.day}.{day.month}.{day.year}", f"{day:%d.%m.%Y}"]
        return [*(f"{each} {day.year}" for each in named), *dotted, f"{day:%Y-%m-%d}"]
    return [*named, f"{day.day}.{day.month}.", f"{day:%d.%m}."]


@given(minutes, st.timedeltas(timedelta(minutes=1), timedelta(days=360)), st.booleans())
def test_a_day_within_a_year_is_read_however_it_is_written(
    now: datetime, ahead: timedelta, year: bool
) -> None:
    meant = (now + ahead).replace(second=0, microsecond=0)
    for written in spellings(meant, year=year):
        read = read_when(f"{written} {meant:%H:%M}", now.replace(tzinfo=BISHKEK), OFFICE)
        assert read == meant.replace(tzinfo=BISHKEK), written


@given(minutes, minutes)
def test_without_its_year_a_day_is_the_next_such_day(now: datetime, day: datetime) -> None:
    try:
        read = read_when(f"{day.day}.{day.month}. {day:%H:%M}", now.replace(tzinfo=BISHKEK), OFFICE)
    except InvalidInput:
        assert (day.month, day.day) == (2, 29)
        return
    local = read.astimezone(BISHKEK)
    assert (local.month, local.day, local.time()) == (day.month, day.day, day.time())
    assert timedelta() < read - now.replace(tzinfo=BISHKEK) <= timedelta(days=366)


SIGNS = st.sampled_from(["+", "-", ":", " ", "2", "90", "9999", "h", "m", "d", "t", "z"])
WORDS = st.sampled_from(
    ["today", "tomorrow", "eod", "fri", "sunday", "14:00", "02:30", "2026-11-27", "+06:00"]
)
DAYS = st.sampled_from(
    ["27", "nov", "29 feb", "march", "8.3.", "31.12.", "2026", "2030", "10/11", "."]
)


@given(
    st.one_of(st.text(max_size=20), st.lists(SIGNS | WORDS | DAYS, max_size=5).map("".join)),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
)
def test_whatever_is_typed_is_a_future_moment_or_a_refusal(text: str, now: datetime) -> None:
    try:
        moment = read_when(text, now, NEW_YORK_OFFICE)
    except InvalidInput as refusal:
        assert refusal.message.isprintable()
    else:
        assert moment > now
