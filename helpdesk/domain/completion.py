"""What could stand next in a query of the queue, offered while an agent types it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from helpdesk.domain.errors import InvalidInput
from helpdesk.domain.query import FIELDS, IS, SPANS, TOKEN, awaited, parse
from helpdesk.domain.words import Channel, Kind, Priority, State
from helpdesk.text import fold

LIMIT = 8
"""So many completions are offered at once."""


@dataclass(frozen=True, slots=True)
class Known:
    """What only the desk itself knows: the tags in use, the agents and the customers who wait,
    most used first."""

    tags: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Completion:
    """A term that could stand from ``start`` to ``end`` of what is typed, and what it finds."""

    text: str
    hint: str
    start: int
    end: int

    def accepted(self, line: str) -> tuple[str, int]:
        """``line`` with the term in its place, and where the cursor goes.

        A whole term is followed by a space, so that the next one can be typed at once.
        """
        before, after = line[: self.start] + self.text, line[self.end :]
        if not self.text.endswith(":"):
            before, after = f"{before} ", after.removeprefix(" ")
        return before + after, len(before)


_FIELD_HINTS = {
    "is": "overdue, mine, open, closed …",
    "kind": "request, complaint or feedback",
    "state": "whom it waits on",
    "channel": "how it came: email, phone …",
    "priority": "low, normal, high or urgent",
    "assignee": "me, none or an agent's login",
    "customer": "the customer's number",
    "from": "the customer's name or address",
    "tag": "a tag",
    "due": "promised for: today, <2d …",
    "created": "came in: today, <2d …",
    "updated": "last touched: today, <2d …",
    "id": "the ticket's number",
    "external": "its number elsewhere",
}

_IS_HINTS = {
    "overdue": "its promise is past due",
    "mine": "assigned to me",
    "unassigned": "assigned to nobody",
    "open": "not closed",
    "closed": "closed",
    "on-us": "the customer waits for us",
    "on-customer": "we wait for the customer",
    "undelivered": "our last mail never left",
}

_DUE = {
    "today": "",
    "tomorrow": "",
    "yesterday": "",
    "<2h": "in less than two hours",
    "<2d": "in less than two days",
    ">1w": "in more than a week",
    "<-1d": "late by more than a day",
}

_AGO = {
    "today": "",
    "yesterday": "",
    "<2h": "less than two hours ago",
    "<2d": "less than two days ago",
    ">1w": "more than a week ago",
}

_ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)
_SPAN = re.compile(r"[<>]-?\d{1,5}")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_TERM = re.compile(r'(?P<minus>-?)(?:(?P<field>[A-Za-z_]+):)?(?P<quote>"?)(?P<typed>.*)', re.DOTALL)


def complete(
    text: str, cursor: int, known: Known, *, limit: int = LIMIT, anything: bool = False
) -> list[Completion]:
    """What could stand for the term at whose end the ``cursor`` is, likeliest first.

    Only with ``anything`` there is an offer between two terms, where nothing is typed yet: every
    field; and for a plain word, which is meant as such most often, the tags and agents that begin
    like it. A term taken by ``accepted`` can be read by ``parse``, or is the beginning
    of one that can.
    """
    start = _start_of_term(text, cursor)
    if start is None or (start == cursor and not anything):
        return []
    match = _TERM.match(text[start:cursor])
    if match is None or (match["quote"] and not match["field"]):
        return []
    typed, minus = match["typed"], match["minus"]
    if match["field"]:
        found = _of_field(match["field"].lower(), typed, known)
    else:
        found = _of_word(typed, known, _NAMED if anything else _FIXED)
    offers = (Completion(minus + term, hint, start, cursor) for term, hint in found)
    return [offer for offer in offers if offer.text != text[start:cursor]][:limit]


def is_mistaken(term: str) -> bool:
    """Whether the term cannot be read as it stands, and waits for nothing that is still missing."""
    if awaited(term):
        return False
    try:
        parse(term, now=_ANY_TIME, zone=ZoneInfo("UTC"), me="me")
    except InvalidInput:
        return True
    return False


def _start_of_term(text: str, cursor: int) -> int | None:
    """Where the term begins that ends at the cursor; None if the cursor is within one."""
    if text[cursor : cursor + 1].strip():
        return None
    place = 0
    while match := TOKEN.match(text, place):
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        if start >= cursor:
            break
        place = match.end()
        if cursor < place:
            return None
        if cursor == place:
            return start
    return cursor


_FIXED = ("is", "kind", "priority", "channel")
_NAMED = (*_FIXED, "assignee", "tag")


def _of_word(typed: str, known: Known, fields: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Fields of that beginning, then terms of those ``fields`` whose value has it."""
    word = typed.lower()
    yield from ((f"{name}:", _FIELD_HINTS[name]) for name in FIELDS if name.startswith(word))
    if len(word) < 2:
        return
    for name in fields:
        for value, hint in _values(name, known):
            if _plain(value).startswith(_plain(word)):
                yield f"{name}:{_written(value)}", hint or _FIELD_HINTS[name]


def _of_field(name: str, typed: str, known: Known) -> Iterator[tuple[str, str]]:
    """Values of the field: first those of that beginning, then those that hold it."""
    if name in SPANS and _SPAN.fullmatch(typed):
        yield from ((f"{name}:{typed}{unit}", words) for unit, words in _UNITS.items())
        return
    wanted = _plain(typed)
    values = [(value, hint) for value, hint in _values(name, known) if wanted in _plain(value)]
    values.sort(key=lambda each: not _plain(each[0]).startswith(wanted))
    if any(_plain(value) == wanted for value, _ in values):
        # What stands there is whole already; only what goes on from it is worth an offer.
        values = [each for each in values if _plain(each[0]).startswith(wanted)]
    yield from ((f"{name}:{_written(value)}", hint) for value, hint in values)


def _values(name: str, known: Known) -> list[tuple[str, str]]:
    """What the field can be compared with, as far as that is known, with hints."""
    match name:
        case "is":
            return [(value, _IS_HINTS[value]) for value in IS]
        case "kind":
            return _without_hints(Kind)
        case "state":
            hints = (_IS_HINTS["on-us"], _IS_HINTS["on-customer"], _IS_HINTS["closed"])
            return list(zip((str(state) for state in State), hints, strict=True))
        case "channel":
            return _without_hints(Channel)
        case "priority":
            return _without_hints(reversed(Priority))
        case "due":
            return list(_DUE.items())
        case "created" | "updated":
            return list(_AGO.items())
        case "from":
            return _without_hints(filter(_can_be_written, known.customers))
        case "tag":
            return _without_hints(filter(_can_be_written, known.tags))
        case "assignee":
            agents = (agent for agent in known.agents if fold(agent) not in ("me", "none"))
            named = _without_hints(filter(_can_be_written, agents))
            return [("me", "you"), ("none", "nobody"), *named]
    return []


def _without_hints(values: Iterable[str]) -> list[tuple[str, str]]:
    return [(str(value), "") for value in values]


def _plain(value: str) -> str:
    """A value as it is compared with what is typed."""
    return fold(value).replace("_", "-")


def _can_be_written(value: str) -> bool:
    """Whether the query language has a way to write the value."""
    return '"' not in value and value.strip() != ""


def _written(value: str) -> str:
    """The value as it stands in a query."""
    return f'"{value}"' if any(character.isspace() for character in value) else value
