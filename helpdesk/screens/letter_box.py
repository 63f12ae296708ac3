"""A box over the screen in which a letter about a ticket is written."""

from __future__ import annotations

from helpdesk.domain.draft import Draft
from helpdesk.domain.ticket import Ticket
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

    def see(self, ticket: Ticket) -> None:
        """Take it that the agent has seen the ticket like this."""
        self.ticket = ticket
        self.tick(self.desk.now())

    def on_resize(self) -> None:
        """A low terminal has brief words."""
        self.call_after_refresh(lambda: self.tick(self.desk.now()))
