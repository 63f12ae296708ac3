"""Where mail about a ticket goes."""

from __future__ import annotations

from helpdesk.domain.customer import Customer
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Direction


def mail_address(ticket: Ticket, customer: Customer) -> str | None:
    """Where the customer wrote from last, if that is an address of his profile; else its first;
    None if it has none."""
    own = {email.address.casefold(): email.address for email in customer.emails}
    for message in reversed(ticket.messages):
        known = message.mail.from_email if message.mail else None
        if message.direction is Direction.IN and known and known.casefold() in own:
            return own[known.casefold()]
    return customer.emails[0].address if customer.emails else None
