"""Documents and rows as JSON: the objects that scripts rely on, and everything of the desk.

Keys are stable. Times are ISO 8601 with the offset of the desk's zone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from helpdesk.desk import audit
from helpdesk.domain.rights import Right
from helpdesk.store.folder import UnreadableDocument

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from helpdesk.desk.desk import Desk
    from helpdesk.domain.customer import Customer
    from helpdesk.domain.outgoing import Outgoing
    from helpdesk.domain.queue import LedgerRow, QueueRow
    from helpdesk.domain.ticket import Ticket
    from helpdesk.store.base import LeftOut

Object = dict[str, Any]

_TICKET_KEYS = (
    "id", "external_id", "kind", "state", "channel", "priority", "subject", "customer", "assignee",
    "tags", "created", "updated", "messages", "promises", "history",
)  # fmt: skip
_MESSAGE_KEYS = (
    "id", "direction", "at", "author", "channel", "text", "visible_text", "attachments",
)  # fmt: skip
_PROMISE_KEYS = (
    "id", "due", "told_at", "told_by", "told_in", "rule", "outcome", "settled_at", "reason",
)  # fmt: skip
_INTERNAL_KEYS = ("format", "rev")
_PAGE = 500


def queue_object(row: QueueRow, now: datetime, zone: ZoneInfo) -> Object:
    """A row of the queue. ``due`` is that of the standing promise, or null."""
    return {
        "id": row.id,
        "kind": str(row.kind),
        "state": str(row.state),
        "channel": str(row.channel),
        "priority": str(row.priority),
        "subject": row.subject,
        "customer": {"id": row.customer_id, "name": row.customer_name},
        "assignee": row.assignee,
        "due": _plain(row.due, zone),
        "overdue": row.is_overdue(now),
        "tags": list(row.tags),
        "created": _plain(row.created, zone),
        "updated": _plain(row.updated, zone),
        "undelivered": row.undelivered,
    }


def ledger_object(row: LedgerRow, zone: ZoneInfo) -> Object:
    """A promise of the ledger, with what became of it by now."""
    return {
        "ticket": row.ticket,
        "external_id": row.external_id,
        "customer": row.customer,
        "due": _plain(row.due, zone),
        "told_at": _plain(row.told_at, zone),
        "told_by": row.told_by,
        "outcome": str(row.outcome),
        "settled_at": _plain(row.settled_at, zone),
        "reason": row.reason,
    }


def ticket_object(ticket: Ticket, now: datetime, zone: ZoneInfo) -> Object:
    """A ticket with its conversation, its promises as of ``now``, and its history."""
    document = _document(ticket.model_dump(), zone)
    for message, shown in zip(ticket.messages, document["messages"], strict=True):
        shown["visible_text"] = message.visible_text
        del shown["visible"]
    for promise, shown in zip(ticket.promises, document["promises"], strict=True):
        shown["outcome"] = str(ticket.outcome_of(promise, now))
        if not ticket.was_told(promise):
            shown["told_at"] = None
    document["messages"] = [_in_order(m, _MESSAGE_KEYS) for m in document["messages"]]
    document["promises"] = [_in_order(p, _PROMISE_KEYS) for p in document["promises"]]
    return _in_order(document, _TICKET_KEYS)


def outgoing_object(outgoing: Outgoing, zone: ZoneInfo) -> Object:
    """A message of the outbox, with what the mail server said at each attempt."""
    return _document(outgoing.model_dump(), zone)


def customer_object(customer: Customer, zone: ZoneInfo) -> Object:
    """A customer's profile, with the satisfaction index (0 to 100, null without a rating)."""
    return {**_document(customer.model_dump(), zone), "satisfaction": customer.satisfaction}


def everything(desk: Desk, left_out: LeftOut | None = None) -> Iterator[Object]:
    """Every customer and every ticket that can be read, one object each, one at a time; the others
    are told to ``left_out``.

    Raises:
        NotPermitted: unless the agent is lead; it is put on record either way.
    """
    desk.require(Right.EXPORT)
    audit.record_given_out(desk, of="everything")
    return _everything(desk, left_out)


def _everything(desk: Desk, left_out: LeftOut | None) -> Iterator[Object]:
    for customer in desk.store.customers(left_out):
        yield {"customer": customer_object(customer, desk.zone)}
    for ticket in desk.store.tickets(left_out):
        yield {"ticket": ticket_object(ticket, desk.now(), desk.zone)}


def person(desk: Desk, number: int, left_out: LeftOut | None = None) -> Object:
    """All that is kept about one customer: the profile and every ticket that can be read; the
    others are told to ``left_out``.

    Raises:
        NotFound: if there is no such customer.
        NotPermitted: unless the agent is lead; it is put on record either way.
    """
    desk.require(Right.EXPORT)
    customer = desk.store.customer(number)
    audit.record_given_out(desk, of="customer", customer=number)
    tickets = readable_tickets_of(desk, number, left_out)
    return {
        "customer": customer_object(customer, desk.zone),
        "tickets": [ticket_object(ticket, desk.now(), desk.zone) for ticket in tickets],
    }


def readable_tickets_of(
    desk: Desk, customer: int, left_out: LeftOut | None = None
) -> Iterator[Ticket]:
    """A customer's tickets by number; those that cannot be read are told to ``left_out``."""
    for number in tickets_of(desk, customer):
        try:
            yield desk.store.ticket(number)
        except UnreadableDocument as error:
            if left_out is not None:
                left_out(error.place)


def tickets_of(desk: Desk, customer: int) -> list[int]:
    """The numbers of a customer's tickets, in order."""
    query = desk.query(f"customer:{customer}")
    found: set[int] = set()
    while rows := desk.store.queue(query, offset=len(found), limit=_PAGE):
        found.update(row.id for row in rows)
        if len(rows) < _PAGE:
            break
    return sorted(found)


def _document(fields: Mapping[str, Any], zone: ZoneInfo) -> Object:
    return {key: _plain(value, zone) for key, value in fields.items() if key not in _INTERNAL_KEYS}


def _plain(value: Any, zone: ZoneInfo) -> Any:
    """A value as JSON has it: moments in ``zone``, amounts of money as text."""
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum | Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {key: _plain(part, zone) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part, zone) for part in value]
    return value


def _in_order(fields: Object, first: tuple[str, ...]) -> Object:
    """The same object with the keys that everybody looks for in front."""
    return {key: fields[key] for key in first} | fields
