"""`show`: one ticket with all that belongs to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from helpdesk.commands.options import json_option, ticket_argument, with_desk
from helpdesk.commands.output import block, field, json_line, line
from helpdesk.commands.telling import customer_of, shown_object, standing_words
from helpdesk.desk.desk import Desk
from helpdesk.desk.outbox import of_ticket, words
from helpdesk.domain.wording import channel_words, day_and_time, outcome_words
from helpdesk.domain.words import Direction, Priority
from helpdesk.mail.subjects import own_subject

if TYPE_CHECKING:
    from helpdesk.domain.message import Message
    from helpdesk.domain.outgoing import Outgoing
    from helpdesk.domain.promise import Promise
    from helpdesk.domain.ticket import Ticket

_DIRECTIONS = {
    Direction.IN: "from the customer",
    Direction.OUT: "to the customer",
    Direction.NOTE: "note",
}


@click.command()
@ticket_argument
@click.option("--history", is_flag=True, help="Show every change as well.")
@json_option
@with_desk
def show(desk: Desk, ticket: int, history: bool, as_json: bool) -> None:
    """Show a TICKET: its conversation, its promises and its customer."""
    found = desk.store.ticket(ticket)
    if as_json:
        json_line(shown_object(desk, found))
        return
    ways = {
        number: out
        for number, out in of_ticket(desk, ticket).items()
        if out.is_stuck or out.waits_in_vain(desk.now())
    }
    _head(desk, found)
    for promise in found.promises:
        line(f"Promise {promise.id}: {_promise_words(desk, found, promise)}")
    for message in sorted(found.messages, key=lambda message: (message.at, message.id)):
        _message(desk, found, message, ways.get(message.id))
    if history:
        _history(desk, found)


def _head(desk: Desk, ticket: Ticket) -> None:
    priority = "" if ticket.priority is Priority.NORMAL else f", {ticket.priority}"
    line(f"Ticket {ticket.id}: {ticket.subject}")
    line(
        f"{ticket.kind} by {channel_words(ticket.channel)}{priority}; "
        f"{standing_words(desk, ticket)}"
    )
    field("Customer", _customer_words(desk, ticket))
    field("Assigned to", ticket.assignee or "nobody")
    field("Tags", ", ".join(ticket.tags))
    field("Came from", " ".join(part for part in (ticket.source, ticket.external_id) if part))
    field("Links", ", ".join(f"{_relation(link.relation)} {link.ticket}" for link in ticket.links))
    _findings(ticket)


def _findings(ticket: Ticket) -> None:
    if ticket.understanding is not None:
        word = {None: "not confirmed yet", True: "confirmed", False: "not right"}
        line(f"Understood ({word[ticket.understanding.confirmed]}):")
        block(ticket.understanding.text)
    for name, text in (("Root cause", ticket.root_cause), ("Resolution", ticket.resolution)):
        if text:
            line(f"{name}:")
            block(text)


def _customer_words(desk: Desk, ticket: Ticket) -> str:
    if ticket.customer is None:
        return "erased"
    customer = customer_of(desk, ticket)
    if customer is None:
        return f"{ticket.customer}, whose profile cannot be read"
    contact = [*(email.address for email in customer.emails), *(p.number for p in customer.phones)]
    return ", ".join([f"{customer.id} {customer.name}", *contact])


def _promise_words(desk: Desk, ticket: Ticket, promise: Promise) -> str:
    outcome = outcome_words(ticket.outcome_of(promise, desk.now()), promise.due, desk.now())
    told = f"told {day_and_time(promise.told_at, desk.zone)} by {promise.told_by}"
    if not ticket.was_told(promise):
        told = "the customer was not told"
    reason = f"; {promise.reason}" if promise.reason else ""
    return f"by {day_and_time(promise.due, desk.zone)}: {outcome} ({told}, {promise.rule}){reason}"


def _message(desk: Desk, ticket: Ticket, message: Message, stuck: Outgoing | None) -> None:
    automatic = ", automatic" if message.automatic else ""
    line()
    line(
        f"{message.id}. {day_and_time(message.at, desk.zone)}, {_DIRECTIONS[message.direction]}, "
        f"{channel_words(message.channel)}{automatic}: {message.author}"
    )
    if message.undelivered:
        block(message.not_delivered)
    elif stuck is not None:
        block(words(stuck, desk.zone, desk.now()))
    if about := own_subject(message.mail.subject if message.mail else None, ticket.subject):
        block(f"subject: {about}")
    block(message.visible_text)
    for fault in message.mail.faults if message.mail else ():
        block(f"note: {fault}")
    for attachment in message.attachments:
        block(f"attached: {attachment.name} ({attachment.type}, {attachment.bytes:,} bytes)")


def _history(desk: Desk, ticket: Ticket) -> None:
    line()
    for event in ticket.history:
        detail = f": {event.detail}" if event.detail else ""
        line(f"{day_and_time(event.at, desk.zone)} {event.by} {event.what}{detail}")


def _relation(relation: str) -> str:
    return relation.replace("_", " ") + ("" if relation.startswith("merged") else " to")
