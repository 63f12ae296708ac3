"""The customer at a glance: how to greet, how to reach, what matters to him or her."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from textual.content import Content
from textual.widgets import Static

from helpdesk import clock
from helpdesk.domain.customer import Customer, Order
from helpdesk.domain.queue import QueueRow
from helpdesk.domain.reaching import mail_address
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.wording import channel_words, day
from helpdesk.domain.words import Channel, State
from helpdesk.text import clean_line, fit
from helpdesk.widgets.at_desk import desk_of
from helpdesk.widgets.hanging import Hanging, Line
from helpdesk.widgets.queue_columns import how_long

NOTES = 3
ORDERS = 3
OTHERS = 5
"""So many of each are shown; the customer's own screen has all."""

_LABEL_CELLS = 10


def contact(customer: Customer, channel: Channel, about: Ticket | None = None) -> str:
    """The address, number or name by which a channel reaches the customer; "" if none is known.

    Mail ``about`` a ticket goes to where the customer wrote on it from.
    """
    if about is not None and channel is Channel.EMAIL:
        return clean_line(mail_address(about, customer) or "")
    match channel:
        case Channel.PHONE:
            known = [phone.number for phone in customer.phones]
        case Channel.SOCIAL:
            known = [f"{handle.network} {handle.handle}" for handle in customer.handles]
        case Channel.LETTER:
            known = [" ".join(address.text.split()) for address in customer.addresses]
        case Channel.IN_PERSON:
            known = []
        case Channel.EMAIL | Channel.WEB:
            known = [email.address for email in customer.emails]
    return clean_line(known[0]) if known else ""


def reaches(customer: Customer, channel: Channel) -> bool:
    """Whether the channel reaches the customer: an address is known, or none is needed."""
    return channel is Channel.IN_PERSON or bool(contact(customer, channel))


def first_name_words(customer: Customer) -> str:
    """Whether the first name may be used."""
    return "first name permitted" if customer.first_name_permitted else "first name not permitted"


def satisfaction_words(customer: Customer) -> str:
    """The satisfaction index in words, from how many ratings."""
    index = customer.satisfaction
    if index is None:
        return "not asked yet"
    ratings = len(customer.ratings)
    return f"{index} of 100 from {ratings} rating{'s' if ratings != 1 else ''}"


def local_time(customer: Customer, now: datetime, zone: ZoneInfo) -> str:
    """What time it is for the customer, where that differs from the desk's."""
    if not customer.timezone:
        return ""
    there = now.astimezone(ZoneInfo(customer.timezone))
    if there.utcoffset() == now.astimezone(zone).utcoffset():
        return ""
    return f"{there:%H:%M} there ({customer.timezone})"


def card(
    customer: Customer,
    tickets: Sequence[QueueRow],
    *,
    greeting: str,
    now: datetime,
    zone: ZoneInfo,
    current: int | None = None,
) -> Hanging:
    """The card. ``tickets`` are the customer's; ``current`` is the one being looked at."""
    lines = [
        (_NOTHING, Content.styled(clean_line(customer.name), "bold")),
        _line("greet", greeting),
        _line("", first_name_words(customer)),
    ]
    if customer.preferred:
        lines.append(_line("preferred", customer.preferred))
    lines += _reaching(customer, now, zone)
    lines += _standing(customer, tickets)
    for part in (_mattering(customer, now, zone), _orders(customer)):
        lines += list(part)
    lines += _others(tickets, current, now)
    return Hanging(lines)


def _reaching(customer: Customer, now: datetime, zone: ZoneInfo) -> Iterator[Line]:
    channel = customer.preferences.channel
    wishes = [f"by {channel_words(channel)}" if channel else "", customer.preferences.times]
    likes = ", ".join(wish for wish in wishes if wish)
    for label, text in (
        ("likes", likes),
        ("language", customer.language or ""),
        ("time", local_time(customer, now, zone)),
        *(("e-mail", _with_label(email.address, email.label)) for email in customer.emails[:2]),
        *(("phone", _with_label(phone.number, phone.label)) for phone in customer.phones[:2]),
        *((handle.network, handle.handle) for handle in customer.handles[:2]),
    ):
        if text:
            yield _line(label, text)


def _standing(customer: Customer, tickets: Sequence[QueueRow]) -> Iterator[Line]:
    yield _line("segment", f"{customer.segment(len(tickets))} customer")
    index = customer.satisfaction
    words = satisfaction_words(customer)
    yield _line("satisfied", words, "$warning bold" if index is not None and index < 50 else "")
    if customer.looked_after_by:
        yield _line("agent", customer.looked_after_by)
    if customer.tags:
        yield _line("tags", ", ".join(customer.tags))


def _mattering(customer: Customer, now: datetime, zone: ZoneInfo) -> Iterator[Line]:
    if customer.wishes:
        yield _heading("What matters")
        yield from (_item(wish) for wish in customer.wishes)
    if customer.people:
        yield _heading("People around")
        for person in customer.people:
            born = person.birthday
            birthday = f", birthday {born.day}.{born.month:02}." if born else ""
            yield _item(f"{person.name}, {person.relation}{birthday}")
    if customer.notes:
        yield _heading("Notes")
        for note in sorted(customer.notes, key=lambda note: note.at, reverse=True)[:NOTES]:
            yield _item(f"{day(note.at, zone)}, {note.by}: {note.text}")


BIRTHDAY_AHEAD = 7
"""So many days before it a birthday is said on the ticket."""


def birthday_words(customer: Customer, today: date) -> str:
    """Whose birthday is near, and when; "" if nobody's is."""
    near = [
        (days, f"{person.name}, {person.relation}".rstrip(", "))
        for person in customer.people
        if (days := person.days_to_birthday(today)) is not None and days <= BIRTHDAY_AHEAD
    ]
    return " · ".join(
        f"birthday {_IN_DAYS.get(days, f'in {days} days')}: {who}" for days, who in sorted(near)
    )


_IN_DAYS = {0: "today", 1: "tomorrow"}


def _orders(customer: Customer) -> Iterator[Line]:
    if customer.orders:
        yield _heading("Orders")
        newest = sorted(customer.orders, key=lambda order: order.date, reverse=True)
        yield from (_item(order_words(order)) for order in newest[:ORDERS])


def order_words(order: Order) -> str:
    """An order in a line: when, what it came to, where it stands; the customer's words last."""
    promised = f", promised {order.promised:%d.%m.%Y}" if order.promised else ""
    lines = ", ".join(
        f"{line.quantity} × {line.item}" if line.quantity != 1 else line.item
        for line in order.lines
    )
    return (
        f"{order.date:%d.%m.%Y} · {order.amount} {order.currency}{promised} · {order.status}"
        f" · {order.number}: {lines}"
    )


def _others(tickets: Sequence[QueueRow], current: int | None, now: datetime) -> Iterator[Line]:
    others = [row for row in tickets if row.id != current and row.state is not State.CLOSED]
    yield _heading("Other open tickets" if current is not None else "Open tickets")
    if not others:
        yield _item("none")
    for row in others[:OTHERS]:
        late = row.is_overdue(now)
        words = Content.assemble(
            (how_long(row, now), "$error bold" if late else ""),
            f" #{row.id} {clean_line(row.subject)}",
        )
        yield Content(" "), words


def _with_label(text: str, label: str) -> str:
    return f"{text} ({label})" if label else text


_NOTHING = Content("")


def _heading(text: str) -> Line:
    return _NOTHING, Content.styled(f"\n{text}", "$accent bold")


def _line(label: str, text: str, style: str = "") -> Line:
    name = f"{fit(clean_line(label), _LABEL_CELLS - 1)} "
    return Content.styled(name, "$text-muted"), Content.styled(clean_line(text), style)


def _item(text: str) -> Line:
    return Content(" "), Content(clean_line(text, 300))


def others_words(tickets: Sequence[QueueRow], current: int) -> str:
    """How many other open tickets there are, in words; "" if none."""
    count = sum(1 for row in tickets if row.id != current and row.state is not State.CLOSED)
    return f"{count} other open ticket{'s' if count != 1 else ''}" if count else ""


class CustomerCard(Static):
    """The card of one customer."""

    DEFAULT_CSS = "CustomerCard { height: auto; }"

    def __init__(self) -> None:
        super().__init__(Content(""))

    def show(
        self,
        customer: Customer | None,
        tickets: Sequence[QueueRow],
        current: int | None = None,
    ) -> None:
        """Show the customer with ``tickets``, apart from the ``current`` one; None was erased."""
        if customer is None:
            self.update(Content.styled("The customer's data was erased.", "$text-muted"))
            return
        desk = desk_of(self)
        content = card(
            customer,
            tickets,
            greeting=desk.texts.greeting(customer),
            now=clock.now(),
            zone=desk.zone,
            current=current,
        )
        self.update(content)

    def miss(self, why: str) -> None:
        """Say why there is no profile to show."""
        self.update(Content.styled(f"✗ {clean_line(why)}", "$error bold"))
