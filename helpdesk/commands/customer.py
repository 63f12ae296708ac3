"""`customer`: a profile, looked at and kept up."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from helpdesk.commands.care import catch_up, shared_by, tell_hindrance
from helpdesk.commands.options import LINE, json_option, read_body, with_desk
from helpdesk.commands.output import block, columns, field, json_line, line, warn
from helpdesk.commands.queue import GIVE_WAY, queue_cells
from helpdesk.desk.desk import Desk
from helpdesk.domain.errors import InvalidInput
from helpdesk.domain.rights import Right
from helpdesk.domain.wording import day

if TYPE_CHECKING:
    from helpdesk.domain.customer import Customer, Order

_TEXTS = ("name", "given", "family", "salutation", "preferred", "language", "timezone",
          "looked_after_by")  # fmt: skip
_STRUCTURED = ("emails", "phones", "handles", "addresses", "preferences", "people", "wishes",
               "orders", "tags")  # fmt: skip
_YES_NO = {"yes": True, "true": True, "no": False, "false": False}
_MAY_BE_NONE = ("language", "timezone", "looked_after_by")
_SHOWN_TICKETS = 20


@click.command()
@click.argument("from_", type=LINE, metavar="FROM")
@click.argument("into", type=LINE, metavar="INTO")
@json_option
@with_desk
def merge(desk: Desk, from_: str, into: str, as_json: bool) -> None:
    """Merge the customer FROM into INTO: two profiles of one person become one.

    Tickets, contacts, orders and notes go over; the number of FROM leads to INTO from then on.
    """
    from helpdesk.desk import customers, joining

    desk.require(Right.MERGE_CUSTOMERS)
    catch_up(desk)
    away = customers.find(desk, from_)
    done = joining.merge(desk, away, customers.find(desk, into))
    if as_json:
        json_line(_object(desk, done))
    else:
        line(f"Customer {away} is merged into customer {done.id}: {done.name}.")


class CustomerCommand(click.Command):
    """Shows a profile; ``merge FROM INTO`` is a command of its own below it."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """The context of whichever of both is meant."""
        if args[:1] == ["merge"]:
            return merge.make_context("customer merge", args[1:], parent, **extra)
        return super().make_context(info_name, args, parent, **extra)


@click.command(cls=CustomerCommand)
@click.argument("customer", type=LINE, metavar="WHO")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="KEY=VALUE",
    help="Set a field, such as given=Aigul or first-name-permitted=yes; lists as JSON.",
)
@click.option("--add-email", "emails", multiple=True, type=LINE, metavar="ADDRESS")
@click.option("--add-phone", "phones", multiple=True, type=LINE, metavar="NUMBER")
@click.option("--note", metavar="TEXT|-", help="Note what was learned about the customer.")
@click.option("--rating", type=click.IntRange(1, 5), help="How satisfied, from 1 to 5 (very).")
@json_option
@with_desk
def customer(
    desk: Desk,
    customer: str,
    *,
    settings: tuple[str, ...],
    emails: tuple[str, ...],
    phones: tuple[str, ...],
    note: str | None,
    rating: int | None,
    as_json: bool,
) -> None:
    """Show the profile of a customer, after setting what is given.

    WHO is a number, an e-mail address, a phone or a handle. 'helpdesk customer merge FROM INTO'
    makes one of two profiles.
    """
    from helpdesk.desk import customers

    catch_up(desk)
    number = customers.find(desk, customer)
    text = None if note is None else read_body(note)
    _set_fields(desk, number, [_assignment(setting) for setting in settings], emails, phones)
    if text is not None:
        customers.note(desk, number, text)
    if rating is not None:
        customers.rate(desk, number, rating, None)
    found = desk.store.customer(number)
    if as_json:
        json_line(_object(desk, found))
    else:
        _show(desk, found)
    tell_hindrance(desk)


def _set_fields(
    desk: Desk,
    number: int,
    assignments: list[tuple[str, Any]],
    emails: tuple[str, ...],
    phones: tuple[str, ...],
) -> None:
    """Set all of it in one save, or nothing if any of it cannot be taken."""
    from helpdesk.desk import customers
    from helpdesk.domain.customer import known_as

    if not (assignments or emails or phones):
        return
    old = desk.store.customer(number)
    fields: dict[str, Any] = dict(assignments)
    if emails:
        known = {email.address.casefold() for email in old.emails}
        added = [{"address": text} for text in emails if known_as(text).casefold() not in known]
        fields["emails"] = [*fields.get("emails", old.emails), *added]
    if phones:
        numbers = {phone.number for phone in old.phones}
        new = [{"number": text} for text in phones if text not in numbers]
        fields["phones"] = [*fields.get("phones", old.phones), *new]
    saved = customers.update(desk, number, fields, seen=old.rev)
    _tell_sharing(desk, old, saved)


def _tell_sharing(desk: Desk, old: Customer, new: Customer) -> None:
    """Say who else has an e-mail address that came to the profile."""
    from helpdesk.desk import customers

    added = {email.address for email in new.emails} - {email.address for email in old.emails}
    others = customers.sharing(desk, new.id, added)
    if others:
        warn(shared_by(sorted([new.id, *others]), goes=others[0], stays=new.id))


def _assignment(text: str) -> tuple[str, Any]:
    """``key=value`` as a field of the profile and its value. Raises InvalidInput."""
    key, found, value = text.partition("=")
    name = key.strip().replace("-", "_")
    if not found or name not in (*_TEXTS, *_STRUCTURED, "first_name_permitted"):
        known = ", ".join((*_TEXTS, "first_name_permitted", *_STRUCTURED))
        raise InvalidInput(f"--set takes KEY=VALUE with a KEY among {known}")
    if name == "first_name_permitted":
        if value.lower() not in _YES_NO:
            raise InvalidInput("first-name-permitted takes yes or no")
        return name, _YES_NO[value.lower()]
    if name in _STRUCTURED:
        return name, _structure(name, value)
    return name, None if name in _MAY_BE_NONE and value in ("", "none") else value


def _structure(name: str, value: str) -> Any:
    if name in ("tags", "wishes") and not value.lstrip().startswith("["):
        return [part.strip() for part in value.split(",") if part.strip()]
    try:
        return json.loads(value)
    except ValueError:
        raise InvalidInput(
            f"{name} takes JSON, as 'helpdesk customer WHO --json' shows it"
        ) from None


def _object(desk: Desk, customer: Customer) -> dict[str, Any]:
    from helpdesk.desk.exporting import customer_object, queue_object

    rows = desk.store.queue(desk.query(f"customer:{customer.id}"), limit=_SHOWN_TICKETS)
    count = _ticket_count(desk, customer)
    return {
        "customer": {
            **customer_object(customer, desk.zone),
            "segment": customer.segment(count),
            "greeting": desk.texts.greeting(customer),
            "ticket_count": count,
        },
        "tickets": [queue_object(row, desk.now(), desk.zone) for row in rows],
    }


def _ticket_count(desk: Desk, customer: Customer) -> int:
    return desk.store.count(desk.query(f"customer:{customer.id}"))


def _show(desk: Desk, customer: Customer) -> None:
    count = _ticket_count(desk, customer)
    line(f"Customer {customer.id}: {customer.name}")
    field("Greeting", desk.texts.greeting(customer))
    field("E-mail", ", ".join(_labelled(email.address, email.label) for email in customer.emails))
    field("Phone", ", ".join(_labelled(phone.number, phone.label) for phone in customer.phones))
    field("Handles", ", ".join(f"{h.network} {h.handle}" for h in customer.handles))
    field("Language", customer.language or "")
    field("Time zone", customer.timezone or "")
    field(
        "Prefers",
        " ".join(
            part
            for part in (str(customer.preferences.channel or ""), customer.preferences.times)
            if part
        ),
    )
    field("Looked after by", customer.looked_after_by or "")
    field("Segment", customer.segment(count))
    if customer.satisfaction is not None:
        line(f"Satisfaction: {customer.satisfaction} of 100")
    field("Tags", ", ".join(customer.tags))
    _show_lists(desk, customer)
    rows = desk.store.queue(desk.query(f"customer:{customer.id}"), limit=_SHOWN_TICKETS)
    if rows:
        line()
        line(f"Tickets: {count}" + (f", of which {len(rows)} shown" if count > len(rows) else ""))
        columns([queue_cells(desk, row) for row in rows], give_way=GIVE_WAY)


def _show_lists(desk: Desk, customer: Customer) -> None:
    for address in customer.addresses:
        line(f"Address{_label(address.label)}:")
        block(address.text)
    for person in customer.people:
        birthday = f", born {person.birthday}" if person.birthday else ""
        line(f"{person.relation or 'knows'}: {person.name}{birthday}")
    field("Wishes", "; ".join(customer.wishes))
    for order in customer.orders:
        line(_order(order))
    for note in customer.notes:
        line(f"Noted {day(note.at, desk.zone)} by {note.by}:")
        block(note.text)


def _order(order: Order) -> str:
    status = f" {order.status}" if order.status else ""
    items = ", ".join(f"{part.quantity} x {part.item}" for part in order.lines)
    told = f"Order {order.number}, {order.date}, {order.amount} {order.currency}{status}"
    return f"{told}: {items}" if items else told


def _labelled(text: str, label: str) -> str:
    return f"{text}{_label(label)}"


def _label(label: str) -> str:
    return f" ({label})" if label else ""
