"""A box over the screen in which a letter about a ticket is written."""

from __future__ import annotations

from helpdesk.domain.customer import Customer
from helpdesk.domain.draft import Draft
from helpdesk.domain.errors import InvalidInput
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import State
from helpdesk.screens.dialog import DeskDialog
from helpdesk.screens.owning import OwningScreen


class LetterBox(DeskDialog[None], OwningScreen[None]):
    """Writes about the ticket of that ``number``; ``ticket`` is that as the agent saw it."""

    def __init__(self, number: int, draft: Draft | None = None) -> None:
        super().__init__(draft)
        self.number = number
        self.ticket: Ticket | None = None

    @property
    def ticket_number(self) -> int:
        """The ticket that is written about."""
        return self.number

    @property
    def about(self) -> Ticket | None:
        """The ticket as the agent saw it."""
        return self.ticket

    def read_open_ticket(self, if_closed: str) -> tuple[Ticket, Customer]:
        """In a thread: the ticket, and who is written to; an earlier draft is found by it.

        Raises:
            InvalidInput: if it is closed, in the words of ``if_closed``, or the person was erased.
        """
        self.find_draft()
        ticket = self.desk.store.ticket(self.number)
        if ticket.state is State.CLOSED:
            raise InvalidInput(f"ticket {ticket.id} is closed{if_closed}")
        if ticket.customer is None:
            raise InvalidInput(f"ticket {ticket.id}: the customer's data was erased")
        return ticket, self.desk.store.customer(ticket.customer)

    def see(self, ticket: Ticket) -> None:
        """Take it that the agent has seen the ticket like this."""
        self.ticket = ticket
        self.tick(self.desk.now())

    def on_resize(self) -> None:
        """A low terminal has brief words."""
        self.call_after_refresh(lambda: self.tick(self.desk.now()))
