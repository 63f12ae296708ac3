"""What a typed time means for a promise: which day that is, and what is promised for it already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from helpdesk.desk.matters import to_the_minute
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.when import read_when
from helpdesk.domain.wording import brief_time, day_and_time, how_long

if TYPE_CHECKING:
    from helpdesk.desk.desk import Desk


@dataclass(frozen=True, slots=True)
class Reading:
    """What a typed time means: the day and time, if the desk is open then, what else is due."""

    due: datetime
    is_open: bool
    others: int
    whose: str


def read(desk: Desk, text: str, ticket: Ticket) -> Reading:
    """Read what the agent typed, and look what else falls due on that day.

    Other promises are those of the ticket's agent; of the whole desk if nobody has it.
    Raises InvalidInput if it cannot be read.
    """
    hours = desk.settings.policy.hours
    due = to_the_minute(read_when(text, desk.now(), hours), desk.now())
    count = promised_that_day(desk, due, ticket.assignee)
    own = ticket.promise
    if own is not None and desk.local(own.due).date() == desk.local(due).date():
        count -= 1
    whose = ticket.assignee or ""
    return Reading(due, hours.reaches(due), count, "yours" if whose == desk.agent else whose)


def reading_words(desk: Desk, reading: Reading, *, brief: bool = False) -> str:
    """The reading in two lines: which time that is, and what else is promised for that day; if
    ``brief``, in one, of which the end may be out of sight."""
    now = desk.now()
    day = brief_time(reading.due, desk.zone, now) if brief else day_and_time(reading.due, desk.zone)
    closed = "! closed then" if brief else "! the desk is closed then"
    is_open = "open then" if reading.is_open else closed
    promises = f"{reading.others or 'no'} other promise{'s' if reading.others != 1 else ''}"
    whose = f" of {reading.whose}" if reading.whose else ""
    when, others = how_long(reading.due, now), f"{promises}{whose} that day"
    if brief:
        return f"→ {day} · {is_open} · {when} · {others}"
    return f"→ {day}, {when} · {is_open}\n  {others}"


def promised_that_day(desk: Desk, moment: datetime, agent: str | None = None) -> int:
    """How many promises fall due on the day of that moment, by the desk's clock: those of the
    agent's tickets, or of all."""
    start = desk.local(moment).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return desk.store.promises_due(start, start + timedelta(days=1), agent)
