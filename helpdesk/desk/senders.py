"""Whose mail it is: the customer of an address, known or new."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from helpdesk.desk.desk import Desk
from helpdesk.domain.customer import Customer, Email, read_email
from helpdesk.domain.errors import NotFound
from helpdesk.mail.letter import Address, Letter
from helpdesk.store.base import Writing
from helpdesk.store.folder import UnreadableDocument
from helpdesk.text import clean_line, fold

SOURCE = "mail"
"""Where a customer came from whose address is none that could be written to."""

_LAST_FIRST = re.compile(r"([^\W\d_][\w'’-]*), ([^\W\d_][\w'’-]*)")
"""A name as address books sort it; only of two words, as more may be a company's."""
_ENDINGS = (
    "inc ltd llc llp lp plc co corp gmbh ag kg ug sa sas sarl srl spa bv nv oy ab as aps pty kk"
    " jr sr ii iii iv md phd mba esq dds cpa ооо оао зао пао ао тоо осоо ип оо"
)
_NOT_FIRST = frozenset(_ENDINGS.split())
"""What stands behind the comma of a company or a title."""

NOBODY = "Unknown sender"
"""The one customer of all mail that names no sender at all."""


@dataclass(slots=True)
class Senders:
    """The customers of one writing; those it makes are known to it before they are saved.

    An address that several customers have is that of the one whose ticket changed last, else of
    the first by number.
    """

    desk: Desk
    writing: Writing
    _numbers: dict[str, int] = field(default_factory=dict)
    _profiles: dict[int, Customer] = field(default_factory=dict)

    def known(self, address: Address | None) -> Customer | None:
        """The customer of that address, if there is one; None stands for no sender at all.

        A profile that cannot be read is nobody's: a letter must not wait until it is mended.
        """
        key = _key(address)
        number = self._numbers.get(key) or self._found(key)
        if number is None:
            return None
        try:
            known = self.customer(number)
        except (NotFound, UnreadableDocument):
            return None
        self._numbers[key] = number
        return known

    def customer(self, number: int) -> Customer:
        """The customer of that number. Raises NotFound, UnreadableDocument."""
        if number not in self._profiles:
            self._profiles[number] = self.writing.customer(number)
        return self._profiles[number]

    def of(self, letter: Letter, at: datetime) -> Customer:
        """The customer of whoever wrote the letter; a new one with what the letter tells."""
        return self.at_address(letter.author, at, letter.language)

    def at_address(self, address: Address | None, at: datetime, language: str | None) -> Customer:
        """The customer of an address; a new one if nobody has it."""
        known = self.known(address)
        if known is not None:
            return known
        key = _key(address)
        email = _email(address)
        made = Customer(
            id=self.writing.new_customer_id(),
            name=_name(address),
            language=language,
            emails=(Email(address=email),) if email else (),
            source=None if email else SOURCE,
            external_id=None if email else key,
            created=at,
            updated=at,
        )
        made = self.writing.put(made)
        self._numbers[key] = made.id
        self._profiles[made.id] = made
        return made

    def _found(self, key: str) -> int | None:
        store = self.desk.store
        if "@" in key:
            found = store.find_customers(key)
            if len(found) > 1:
                return store.latest_of(found)
            if found:
                return found[0]
        return store.imported_customer(SOURCE, key)


def _key(address: Address | None) -> str:
    """An address as it is known by: in its normal form, without the difference of case."""
    if address is None:
        return NOBODY
    return clean_line(fold(_email(address) or address.email))


def _email(address: Address | None) -> str | None:
    """The address as a profile can hold it, or None."""
    try:
        return read_email(address.email) if address else None
    except ValueError:
        return None


def _name(address: Address | None) -> str:
    if address is None:
        return NOBODY
    if not address.name or "@" in address.name:
        return address.email
    turned = _LAST_FIRST.fullmatch(address.name)
    if turned is None or turned[2].casefold() in _NOT_FIRST:
        return address.name
    return f"{turned[2]} {turned[1]}"
