"""The forms of a customer: the profile, a note, how satisfied, merging two."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from textual.content import Content

from helpdesk.desk import customers, joining, upkeep
from helpdesk.desk.own_texts import languages
from helpdesk.domain.customer import read_email
from helpdesk.domain.errors import InvalidInput
from helpdesk.domain.wording import channel_words
from helpdesk.domain.words import Channel
from helpdesk.screens import customer_fields as parts
from helpdesk.screens.changing import ChangeForm
from helpdesk.screens.prompt import Choice, FormField, Line, PromptScreen, Text
from helpdesk.text import clean_line
from helpdesk.widgets.fields import Option

if TYPE_CHECKING:
    from helpdesk.desk.desk import Desk
    from helpdesk.domain.customer import Customer

_YES_NO = (Option("no", "no"), Option("yes", "yes"))
_ANY = Option("", "any way")
_LIKED = (_ANY, *(Option(str(channel), channel_words(channel)) for channel in Channel))
_SCORES = (
    Option("1", "1 not at all"), Option("2", "2"), Option("3", "3"), Option("4", "4"),
    Option("5", "5 very"),
)  # fmt: skip


def edit(desk: Desk, customer: Customer) -> ChangeForm[Customer]:
    """The profile; several of a kind, such as phones or people, are parted by semicolons."""
    known = sorted(languages(desk.path))

    def language(text: str) -> str:
        return _language(text, known)

    def agent(text: str) -> str:
        login = _agent(desk, customer, text)
        return desk.settings.agent_name(login) if login else ""

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
            Line("emails", "E-mail", parts.joined(customer.emails, parts.email), "", emails),
            Line("phones", "Phone", parts.joined(customer.phones, parts.phone)),
            *_more(desk, customer),
            Line("agent", "Looked after", customer.looked_after_by or "", "by which login", agent),
            Line("tags", "Tags", " ".join(customer.tags), "words parted by spaces, such as vip"),
        ]

    def do(now: Customer, values: Mapping[str, str]) -> Customer:
        fields = changed(now, values) | {"looked_after_by": _agent(desk, now, values["agent"])}
        return customers.update(desk, now.id, fields, seen=now.rev)

    return ChangeForm(
        f"{customer.name}: profile",
        customer,
        look=partial(desk.store.customer, customer.id),
        fields=fields,
        do=do,
        news=_merged,
    )


def _more(desk: Desk, customer: Customer) -> Iterator[FormField]:
    """What was learned beyond name and contact."""
    likes = customer.preferences
    handles = parts.joined(customer.handles, parts.handle)
    addresses = parts.joined(customer.addresses, parts.address)
    people = parts.joined(customer.people, parts.person)
    yield Line("handles", "Handles", handles, "such as Telegram @dan", _reading(parts.read_handle))
    yield Line("addresses", "Address", addresses, "street, place")
    yield Choice("likes", "Likes", _LIKED, str(likes.channel or ""))
    yield Line("times", "At times", likes.times, "such as mornings")
    yield Line("wishes", "What matters", parts.joined(customer.wishes, str), "parted by semicolons")
    hint = "Bektur, son, 2015-04-12; ..."
    yield Line("people", "People", people, hint, partial(_people, desk, customer))


def rate(desk: Desk, customer: Customer) -> PromptScreen:
    """How satisfied the customer said to be."""

    def do(values: Mapping[str, str]) -> Customer:
        if not values["score"]:
            raise InvalidInput("say how satisfied, from 1 to 5")
        return customers.rate(desk, customer.id, int(values["score"]), None, values["comment"])

    return PromptScreen(
        f"{customer.name}: how satisfied",
        [Choice("score", "Satisfied", _SCORES, ""), Text("comment", "In words", rows=4)],
        do,
        ["What the customer said when asked. It cannot be changed once it is saved."],
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
    return {
        "name": values["name"],
        "salutation": values["salutation"],
        "given": values["given"],
        "family": values["family"],
        "preferred": values["preferred"],
        "first_name_permitted": values["first_name_permitted"] == "yes",
        "language": values["language"].strip() or None,
        "timezone": values["timezone"].strip() or None,
        "emails": parts.typed(values["emails"], customer.emails, parts.email, parts.read_email),
        "phones": parts.typed(values["phones"], customer.phones, parts.phone, parts.read_phone),
        "handles": parts.typed(
            values["handles"], customer.handles, parts.handle, parts.read_handle
        ),
        "addresses": parts.typed(
            values["addresses"], customer.addresses, parts.address, parts.read_address
        ),
        "preferences": {
            **dict(customer.preferences),
            "channel": values["likes"] or None,
            "times": values["times"],
        },
        "wishes": parts.typed(values["wishes"], customer.wishes, str, str),
        "people": parts.typed(values["people"], customer.people, parts.person, parts.read_person),
        "tags": parts.words(values["tags"], customer.tags),
    }


def _merged(old: Customer, new: Customer) -> Content:
    """That the profile goes on in another one, if it does."""
    if new.id == old.id:
        return Content("")
    return Content(f"This profile was merged into that of customer {new.id}.")


def _reading(read: Callable[[str], object]) -> Callable[[str], str]:
    """Refuses at once, at its field, what saving would refuse."""

    def check(text: str) -> str:
        for part in parts.parted(text):
            read(part)
        return ""

    return check


def _people(desk: Desk, customer: Customer, text: str) -> str:
    """Refuses at once whom saving would refuse: who cannot be read, or is born in the future."""
    for one in parts.typed(text, customer.people, parts.person, parts.read_person):
        if isinstance(one, dict) and one["birthday"]:
            customers.refuse_birthday_ahead(desk, one["name"], one["birthday"])
    return ""


def _agent(desk: Desk, customer: Customer, text: str) -> str | None:
    """The agent named by login, ``me`` or ``none``; who is named already may have left the desk.
    Raises InvalidInput if there is no such."""
    name = clean_line(text).removeprefix("@")
    if name in ("", "none", "nobody"):
        return None
    login = desk.agent if name == "me" else name
    if login != customer.looked_after_by:
        upkeep.require_agent(desk, login)
    return login


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
    for address in parts.parted(text):
        _checked(read_email, address)
    held = {email.address for email in customer.emails}
    added = {read_email(address) for address in parts.parted(text)} - held
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
