"""The queue at the side of a ticket: the rows as they stand below, the cursor where it is there."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from helpdesk.domain.queue import QueueRow
from helpdesk.widgets.queue_table import QueueHeading, QueueTable, Rows


class AlongTable(QueueTable, can_focus=False):
    """Rows of which a click chooses one; what the cursor stands on is said by whoever shows it."""

    @dataclass
    class Chosen(Message):
        """A row was clicked."""

        row: QueueRow

    def on_click(self, event: events.Click) -> None:
        """Choose the row."""
        event.prevent_default()
        row = self.rows.row(event.y + self.scroll_offset.y)
        if row is not None:
            self.post_message(self.Chosen(row))


class QueueAlong(Vertical):
    """The heading and the rows."""

    DEFAULT_CSS = "QueueAlong { height: 100%; }"

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__()
        self._table = AlongTable(zone)
        self._table.heading = QueueHeading()

    def compose(self) -> ComposeResult:
        """Both."""
        assert self._table.heading is not None
        yield self._table.heading
        yield self._table

    def follow(self, rows: Rows, cursor: int, now: datetime) -> None:
        """Show the rows, the cursor on that one, as of now; cheap if nothing changed."""
        if rows is not self._table.rows or cursor != self._table.cursor:
            self._table.show(rows, cursor)
        else:
            self._table.tick(now)
