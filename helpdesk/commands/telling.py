"""What commands say about a ticket after something was done to it, and as an object for scripts."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from helpdesk.commands.output import json_line, line, warn
from helpdesk.desk.desk import Desk
from helpdesk.domain.errors import HelpdeskError
from helpdesk.domain.wording import STATE_WORDS, day_and_time, duration, how_long
from helpdesk.domain.words import Outcome

if TYPE_CHECKING:
    from helpdesk.domain.customer import Customer
    from helpdesk.domain.promise import Promise
    from helpdesk.domain.ticket import Ticket


def tell(desk: Desk, ticket: Ticket, done: str, as_json: bool) -> None:
    """Say what was done and where the ticket stands now; as JSON, the object that `show` gives."""
    if as_json:
        json_line(shown_object(desk, ticket))
        return
    parts = [part for part in (done, standing_words(desk, ticket)) if part]
    line(f"Ticket {ticket.id}: {'; '.join(parts)}")


def tell_if_closed(desk: Desk, due: datetime | None) -> None:
    """Say so if an answer was promised by a time at which nobody is there to give it."""
    if due is None:
        return
    if not desk.settings.policy.hours.reaches(due):
        warn(f"the answer is promised by {day_and_time(due, desk.zone)}, when the desk is closed")


def standing_words(desk: Desk, ticket: Ticket) -> str:
    """By when the customer was promised an answer, or whom the ticket waits on."""
    promise = ticket.promise
    if promise is None:
        return STATE_WORDS[ticket.state]
    due = day_and_time(promise.due, desk.zone)
    return f"promised by {due} ({how_long(promise.due, desk.now())})"


def settled_words(ticket: Ticket) -> str:
    """What the last message made of the promise that stood: ``promise kept``; "" for none."""
    last = ticket.messages[-1].id
    settled = next((p for p in reversed(ticket.promises) if p.settled_in == last), None)
    if settled is None or settled.settled_at is None:
        return ""
    return _settled(settled, settled.settled_at)


def _settled(promise: Promise, at: datetime) -> str:
    if promise.outcome is Outcome.BROKEN:
        return f"promise broken ({duration(at - promise.due)} late)"
    return f"promise {promise.outcome}"


def shown_object(desk: Desk, ticket: Ticket) -> dict[str, Any]:
    """The object that `show --json` gives: the ticket and its customer (null if erased)."""
    from helpdesk.desk.exporting import customer_object, ticket_object

    customer = customer_of(desk, ticket)
    return {
        "ticket": ticket_object(ticket, desk.now(), desk.zone),
        "customer": customer and customer_object(customer, desk.zone),
    }


def customer_of(desk: Desk, ticket: Ticket) -> Customer | None:
    """The ticket's customer; None if the person was erased or the profile cannot be read."""
    if ticket.customer is None:
        return None
    try:
        return desk.store.customer(ticket.customer)
    except HelpdeskError:
        return None
