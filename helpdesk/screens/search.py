"""Search over everything ever written, as it is typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from helpdesk.desk.finding import Found, find, known
from helpdesk.domain.errors import HelpdeskError
from helpdesk.domain.query import awaited
from helpdesk.screens.history import SEARCH, Place
from helpdesk.screens.picking import PickingScreen
from helpdesk.screens.search_words import BEGIN, how_many, when_nothing
from helpdesk.terminal.actions import bindings, pick
from helpdesk.text import clean_line
from helpdesk.widgets.completed_line import ONE_OF_THESE, CompletedLine
from helpdesk.widgets.hit_list import HitList
from helpdesk.widgets.pick_list import PickList
from helpdesk.widgets.ticket_preview import TicketPreview

if TYPE_CHECKING:
    from textual.timer import Timer
    from textual.widgets import Input

    from helpdesk.desk.desk import Desk
    from helpdesk.domain.completion import Known
    from helpdesk.domain.customer import Customer
    from helpdesk.domain.ticket import Ticket

TYPING_DELAY = 0.12
"""Seconds without a key until what is typed is searched for."""

PREVIEW_DELAY = 0.12
"""Seconds the cursor rests before a ticket is read for the preview."""

HINT = 'words, "exact words", from:name, is:closed … tab offers more'


class SearchScreen(PickingScreen[None]):
    """A line to type in, and the tickets that hold it, best first."""

    ACTIONS = (
        *pick("open"),
        replace(pick("down")[0], label="next", shown="↓"),
        *pick("back up page_down page_up first last"),
        replace(pick("filter")[0], label="", does="Back to what is typed"),
        replace(pick("help")[0], shown="f1"),
        replace(pick("quit")[0], label=""),
    )
    BINDINGS = bindings(ACTIONS)
    PLACE = "search"
    CSS_PATH = "search.tcss"
    AUTO_FOCUS = "QueryField"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide"), (170, "-roomy")]

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self._began = clean_line(text)
        self._answered = ""
        self._typing: Timer | None = None
        self._resting: Timer | None = None

    def body(self) -> ComposeResult:
        """The line, what is wrong with it, what it found, and the selected ticket beside."""
        with Horizontal(id="ask"):
            yield Static(Content("find "), id="sign")
            yield CompletedLine(self._began, hint=HINT)
            yield Static(Content(""), id="answer")
        yield Static(Content(""), id="trouble")
        with Horizontal(id="found"):
            with Vertical(id="list"):
                hits = HitList(self.desk.zone)
                hits.empty = BEGIN
                yield hits
            with VerticalScroll(id="beside", can_focus=False):
                yield TicketPreview()

    def on_mount(self) -> None:
        """Learn what can be asked for; search, if there is something to search for already."""
        self.work(lambda: known(self.desk), self._learned, group="known")
        if self._began:
            self._look()

    def _learned(self, what: Known) -> None:
        self.line.known = what

    @property
    def line(self) -> CompletedLine:
        """The line that is typed in."""
        return self.query_one(CompletedLine)

    @property
    def hits(self) -> HitList:
        """What was found."""
        return self.query_one(HitList)

    @property
    def picks(self) -> PickList:
        """What the keys move in."""
        return self.hits

    @property
    def text(self) -> str:
        """What is searched for."""
        return self.line.value.strip()

    @property
    def place(self) -> Place:
        """The search, and what for."""
        return Place(SEARCH, text=self.text)

    def on_unmount(self) -> None:
        """A search that is closed is no place to go back to."""
        self.history.close(Place(SEARCH))

    def come_back(self) -> None:
        """The keys that lead from place to place go on doing so: nothing is typed by them."""
        if self.hits.total:
            self.set_focus(self.hits)

    # Searching

    def on_input_changed(self) -> None:
        """Search once the agent stops typing for a moment."""
        if self._typing is not None:
            self._typing.stop()
        self._typing = self.set_timer(TYPING_DELAY, self._look)

    def _look(self, *, then_open: bool = False, keep: bool = False) -> None:
        """Search in a thread; of several searches only the last is answered."""
        if self._typing is not None:
            self._typing.stop()
        text = self.text
        if not text:
            self.call_next(self._show, "", None, keep)
            return
        waits_for = "" if then_open else awaited(self.line.value)
        if waits_for:
            self.jobs.drop("search")
            self._trouble("")
            self.query_one("#answer", Static).update(Content(f"… {waits_for}"))
            return
        self.work(
            lambda: find(self.desk, text),
            partial(self._found, text, then_open, keep),
            group="search",
            failed=self._wrong,
            keys_wait=then_open,
        )

    def _found(self, text: str, then_open: bool, keep: bool, found: Found) -> None:
        if not self.text:
            return
        self._show(text, found, keep)
        if then_open and found.total == 1:
            self.action_open()
        elif then_open and found.hits:
            self.hits.focus()

    def _show(self, text: str, found: Found | None, keep: bool) -> None:
        self._answered = text
        self._trouble("")
        self.query_one("#answer", Static).update(Content(how_many(found)))
        self.hits.empty = BEGIN if found is None else when_nothing(found)
        if found is None:
            self.hits.show((), None)
        else:
            self.hits.show(found.hits, found.query, keep=keep)
        if self.app.screen is self:
            self.history.visit(self.place)

    def _wrong(self, error: HelpdeskError) -> None:
        """Say what is wrong; not while the agent is being offered how it could go on."""
        if self.line.offers.is_open:
            self.query_one("#answer", Static).update(Content(ONE_OF_THESE))
        else:
            self._trouble(error.message)

    def _trouble(self, text: str) -> None:
        trouble = self.query_one("#trouble", Static)
        trouble.set_class(bool(text), "-said")
        trouble.update(Content(f"✗ {clean_line(text)}" if text else ""))

    def refresh_rows(self) -> None:
        """Somebody changed something: search again, the cursor staying on its ticket."""
        if self._answered:
            self._look(keep=True)

    def tick(self, now: datetime) -> None:
        """Bring the words of time up to date."""
        super().tick(now)
        self.hits.tick(now)
        self.query_one(TicketPreview).tick(now)

    # Looking

    def on_pick_list_moved(self, event: PickList.Moved) -> None:
        """Another ticket is under the cursor: show it beside once the cursor rests."""
        self._preview_soon()

    def on_resize(self) -> None:
        """There may be room for the preview now."""
        self._preview_soon()

    def _preview_soon(self) -> None:
        if self._resting is not None:
            self._resting.stop()
        if self.query_one("#beside").display:
            self._resting = self.set_timer(PREVIEW_DELAY, self._preview)

    def _preview(self) -> None:
        row = self.hits.selected
        preview = self.query_one(TicketPreview)
        if row is None:
            preview.show(None, None)
        else:
            number = row.id
            self.work(
                lambda: _read(self.desk, number),
                lambda read: preview.show(*read),
                group="preview",
                failed=self._not_read,
            )

    def _not_read(self, error: HelpdeskError) -> None:
        """Leave no other ticket beside one that cannot be read."""
        self.query_one(TicketPreview).show(None, None)
        self.complain(error)

    def action_filter(self) -> None:
        """Type on."""
        self.line.edit()

    def action_search(self) -> None:
        """The search is here already."""
        self.line.edit()

    # Opening

    def why_not(self, name: str) -> str | None:
        """Why nothing can be opened."""
        if name == "open" and self.hits.selected is None:
            return "type some words first" if not self.text else "nothing is found"
        return None

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter opens what is selected, or finds what was typed since."""
        event.stop()
        if self.text != self._answered:
            self._look(then_open=True)
        else:
            await self.action_do("open")

    async def on_pick_list_clicked(self, event: PickList.Clicked) -> None:
        """A double click opens."""
        if event.times == 2:
            await self.action_do("open")

    def action_open(self) -> None:
        """Open the selected ticket, where it holds the words."""
        from helpdesk.screens.ticket import TicketScreen

        row = self.hits.selected
        if row is not None:
            self.app.push_screen(TicketScreen(row.id, sought=self.hits.words))


def _read(desk: Desk, number: int) -> tuple[Ticket, Customer | None]:
    """The ticket and its customer, whose profile may have been erased."""
    ticket = desk.store.ticket(number)
    customer = None if ticket.customer is None else desk.store.customer(ticket.customer)
    return ticket, customer
