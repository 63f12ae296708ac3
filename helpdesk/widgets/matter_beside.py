"""The conversation and the customer, beside what is being written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll

from helpdesk.domain.customer import Customer
from helpdesk.domain.queue import QueueRow
from helpdesk.domain.ticket import Ticket
from helpdesk.widgets.conversation import Conversation
from helpdesk.widgets.customer_card import CustomerCard


class MatterBeside(Horizontal):
    """What a wide terminal shows at the right of a letter; the screen says from which width on."""

    DEFAULT_CSS = """
    MatterBeside {
        display: none; width: 1fr; height: 100%;
        & > Conversation { width: 1fr; height: 100%; border-left: solid $rule; }
        & > .matter-beside--card {
            width: 44; height: 100%; padding: 0 1; border-left: solid $rule;
            scrollbar-size-vertical: 1;
        }
        &.-unknown > Conversation { display: none; }
    }
    """

    def compose(self) -> ComposeResult:
        """Both; there is a conversation once a ticket is shown."""
        self.add_class("-unknown")
        yield Conversation()
        with VerticalScroll(classes="matter-beside--card", can_focus=False):
            yield CustomerCard()

    def show(
        self,
        customer: Customer | None,
        tickets: Sequence[QueueRow],
        ticket: Ticket | None = None,
        ways: Mapping[int, str] | None = None,
    ) -> None:
        """Show the customer with his ``tickets``, and the conversation of one of them; ``ways``
        tells how its messages stand on their way out."""
        self.query_one(CustomerCard).show(customer, tickets, ticket.id if ticket else None)
        if ticket is not None:
            self.remove_class("-unknown")
            self.query_one(Conversation).show(ticket, ways or {})
