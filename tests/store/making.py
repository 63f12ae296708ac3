"""Customers and tickets for the tests of a store, and questions to ask it."""

from datetime import datetime, timedelta
from typing import Any

from helpdesk.domain import actions
from helpdesk.domain.actions import Deed, Telling
from helpdesk.domain.customer import Customer
from helpdesk.domain.query import Query, parse
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Channel, Kind, Priority
from helpdesk.store.base import Store
from tests.conftest import BISHKEK, MONDAY

AGENT = "aibek"


def after(hours: float) -> datetime:
    """So many hours after Monday, 10:00."""
    return MONDAY + timedelta(hours=hours)


def asked(text: str = "", hours: float = 0) -> Query:
    """What the agent asks so many hours after Monday, 10:00."""
    return parse(text, now=after(hours), zone=BISHKEK, me=AGENT)


def customer(number: int, name: str = "Айгүл Асанова", **fields: Any) -> Customer:
    """A profile that was never saved."""
    return Customer.model_validate(
        {"id": number, "name": name, "created": MONDAY, "updated": MONDAY, **fields}
    )


def ticket(
    number: int,
    customer: int = 1,
    *,
    subject: str = "Zip of the jacket is broken",
    text: str = "The zip broke on the first day.",
    opened: float = 0,
    due: float = 4,
    kind: Kind = Kind.COMPLAINT,
    channel: Channel = Channel.EMAIL,
    priority: Priority = Priority.NORMAL,
    assignee: str | None = None,
    tags: tuple[str, ...] = (),
    **fields: Any,
) -> Ticket:
    """A ticket that waits on us and was never saved; ``opened`` and ``due`` in hours from Monday,
    10:00."""
    made = actions.open_ticket(
        Deed(at=after(opened), by=AGENT, channel=channel),
        Telling(due=after(due), rule="complaint: 4 working hours", text="We answer today."),
        number=number,
        customer=customer,
        kind=kind,
        subject=subject,
        text=text,
        author="Айгүл Асанова",
        priority=priority,
        assignee=assignee,
        tags=tags,
    )
    return made.model_copy(update=fields)


def answered(ticket: Ticket, hours: float, text: str = "A new zip is on its way.") -> Ticket:
    """The ticket after an answer so many hours after Monday, 10:00."""
    late = ticket.owes_apology(after(hours))
    return actions.answer(ticket, _deed(ticket, hours), text, owns_delay=late)


def closed(ticket: Ticket, hours: float) -> Ticket:
    """The ticket, answered already, after it was closed."""
    return actions.close(ticket, _deed(ticket, hours), resolution="Zip replaced")


def noted(ticket: Ticket, text: str, hours: float = 0) -> Ticket:
    """The ticket with a note among agents."""
    return actions.note(ticket, _deed(ticket, hours), text)


def _deed(ticket: Ticket, hours: float) -> Deed:
    return Deed(at=after(hours), by=AGENT, channel=ticket.channel)


def save(store: Store, *documents: Ticket | Customer) -> None:
    """Save documents, all at once."""
    with store.writing() as writing:
        for document in documents:
            writing.put(document)


def found(store: Store, text: str = "", hours: float = 0) -> list[int]:
    """The numbers of the tickets in the queue of that query."""
    return [row.id for row in store.queue(asked(text, hours))]
