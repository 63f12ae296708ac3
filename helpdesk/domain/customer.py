"""A customer: the profile of a person or an organisation."""

import re
from datetime import date as Day  # noqa: N812 - a field of an order is called date
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, PlainSerializer, ValidationInfo

from helpdesk.domain.values import (
    Document,
    Language,
    Line,
    Login,
    Moment,
    Name,
    Tag,
    Text,
    Value,
    Zone,
)
from helpdesk.domain.words import Channel

_LONGEST_PLAIN = 200
_PLAIN_WORD = "[A-Za-z0-9]+"
_PLAIN_EMAIL = re.compile(
    rf"(?=.{{1,64}}@)({_PLAIN_WORD}(?:[._+-]{_PLAIN_WORD})*)@"
    rf"((?:(?=[^.]{{1,63}}\.){_PLAIN_WORD}(?:-{_PLAIN_WORD})*\.)+[A-Za-z]{{2,16}})",
    re.ASCII,
)
_PHONE = re.compile(r"[+(\d][\d\s()./+-]*((ext\.?|x)\s*\d+)?", re.IGNORECASE)
_SHORTEST_PHONE = 5
"""Digits, of a text that is taken for a phone by itself."""
_FEWEST_DIGITS = 2
"""Of what somebody writes down as a phone: letters may spell the rest, as in 0800-FLOWERS."""

NOT_NAMED = "not-named"
"""The tag of a profile whose name says only where its people are from, as imports make it."""

TYPED = "typed"
"""The context of a validation of what somebody writes just now: what is on record stays read."""
_SPECIAL_ENDS = frozenset({"arpa", "invalid", "local", "localhost", "onion", "test"})


@lru_cache(maxsize=4096)
def read_email(text: str) -> str:
    """The address in its normal form.

    Raises:
        ValueError: if it is no address; whether its domain exists is not asked.
    """
    plain = _PLAIN_EMAIL.fullmatch(text)
    if plain is not None and len(text) < _LONGEST_PLAIN:
        domain = plain[2].lower()
        if domain.rpartition(".")[2] not in _SPECIAL_ENDS:
            return f"{plain[1]}@{domain}"
    return _validated(text)


def _validated(text: str) -> str:
    from email_validator import EmailNotValidError, validate_email  # 30 ms that few need

    try:
        checked = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise ValueError(f"not an e-mail address: {error}") from None
    return checked.normalized


def known_as(contact: str) -> str:
    """What a customer is looked for by: an e-mail address in its normal form, else as it is."""
    if "@" not in contact:
        return contact
    try:
        return read_email(contact)
    except ValueError:
        return contact  # a handle, or half an address


def _is_email(text: str) -> bool:
    if "@" not in text:
        return False
    try:
        return bool(read_email(text))
    except ValueError:
        return False


def is_phone(text: str) -> bool:
    """Whether it looks like a phone number, with an extension or without."""
    digits = sum(character.isdigit() for character in text)
    return digits >= _SHORTEST_PHONE and _PHONE.fullmatch(text) is not None


def is_name(text: str) -> bool:
    """Whether it may be what somebody is called: it has a letter, and is no e-mail address."""
    return "@" not in text and any(character.isalpha() for character in text)


def name_and_contact(text: str) -> tuple[str, str]:
    """A name and the e-mail address or phone typed behind it, as ``Jane Foster +996 555 123456``;
    the contact is empty where there is none, or no name before it."""
    words = text.split()
    for place in range(1, len(words)):
        name, contact = " ".join(words[:place]), " ".join(words[place:]).strip("<>,;")
        if is_name(name) and (_is_email(contact) or is_phone(contact)):
            return name.rstrip(" ,;:-"), contact
    return text, ""


def _phone_number(text: str, info: ValidationInfo) -> str:
    digits = sum(character.isdigit() for character in text)
    if info.context == TYPED and text and digits < _FEWEST_DIGITS:
        raise ValueError("takes a phone number, which has digits")
    return text


def _currency(code: str) -> str:
    if not (len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()):
        raise ValueError("takes three capital letters, such as USD")
    return code


Money = Annotated[Decimal, PlainSerializer(str, str, "json")]


class Email(Value):
    """An e-mail address, with what it is for (work, home, ...)."""

    address: Annotated[str, AfterValidator(read_email)]
    label: Line = ""


class Phone(Value):
    """A phone number as written, with what it is for."""

    number: Annotated[Name, AfterValidator(_phone_number)]
    label: Line = ""


class Handle(Value):
    """A name on a social network."""

    network: Name
    handle: Name
    label: Line = ""


class Address(Value):
    """A postal address as it would be written on an envelope."""

    text: Text
    label: Line = ""


class Consent(Value):
    """Whether newsletters may be sent, since when, and how we know."""

    given: bool
    on: Day
    source: Line


class Preferences(Value):
    """How and when the customer likes to be reached."""

    channel: Channel | None = None
    times: Line = ""
    newsletter: Consent | None = None


class Relation(Value):
    """Somebody around the customer: family, a colleague."""

    name: Name
    relation: Line
    birthday: Day | None = None

    def days_to_birthday(self, today: Day) -> int | None:
        """In how many days the birthday is next, 0 for today; None if it is not known.

        Whoever was born on a 29 February has it on the 28th where there is none.
        """
        if self.birthday is None:
            return None
        for year in (today.year, today.year + 1):
            try:
                then = self.birthday.replace(year=year)
            except ValueError:
                then = Day(year, 2, 28)
            if then >= today:
                return (then - today).days
        return None


class Note(Value):
    """What an agent learned about the customer."""

    at: Moment
    by: Line
    text: Text


class OrderLine(Value):
    """One line of an order."""

    item: Name
    quantity: Annotated[int, Field(ge=1)] = 1


class Order(Value):
    """An order; ``amount`` in ``currency`` (ISO 4217), ``promised`` the delivery date told."""

    number: Name
    date: Day
    lines: tuple[OrderLine, ...] = ()
    amount: Money = Decimal(0)
    currency: Annotated[str, AfterValidator(_currency)] = "USD"
    status: Line = ""
    promised: Day | None = None


class Rating(Value):
    """How satisfied the customer was, from 1 (not at all) to 5 (very), and with which ticket."""

    at: Moment
    score: Annotated[int, Field(ge=1, le=5)]
    ticket: int | None = None
    comment: Text = ""


class Customer(Document):
    """The profile of a customer. ``name`` is the name as the customer writes it."""

    name: Name
    given: Line = ""
    family: Line = ""
    salutation: Line = ""
    preferred: Line = ""
    first_name_permitted: bool = False
    language: Language | None = None
    timezone: Zone | None = None
    emails: tuple[Email, ...] = ()
    phones: tuple[Phone, ...] = ()
    handles: tuple[Handle, ...] = ()
    addresses: tuple[Address, ...] = ()
    preferences: Preferences = Preferences()
    people: tuple[Relation, ...] = ()
    wishes: tuple[Line, ...] = ()
    notes: tuple[Note, ...] = ()
    orders: tuple[Order, ...] = ()
    ratings: tuple[Rating, ...] = ()
    tags: tuple[Tag, ...] = ()
    looked_after_by: Login | None = None
    source: Line | None = None
    external_id: Line | None = None
    created: Moment
    updated: Moment

    @property
    def satisfaction(self) -> int | None:
        """The satisfaction index: the mean rating on a scale from 0 to 100; None without any."""
        if not self.ratings:
            return None
        mean = sum(rating.score for rating in self.ratings) / len(self.ratings)
        return round((mean - 1) / 4 * 100)

    def segment(self, tickets: int) -> Literal["new", "returning"]:
        """``returning`` from the second dealing on, of orders and ``tickets`` together."""
        return "returning" if len(self.orders) + tickets > 1 else "new"

    @property
    def form_of_address(self) -> Literal["first_name", "salutation", "full_name", "no_name"]:
        """How to greet: first name only by permission, else the respectful form.

        ``no_name`` if all that we know to call the customer is an e-mail address, whether it is
        still one of his or not, or the profile stands for people whom nobody has named.
        """
        if self.first_name_permitted and (self.preferred or self.given):
            return "first_name"
        if self.salutation and self.family:
            return "salutation"
        return "no_name" if _is_email(self.name) or NOT_NAMED in self.tags else "full_name"

    @property
    def respectful_name(self) -> str:
        """The name to greet with where the first name is not permitted.

        A preferred name counts if it holds the family name: "Dr Asanova", not "Aika".
        """
        words = f" {self.preferred.casefold()} "
        if self.family and f" {self.family.casefold()} " in words:
            return self.preferred
        return self.name
