"""How times, states and channels are worded to agents, on screens and in the plain output alike.

Pure and light: no locale, no pydantic, so that the first rows of a queue can be painted with it.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from helpdesk.domain.words import Channel, Outcome, State

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MINUTE, _HOUR, _DAY, _YEAR = 60, 3600, 86400, 31_557_600
_MONTH = _YEAR // 12
_UNITS = (
    (_YEAR, "years", "yrs"),
    (_MONTH, "months", "mo"),
    (_DAY, "days", "days"),
    (_HOUR, "h", "h"),
    (_MINUTE, "min", "min"),
)
"""Seconds, the word, the word where cells are few. Each is used from two of it on."""

STATE_WORDS: dict[State, str] = {
    State.ON_US: "waiting on us",
    State.ON_CUSTOMER: "waiting on customer",
    State.CLOSED: "closed",
}
"""The states of a ticket as agents read them."""


def channel_words(channel: Channel) -> str:
    """The channel as agents read it: ``in person``."""
    return str(channel).replace("_", " ")


def outcome_words(outcome: Outcome, due: datetime, now: datetime) -> str:
    """What became of a promise, and of one that still stands how long is left."""
    if outcome is Outcome.OPEN:
        return f"open, {how_long(due, now)}"
    return str(outcome)


def duration(span: timedelta) -> str:
    """An amount of time in words: ``20 min``, ``2 h 5 min``, ``3 days``, ``5 months``, ``2 years``.

    Days go up to about two months, months up to two years. Always rounded down, never negative.
    """
    seconds = max(0, int(span.total_seconds()))
    if seconds < _MINUTE:
        return "under 1 min"
    if _HOUR <= seconds < _DAY:
        hours, minutes = seconds // _HOUR, seconds % _HOUR // _MINUTE
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    if _DAY <= seconds < 2 * _DAY:
        hours = seconds % _DAY // _HOUR
        return f"1 day {hours} h" if hours else "1 day"
    return _rounded(seconds)


def _rounded(seconds: int, *, brief: bool = False) -> str:
    """The time in the largest unit of which there are two, in few cells if ``brief``."""
    size, word, short = next((unit for unit in _UNITS if seconds >= 2 * unit[0]), _UNITS[-1])
    return f"{seconds // size} {short if brief else word}"


def how_long(due: datetime, now: datetime) -> str:
    """How long until ``due``, or since: ``in 20 min``, ``2 h 5 min late``, ``in 3 days``.

    At the due time itself it is not late yet (an answer then is in time).
    """
    if now > due:
        return f"{duration(now - due)} late"
    return f"in {duration(due - now)}"


def brief(due: datetime, now: datetime) -> str:
    """``how_long`` for a list, in one unit and at most 13 cells: ``in 90 min``, ``5 mo late``."""
    seconds = int(abs(due - now).total_seconds())
    if seconds < _MINUTE:
        return "just late" if now > due else "due now"
    span = _rounded(seconds, brief=True)
    return f"{span} late" if now > due else f"in {span}"


def ago(moment: datetime, now: datetime) -> str:
    """How long ago something was: ``3 h ago``, ``just now``."""
    if now - moment < timedelta(minutes=1):
        return "just now"
    return f"{duration(now - moment)} ago"


def day(moment: datetime, zone: ZoneInfo) -> str:
    """The day in ``zone``: ``Mon 2 Mar 2026``."""
    local = moment.astimezone(zone)
    return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]} {local.year}"


def day_and_time(moment: datetime, zone: ZoneInfo) -> str:
    """The day and the time in ``zone``, in full: ``Mon 2 Mar 2026 18:00``."""
    return f"{day(moment, zone)} {moment.astimezone(zone):%H:%M}"


def brief_time(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Day and time in ``zone``, the year left out where it is that of ``now``."""
    words = day_and_time(moment, zone)
    same = moment.astimezone(zone).year == now.astimezone(zone).year
    weekday, day, month, year, time = words.split(" ")
    return f"{weekday} {day} {month} {time}" if same else f"{day} {month} {year} {time}"


def short_time(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """The moment as a list shows it, at most 16 cells: ``18:00`` today, else with its day.

    The year is named when it is another one, and stands in for the time then.
    """
    local, today = moment.astimezone(zone), now.astimezone(zone)
    if local.date() == today.date():
        return f"{local:%H:%M}"
    if local.year == today.year:
        return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]} {local:%H:%M}"
    return day(moment, zone)
