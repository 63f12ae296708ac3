"""What holds for the hours of any desk."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpdesk.domain.hours import Intervals, OpeningHours
from tests.unit.opening_hours import BERLIN, BISHKEK, NEW_YORK, utc

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


# Openings that begin or end in an hour that is skipped or comes twice: see test_working_time.py.
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
