"""The forms of a customer: the basic fields of the profile, a note."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from textual.content import Content

from helpdesk.desk import customers, joining
from helpdesk.desk.own_texts import languages
from helpdesk.domain.customer import read_email
from helpdesk.domain.errors import InvalidInput
from helpdesk.screens.changing import ChangeForm
from helpdesk.screens.prompt import Choice, FormField, Line, PromptScreen, Text
from helpdesk.text import clean_line
from helpdesk.widgets.fields import Option

if TYPE_CHECKING:
    from helpdesk.desk.desk import Desk
    from helpdesk.domain.customer import Customer

_YES_NO = (Option("no", "no"), Option("yes", "yes"))


def edit(desk: Desk, customer: Customer) -> ChangeForm[Customer]:
    """The basic fields; several addresses, phones or wishes are parted by semicolons."""
    known = sorted(languages(desk.path))

    def language(text: str) -> str:
        return _language(text, known)

    def fields(customer: Customer) -> list[FormField]:
        emails = partial(_emails, desk, customer)
        may = "yes" if customer.first_name_permitted else "no"
        return [
            Line("name", "Name", customer.name, "as the customer writes it", _some_name),
            Line("salutation", "Salutation", customer.salutation, "such as Ms, Mr, Dr"),
            Line("given", "Given name", customer.given),
            Line("family", "Family name", customer.family),
            Line("preferred", "Preferred name", customer.preferred, "as they like to be called"),
            Choice("first_name_permitted", "First name", _YES_NO, may),
            Line("language", "Language", customer.language or "", "such as ky, ru, en", language),
            Line("timezone", "Time zone", customer.timezone or "", "such as Asia/Bishkek", _zone),
            Line("emails", "E-mail", _joined(e.address for e in customer.emails), "", emails),
            Line("phones", "Phone", _joined(phone.number for phone in customer.phones)),
            Line("wishes", "What matters", _joined(customer.wishes), "parted by semicolons"),
        ]

    return ChangeForm(
        f"{customer.name}: profile",
        customer,
        look=partial(desk.store.customer, customer.id),
        fields=fields,
        do=lambda now, values: customers.update(desk, now.id, changed(now, values), seen=now.rev),
        news=_merged,
    )


def note(desk: Desk, customer: Customer) -> PromptScreen:
    """What was learned about the customer."""
    return PromptScreen(
        f"{customer.name}: note",
        [Text("text", "Note", rows=6)],
        lambda values: customers.note(desk, customer.id, values["text"]),
        ["What you learned about the customer; every agent sees it beside the tickets."],
    )


def merge(desk: Desk, customer: Customer) -> ChangeForm[Customer]:
    """Into which other profile of the same person this one goes."""

    def other(text: str) -> Customer:
        into = desk.store.customer(customers.find(desk, text))
        if into.id == customer.id:
            raise InvalidInput("that is this customer")
        return into

    def check(text: str) -> str:
        into = other(text)
        tickets = desk.store.count(desk.query(f"customer:{into.id}"))
        contacts = [email.address for email in into.emails] + [p.number for p in into.phones]
        known = [f"#{into.id} {into.name}", *contacts[:1], f"{tickets} tickets"]
        return " · ".join(clean_line(part, 60) for part in known)

    def do(now: Customer, values: Mapping[str, str]) -> Customer:
        return joining.merge(desk, now.id, other(values["into"]).id, now.rev)

    into = Line("into", "Into", hint="number, e-mail address or phone", check=check)
    return ChangeForm(
        f"{customer.name}: merge into another customer",
        customer,
        look=partial(desk.store.customer, customer.id),
        fields=lambda _: [into],
        do=do,
        explain=lambda _: [
            "Of two profiles of one person one stays. Tickets, contacts, orders and notes go over; "
            f"the number {customer.id} leads to the other from then on. It cannot be taken back."
        ],
        news=_merged,
        decides="merge",
    )


def changed(customer: Customer, values: Mapping[str, str]) -> dict[str, Any]:
    """The fields of the profile as typed. Labels of contacts that stay are kept."""
    labels = {email.address: email.label for email in customer.emails}
    named = {phone.number: phone.label for phone in customer.phones}
    return {
        "name": values["name"],
        "salutation": values["salutation"],
        "given": values["given"],
        "family": values["family"],
        "preferred": values["preferred"],
        "first_name_permitted": values["first_name_permitted"] == "yes",
        "language": values["language"].strip() or None,
        "timezone": values["timezone"].strip() or None,
        "emails": [
            {"address": address, "label": labels.get(address, "")}
            for address in _parted(values["emails"])
        ],
        "phones": [
            {"number": number, "label": named.get(number, "")}
            for number in _parted(values["phones"])
        ],
        "wishes": _parted(values["wishes"]),
    }


def _merged(old: Customer, new: Customer) -> Content:
    """That the profile goes on in another one, if it does."""
    if new.id == old.id:
        return Content("")
    return Content(f"This profile was merged into that of customer {new.id}.")


def _joined(parts: Any) -> str:
    return "; ".join(parts)


def _parted(text: str) -> list[str]:
    return [part.strip() for part in clean_line(text).split(";") if part.strip()]


def _checked(check: Callable[[str], object], text: str) -> None:
    try:
        check(text)
    except (ValueError, KeyError, OSError) as error:
        raise InvalidInput(str(error)) from None


def _some_name(text: str) -> str:
    if not clean_line(text):
        raise InvalidInput("a profile needs a name")
    return ""


def _emails(desk: Desk, customer: Customer, text: str) -> str:
    """Refuse what is no address; of one that is added, say who has it already."""
    for address in _parted(text):
        _checked(read_email, address)
    held = {email.address for email in customer.emails}
    added = {read_email(address) for address in _parted(text)} - held
    others = customers.sharing(desk, customer.id, added)
    if not others:
        return ""
    return f"customer {others[0]} has it too; m merges two of one person"


def _language(text: str, known: Sequence[str]) -> str:
    code = text.strip().lower().split("-")[0]
    if code in known:
        return ""
    return f"there are no texts in {clean_line(code, 12)!r} yet, only in {', '.join(known)}"


def _zone(text: str) -> str:
    try:
        ZoneInfo(text.strip())
    except (KeyError, ValueError, OSError):
        raise InvalidInput("not a time zone; write one like Asia/Bishkek") from None
    return ""
