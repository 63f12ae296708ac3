"""What the queue shows of a ticket, column by column, and which columns a width has room for.

Pure: from a row to words. Customers' text stands last, so that where a terminal counts the cells
of a letter differently no other column moves.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from helpdesk.domain.queue import QueueRow
from helpdesk.domain.wording import brief, short_time
from helpdesk.domain.words import Channel, Priority, State
from helpdesk.text import fit, list_cell, width
from helpdesk.widgets.wrapping import surely_within

SOON = timedelta(hours=1)
"""A promise due within this is one to look at now."""

SUBJECT_CELLS = 16
"""A column is given up rather than leave the subject less."""

_HOW_LONG_CELLS = 16
_CHANNELS = {Channel.IN_PERSON: "person"}
NOT_SENT = "✗ not sent · "
PRIORITY_SIGNS = {Priority.URGENT: "▲▲ ", Priority.HIGH: "▲ "}
"""What stands before a priority's word, or in its place, wherever it is shown."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the queue; ``cells`` is its width without the space that parts it."""

    name: str
    title: str
    cells: int
    right: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a column, in exactly its width; ``tone`` says how it is to look."""

    text: str
    tone: str


def plan(cells: int, digits: int) -> tuple[Column, ...]:
    """The columns for a line of ``cells``, ticket numbers having up to ``digits`` digits.

    Number, how long and subject are always there; the others come as there is room for them.
    """
    number = Column("number", "#", max(3, digits), right=True)
    how_long = Column("how_long", " how long", _HOW_LONG_CELLS)
    wishes = (
        Column("customer", "customer", 13),
        Column("due", "promised", 12, right=True),
        Column("kind", "kind", 9),
        Column("assignee", "agent", 8),
        Column("channel", "via", 6),
    )
    left = cells - number.cells - how_long.cells - 2
    granted = {"number": number, "how_long": how_long}
    for wish in wishes:
        if left - wish.cells - 1 < SUBJECT_CELLS:
            break
        left -= wish.cells + 1
        granted[wish.name] = wish
    if "customer" in granted:
        more = min(11, max(0, (left - 30) // 2))
        left -= more
        granted["customer"] = Column("customer", "customer", 13 + more)
    granted["subject"] = Column("subject", "subject", max(0, left))
    order = (
        "number", "due", "how_long", "kind", "channel", "assignee", "customer", "subject",
    )  # fmt: skip
    return tuple(granted[name] for name in order if name in granted)


def heading(columns: tuple[Column, ...]) -> str:
    """The titles over the columns."""
    return " ".join(
        column.title.rjust(column.cells) if column.right else column.title.ljust(column.cells)
        for column in columns
    )


def cells_of(
    row: QueueRow, columns: tuple[Column, ...], now: datetime, zone: ZoneInfo
) -> Iterator[Cell]:
    """The row, cell by cell, as of ``now``; days and times are those of ``zone``."""
    tone = tone_of(row, now)
    for column in columns:
        text, own_tone = _words(column, row, now, zone)
        yield Cell(_padded(text, column), own_tone or tone)


def _padded(text: str, column: Column) -> str:
    """The text in as many cells as the column has: a Chinese letter takes two."""
    room = " " * (column.cells - width(text))
    return room + text if column.right else text + room


def tone_of(row: QueueRow, now: datetime) -> str:
    """How loud a ticket is: ``late``, ``soon``, ``waiting`` (on us), ``customer`` or ``closed``."""
    if row.state is State.CLOSED:
        return "closed"
    if row.due is None:
        return "customer"
    if now > row.due:
        return "late"
    return "soon" if row.due - now <= SOON else "waiting"


_GLYPHS = {"late": "!", "soon": "●", "waiting": "○", "customer": "◇", "closed": "✓"}


def how_long(row: QueueRow, now: datetime) -> str:
    """What a ticket waits for, as glyph and words: ``! 3 h late``, ``○ in 2 days``."""
    tone = tone_of(row, now)
    if row.due is None or row.state is State.CLOSED:
        words = {"closed": "closed", "customer": "on customer"}[tone]
    else:
        words = brief(row.due, now)
    return f"{_GLYPHS[tone]} {words}"


def promised(due: datetime, zone: ZoneInfo, now: datetime) -> str:
    """When an answer was promised for, in at most 12 cells: ``today 17:00``, ``22 Mar 17:00``."""
    words = short_time(due, zone, now)
    if len(words) == 5:
        return f"today {words}"
    return words.partition(" ")[2]  # the weekday is told by the line below the list


def _words(column: Column, row: QueueRow, now: datetime, zone: ZoneInfo) -> tuple[str, str]:
    """What stands in the column, and its own tone if it has one.

    Only what people wrote is measured: the desk's own words are as wide as they are long.
    """
    match column.name:
        case "number":
            return str(row.id), "quiet"
        case "due":
            return (promised(row.due, zone, now) if row.due else ""), "quiet"
        case "how_long":
            return f" {how_long(row, now)}", ""
        case "kind":
            return str(row.kind), "quiet"
        case "channel":
            return _CHANNELS.get(row.channel, str(row.channel)), "quiet"
        case "assignee":
            return fit(list_cell(row.assignee or "·"), column.cells), "quiet"
        case "customer":
            return fit(list_cell(row.customer_name), column.cells), "text"
        case _:
            mark = PRIORITY_SIGNS.get(row.priority, "")
            mark += NOT_SENT if row.undelivered else ""
            room = column.cells - len(mark)
            return mark + fit(surely_within(list_cell(row.subject), room), room), "text"


def line_width(columns: tuple[Column, ...]) -> int:
    """The cells that the columns take together, with the spaces that part them."""
    return sum(column.cells for column in columns) + len(columns) - 1


def digits_of(rows: list[QueueRow]) -> int:
    """How many digits the longest of the ticket numbers has."""
    return max((len(str(row.id)) for row in rows), default=1)
