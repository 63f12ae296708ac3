"""Who is at a ticket at the moment: looking at it, or writing on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from helpdesk.domain.wording import short_time
from helpdesk.text import clean_line


class Doing(StrEnum):
    """What somebody does at a ticket."""

    LOOKS = "looks"
    WRITES = "writes"


@dataclass(frozen=True, slots=True)
class Present:
    """An agent at a ticket, since a moment (UTC)."""

    ticket: int
    doing: Doing
    agent: str
    since: datetime


def presence_words(one: Present, me: str, zone: ZoneInfo, now: datetime) -> str:
    """What ``me`` is told of somebody else at a ticket, or of himself in another window."""
    since = short_time(one.since, zone, now)
    if one.agent == me:
        return f"you {'write' if one.doing is Doing.WRITES else 'look'} elsewhere since {since}"
    doing = "writes here" if one.doing is Doing.WRITES else "looks on"
    return f"{clean_line(one.agent)} {doing} since {since}"


def in_order(present: Iterable[Present]) -> list[Present]:
    """Who writes first, then who came first; each agent once at a ticket, for all windows."""
    first: dict[tuple[int, str], Present] = {}
    for one in sorted(present, key=lambda one: (one.doing is Doing.LOOKS, one.since, one.agent)):
        first.setdefault((one.ticket, one.agent), one)
    return list(first.values())
