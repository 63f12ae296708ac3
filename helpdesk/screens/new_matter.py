"""What an agent says of a new matter, and whose it may be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from helpdesk.desk import matters
from helpdesk.desk.customers import Named
from helpdesk.desk.desk import Desk
from helpdesk.domain.customer import Customer, known_as, name_and_contact
from helpdesk.domain.errors import InvalidInput, NotFound
from helpdesk.domain.queue import CustomerRow, QueueRow
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Channel, Kind, Priority
from helpdesk.text import clean, clean_line

SUGGESTED = 5
TICKETS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class NewMatter:
    """What was typed: ``customer`` is his number, or else ``who`` and ``name`` are of a new one."""

    customer: int | None
    who: str
    name: str
    kind: Kind
    channel: Channel
    priority: Priority
    subject: str
    text: str
    told: datetime | None = None
    """By when the customer was told to expect an answer; by policy if None."""


def make(desk: Desk, matter: NewMatter) -> Ticket:
    """Make the ticket, and the customer if he is new; may be called in any thread.

    Raises:
        InvalidInput: naming what is missing.
    """
    if not clean_line(matter.subject) or not clean(matter.text).strip():
        raise InvalidInput("a ticket takes a subject and a text: say what the customer wants")
    if matter.customer is None and not matter.who:
        raise InvalidInput("say whose ticket it is: a name, an e-mail address, a phone or a number")
    name, contact = name_and_contact(matter.who)
    somebody = Named(matter.who, matter.name, is_new=True)
    if contact:
        somebody = Named(contact, name, is_new=True)
    return matters.new_ticket(
        desk,
        somebody if matter.customer is None else matter.customer,
        kind=matter.kind,
        channel=matter.channel,
        subject=matter.subject,
        text=matter.text,
        priority=matter.priority,
        told=matter.told,
    )


def find(desk: Desk, words: str) -> list[CustomerRow]:
    """Customers by number, name, contact or order; may be called in any thread."""
    _, contact = name_and_contact(words)
    having = desk.store.find_customers(known_as(contact)) if contact else []
    having += desk.store.with_order(words)
    rows = [row_of(desk, number) for number in having[:SUGGESTED]]
    rows += desk.store.list_customers(known_as(words), limit=SUGGESTED)
    found = list({row.id: row for row in rows}.values())[:SUGGESTED]
    digits = words.removeprefix("#")
    if digits.isascii() and digits.isdigit() and len(digits) <= 9:
        try:
            found = [row_of(desk, int(digits)), *found][:SUGGESTED]
        except NotFound:
            return found
    return found


def row_of(desk: Desk, number: int) -> CustomerRow:
    """A customer by number, as a list shows him. Raises NotFound."""
    customer = desk.store.customer(number)
    contact = [email.address for email in customer.emails] + [p.number for p in customer.phones]
    tickets = desk.store.count(desk.query(f"customer:{number} -is:closed"))
    return CustomerRow(customer.id, customer.name, contact[0] if contact else "", tickets)


def known(desk: Desk, number: int) -> tuple[Customer, list[QueueRow]]:
    """A customer and his tickets, the most urgent first; may be called in any thread.

    Raises:
        NotFound: if there is none of that number.
    """
    asked = desk.query(f"customer:{number}")
    return desk.store.customer(number), desk.store.queue(asked, limit=TICKETS_SHOWN)


def row_words(row: CustomerRow) -> str:
    """A customer in a line; the name last."""
    tickets = f"{row.open_tickets} open" if row.open_tickets else "no open ticket"
    return " · ".join(part for part in (f"#{row.id}", tickets, row.contact, row.name) if part)
