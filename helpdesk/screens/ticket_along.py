"""Going along the queue from ticket to ticket; where there is room, the queue is seen beside."""

from __future__ import annotations

from datetime import datetime

from textual.app import ComposeResult

from helpdesk.domain.errors import InvalidInput
from helpdesk.screens.queue_rows import RowsScreen
from helpdesk.screens.scrolling import ScrollingScreen
from helpdesk.widgets.queue_along import AlongTable, QueueAlong


class AlongScreen(ScrollingScreen[None]):
    """A screen of one ticket. The queue below it is the one that is shown, and whose cursor moves.

    A subclass has a ``number``, and shows another ticket in ``open_along``.
    """

    number: int

    queue: RowsScreen | None = None
    """The queue below, if the ticket was opened there: there is a next one then."""

    def open_along(self, number: int) -> None:
        """Show another ticket of the queue in place of this one."""

    def queue_along(self) -> ComposeResult:
        """The queue beside, if the ticket is the one that is selected there."""
        below = self.app.screen_stack[0]
        if isinstance(below, RowsScreen) and below.ticket == self.number:
            self.queue = below
            self.add_class("-along")
            yield QueueAlong(self.desk.zone)

    def refresh_queue(self) -> None:
        """Read the queue anew."""
        if self.queue is not None:
            self.queue.refresh_rows()

    def tick(self, now: datetime) -> None:
        """Bring the words of time up to date, and show the queue as it is below."""
        super().tick(now)
        queue = self.queue
        if queue is not None and queue.pages is not None and self.has_class("-roomy"):
            self.query_one(QueueAlong).follow(queue.pages, queue.table.cursor, now)

    def on_resize(self) -> None:
        """There may be room for the queue now."""
        self.call_after_refresh(lambda: self.tick(self.desk.now()))

    def why_not(self, name: str) -> str | None:
        """Why there is no going along."""
        if name in ("next_ticket", "previous_ticket") and self.queue is None:
            return "this ticket was not opened from the queue: esc goes back"
        return None

    def action_next_ticket(self) -> None:
        """Go on to the next ticket of the queue."""
        self._along(1)

    def action_previous_ticket(self) -> None:
        """Go to the ticket before."""
        self._along(-1)

    def _along(self, by: int) -> None:
        queue = self.queue
        if queue is None:
            return
        # One that is in the view no more has left its place to the next.
        if by < 0 or queue.ticket == self.number:
            queue.table.move(by)
        number = queue.ticket
        if number is None or number == self.number:
            raise InvalidInput(f"this is the {'last' if by > 0 else 'first'} ticket of the view")
        self.open_along(number)

    def on_along_table_chosen(self, message: AlongTable.Chosen) -> None:
        """A click on another ticket opens it."""
        queue, number = self.queue, message.row.id
        place = queue.pages.place_of(number) if queue is not None and queue.pages else None
        if queue is not None and place is not None and number != self.number:
            queue.table.move_to(place)
            self.open_along(number)
