"""Desks by their opening hours, and moments to ask them about."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from helpdesk.domain.hours import Intervals, OpeningHours, parse_day

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
