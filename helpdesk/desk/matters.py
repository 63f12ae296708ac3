"""Taking matters in: new tickets, customers who write or call again, tickets taken up again."""

from collections.abc import Sequence
from datetime import datetime

from helpdesk.desk.desk import Desk
from helpdesk.domain import actions
from helpdesk.domain.actions import Deed, Telling
from helpdesk.domain.customer import Customer
from helpdesk.domain.errors import InvalidInput
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Channel, Kind, Priority
from helpdesk.text import clean, clean_line


def new_ticket(
    desk: Desk,
    customer: int,
    *,
    kind: Kind,
    channel: Channel,
    subject: str,
    text: str,
    priority: Priority = Priority.NORMAL,
    assignee: str | None = None,
    tags: Sequence[str] = (),
    received: datetime | None = None,
) -> Ticket:
    """Take in a new matter and acknowledge it with the promise that policy gives.

    ``received`` is when the customer wrote or called (aware; by default now).

    Raises:
        NotFound: if there is no such customer.
        InvalidInput: if subject or text is empty, or ``received`` lies ahead.
        BadConfiguration: if policy gives no promise.
    """
    now = desk.now()
    if not clean_line(subject) or not clean(text).strip():
        raise InvalidInput("a ticket takes a subject and a text: say what the customer wants")
    if received is not None and received > now:
        raise InvalidInput("a ticket cannot have been received in the future")
    with desk.store.writing() as writing:
        profile = writing.customer(customer)
        number = writing.new_ticket_id()
        ticket = actions.open_ticket(
            Deed(at=now, by=desk.agent, channel=channel),
            promise_by_policy(desk, profile, number, now, channel, kind, priority),
            number=number,
            customer=customer,
            kind=kind,
            subject=subject,
            text=text,
            author=profile.name,
            received=received,
            priority=priority,
            assignee=assignee,
            tags=tags,
        )
        return writing.put(ticket)


def take_in(desk: Desk, number: int, text: str, channel: Channel | None = None) -> Ticket:
    """The customer wrote or called again about a ticket; a closed one is taken up again by it.

    Raises:
        NotFound: if there is no such ticket.
        InvalidInput: if the text is empty.
    """
    if not clean(text).strip():
        raise InvalidInput("say what the customer wrote or said")
    now = desk.now()
    with desk.store.writing() as writing:
        ticket = writing.ticket(number)
        profile = writing.customer(customer_of(ticket))
        deed = Deed(at=now, by=desk.agent, channel=channel or ticket.channel)
        telling = None
        if ticket.promise is None:
            telling = promise_by_policy(
                desk, profile, number, now, deed.channel, ticket.kind, ticket.priority
            )
        return writing.put(actions.take_in(ticket, deed, text, profile.name, telling))


def reopen(desk: Desk, number: int, reason: str, seen: int | None = None) -> Ticket:
    """Take a closed ticket up again and tell the customer by when he hears from us.

    Raises:
        NotFound, RuleBroken, Conflict: see ``actions.reopen`` and ``fresh``.
    """
    if not clean_line(reason):
        raise InvalidInput("reopening takes a reason")
    now = desk.now()
    with desk.store.writing() as writing:
        ticket = fresh(writing.ticket(number), seen)
        profile = writing.customer(customer_of(ticket))
        telling = promise_by_policy(
            desk, profile, number, now, ticket.channel, ticket.kind, ticket.priority
        )
        deed = Deed(at=now, by=desk.agent, channel=ticket.channel)
        return writing.put(actions.reopen(ticket, deed, telling, reason=reason))


def promise_by_policy(
    desk: Desk,
    customer: Customer,
    ticket: int,
    received: datetime,
    channel: Channel,
    kind: Kind,
    priority: Priority,
) -> Telling:
    """The promise that policy gives, in the words in which the customer is told it."""
    due = desk.settings.policy.due(received, channel, kind, priority)
    body = desk.texts.acknowledgement(
        customer, ticket, due.due, phone=channel in (Channel.PHONE, Channel.IN_PERSON)
    )
    return Telling(due=due.due, rule=due.rule, text=desk.texts.letter(customer, desk.agent, body))


def customer_of(ticket: Ticket) -> int:
    """The number of the ticket's customer. Raises InvalidInput if the person was erased."""
    if ticket.customer is None:
        raise InvalidInput(f"ticket {ticket.id}: its customer was erased; nothing can be added")
    return ticket.customer


def fresh(ticket: Ticket, seen: int | None) -> Ticket:
    """The ticket, if it is still as the agent saw it.

    Args:
        ticket: as it is now.
        seen: the ``rev`` that the agent saw; None does not ask.

    Raises:
        Conflict: if somebody has changed it since.
    """
    from helpdesk.store.base import Conflict

    if seen is not None and ticket.rev != seen:
        raise Conflict(f"ticket {ticket.id} was changed by someone else: look at it again")
    return ticket
