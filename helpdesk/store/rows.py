"""What the index keeps of a document: the same rows whether it was just saved or read again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from helpdesk.domain.errors import InvalidInput
from helpdesk.domain.words import State
from helpdesk.store.schema import LARGEST_ID, LAST_PLACE, MESSAGE_BITS, RANKS, ticks
from helpdesk.text import fold, search_text

if TYPE_CHECKING:
    from helpdesk.domain.customer import Customer
    from helpdesk.domain.outgoing import Outgoing
    from helpdesk.domain.promise import Promise
    from helpdesk.domain.ticket import Ticket
    from helpdesk.store.kinds import AnyDocument

Row = tuple[Any, ...]

_LAST_MESSAGE = (1 << MESSAGE_BITS) - 1


class Rows(NamedTuple):
    """The rows of one document by table, in the order of the table's columns."""

    kind: str
    id: int
    rev: int
    tables: dict[str, tuple[Row, ...]]


def rows_of(kind: str, document: AnyDocument) -> Rows:
    """The rows of a document of table ``kind``.

    Raises:
        InvalidInput: if it holds a number that no ticket or customer can have.
    """
    tables = _ROWS[kind](document)
    if not 0 <= document.rev < LARGEST_ID:
        raise InvalidInput(f"{kind} {document.id}: rev is out of range")
    return Rows(kind, document.id, document.rev, tables)


def rows_of_ticket(ticket: Ticket) -> dict[str, tuple[Row, ...]]:
    """What the index keeps of a ticket."""
    _require_number(ticket.id, "id")
    if ticket.customer is not None:
        _require_number(ticket.customer, "customer")
    promise = ticket.promise
    due = None if promise is None else ticks(promise.due)
    tags = tuple(dict.fromkeys(ticket.tags))
    row = (
        ticket.id,
        RANKS[ticket.state],
        _place(ticket, due),
        str(ticket.kind),
        str(ticket.channel),
        str(ticket.priority),
        ticket.assignee,
        ticket.customer,
        due,
        ticks(ticket.created),
        ticks(ticket.updated),
        ticket.subject,
        ",".join(tags),
        ticket.source,
        ticket.external_id,
        int(ticket.never_left is not None),
    )
    counted = (promise for promise in ticket.promises if not promise.counts_elsewhere)
    promises = {promise.id: _promise_row(ticket, promise) for promise in counted}
    return {
        "tickets": (row,),
        "tags": tuple((tag, ticket.id) for tag in tags),
        "promises": tuple(promises.values()),
        **_mail_rows(ticket),
        "words": tuple(_words(ticket)),
    }


FEWEST_DIGITS = 4
"""With fewer an order is not known by its digits alone."""


def rows_of_customer(customer: Customer) -> dict[str, tuple[Row, ...]]:
    """What the index keeps of a customer."""
    _require_number(customer.id, "id")
    shown = [
        *(email.address for email in customer.emails),
        *(phone.number for phone in customer.phones),
        *(handle.handle for handle in customer.handles),
    ]
    contacts = {
        *((fold(email.address), "email", customer.id) for email in customer.emails),
        *((phone_digits(phone.number), "phone", customer.id) for phone in customer.phones),
        *((plain_handle(handle.handle), "handle", customer.id) for handle in customer.handles),
        *(
            (each, "order", customer.id)
            for one in customer.orders
            for each in order_numbers(one.number)
        ),
    }
    phones = [phone_digits(phone.number) for phone in customer.phones]
    row = (
        customer.id,
        customer.name,
        fold(customer.name),
        shown[0] if shown else "",
        "\n".join(map(fold, (customer.name, *shown, *phones))),
        customer.source,
        customer.external_id,
    )
    return {
        "customers": (row,),
        "contacts": tuple(sorted(contact for contact in contacts if contact[0])),
        "words": ((-customer.id, search_text("\n".join(_called(customer)))),),
    }


def _called(customer: Customer) -> Iterator[str]:
    """What a customer is looked for by among words; phones are found by ``from:``."""
    yield customer.name
    yield from (email.address for email in customer.emails)
    yield from (handle.handle for handle in customer.handles)
    yield from (order.number for order in customer.orders)


def order_numbers(order: str) -> Iterator[str]:
    """By what an order is known: its number as it is, and the digits that people read out."""
    plain = plain_order(order)
    digits = _digits(plain)
    yield plain
    if digits != plain and len(digits) >= FEWEST_DIGITS:
        yield digits


def plain_order(number: str) -> str:
    """The number of an order as such numbers are compared: letters and digits alone."""
    return "".join(c for c in fold(number) if c.isalnum())


def phone_digits(number: str) -> str:
    """A phone number as numbers are compared: its digits, without the zeros it begins with."""
    return _digits(fold(number)).lstrip("0")


def _digits(text: str) -> str:
    return "".join(c for c in text if c in "0123456789")


def plain_handle(handle: str) -> str:
    """A handle as handles are compared."""
    return fold(handle).removeprefix("@")


def rows_of_outgoing(outgoing: Outgoing) -> dict[str, tuple[Row, ...]]:
    """What the index keeps of a message on its way out."""
    _require_number(outgoing.id, "id")
    _require_number(outgoing.ticket, "ticket")
    row = (
        outgoing.id,
        outgoing.ticket,
        outgoing.message,
        str(outgoing.state),
        ticks(outgoing.not_before),
        int(outgoing.is_stuck),
    )
    return {"outbox": (row,), "words": ()}


_ROWS: dict[str, Callable[[Any], dict[str, tuple[Row, ...]]]] = {
    "tickets": rows_of_ticket,
    "customers": rows_of_customer,
    "outbox": rows_of_outgoing,
}


def words_of(kind: str, number: int) -> tuple[int, int] | None:
    """The first and the last number that rows of ``words`` have for a document, if it has any."""
    if kind == "tickets":
        return words_of_ticket(number)
    return (-number, -number) if kind == "customers" else None


def words_of_ticket(ticket: int) -> tuple[int, int]:
    """The first and the last number that rows of ``words`` have for a ticket."""
    first = ticket << MESSAGE_BITS
    return first, first | _LAST_MESSAGE


def _words(ticket: Ticket) -> list[Row]:
    understood = ticket.understanding.text if ticket.understanding else ""
    own = (ticket.subject, understood, ticket.root_cause, ticket.resolution)
    texts = ["\n".join(text for text in own if text)]
    texts.extend(message.text for message in ticket.messages[:_LAST_MESSAGE])
    first, _ = words_of_ticket(ticket.id)
    return [(first + number, search_text(text)) for number, text in enumerate(texts)]


def _mail_rows(ticket: Ticket) -> dict[str, tuple[Row, ...]]:
    """By what a mail finds the ticket that it belongs to, and what of the archive is its own."""
    mails = [message.mail for message in ticket.messages if message.mail is not None]
    ids = {mail.message_id for mail in mails if mail.message_id}
    origins = {origin for mail in mails for origin in mail.origins}
    return {
        "mail_ids": tuple((mail_id, ticket.id) for mail_id in sorted(ids)),
        "origins": tuple((origin, ticket.id) for origin in sorted(origins)),
        "archived": tuple((sha256, ticket.id) for sha256 in sorted(ticket.kept)),
    }


def _place(ticket: Ticket, due: int | None) -> int:
    if ticket.state is State.ON_US:
        return LAST_PLACE if due is None else due
    return -ticks(ticket.updated)


def _promise_row(ticket: Ticket, promise: Promise) -> Row:
    _require_number(promise.id, "promise")
    settled = None if promise.settled_at is None else ticks(promise.settled_at)
    return (
        ticket.id,
        promise.id,
        ticks(promise.due),
        ticks(promise.told_at) if ticket.was_told(promise) else None,
        promise.told_by,
        promise.rule,
        str(ticket.settled_as(promise)),
        settled,
        promise.reason,
    )


def _require_number(number: int, what: str) -> None:
    if not 1 <= number <= LARGEST_ID:
        raise InvalidInput(f"{what} is a number from 1 to {LARGEST_ID}")
