"""Every text as a customer would read it now, with a ticket and dates made up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from helpdesk.desk.desk import Desk
from helpdesk.domain.customer import Customer

TICKET = 123


def preview(desk: Desk, customer: Customer) -> Iterator[tuple[str, str]]:
    """Each text by its name, in the customer's language and time zone.

    Letters are whole, from the greeting to the signature; what an agent would write is in dots.
    """
    texts = desk.texts
    due = (desk.now() + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
    old = due - timedelta(days=2)
    bodies = {
        "acknowledgement": texts.acknowledgement(customer, TICKET, due, phone=False),
        "acknowledgement_phone": texts.acknowledgement(customer, TICKET, due, phone=True),
        "taken_up": texts.taken_up(customer, TICKET, due),
        "moved": texts.moved(customer, due, due + timedelta(days=1), "..."),
        "next_date": texts.next_date(customer, due, "..."),
        "date": texts.date(customer, due),
        "apology": texts.apology(customer, old),
        "overdue": texts.overdue(customer, old, due, "..."),
        "restate": texts.restate(customer, "..."),
        "closing": texts.closing(customer, TICKET),
        "thanks": texts.thanks(customer),
    }
    for name, body in bodies.items():
        yield name, texts.letter(customer, desk.agent, body)
    yield "phone", texts.phone_greeting(desk.agent)
