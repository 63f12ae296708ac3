"""Opening hours: when the desk works, and working time counted over them.

All that is counted is real elapsed time: local openings are turned into UTC first, so breaks,
holidays, shifts over midnight and clock changes come out right.
"""

import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from helpdesk.domain.errors import BadConfiguration, InvalidInput

Interval = tuple[int, int]
"""Opening and closing in minutes from local midnight; a closing beyond 1440 is the day after."""

Intervals = tuple[Interval, ...]

HORIZON_DAYS = 366
"""How far ahead an opening is looked for, in days."""

FIRST_YEAR, LAST_YEAR = 2, 9997
"""The years that leave room for the horizon inside the calendar of ``datetime``."""

_DAY_MINUTES = 24 * 60
_ONE_DAY = timedelta(days=1)
_CACHED_DAYS = 20_000
_INTERVAL = re.compile(r"([0-9]{2}):([0-9]{2})-([0-9]{2}):([0-9]{2})")


def parse_interval(text: str) -> Interval:
    """Read ``"09:00-13:00"`` into minutes from local midnight.

    ``"22:00-06:00"`` runs over midnight: its end is beyond 1440. ``"24:00"`` may stand as an end.
    Raises BadConfiguration, naming the text and showing how to write it.
    """
    found = _INTERVAL.fullmatch(text)
    if found is None:
        raise _unreadable(text)
    start_hour, start_minute, end_hour, end_minute = map(int, found.groups())
    start, end = start_hour * 60 + start_minute, end_hour * 60 + end_minute
    if start_minute > 59 or end_minute > 59 or start >= _DAY_MINUTES or end > _DAY_MINUTES:
        raise _unreadable(text)
    if start == end:
        raise _unreadable(text)
    return start, end if end > start else end + _DAY_MINUTES


def _unreadable(text: str) -> BadConfiguration:
    return BadConfiguration(
        f"opening hours {text[:40]!r} cannot be read: write them like '09:00-13:00', "
        "'22:00-06:00' (over midnight) or '00:00-24:00' (the whole day)"
    )


def parse_day(texts: Sequence[str]) -> Intervals:
    """Read the openings of one day, in any order; no openings mean that the desk is closed.

    Raises BadConfiguration if one cannot be read, or if two of them overlap.
    """
    ordered = sorted((parse_interval(text), text) for text in texts)
    for (first, first_text), (second, second_text) in pairwise(ordered):
        if second[0] < first[1]:
            raise BadConfiguration(
                f"opening hours {first_text!r} and {second_text!r} of one day overlap: "
                "write them so that one ends before the next begins"
            )
    return tuple(interval for interval, _ in ordered)


def reach_over(eve: Sequence[str], day: Sequence[str]) -> tuple[str, str] | None:
    """The opening of one day that reaches over midnight into an opening of the next; both texts."""
    last = max(((parse_interval(text), text) for text in eve), default=None)
    first = min(((parse_interval(text), text) for text in day), default=None)
    if last is None or first is None or first[0][0] >= last[0][1] - _DAY_MINUTES:
        return None
    return last[1], first[1]


def wall_exists(wall: datetime, zone: ZoneInfo) -> bool:
    """Whether clocks in the zone ever show ``wall`` (naive): not so where they go forward."""
    return _shown(wall.replace(tzinfo=zone, fold=0).astimezone(UTC), zone) == wall


def wall_to_utc(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which clocks in the zone show ``wall`` (naive, whole seconds).

    A time shown twice is the first of the two; a time never shown, because clocks go forward
    over it, is the first instant after the gap.
    """
    if wall_exists(wall, zone):
        return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    # By PEP 495 the two folds of a missing time lie on either side of the change.
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    new_offset = after.astimezone(zone).utcoffset()
    low, high = 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if (before + timedelta(seconds=middle)).astimezone(zone).utcoffset() == new_offset:
            high = middle
        else:
            low = middle
    return before + timedelta(seconds=high)


def _shown(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def as_utc(at: datetime) -> datetime:
    """An aware instant in UTC; ValueError if naive, InvalidInput if beyond the calendar."""
    if at.tzinfo is None:
        raise ValueError("a time without an offset cannot be placed in the opening hours")
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise InvalidInput(
            f"the year {at.year} is out of reach: give one from {FIRST_YEAR} to {LAST_YEAR}"
        )
    return at.astimezone(UTC)


class TooFarAhead(BadConfiguration):
    """The working time asked for does not fit into the horizon, though the desk does open."""


class Opening(NamedTuple):
    """A stretch during which the desk works: from ``start`` up to, not including, ``end`` (UTC).

    ``working_day`` is the local date it belongs to, which is the day on which its shift begins.
    """

    start: datetime
    end: datetime
    working_day: date


@dataclass(frozen=True)
class OpeningHours:
    """When the desk works: a week of local openings in one zone, holidays and half days.

    ``week`` holds the openings of Monday to Sunday, as ``parse_day`` gives them. ``closed`` says
    which dates are holidays, by a call or by membership. ``half_days`` replace the openings of
    their dates and win over holidays. A shift over midnight belongs to the day on which it
    begins; where it overlaps the next day's openings the time is the shift's, and counts once.

    Methods take aware datetimes in any zone (ValueError if naive, InvalidInput if beyond the
    calendar) and give UTC. Where they look for an opening and find none within 366 days they
    raise BadConfiguration.
    """

    zone: ZoneInfo
    week: tuple[Intervals, ...]
    closed: Callable[[date], bool] | Container[date] = field(default=frozenset(), hash=False)
    half_days: Mapping[date, Intervals] = field(default_factory=dict, hash=False)
    _days: dict[date, tuple[Opening, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError("a week of opening hours has seven days, Monday first")
        for intervals in (*self.week, *self.half_days.values()):
            reached = 0
            for start, end in intervals:
                if not (reached <= start < _DAY_MINUTES and start < end <= start + _DAY_MINUTES):
                    raise ValueError(f"openings {intervals} are out of order, overlap or are empty")
                reached = end

    def is_holiday(self, day: date) -> bool:
        """Whether ``day`` is a holiday, be it also a half day."""
        return bool(self.closed(day)) if callable(self.closed) else day in self.closed

    def intervals_on(self, day: date) -> Intervals:
        """The openings of a local date as they are written, in minutes from its midnight."""
        if day in self.half_days:
            return self.half_days[day]
        return () if self.is_holiday(day) else self.week[day.weekday()]

    def openings_on(self, day: date) -> tuple[Opening, ...]:
        """The openings of a working day in UTC, in order; none if the desk is closed."""
        openings = self._days.get(day)
        if openings is None:
            # A count over centuries must not fill the memory.
            if len(self._days) >= _CACHED_DAYS:
                self._days.clear()
            openings = self._days[day] = tuple(self._work_out(day))
        return openings

    def _work_out(self, day: date) -> Iterator[Opening]:
        eve = day - _ONE_DAY
        eve_intervals = self.intervals_on(eve)
        free_from = self._instant(eve, eve_intervals[-1][1]) if eve_intervals else None
        for start, end in self.intervals_on(day):
            opens, closes = self._instant(day, start), self._instant(day, end)
            if free_from is not None:
                opens = max(opens, free_from)
            if opens < closes:
                yield Opening(opens, closes, day)

    def _instant(self, day: date, minute: int) -> datetime:
        wall = datetime.combine(day, time()) + timedelta(minutes=minute)
        return wall_to_utc(wall, self.zone)

    def local_date(self, at: datetime) -> date:
        """The date that the desk's calendar shows at an instant."""
        return as_utc(at).astimezone(self.zone).date()

    def openings(self, from_: datetime) -> Iterator[Opening]:
        """Openings not over at ``from_``, in order, none overlapping, up to 366 days ahead.

        The first is given whole, even if it began before.
        """
        from_ = as_utc(from_)
        for opening in self._around(from_, HORIZON_DAYS):
            if opening.end > from_:
                yield opening

    def _around(self, at: datetime, days_ahead: int) -> Iterator[Opening]:
        """Openings from the eve of ``at``, whose shift may still be running, onwards."""
        day = self.local_date(at) - _ONE_DAY
        for _ in range(days_ahead + 2):
            yield from self.openings_on(day)
            day += _ONE_DAY

    def is_open(self, at: datetime) -> bool:
        """Whether the desk works at an instant; at closing time it no longer does."""
        at = as_utc(at)
        return any(opening.start <= at < opening.end for opening in self._around(at, 1))

    def reaches(self, at: datetime) -> bool:
        """Whether an answer due at an instant is due while the desk works: at closing time it
        still is."""
        at = as_utc(at)
        return any(opening.start <= at <= opening.end for opening in self._around(at, 1))

    def add_working(self, at: datetime, budget: timedelta) -> datetime:
        """The instant at which ``budget`` of working time from ``at`` on runs out.

        Outside the openings the count begins with the next one. A budget that runs out exactly
        at closing time falls on the closing time, not on the next opening. Raises ValueError for
        a negative budget, TooFarAhead if it does not fit into 366 days.
        """
        if budget < timedelta():
            raise ValueError("working time to add cannot be negative")
        at = as_utc(at)
        left = budget
        for opening in self._around(at, HORIZON_DAYS):
            if opening.end < at:
                continue
            begins = max(opening.start, at)
            available = opening.end - begins
            if left <= available:
                return begins + left
            left -= available
        if left == budget:
            raise self._never_open(self.local_date(at))
        raise self._too_far(f"{budget.total_seconds() / 3600:g} working hours", at)

    def working_between(self, a: datetime, b: datetime) -> timedelta:
        """The working time from ``a`` to ``b``; none if ``b`` is not after ``a``."""
        a, b = as_utc(a), as_utc(b)
        total = timedelta()
        # One day more than the calendar says, as clocks set back at midnight repeat a date.
        for opening in self._around(a, max((b - a).days + 2, 0)):
            if opening.start >= b:
                break
            total += max(min(opening.end, b) - max(opening.start, a), timedelta())
        return total

    def working_day(self, at: datetime) -> date | None:
        """The current working day, whether its openings are running or still to come today.

        It is the earliest one, yesterday's shift over midnight included, whose last closing is
        still ahead; None on a day off and after the last closing.
        """
        at = as_utc(at)
        today = self.local_date(at)
        for day in (today - _ONE_DAY, today):
            closing = self.end_of(day)
            if closing is not None and closing > at:
                return day
        return None

    def end_of(self, day: date) -> datetime | None:
        """The last closing of a working day; None if the desk is closed on that date."""
        openings = self.openings_on(day)
        return openings[-1].end if openings else None

    def closing(self, at: datetime) -> datetime | None:
        """The end of the current working day; None if there is none (see ``working_day``)."""
        day = self.working_day(at)
        return None if day is None else self.end_of(day)

    def next_working_day(self, after: date) -> date:
        """The first working day after a local date."""
        for offset in range(1, HORIZON_DAYS + 1):
            day = after + timedelta(days=offset)
            if self.openings_on(day):
                return day
        raise self._never_open(after)

    def same_day(self, at: datetime, min_minutes_left: int) -> datetime:
        """The end of the current working day, or of the next one if too little of it is left.

        ``min_minutes_left`` counts working minutes: breaks do not help.
        """
        closing = self.closing(at)
        if closing is not None:
            left = self.working_between(at, closing)
            if left >= timedelta(minutes=min_minutes_left):
                return closing
        return self.end_of_working_days(at, 1)

    def end_of_working_days(self, at: datetime, n: int) -> datetime:
        """The end of the ``n``-th working day, not counting the day of receipt.

        So 1 is the end of the next working day, as in Regulation (EEC, Euratom) No 1182/71,
        article 3. Raises ValueError for ``n`` below 1, TooFarAhead beyond 366 days.
        """
        if n < 1:
            raise ValueError("working days are counted from 1")
        receipt = self.working_day(at) or self.local_date(at)
        counted = 0
        for offset in range(1, HORIZON_DAYS + 1):
            closing = self.end_of(receipt + timedelta(days=offset))
            if closing is not None:
                counted += 1
                if counted == n:
                    return closing
        if counted == 0:
            raise self._never_open(receipt)
        raise self._too_far(f"{n} working days", at)

    def _never_open(self, day: date) -> BadConfiguration:
        return BadConfiguration(
            f"no opening within {HORIZON_DAYS} days of {day}: check [hours] in desk.toml"
        )

    def _too_far(self, what: str, at: datetime) -> TooFarAhead:
        return TooFarAhead(
            f"{what} do not fit into the {HORIZON_DAYS} days after {self.local_date(at)}: "
            "check [hours] and [[promise]] in desk.toml"
        )
