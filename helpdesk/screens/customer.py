"""A customer: the profile, the tickets, notes, orders, ratings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from helpdesk.domain.customer import Customer
from helpdesk.domain.errors import HelpdeskError, InvalidInput, NotFound
from helpdesk.screens import customer_words as words
from helpdesk.screens.base import DeskScreen
from helpdesk.screens.history import CUSTOMER, Place
from helpdesk.screens.queue_pages import QueuePages
from helpdesk.terminal.actions import bindings, pick
from helpdesk.text import clean_line
from helpdesk.widgets.cut_lines import CutLines
from helpdesk.widgets.queue_table import QueueTable
from helpdesk.widgets.title_line import TitleLine

if TYPE_CHECKING:
    from datetime import datetime

    from helpdesk.desk.desk import Desk
    from helpdesk.screens.prompt import PromptScreen

PARTS = ("profile", "tickets", "notes", "orders", "ratings")

COUNTS_FROM = 64
"""A narrower line has room for the names of the parts, not for how much there is of each."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the screen shows: the profile, the greeting derived from it, the tickets."""

    customer: Customer
    greeting: str
    tickets: QueuePages


def look_at(desk: Desk, number: int) -> Seen:
    """Read a customer; may be called in any thread. Raises NotFound."""
    customer = desk.store.customer(number)
    tickets = QueuePages(desk, f"customer:{customer.id}")
    tickets.count()
    return Seen(customer, desk.texts.greeting(customer), tickets)


class CustomerScreen(DeskScreen[None]):
    """One customer, part by part; where there is room the profile stands beside the others."""

    ACTIONS = pick(
        "open next_part note edit new back previous_part rate merge_customer "
        "down up page_down page_up first last help quit"
    )
    BINDINGS = bindings(ACTIONS)
    PLACE = "customer"
    CSS_PATH = "customer.tcss"
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number
        self._unreadable = False
        self.seen: Seen | None = None
        self.part = "tickets"

    @property
    def takes_keys(self) -> bool:
        """Whether there is something to act on yet, or never will be."""
        return super().takes_keys and (self.seen is not None or self._unreadable)

    def _not_read(self, error: HelpdeskError) -> None:
        self._unreadable = True
        if self.seen is not None and isinstance(error, NotFound):
            self.seen = None
            for pane in self.query("#who, #parts, #person"):
                pane.display = False  # erased meanwhile: nothing of him stays in sight
        self.complain(error)

    def body(self) -> ComposeResult:
        """Who it is, the names of the parts, the profile and the other parts."""
        yield CutLines(id="who")
        yield Static(Content(""), id="parts")
        with Horizontal(id="person"):
            with VerticalScroll(id="profile", can_focus=False):
                yield Static(Content(""))
            yield QueueTable(self.desk.zone)
            with VerticalScroll(id="words", can_focus=False):
                yield Static(Content(""))

    @property
    def place(self) -> Place:
        """This customer."""
        return Place(CUSTOMER, self.number)

    def on_mount(self) -> None:
        """The profile comes first where it does not stand beside the rest."""
        self._say_number()
        self.part = "tickets" if self.is_wide else "profile"

    def on_screen_resume(self) -> None:
        """Something may have been done on the screen that was above."""
        self.refresh_rows()

    def refresh_rows(self) -> None:
        """Read the customer anew."""
        self.work(
            lambda: look_at(self.desk, self.number), self._seen, group="look", failed=self._not_read
        )

    @property
    def is_wide(self) -> bool:
        """Whether the profile stands beside the other parts."""
        return self.app.size.width >= 120

    @property
    def customer(self) -> Customer:
        """The profile as it was last read. Raises InvalidInput before that."""
        if self.seen is None:
            raise InvalidInput(f"customer {self.number} is not read yet; try again")
        return self.seen.customer

    def _say_number(self) -> None:
        self.query_one(TitleLine).place = f"customer {self.number}"

    def _seen(self, seen: Seen) -> None:
        self.seen = seen
        if seen.customer.id != self.number:  # merged into another profile meanwhile
            self.number = seen.customer.id
            self._say_number()
        customer, zone = seen.customer, self.desk.zone
        who = Content.assemble(
            (clean_line(customer.name), "bold"), (f"  “{clean_line(seen.greeting)}”", "$text-muted")
        )
        self.query_one("#who", Static).update(who)
        profile = words.profile(
            customer,
            greeting=seen.greeting,
            tickets=seen.tickets.total,
            now=self.desk.now(),
            zone=zone,
        )
        self.query_one("#profile Static", Static).update(profile)
        table = self.query_one(QueueTable)
        table.empty = "No ticket yet.\nN begins one."
        table.show(seen.tickets, table.cursor)
        self._show_part()

    def _show_part(self) -> None:
        """Show the part that is chosen, and name all of them."""
        seen, part = self.seen, self.part
        if seen is None:
            return
        if part == "profile" and self.is_wide:
            part = self.part = "tickets"
        self.query_one("#parts", Static).update(self._names(seen))
        self.query_one("#profile").display = part == "profile" or self.is_wide
        self.query_one(QueueTable).display = part == "tickets"
        pane = self.query_one("#words", VerticalScroll)
        pane.display = part in ("notes", "orders", "ratings")
        said: dict[str, Callable[[], Content]] = {
            "notes": lambda: words.notes(seen.customer, self.desk.zone),
            "orders": lambda: words.orders(seen.customer),
            "ratings": lambda: words.ratings(seen.customer, self.desk.zone),
        }
        if part in said:
            pane.query_one(Static).update(said[part]())

    def _names(self, seen: Seen) -> Content:
        counts = {
            "tickets": seen.tickets.total,
            "notes": len(seen.customer.notes),
            "orders": len(seen.customer.orders),
            "ratings": len(seen.customer.ratings),
        }
        roomy = self.app.size.width >= COUNTS_FROM
        names = []
        for part in self._parts():
            count = f" {counts[part]}" if part in counts and roomy else ""
            if part == self.part:
                names.append(Content.styled(f"[{part}{count}]", "$accent bold"))
            else:
                around = " " if roomy else ""
                names.append(Content.styled(f"{around}{part}{count}{around}", "$text-muted"))
        return Content(" ").join(names)

    def _parts(self) -> tuple[str, ...]:
        return PARTS[1:] if self.is_wide else PARTS

    def on_resize(self) -> None:
        """The profile may have come to stand beside the rest, or no longer."""
        with self.careful():
            self._show_part()

    def tick(self, now: datetime) -> None:
        """Bring the words of time up to date."""
        super().tick(now)
        self.query_one(QueueTable).tick(now)

    def why_not(self, name: str) -> str | None:
        """Why an action cannot be done."""
        if name != "open":
            return None
        if self.part != "tickets":
            return "tab goes to the tickets, ⏎ opens one there"
        none = self.query_one(QueueTable).selected is None
        return "there is no ticket to open; N begins one" if none else None

    # Moving

    def action_next_part(self) -> None:
        """The part after this one."""
        self._turn(1)

    def action_previous_part(self) -> None:
        """The part before this one."""
        self._turn(-1)

    def _turn(self, by: int) -> None:
        parts = self._parts()
        self.part = parts[(parts.index(self.part) + by) % len(parts)]
        self._show_part()

    @property
    def _pane(self) -> VerticalScroll:
        return self.query_one("#profile" if self.part == "profile" else "#words", VerticalScroll)

    def _move(self, rows: int, scroll: Callable[[], object]) -> None:
        if self.part == "tickets":
            self.query_one(QueueTable).move(rows)
        else:
            scroll()

    def action_down(self) -> None:
        """A line down."""
        self._move(1, lambda: self._pane.scroll_relative(y=1, animate=False))

    def action_up(self) -> None:
        """A line up."""
        self._move(-1, lambda: self._pane.scroll_relative(y=-1, animate=False))

    def action_page_down(self) -> None:
        """A page down."""
        page = self.query_one(QueueTable).page
        self._move(page, lambda: self._pane.scroll_page_down(animate=False))

    def action_page_up(self) -> None:
        """A page up."""
        page = self.query_one(QueueTable).page
        self._move(-page, lambda: self._pane.scroll_page_up(animate=False))

    def action_first(self) -> None:
        """To the first."""
        rows = self.query_one(QueueTable).rows.total
        self._move(-rows, lambda: self._pane.scroll_home(animate=False))

    def action_last(self) -> None:
        """To the last."""
        rows = self.query_one(QueueTable).rows.total
        self._move(rows, lambda: self._pane.scroll_end(animate=False))

    # Doing

    def on_queue_table_opened(self) -> None:
        """A double click opens."""
        self.run_worker(self.action_do("open"))

    def action_open(self) -> None:
        """Open the selected ticket."""
        from helpdesk.screens.ticket import TicketScreen

        row = self.query_one(QueueTable).selected
        if row is not None:
            self.app.push_screen(TicketScreen(row.id))

    def action_new(self) -> None:
        """Begin a new ticket for this customer."""
        from helpdesk.screens.new_ticket import NewTicketScreen

        self.app.push_screen(NewTicketScreen(self.number))

    def action_note(self) -> None:
        """Note what was learned."""
        from helpdesk.screens.customer_forms import note

        self._ask(note(self.desk, self.customer), "noted")

    def action_rate(self) -> None:
        """Note how satisfied the customer said to be."""
        from helpdesk.screens.customer_forms import rate

        self._ask(rate(self.desk, self.customer), "noted")

    def action_edit(self) -> None:
        """Change the profile."""
        from helpdesk.screens.customer_forms import edit

        self._ask(edit(self.desk, self.customer), "saved")

    def action_merge_customer(self) -> None:
        """Merge this profile into another one of the same person."""
        from helpdesk.screens.customer_forms import merge

        self._ask(merge(self.desk, self.customer), "merged")

    def _ask(self, form: PromptScreen, done: str) -> None:
        def answered(result: object) -> None:
            if result is not None:
                self.taking_back.stays(f"customer {self.number}: {done}")
                self.tell(done)

        self.app.push_screen(form, answered)
