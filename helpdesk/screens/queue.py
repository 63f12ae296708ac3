"""The queue: what waits, ordered by what was promised."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.containers import Container, Vertical, VerticalScroll
from textual.css.query import NoMatches

from helpdesk.domain.errors import InvalidInput
from helpdesk.domain.words import State
from helpdesk.screens.base import DeskScreen
from helpdesk.screens.history import QUEUE, Place
from helpdesk.screens.queue_pages import Look, QueuePages, look, queue_text
from helpdesk.screens.queue_words import when_empty
from helpdesk.terminal.actions import bindings, pick, unlabelled
from helpdesk.widgets.detail_lines import DetailLines
from helpdesk.widgets.queue_table import QueueHeading, QueueTable
from helpdesk.widgets.title_line import TitleLine
from helpdesk.widgets.views_bar import NAMES, ViewsBar, label

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.timer import Timer

    from helpdesk.desk.desk import Desk
    from helpdesk.domain.customer import Customer
    from helpdesk.domain.queue import QueueRow
    from helpdesk.domain.ticket import Ticket
    from helpdesk.widgets.filter_line import FilterLine
    from helpdesk.widgets.ticket_preview import TicketPreview

    Read = tuple[Ticket, Customer | None]

FIRST_VIEW = "on-us"
LOOK_AGAIN = timedelta(seconds=30)
"""Promises fall due without anybody changing anything."""

PREVIEW_DELAY = 0.12
"""Seconds the cursor rests before a ticket is read for the preview."""


class QueueScreen(DeskScreen[None]):
    """The first screen: views, the tickets of one of them, and the selected one beside."""

    ACTIONS = unlabelled(
        pick(
            "open reply note promise assign close triage filter new customer next_view "
            "previous_view view down up page_down page_up first last back theme help quit"
        ),
        "back",
    )
    BINDINGS = bindings(ACTIONS)
    PLACE = "queue"
    AUTO_FOCUS = "QueueTable"
    HORIZONTAL_BREAKPOINTS = [
        (0, "-narrow"), (100, "-side"), (120, "-wide"), (170, "-roomy"),
    ]  # fmt: skip
    VERTICAL_BREAKPOINTS = [(0, "-low"), (16, "-high")]

    def __init__(self) -> None:
        super().__init__()
        self.view = FIRST_VIEW
        self.narrowed = ""
        self._pages: QueuePages | None = None
        self._left_at: dict[str, int | None] = {}
        self._looked: datetime | None = None
        self._resting: Timer | None = None
        self._beside: TicketPreview | None = None

    def body(self) -> ComposeResult:
        """Views, the table with its heading, two lines of detail."""
        table = QueueTable(self.desk.zone)
        table.heading = QueueHeading()
        with Container(id="desk"):
            yield ViewsBar()
            with Vertical(id="list"):
                yield table.heading
                yield table
                yield DetailLines(self.desk.zone)
            yield VerticalScroll(id="beside", can_focus=False)

    def on_mount(self) -> None:
        """The first rows come with the first frame; everything else after it."""
        with self.careful():
            self._pages = QueuePages(self.desk, queue_text(self.view, self.narrowed))
            self.table.show(self._pages, 0)
        self.call_after_refresh(self.refresh_rows)

    @property
    def table(self) -> QueueTable:
        """The rows."""
        return self.query_one(QueueTable)

    @property
    def _ticket(self) -> int | None:
        row = self.table.selected
        return row.id if row is not None else None

    @property
    def filter_line(self) -> FilterLine | None:
        """The line of the filter, while it is open."""
        from helpdesk.widgets.filter_line import FilterLine

        try:
            return self.query_one(FilterLine)
        except NoMatches:
            return None

    @property
    def place(self) -> Place:
        """The queue, whatever it shows."""
        return Place(QUEUE)

    def refresh_rows(self) -> None:
        """Look at the desk anew, in a thread; the cursor stays on its ticket."""
        self._looked = self.desk.now()
        ticket, near = self._ticket, self.table.cursor
        self.work(
            lambda: look(self.desk, self.view, self.narrowed, ticket, near),
            self._seen,
            group="look",
        )

    def _seen(self, seen: Look) -> None:
        # The agent may have moved on while the thread was looking.
        self._show(self.view, self.narrowed, seen.pages, seen.cursor_for(self._ticket))
        self.query_one(ViewsBar).counts = seen.counts
        self.table.empty = when_empty(self.view, self.narrowed, seen.counts)
        total = seen.pages.total
        tickets = "1 ticket" if total == 1 else f"{total:,} tickets".replace(",", " ")
        self.query_one(TitleLine).place = f"{label(self.view)} · {tickets}"
        line = self.filter_line
        if line is not None and self.narrowed:
            line.answer(f"{total} found")

    def _show(self, view: str, narrowed: str, pages: QueuePages, cursor: int) -> None:
        self.view, self.narrowed, self._pages = view, narrowed, pages
        self.query_one(ViewsBar).active = view
        self.query_one(TitleLine).place = label(view)
        self.table.show(pages, cursor)
        self._preview_soon()

    def tick(self, now: datetime) -> None:
        """Bring the words of time up to date; look again now and then."""
        super().tick(now)
        self.table.tick(now)
        if self._beside is not None:
            self._beside.tick(now)
        if self._looked is not None and now - self._looked >= LOOK_AGAIN:
            self.refresh_rows()

    def on_screen_resume(self) -> None:
        """Something may have been done on the screen that was above."""
        if self._looked is not None:
            self.refresh_rows()

    def on_queue_table_highlighted(self, message: QueueTable.Highlighted) -> None:
        """Another ticket is under the cursor."""
        self.query_one(DetailLines).show(message.row)
        self._preview_soon()
        pages = self._pages
        if pages is not None:
            wanted = pages.missing_near(self.table.cursor)
            if wanted is not None:
                self.work(partial(pages.load, wanted), group="ahead")

    def on_resize(self) -> None:
        """There may be room for the preview now."""
        self._preview_soon()

    def _preview_soon(self) -> None:
        """Show the selected ticket beside once the cursor rests."""
        if self._resting is not None:
            self._resting.stop()
        if self._looked is not None and self.query_one("#beside").display:
            self._resting = self.set_timer(PREVIEW_DELAY, self._preview)

    def _preview(self) -> None:
        row = self.table.selected
        if row is None:
            self.call_next(self._show_beside, None)
        else:
            self.work(partial(_read, self.desk, row), self._show_beside, group="preview")

    async def _show_beside(self, read: Read | None) -> None:
        if self._beside is None:
            from helpdesk.widgets.ticket_preview import TicketPreview

            self._beside = TicketPreview()
            await self.query_one("#beside").mount(self._beside)
        ticket, customer = read if read is not None else (None, None)
        self._beside.show(ticket, customer)

    def on_queue_table_opened(self) -> None:
        """A double click opens."""
        self.run_worker(self.action_do("open"))

    def on_views_bar_chosen(self, message: ViewsBar.Chosen) -> None:
        """A view was clicked."""
        self._go_to_view(message.view)

    # Moving

    def action_down(self) -> None:
        """One row down."""
        self.table.move(1)

    def action_up(self) -> None:
        """One row up."""
        self.table.move(-1)

    def action_page_down(self) -> None:
        """A page down."""
        self.table.move(self.table.page)

    def action_page_up(self) -> None:
        """A page up."""
        self.table.move(-self.table.page)

    def action_first(self) -> None:
        """To the first row."""
        self.table.move_to(0)

    def action_last(self) -> None:
        """To the last row."""
        self.table.move_to(self.table.rows.total - 1)

    # Views and filter

    def action_next_view(self) -> None:
        """The view after this one."""
        self._go_to_view(NAMES[(NAMES.index(self.view) + 1) % len(NAMES)])

    def action_previous_view(self) -> None:
        """The view before this one."""
        self._go_to_view(NAMES[NAMES.index(self.view) - 1])

    def action_view(self, key: str) -> None:
        """The view of that number."""
        self._go_to_view(NAMES[int(key) - 1])

    def _go_to_view(self, view: str) -> None:
        self._left_at[self.view] = self._ticket
        self._go_to(view, self.narrowed, self._left_at.get(view))

    def _go_to(self, view: str, narrowed: str, ticket: int | None) -> None:
        """Show other rows at once, so that the next key meets them; counts follow."""
        pages = QueuePages(self.desk, queue_text(view, narrowed))
        self._show(view, narrowed, pages, pages.cursor_at(ticket))
        self.refresh_rows()

    async def action_filter(self) -> None:
        """Open the filter line, or go back into it."""
        from helpdesk.widgets.filter_line import FilterLine

        line = self.filter_line
        if line is None:
            line = FilterLine()
            await self.query_one("#list").mount(line, before=0)
        line.edit()

    async def on_filter_line_applied(self, message: FilterLine.Applied) -> None:
        """Narrow down as typed, and go back to the rows."""
        text = message.text.strip()
        with self.careful():
            if not text:
                await self._clear_filter()
                return
            try:
                self._go_to(self.view, text, None)
            except InvalidInput as error:
                message.line.answer(error.message, wrong=True)
                return
            self.table.focus()

    async def action_back(self) -> None:
        """Clear the filter."""
        await self._clear_filter()

    async def _clear_filter(self) -> None:
        line = self.filter_line
        if line is not None:
            self.table.focus()
            await line.remove()
        if self.narrowed:
            self._go_to(self.view, "", self._ticket)

    def action_triage(self) -> None:
        """Go through what waits on us here, one ticket after another."""
        from helpdesk.screens.triage import TriageScreen

        self.app.push_screen(TriageScreen(queue_text(self.view, self.narrowed)), self._triaged)

    def _triaged(self, done: str | None) -> None:
        if done:
            self.tell(done)

    # The ticket

    def why_not(self, name: str) -> str | None:
        """Why an action on the selected ticket cannot be done."""
        if name not in _ON_A_TICKET:
            return None
        row = self.table.selected
        if row is None:
            return "no ticket is selected here; tab goes to another view"
        return _why_not(name, row, self.desk.agent)

    def action_open(self) -> None:
        """Open the selected ticket."""
        from helpdesk.screens.ticket import TicketScreen

        self._push(TicketScreen(self._number()))

    def action_reply(self) -> None:
        """Answer the customer."""
        from helpdesk.screens.compose import ComposeScreen

        self._push(ComposeScreen(self._number(), note=False))

    def action_note(self) -> None:
        """Write a note."""
        from helpdesk.screens.compose import ComposeScreen

        self._push(ComposeScreen(self._number(), note=True))

    def action_promise(self) -> None:
        """Tell the customer another date."""
        from helpdesk.screens.promise import PromiseScreen

        self._push(PromiseScreen(self._number()))

    def action_close(self) -> None:
        """End the matter."""
        from helpdesk.screens.close import CloseScreen

        self._push(CloseScreen(self._number()))

    def action_customer(self) -> None:
        """Open the customer's profile."""
        from helpdesk.screens.customer import CustomerScreen

        row = self.table.selected
        if row is not None and row.customer_id is not None:
            self._push(CustomerScreen(row.customer_id))

    def action_new(self) -> None:
        """Begin a new ticket."""
        from helpdesk.screens.new_ticket import NewTicketScreen

        self._push(NewTicketScreen(None))

    def action_assign(self) -> None:
        """Assign the selected ticket to me."""
        from helpdesk.desk.upkeep import assign

        number = self._number()
        self.work(
            lambda: assign(self.desk, number, self.desk.agent),
            lambda ticket: self._taken(number),
        )

    def _taken(self, number: int) -> None:
        self.tell(f"ticket {number} is yours")
        self.refresh_rows()

    def _number(self) -> int:
        number = self._ticket
        if number is None:
            raise InvalidInput("no ticket is selected here")
        return number

    def _push(self, screen: Screen[Any]) -> None:
        self.app.push_screen(screen)


def _read(desk: Desk, row: QueueRow) -> Read:
    """The ticket and its customer, whose profile may have been erased."""
    customer = desk.store.customer(row.customer_id) if row.customer_id is not None else None
    return desk.store.ticket(row.id), customer


_ON_A_TICKET: Iterable[str] = frozenset(
    {"open", "reply", "note", "promise", "assign", "close", "customer"}
)


def _why_not(name: str, row: QueueRow, agent: str) -> str | None:
    closed = row.state is State.CLOSED
    if name == "assign" and row.assignee == agent:
        return f"ticket {row.id} is yours already"
    if name == "promise" and closed:
        return f"ticket {row.id} is closed: reopen it first"
    if name == "close" and closed:
        return f"ticket {row.id} is closed already"
    if name == "customer" and row.customer_id is None:
        return f"ticket {row.id} has no customer's profile any more"
    return None
