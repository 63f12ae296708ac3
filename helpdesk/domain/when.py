"""Reading WHEN: the moment an agent types for a promise, in the desk's zone."""

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from helpdesk.domain.errors import InvalidInput
from helpdesk.domain.hours import (
    FIRST_YEAR,
    HORIZON_DAYS,
    LAST_YEAR,
    OpeningHours,
    TooFarAhead,
    as_utc,
    wall_exists,
    wall_to_utc,
)
from helpdesk.text import shorten

EXAMPLES = (
    "'+2h', '+30m', '+2d', 'today 17:00', 'tomorrow', 'fri 14:00', 'eod', '17:00', "
    "'25 Nov 14:00', '25.11. 14:00', '2026-11-25' or '2026-11-25 14:00'"
)
"""What an agent can type, for help and errors."""

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEKDAY_NUMBER = {name.lower(): number for number, name in enumerate(_WEEKDAYS)} | {
    name[:3].lower(): number for number, name in enumerate(_WEEKDAYS)
}
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_MONTH_NUMBER = {name.lower(): number for number, name in enumerate(_MONTHS, 1)} | {
    name[:3].lower(): number for number, name in enumerate(_MONTHS, 1)
}
_TIME = r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})"
_AT = rf"(?: {_TIME})?"
_WEEKDAY = rf"(?P<weekday>{'|'.join(_WEEKDAY_NUMBER)})"
_ON = rf"(?:{_WEEKDAY},? )?"
_DAY = r"(?P<day>[0-9]{1,2})"
_MONTH = rf"(?P<month>{'|'.join(_MONTH_NUMBER)})"
_YEAR = r"(?P<year>[0-9]{4})"
_PAIR = r"(?P<first>[0-9]{1,2})[/.](?P<other>[0-9]{1,2})"
_NEXT_YEARS = 9
"""So many years hold every day of the calendar, 29 February too."""
_LARGEST_OFFSET = timedelta(hours=14)
_A_MINUTE = timedelta(minutes=1)
_LAST_MINUTE = time(23, 59)


def read_when(text: str, now: datetime, hours: OpeningHours) -> datetime:
    """The moment, in UTC, that an agent means by ``text`` at ``now`` (aware).

    ``+90m`` and ``+2h`` are working time, ``+2d`` is the end of the second working day, not
    counting the day of ``now``. ``today`` and ``eod`` are the end of the current working day. A
    date, ``tomorrow`` or a weekday alone is the end of that working day. Where that is midnight it
    is 23:59, so that the day told is the day meant. A weekday, and a date without its year
    (``25 Nov``, ``nov 25``, ``25.11.``), is the next such day; today counts while its time is
    ahead. ``24:00`` is the end of that day: 23:59, too. Times without an offset are in the desk's
    zone. Case and extra spaces don't matter.

    Raises InvalidInput for what cannot be read, may be read in two ways or holds seconds, for a
    working day on which the desk is closed, a local time that clocks skip or show twice while both
    are ahead, and a moment that is not in the future.
    """
    words = " ".join(text.lower().split())
    reading = _Reading(text[:40], as_utc(now), hours)
    for pattern, read in _FORMS:
        found = pattern.fullmatch(words)
        if found is not None:
            return reading.in_future(read(reading, found))
    raise reading.refusal("cannot be read as a time")


@dataclass(frozen=True)
class _Reading:
    text: str
    now: datetime
    hours: OpeningHours

    def refusal(self, why: str) -> InvalidInput:
        return InvalidInput(f"{shorten(self.text, 40)!r} {why}: write it like {EXAMPLES}")

    @property
    def today(self) -> date:
        return self.hours.local_date(self.now)

    def in_future(self, moment: datetime) -> datetime:
        if moment > self.now + timedelta(days=HORIZON_DAYS):
            raise self.refusal(f"lies more than {HORIZON_DAYS} days ahead")
        if moment > self.now:
            return moment
        local = moment.astimezone(self.hours.zone)
        raise InvalidInput(
            f"{self.text!r} is not in the future: it was read as {_named(local.date())} "
            f"{local:%H:%M} ({self.hours.zone.key}); give a later time"
        )

    def wall(self, day: date, found: re.Match[str]) -> datetime:
        """The naive local time named by hour and minute; seconds, which are never told, are 0."""
        if int(found.groupdict().get("second") or 0):
            raise self.refusal("holds seconds, and a promise is told to the minute")
        if (int(found["hour"]), int(found["minute"])) == (24, 0):
            return datetime.combine(day, _LAST_MINUTE)
        try:
            clock = time(int(found["hour"]), int(found["minute"]))
        except ValueError:
            raise self.refusal("holds a time of day that does not exist") from None
        return datetime.combine(day, clock)

    def instant(self, wall: datetime) -> datetime:
        zone = self.hours.zone
        if not wall_exists(wall, zone):
            raise InvalidInput(
                f"{self.text!r} does not exist in {zone.key}: clocks go forward over "
                f"{_named(wall.date())} {wall:%H:%M}; give a time before or after it"
            )
        first, second = wall_to_utc(wall, zone), self.last(wall)
        if first != second and first > self.now:
            raise InvalidInput(
                f"{self.text!r} comes twice in {zone.key}, as clocks go back: say which by "
                f"'{_with_offset(first, zone)}' or '{_with_offset(second, zone)}'"
            )
        return second

    def last(self, wall: datetime) -> datetime:
        """The instant at which clocks show it for the last time, in UTC."""
        zone = self.hours.zone
        if not wall_exists(wall, zone):
            return wall_to_utc(wall, zone)
        return wall.replace(tzinfo=zone, fold=1).astimezone(UTC)

    def end_of(self, day: date) -> datetime:
        closing = self.hours.end_of(day)
        if closing is None and day < self.today:
            raise InvalidInput(
                f"{self.text!r} is not in the future: it was read as {_named(day)}; "
                "give a later day"
            )
        if closing is None:
            raise self.closed(f"the desk is closed on {_named(day)}", day)
        return self.on_its_day(closing)

    def on_its_day(self, closing: datetime) -> datetime:
        """A closing time; one at midnight a minute earlier, or another day would be told."""
        local = closing.astimezone(self.hours.zone)
        return closing - _A_MINUTE if (local.hour, local.minute) == (0, 0) else closing

    def day(self, year: int, month: int, day_of_month: int) -> date:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise self.refusal("holds a year that is out of reach")
        try:
            return date(year, month, day_of_month)
        except ValueError:
            raise self.refusal("holds a date that does not exist") from None

    def on(self, day: date, found: re.Match[str]) -> datetime:
        """The time named by the form on that day; without one, the end of the working day."""
        self.require_weekday(day, found)
        if found["hour"] is None:
            return self.end_of(day)
        return self.instant(self.wall(day, found))

    def require_weekday(self, day: date, found: re.Match[str]) -> None:
        named = found.groupdict().get("weekday")
        if named is not None and _WEEKDAY_NUMBER[named] != day.weekday():
            raise self.refusal(f"names two days, as {day} is a {_WEEKDAYS[day.weekday()]}")

    def is_over(self, day: date, found: re.Match[str]) -> bool:
        """Whether ``on`` has gone by; of a day on which the desk is closed it is not known."""
        if found["hour"] is not None:
            return self.last(self.wall(day, found)) <= self.now
        closing = self.hours.end_of(day)
        return closing is not None and self.on_its_day(closing) <= self.now

    def first_ahead(self, days: Iterable[date], found: re.Match[str]) -> datetime:
        """``on`` the first of the days on which that is still ahead."""
        for day in days:
            if day >= self.today and not self.is_over(day, found):
                return self.on(day, found)
        raise self.refusal("holds a date that does not exist")

    def closed(self, why: str, day: date) -> InvalidInput:
        following = _named(self.hours.next_working_day(day))
        return InvalidInput(
            f"{self.text!r} cannot be promised, {why}: the next working day is {following}"
        )


def _with_offset(moment: datetime, zone: tzinfo) -> str:
    return moment.astimezone(zone).isoformat(timespec="minutes")


def _named(day: date) -> str:
    return f"{_WEEKDAYS[day.weekday()]} {day}"


def _working_time(reading: _Reading, found: re.Match[str]) -> datetime:
    amount = int(found["amount"])
    if amount == 0:
        raise reading.refusal("is not in the future")
    try:
        if found["unit"] == "d":
            return reading.on_its_day(reading.hours.end_of_working_days(reading.now, amount))
        seconds = 3600 if found["unit"] == "h" else 60
        return reading.hours.add_working(reading.now, timedelta(seconds=amount * seconds))
    except TooFarAhead:
        raise reading.refusal(f"lies more than {HORIZON_DAYS} days ahead") from None


def _today(reading: _Reading, found: re.Match[str]) -> datetime:
    closing = reading.hours.closing(reading.now)
    if closing is None:
        raise reading.closed("the desk does not work any more today", reading.today)
    return reading.on_its_day(closing)


def _time_today(reading: _Reading, found: re.Match[str]) -> datetime:
    return reading.instant(reading.wall(reading.today, found))


def _tomorrow(reading: _Reading, found: re.Match[str]) -> datetime:
    return reading.on(reading.today + timedelta(days=1), found)


def _weekday(reading: _Reading, found: re.Match[str]) -> datetime:
    days_ahead = (_WEEKDAY_NUMBER[found["weekday"]] - reading.today.weekday()) % 7
    day = reading.today + timedelta(days=days_ahead)
    return reading.first_ahead((day, day + timedelta(days=7)), found)


def _calendar(reading: _Reading, found: re.Match[str]) -> datetime:
    named = found["month"]
    month, day_of_month = _MONTH_NUMBER.get(named) or int(named), int(found["day"])
    if found["year"] is not None:
        return reading.on(reading.day(int(found["year"]), month, day_of_month), found)
    days = []
    for year in range(reading.today.year, reading.today.year + _NEXT_YEARS):
        with suppress(ValueError):
            days.append(date(year, month, day_of_month))
    return reading.first_ahead(days, found)


def _with_two_numbers(reading: _Reading, found: re.Match[str]) -> datetime:
    first, other = int(found["first"]), int(found["other"])
    months = range(1, len(_MONTHS) + 1)
    if first != other and first in months and other in months:
        raise reading.refusal("may be read in two ways")
    raise reading.refusal("cannot be read as a time")


def _dated(reading: _Reading, found: re.Match[str]) -> datetime:
    day = reading.day(*(int(part) for part in found["date"].split("-")))
    if found["hour"] is None or found["offset"] is None:
        return reading.on(day, found)
    wall = reading.wall(day, found)
    return wall.replace(tzinfo=_offset(reading, found["offset"])).astimezone(UTC)


def _offset(reading: _Reading, text: str) -> timezone:
    if text == "z":
        return UTC
    size = timedelta(hours=int(text[1:3]), minutes=int(text[4:]))
    if int(text[4:]) > 59 or size > _LARGEST_OFFSET:
        raise reading.refusal("holds an offset that no clock has")
    return timezone(-size if text[0] == "-" else size)


_Read = Callable[[_Reading, re.Match[str]], datetime]
_FORMS: tuple[tuple[re.Pattern[str], _Read], ...] = (
    (re.compile(r"\+ ?(?P<amount>[0-9]{1,9}) ?(?P<unit>[mhd])"), _working_time),
    (re.compile(r"today|eod"), _today),
    (re.compile(rf"(?:today )?{_TIME}"), _time_today),
    (re.compile(rf"tomorrow{_AT}"), _tomorrow),
    (re.compile(rf"{_WEEKDAY}{_AT}"), _weekday),
    (re.compile(rf"{_ON}{_DAY}\.? {_MONTH}(?: {_YEAR})?{_AT}"), _calendar),
    (re.compile(rf"{_ON}{_MONTH} {_DAY}(?:,? {_YEAR})?{_AT}"), _calendar),
    (re.compile(rf"{_ON}{_DAY}\.(?P<month>[0-9]{{1,2}})\.{_YEAR}?{_AT}"), _calendar),
    (re.compile(rf"{_PAIR}(?:[/.][0-9]{{2,4}})?{_AT}"), _with_two_numbers),
    (
        re.compile(
            r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})"
            rf"(?:[ t]{_TIME}(?::(?P<second>[0-9]{{2}}))?"
            r"(?: ?(?P<offset>z|[+-][0-9]{2}:[0-9]{2}))?)?"
        ),
        _dated,
    ),
)

MEANT = tuple(form for form, read in _FORMS if read is not _with_two_numbers)
"""How a time is written that can be read: lower case, with single spaces."""

WORDS = ("today", "eod", "tomorrow", *_WEEKDAY_NUMBER, *_MONTH_NUMBER)
"""The words in it."""
