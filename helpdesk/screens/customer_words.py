"""What the screen of a customer says: the profile by groups, notes, orders, ratings."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from textual.content import Content

from helpdesk.domain.customer import Customer, Order
from helpdesk.domain.wording import channel_words, day, day_and_time
from helpdesk.text import clean, clean_line, fit
from helpdesk.widgets.customer_card import first_name_words, local_time, satisfaction_words
from helpdesk.widgets.hanging import Hanging, Line

_LABEL_CELLS = 12
ITEM = "•"
"""In place of a label: one of several of a kind."""


def profile(
    customer: Customer, *, greeting: str, tickets: int, now: datetime, zone: ZoneInfo
) -> Hanging:
    """Everything about the person but notes, orders and ratings; ``tickets`` are how many."""
    groups = (
        ("How to greet", _greeting(customer, greeting)),
        ("How to reach", _contacts(customer, now, zone)),
        ("What matters", ((ITEM, wish) for wish in customer.wishes)),
        ("People around", _people(customer)),
        ("Where it stands", _standing(customer, tickets, zone)),
    )
    nothing = Content("")
    lines: list[Line] = []
    for name, entries in groups:
        shown = [_entry(label, text) for label, text in entries if text]
        if shown:
            lines += [(nothing, Content.styled(name, "$accent bold")), *shown, (nothing, nothing)]
    return Hanging(lines[:-1])


Entries = Iterator[tuple[str, str]]


def _greeting(customer: Customer, greeting: str) -> Entries:
    yield "greet", greeting
    yield "", first_name_words(customer)
    yield "name", customer.name
    yield "preferred", customer.preferred
    yield "salutation", customer.salutation
    yield "given name", customer.given
    yield "family name", customer.family
    yield "language", customer.language or ""


def _contacts(customer: Customer, now: datetime, zone: ZoneInfo) -> Entries:
    channel = customer.preferences.channel
    yield "likes", f"by {channel_words(channel)}" if channel else ""
    yield "times", customer.preferences.times
    for email in customer.emails:
        yield "e-mail", _labelled(email.address, email.label)
    for phone in customer.phones:
        yield "phone", _labelled(phone.number, phone.label)
    for handle in customer.handles:
        yield clean_line(handle.network), _labelled(handle.handle, handle.label)
    for address in customer.addresses:
        yield "address", _labelled(", ".join(address.text.split("\n")), address.label)
    yield "time zone", customer.timezone or ""
    yield "time now", local_time(customer, now, zone)
    consent = customer.preferences.newsletter
    if consent is not None:
        word = "yes" if consent.given else "no"
        yield "newsletter", f"{word}, since {consent.on:%d.%m.%Y} ({consent.source})"


def _people(customer: Customer) -> Entries:
    for person in customer.people:
        birthday = f", birthday {person.birthday:%d.%m.}" if person.birthday else ""
        yield ITEM, f"{person.name}, {person.relation}{birthday}"


def _standing(customer: Customer, tickets: int, zone: ZoneInfo) -> Entries:
    yield "segment", f"{customer.segment(tickets)} customer"
    yield "satisfied", satisfaction_words(customer)
    yield "agent", customer.looked_after_by or "nobody in particular"
    yield "tags", ", ".join(customer.tags)
    yield "known since", day(customer.created, zone)
    if customer.source:
        yield "from", f"{customer.source} {customer.external_id or ''}"


def notes(customer: Customer, zone: ZoneInfo) -> Content:
    """What agents noted, newest first."""
    if not customer.notes:
        return _nothing("Nothing is noted yet; n adds what you learned.")
    entries = [
        Content.assemble(
            (f"{day_and_time(note.at, zone)} · {clean_line(note.by)}", "$text-muted"),
            f"\n{clean(note.text).expandtabs(4)}\n",
        )
        for note in sorted(customer.notes, key=lambda note: note.at, reverse=True)
    ]
    return Content("\n").join(entries)


def orders(customer: Customer) -> Content:
    """What was ordered, newest first."""
    if not customer.orders:
        return _nothing("No orders are known; 'helpdesk import orders' takes in a table.")
    newest = sorted(customer.orders, key=lambda order: order.date, reverse=True)
    return Content("\n").join(_order(order) for order in newest)


def _order(order: Order) -> Content:
    parts = [
        f"{order.date:%d.%m.%Y}",
        f"{order.amount} {order.currency}",
        order.status,
        f"promised {order.promised:%d.%m.%Y}" if order.promised else "",
        order.number,
    ]
    head = " · ".join(clean_line(part) for part in parts if part)
    lines = "".join(f"\n  {line.quantity} × {clean_line(line.item)}" for line in order.lines)
    return Content.assemble((head, "bold"), lines, "\n")


def ratings(customer: Customer, zone: ZoneInfo) -> Content:
    """How satisfied the customer said to be, newest first."""
    if not customer.ratings:
        return _nothing("The customer has not been asked yet; s notes how satisfied.")
    entries = [Content.assemble(("satisfied ", "$text-muted"), satisfaction_words(customer), "\n")]
    for rating in sorted(customer.ratings, key=lambda rating: rating.at, reverse=True):
        ticket = f" · #{rating.ticket}" if rating.ticket is not None else ""
        entries.append(
            Content.assemble(
                (f"{rating.score} of 5", "bold" if rating.score > 2 else "$warning bold"),
                (f" · {day(rating.at, zone)}{ticket}", "$text-muted"),
                f"\n{clean(rating.comment).expandtabs(4)}" if rating.comment else "",
                "\n",
            )
        )
    return Content("\n").join(entries)


def _labelled(text: str, label: str) -> str:
    return f"{text} ({label})" if label else text


def _entry(label: str, text: str) -> Line:
    if label == ITEM:
        return Content.styled(f" {ITEM} ", "$text-muted"), Content(clean_line(text))
    name = f" {fit(clean_line(label), _LABEL_CELLS - 1)} "
    return Content.styled(name, "$text-muted"), Content(clean_line(text))


def _nothing(text: str) -> Content:
    return Content.styled(text, "$text-muted")
