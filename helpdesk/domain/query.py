"""The query language of the queue: ``is:overdue kind:complaint from:"Acme" due:<2d "exact words"``.

``parse`` turns what an agent typed into a Query; a store turns the Query into rows. A term is
``field:value``, ``-field:value`` for its opposite, a word, or a "phrase". Terms are joined by and.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from helpdesk.domain.errors import InvalidInput
from helpdesk.domain.words import Channel, Kind, Priority, State

VIEWS: dict[str, str] = {
    "overdue": "is:overdue",
    "today": "due:today",
    "mine": "is:mine -is:closed",
    "unassigned": "is:unassigned -is:closed",
    "on-us": "is:on-us",
    "on-customer": "is:on-customer",
    "closed": "is:closed",
    "all": "",
}
"""The views of the queue, by name, as queries."""

FIELDS = (
    "is", "kind", "state", "channel", "priority", "assignee", "customer", "from", "tag",
    "due", "created", "updated", "id", "external",
)  # fmt: skip
IS = ("overdue", "mine", "unassigned", "open", "closed", "on-us", "on-customer",
      "undelivered")  # fmt: skip

SPANS = ("due", "created", "updated")
"""The fields that are compared with times."""


@dataclass(frozen=True, slots=True)
class Span:
    """Moments from ``start`` up to, but without, ``end``; None is without limit."""

    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """One condition: ``field`` is one of FIELDS, ``value`` what it is compared with."""

    field: str
    value: str | int | Span | None
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What an agent asks the queue for. ``now`` (UTC) is the moment that "overdue" refers to.

    The last of ``words`` may also be the beginning of a word, as an agent is perhaps still typing
    it; not so if ``last_is_whole``, because it stood in quotes.
    """

    now: datetime
    terms: tuple[Term, ...] = ()
    words: tuple[str, ...] = ()
    without_words: tuple[str, ...] = field(default=())
    last_is_whole: bool = False


TOKEN = re.compile(
    r"""\s*(?P<minus>-)?(?:(?P<field>[A-Za-z_]+):)?(?:"(?P<quoted>[^"]*)(?:"|$)|(?P<bare>[^\s"]+))"""
)
"""One term of a query, with the white space before it."""

_AGO = re.compile(r"(?P<sign>[<>])(?P<back>-)?(?P<count>\d{1,5})(?P<unit>[mhdw])")
_DAY = re.compile(r"(?P<sign>[<>])?(?P<day>\d{4}-\d{2}-\d{2})")
_SPAN_BEGUN = re.compile(r"[<>]-?\d{0,5}")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def parse(text: str, *, now: datetime, zone: ZoneInfo, me: str) -> Query:
    """Read a query as an agent typed it; days are those of ``zone``, ``me`` is the agent's login.

    Raises:
        InvalidInput: naming the term that cannot be read, and what could stand there.
    """
    reader = _Reader(now=now, zone=zone, me=me)
    terms: list[Term] = []
    words: list[str] = []
    without: list[str] = []
    last_is_whole = False
    for name, value, negated, quoted in _tokens(text):
        if name is not None:
            terms.append(reader.term(name, value, negated))
        elif negated:
            without.append(value)
        else:
            words.append(value)
            last_is_whole = quoted
    return Query(now, tuple(terms), tuple(words), tuple(without), last_is_whole)


def _tokens(text: str) -> Iterator[tuple[str | None, str, bool, bool]]:
    """The field, value, whether it is negated and whether it stood in quotes, of each term."""
    place = 0
    while text[place:].strip():
        match = TOKEN.match(text, place)
        if match is None:
            # A quote that was opened and not closed yet runs to the end: the agent is typing.
            rest = text[place:].strip().replace('"', "")
            if rest:
                yield None, rest, False, False
            return
        place = match.end()
        quoted, bare = match["quoted"], match["bare"]
        value = quoted if quoted is not None else bare
        name = match["field"]
        if name is None and quoted is None and bare[:-1].lower() in FIELDS and bare[-1] == ":":
            raise InvalidInput(f"{bare} takes a value")
        if name is not None and name.lower() not in FIELDS:
            if quoted is None and (value.startswith("//") or value[0].isdigit()):
                # A pasted address, or "error:404", is something to look for.
                yield None, f"{name}:{value}", match["minus"] is not None, False
                continue
            raise InvalidInput(f"unknown field {name}: ; there are {', '.join(FIELDS)}")
        if name is not None and not value:
            raise InvalidInput(f"{name}: takes a value")
        if value:
            negated = match["minus"] is not None
            yield (name.lower() if name else None), value, negated, quoted is not None


def awaited(text: str) -> str:
    """What a query that is being typed still waits for, in few words; empty if it is whole, or
    cannot be read for another reason."""
    place = 0
    while match := TOKEN.match(text, place):
        place = match.end()
        quoted, bare = match["quoted"], match["bare"]
        if quoted is not None and match.end("quoted") == place:
            return "a closing quote"
        if bare is None:
            continue
        if match["field"] is None and bare[-1] == ":" and bare[:-1].lower() in FIELDS:
            return f"a value for {bare[:-1].lower()}"
        if place < len(text):
            continue
        if (match["field"] or "").lower() in SPANS and _SPAN_BEGUN.fullmatch(bare):
            return "a time such as <2d"
        if match["field"] is None and bare == "-":
            return "what to leave out"
    return "a closing quote" if text[place:].strip() else ""


@dataclass(frozen=True, slots=True)
class _Reader:
    now: datetime
    zone: ZoneInfo
    me: str

    def term(self, name: str, value: str, negated: bool) -> Term:
        readers: dict[str, Callable[[str], str | int | Span | None]] = {
            "is": lambda v: _one_of("is", v.lower().replace("_", "-"), IS),
            "kind": lambda v: _one_of("kind", v, tuple(Kind)),
            "state": lambda v: _one_of("state", v.replace("-", "_"), tuple(State)),
            "channel": lambda v: _one_of("channel", v.replace("-", "_"), tuple(Channel)),
            "priority": lambda v: _one_of("priority", v, tuple(Priority)),
            "assignee": self._assignee,
            "id": lambda v: _number("id", v.removeprefix("#")),
            "customer": lambda v: _number("customer", v.removeprefix("#")),
            "due": lambda v: self._span("due", v, ahead=True),
            "created": lambda v: self._span("created", v, ahead=False),
            "updated": lambda v: self._span("updated", v, ahead=False),
        }
        if name == "is" and value.lower() == "mine":
            return Term("assignee", self.me, negated)
        if name == "is" and value.lower() == "unassigned":
            return Term("assignee", None, negated)
        read = readers.get(name, str)
        return Term(name, read(value), negated)

    def _assignee(self, value: str) -> str | None:
        if value.lower() == "none":
            return None
        return self.me if value.lower() == "me" else value

    def _span(self, name: str, value: str, *, ahead: bool) -> Span:
        text = value.lower()
        day = {"yesterday": -1, "today": 0, "tomorrow": 1}.get(text)
        if day is not None:
            return self._day(self.now.astimezone(self.zone) + timedelta(days=day))
        if match := _AGO.fullmatch(text):
            return self._within(match, ahead)
        if match := _DAY.fullmatch(text):
            return self._on(match, name)
        raise InvalidInput(
            f"{name}: takes today, tomorrow, <2d, >3h or a day like 2026-11-25, not what was given"
        )

    def _within(self, match: re.Match[str], ahead: bool) -> Span:
        """``due:<2d``: in less than two days from now; ``created:<2d``: less than two days ago."""
        span = timedelta(**{_UNITS[match["unit"]]: int(match["count"])})
        back = match["back"] is not None or not ahead
        edge = self.now - span if back else self.now + span
        # "created:<2d" is younger than two days, but "due:<-1d" is due before yesterday.
        before = (match["sign"] == "<") == ahead
        return Span(end=edge) if before else Span(start=edge)

    def _on(self, match: re.Match[str], name: str) -> Span:
        try:
            day = datetime.fromisoformat(match["day"]).replace(tzinfo=self.zone)
            span = self._day(day)
        except (ValueError, OverflowError):
            raise InvalidInput(f"{name}: no such day; write one like 2026-11-25") from None
        if match["sign"] == "<":
            return Span(end=span.start)
        return Span(start=span.end) if match["sign"] == ">" else span

    def _day(self, moment: datetime) -> Span:
        start = moment.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        end = start + timedelta(days=1)
        return Span(start.astimezone(UTC), end.astimezone(UTC))


def _one_of(name: str, value: str, known: tuple[str, ...]) -> str:
    if value.lower() not in known:
        raise InvalidInput(f"{name}: takes {', '.join(known)}")
    return value.lower()


def _number(name: str, value: str) -> int:
    if not value.isascii() or not value.isdigit() or len(value) > 15:
        raise InvalidInput(f"{name}: takes a number")
    return int(value)
