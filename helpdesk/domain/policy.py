"""The policy: which promise a new matter gets, by channel, kind and priority."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from helpdesk.domain.errors import BadConfiguration
from helpdesk.domain.hours import HORIZON_DAYS, OpeningHours
from helpdesk.domain.words import Channel, Kind, Priority


class Unit(StrEnum):
    """What a promise is counted in."""

    WORKING_MINUTES = "working minutes"
    WORKING_HOURS = "working hours"
    SAME_DAY = "same day"
    WORKING_DAYS = "working days"


class Within(NamedTuple):
    """How soon we answer: an amount of working time, the same day, or the end of a working day.

    ``amount`` is 1 for the same day.
    """

    amount: int
    unit: Unit

    @property
    def text(self) -> str:
        """As ``parse_within`` reads it."""
        if self.unit is Unit.SAME_DAY:
            return str(self.unit)
        count = f"{self.amount} {self.unit if self.amount != 1 else self.unit.removesuffix('s')}"
        return f"end of {count}" if self.unit is Unit.WORKING_DAYS else count


_MOST = {
    Unit.WORKING_MINUTES: HORIZON_DAYS * 24 * 60,
    Unit.WORKING_HOURS: HORIZON_DAYS * 24,
    Unit.WORKING_DAYS: HORIZON_DAYS,
}
_COUNTED = re.compile(r"(end of )?([1-9][0-9]{0,8}) working (minute|hour|day)s?")


def parse_within(text: str) -> Within:
    """Read how soon we answer, such as ``"4 working hours"``; case and extra spaces don't matter.

    Raises BadConfiguration, listing what is accepted.
    """
    words = " ".join(text.lower().split())
    if words == Unit.SAME_DAY:
        return Within(1, Unit.SAME_DAY)
    found = _COUNTED.fullmatch(words)
    if found is None or bool(found[1]) != (found[3] == "day"):
        raise BadConfiguration(
            f"within = {text[:40]!r} cannot be read: write '15 working minutes', "
            "'4 working hours', 'same day' or 'end of 2 working days', with 1 or more of them"
        )
    amount, unit = int(found[2]), Unit(f"working {found[3]}s")
    if amount > _MOST[unit]:
        raise BadConfiguration(
            f"within = {text[:40]!r} is too long: promise an answer within {HORIZON_DAYS} days"
        )
    return Within(amount, unit)


@dataclass(frozen=True, kw_only=True)
class PromiseRule:
    """One ``[[promise]]`` of desk.toml: for which matters, and how soon we answer them.

    A channel, kind or priority of None fits any. ``min_minutes_left``, in working minutes from 0
    to 1440, belongs to the same day alone: with less than that left of the working day the
    promise is the end of the next one. Raises BadConfiguration if it is given otherwise.
    """

    channel: Channel | None = None
    kind: Kind | None = None
    priority: Priority | None = None
    within: Within
    min_minutes_left: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.min_minutes_left <= 24 * 60:
            raise BadConfiguration(
                f"min_minutes_left = {self.min_minutes_left} is impossible: "
                "give working minutes from 0 to 1440"
            )
        if self.min_minutes_left and self.within.unit is not Unit.SAME_DAY:
            raise BadConfiguration(
                f"min_minutes_left does not go with within = {self.within.text!r}: "
                "leave it out, or write within = 'same day'"
            )

    @property
    def text(self) -> str:
        """The whole rule in words, kept with each promise made by it.

        Such as ``urgent phone complaint: 15 working minutes``.
        """
        matter = [str(part) for part in (self.priority, self.channel, self.kind) if part]
        wanted = " ".join(matter).replace("_", " ")
        soon = self.within.text
        if self.min_minutes_left:
            minutes = "minute is" if self.min_minutes_left == 1 else "minutes are"
            soon += (
                f" if {self.min_minutes_left} working {minutes} left, "
                "else the end of the next working day"
            )
        return f"{wanted}: {soon}" if wanted else soon

    def fits(self, channel: Channel, kind: Kind, priority: Priority) -> bool:
        """Whether the rule is for such a matter."""
        return (
            self.channel in (None, channel)
            and self.kind in (None, kind)
            and self.priority in (None, priority)
        )

    def due(self, received: datetime, hours: OpeningHours) -> datetime:
        """When a matter received at an instant (aware) is due, in UTC.

        Raises BadConfiguration if the desk does not open enough within 366 days.
        """
        amount = self.within.amount
        match self.within.unit:
            case Unit.WORKING_MINUTES:
                return hours.add_working(received, timedelta(minutes=amount))
            case Unit.WORKING_HOURS:
                return hours.add_working(received, timedelta(hours=amount))
            case Unit.SAME_DAY:
                return hours.same_day(received, self.min_minutes_left)
            case Unit.WORKING_DAYS:
                return hours.end_of_working_days(received, amount)


class Due(NamedTuple):
    """A promise to be made: when it is due (UTC), and the text of the rule that says so."""

    due: datetime
    rule: str


@dataclass(frozen=True)
class Policy:
    """The desk's rules over its opening hours; of several that fit, the first holds."""

    hours: OpeningHours
    rules: tuple[PromiseRule, ...]

    def due(
        self,
        received: datetime,
        channel: Channel,
        kind: Kind,
        priority: Priority = Priority.NORMAL,
    ) -> Due:
        """The promise for a matter received at an instant (aware).

        Raises BadConfiguration if no rule fits, or the desk does not open within 366 days.
        """
        for rule in self.rules:
            if rule.fits(channel, kind, priority):
                return Due(rule.due(received, self.hours), rule.text)
        matter = f"channel {channel}, kind {kind}, priority {priority}"
        raise BadConfiguration(
            f"no [[promise]] fits {matter}: end desk.toml with one that fits all, "
            "a [[promise]] with only within = 'same day'"
        )
