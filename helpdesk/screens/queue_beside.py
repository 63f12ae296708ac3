"""What stands beside the queue: the selected ticket, and where there is room, its customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll

from helpdesk.domain.customer import Customer
from helpdesk.domain.queue import QueueRow
from helpdesk.domain.ticket import Ticket
from helpdesk.widgets.customer_card import CustomerCard
from helpdesk.widgets.ticket_preview import TicketPreview

if TYPE_CHECKING:
    from helpdesk.desk.desk import Desk

TICKETS_READ = 50
"""So many of the customer's tickets are looked at for the card."""

BRIEF_BELOW = 16
"""Below so many lines the customer's last words come first, and the facts behind them."""

CARD_FROM = 70
"""From so many cells on the customer's card stands beside the conversation."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A ticket, its customer (None: erased) and the customer's tickets."""

    ticket: Ticket
    customer: Customer | None
    tickets: list[QueueRow]


def read(desk: Desk, row: QueueRow) -> Beside:
    """Read what stands beside; may be called in any thread."""
    customer = desk.store.customer(row.customer_id) if row.customer_id is not None else None
    tickets: list[QueueRow] = []
    if customer is not None:
        tickets = desk.store.queue(desk.query(f"customer:{customer.id}"), limit=TICKETS_READ)
    desk.texts  # noqa: B018 - read here, so that drawing the card does not wait for the disk
    return Beside(desk.store.ticket(row.id), customer, tickets)


class QueueBeside(Horizontal):
    """The preview of the selected ticket; with room, the conversation and the customer's card."""

    DEFAULT_CSS = """
    QueueBeside { height: 100%; width: 100%; }
    QueueBeside > VerticalScroll { width: 1fr; height: 100%; scrollbar-size-vertical: 1; }
    QueueBeside > #card {
        display: none; width: 42%; border-left: solid $rule; padding: 0 0 0 1;
    }
    QueueBeside.-card > #card { display: block; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown: Beside | None = None
        self._preview, self._card = TicketPreview(), CustomerCard()

    def compose(self) -> ComposeResult:
        """The ticket, the customer."""
        with VerticalScroll(can_focus=False):
            yield self._preview
        with VerticalScroll(id="card", can_focus=False):
            yield self._card

    def on_mount(self) -> None:
        """Show what was to be shown before there was anything to show it in."""
        self.show(self._shown)

    def on_resize(self) -> None:
        """There may be room for the card now."""
        self.set_class(self.size.width >= CARD_FROM, "-card")
        if self._shown is not None:
            self.show(self._shown)

    def show(self, beside: Beside | None) -> None:
        """Show another ticket; None shows nothing."""
        if not self._preview.is_attached:
            self._shown = beside
            return
        new = beside is None or self._shown is None or beside.ticket.id != self._shown.ticket.id
        self._shown = beside
        preview, roomy = self._preview, self.has_class("-card")
        if beside is None:
            preview.show(None, None)
        else:
            brief = self.size.height < BRIEF_BELOW
            preview.show(beside.ticket, beside.customer, whole=roomy, brief=brief)
        self.query_one("#card").visible = beside is not None
        if roomy and beside is not None:
            self._card.show(beside.customer, beside.tickets, beside.ticket.id)
        if new:
            for pane in self.query(VerticalScroll):
                pane.scroll_home(animate=False)

    def tick(self, now: datetime) -> None:
        """Bring "in 20 min" up to date."""
        if self._preview.is_attached:
            self._preview.tick(now)
