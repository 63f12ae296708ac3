"""The queue as a table of any length, of which only the lines in sight are ever made."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Protocol
from zoneinfo import ZoneInfo

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from helpdesk import clock
from helpdesk.domain.queue import QueueRow
from helpdesk.text import fit
from helpdesk.widgets.queue_columns import (
    Column,
    cells_of,
    heading,
    how_long,
    line_width,
    plan,
    tone_of,
)

CURSOR = "▌"
MARK = "■"
KEPT_LINES = 500
TONES = ("late", "soon", "waiting", "customer", "closed", "quiet", "text")


class Rows(Protocol):
    """Where the table takes its rows from."""

    total: int

    @property
    def digits(self) -> int:
        """How many digits the longest ticket number has."""

    def row(self, index: int) -> QueueRow | None:
        """The row at that place, counted from 0; None beyond the end."""


class NoRows:
    """A queue without tickets."""

    total = 0
    digits = 1

    def row(self, index: int) -> QueueRow | None:
        """There is none."""
        return None


class QueueHeading(Widget):
    """The titles over the columns of the queue."""

    DEFAULT_CSS = "QueueHeading { height: 1; color: $text-muted; }"

    columns: tuple[Column, ...] = ()
    indent = 1

    def render_line(self, y: int) -> Strip:
        """The one line."""
        text = (" " * self.indent + heading(self.columns)).ljust(self.size.width)[: self.size.width]
        return Strip([Segment(text, self.rich_style)], self.size.width)


class QueueTable(ScrollView, can_focus=True, inherit_bindings=False):
    """Rows of tickets with a cursor on one of them, and marks. Keys are the screen's business."""

    COMPONENT_CLASSES = {f"queue-table--{tone}" for tone in TONES} | {
        "queue-table--cursor", "queue-table--mark"
    }  # fmt: skip

    @dataclass
    class Highlighted(Message):
        """The cursor came to stand on another ticket (None: there is none)."""

        row: QueueRow | None

    class Opened(Message):
        """A row was clicked that was selected already."""

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__()
        self.zone = zone
        self.rows: Rows = NoRows()
        self.cursor = 0
        self.empty = ""
        self.heading: QueueHeading | None = None
        self.marked: frozenset[int] = frozenset()
        """The numbers of the tickets that are marked."""
        self._columns: tuple[Column, ...] = ()
        self._arranged_for = (0, 0, 0)
        self._styles: dict[tuple[str, bool], Style] = {}
        self._today = clock.now().astimezone(zone).date()
        self._drawn: dict[int, tuple[QueueRow, str]] = {}
        """By its place, the row that stands there on the screen, and its words of time."""
        self._lines: dict[tuple[int, bool, bool], tuple[QueueRow, str, Strip]] = {}

    @property
    def selected(self) -> QueueRow | None:
        """The ticket under the cursor."""
        return self.rows.row(self.cursor)

    def show(self, rows: Rows, cursor: int) -> None:
        """Show other rows, the cursor on the row at ``cursor`` and where it was on the screen.

        If the wheel has scrolled it out of sight, what is in sight stays there. Where all but some
        rows stand as before, these alone are drawn.
        """
        top, same = self.scroll_offset.y, cursor == self.cursor
        before, total = self.cursor, self.rows.total
        self.rows = rows
        self.cursor = max(0, min(cursor, rows.total - 1))
        self.virtual_size = Size(self.size.width, rows.total)
        if 0 <= before - top < self.size.height or not same:
            top = self._top_with(self.cursor - before + top)
        stays = total == rows.total > 0 and top == self.scroll_offset.y
        self.scroll_to(y=top, animate=False)
        if self._arrange() or not stays:
            self.refresh()
        else:
            for index in {before, self.cursor} if before != self.cursor else ():
                self.refresh_line(index)
            self.tick(clock.now())
        self._tell()

    def mark(self, tickets: frozenset[int]) -> None:
        """Mark those tickets, and no others."""
        before, self.marked = self.marked, tickets
        if bool(before) != bool(tickets):
            self._arrange()
            self.refresh()
            return
        for index in self._in_sight():
            row = self.rows.row(index)
            if row is not None and (row.id in before) != (row.id in tickets):
                self.refresh_line(index)

    def move_to(self, index: int) -> None:
        """Put the cursor on the row at ``index``, or the nearest there is."""
        index = max(0, min(index, self.rows.total - 1))
        if index == self.cursor:
            self.scroll_to(y=self._top_with(self.scroll_offset.y), animate=False)
            return
        before, self.cursor = self.cursor, index
        top = self._top_with(self.scroll_offset.y)
        if top == self.scroll_offset.y:
            self.refresh_line(before)
            self.refresh_line(index)
        else:
            self.scroll_to(y=top, animate=False)
            self.refresh()
        self._tell()

    def move(self, by: int) -> None:
        """Move the cursor down by that many rows; up, if it is negative."""
        self.move_to(self.cursor + by)

    @property
    def page(self) -> int:
        """How many rows the next page is away."""
        return max(1, self.size.height - 1)

    def tick(self, now: datetime) -> None:
        """Draw those lines again of which the row is another, or time has changed the words; all
        of them on another day."""
        today = now.astimezone(self.zone).date()
        if today != self._today:
            self._today = today
            self._lines.clear()
            self.refresh()
        for index in self._in_sight():
            row = self.rows.row(index)
            if row is not None and self._drawn.get(index) != (row, how_long(row, now)):
                self.refresh_line(index)

    def has_become_overdue(self, since: datetime, now: datetime) -> bool:
        """Whether a promise in sight has become overdue since then."""
        rows = map(self.rows.row, self._in_sight())
        return any(row and row.is_overdue(now) and not row.is_overdue(since) for row in rows)

    def render_line(self, y: int) -> Strip:
        """One line of the screen, made anew only if its words have changed since it was last."""
        if self._arranged_for[0] != self.size.width:  # painted before it is told its new size
            self._arrange()
        index = y + self.scroll_offset.y
        row = self.rows.row(index)
        if row is None:
            return self._empty_line(y, self.size.width)
        now = clock.now()
        told = how_long(row, now)
        self._drawn[index] = (row, told)
        key = (index, index == self.cursor, row.id in self.marked)
        made = self._lines.get(key)
        if made is None or made[:2] != (row, told):
            if len(self._lines) >= KEPT_LINES:
                self._lines.clear()
            made = self._lines[key] = (row, told, self._line(row, now, key[1], key[2]))
        return made[2]

    @property
    def _indent(self) -> int:
        """The cells before the columns: the cursor's, and the marks' if there are any."""
        return 2 if self.marked else 1

    def _line(self, row: QueueRow, now: datetime, on: bool, marked: bool) -> Strip:
        cells = self.size.width
        tone = tone_of(row, now)
        parts = [("bar" if on else "text", CURSOR if on else " ")]
        if self.marked:
            parts.append(("mark" if marked else "text", MARK if marked else " "))
        for cell in cells_of(row, self._columns, now, self.zone):
            parts.append((_toned(cell.tone, tone), f"{cell.text} "))
        taken = line_width(self._columns) + self._indent + 1
        parts.append((parts[-1][0], " " * (cells - taken)))
        # Parts that look alike are one: a scrolled page is a third fewer bytes to send.
        segments = [
            Segment("".join(text for _, text in alike), self._style(look, on))
            for look, alike in groupby(parts, key=itemgetter(0))
        ]
        return Strip(segments, max(taken, cells)).crop(0, cells)

    def on_resize(self) -> None:
        """Choose the columns anew and keep the cursor in sight."""
        self.virtual_size = Size(self.size.width, self.rows.total)
        self._arrange()
        self.scroll_to(y=self._top_with(self.scroll_offset.y), animate=False)
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """A click selects; on what is selected already it opens."""
        index = event.y + self.scroll_offset.y
        if self.rows.row(index) is None:
            return
        if index == self.cursor:
            self.post_message(self.Opened())
        else:
            self.move_to(index)

    def notify_style_update(self) -> None:
        """Colours are taken from the theme once, not for every line."""
        super().notify_style_update()
        self._styles.clear()
        self._lines.clear()

    def _in_sight(self) -> range:
        top = self.scroll_offset.y
        return range(top, min(top + self.size.height, self.rows.total))

    def _top_with(self, top: int) -> int:
        """The first row in sight nearest to ``top`` with which the cursor is in sight too."""
        height = max(1, self.size.height)
        top = max(self.cursor - height + 1, min(top, self.cursor))
        return max(0, min(top, self.rows.total - height))

    def _arrange(self) -> bool:
        """Choose the columns; gives whether every line may be another by that."""
        cells, indent, digits = arranged_for = (self.size.width, self._indent, self.rows.digits)
        if arranged_for == self._arranged_for:
            return False
        self._arranged_for = arranged_for
        self._columns = plan(cells - indent - 1, digits)
        self._lines.clear()
        if self.heading is not None:
            shown = (self.heading.columns, self.heading.indent)
            self.heading.columns, self.heading.indent = self._columns, indent
            if shown != (self._columns, indent):
                self.heading.refresh()
        return True

    def _tell(self) -> None:
        row = self.selected
        self.post_message(self.Highlighted(row))

    def _empty_line(self, y: int, cells: int) -> Strip:
        style = self._style("quiet", False)
        lines = self.empty.split("\n") if self.rows.total == 0 and self.empty else []
        first = max(1, self.size.height // 3)
        text = lines[y - first] if 0 <= y - first < len(lines) else ""
        return Strip([Segment(fit(f"  {text}", cells), style)], cells)

    def _style(self, tone: str, on: bool) -> Style:
        known = self._styles.get((tone, on))
        if known is None:
            known = self._styles[tone, on] = self._made_style(tone, on)
        return known

    def _made_style(self, tone: str, on: bool) -> Style:
        cursor = self.get_component_rich_style("queue-table--cursor")
        if tone == "bar":
            return cursor
        style = self.get_component_rich_style(f"queue-table--{tone}")
        return style + Style(bgcolor=cursor.bgcolor, reverse=cursor.reverse) if on else style


def _toned(own: str, row: str) -> str:
    """What a cell looks like in a row: a closed matter is quiet altogether."""
    return "closed" if row == "closed" and own in ("text", "quiet") else own
