"""The customers that a table's rows belong to: found, or made new."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from helpdesk.desk.desk import Desk
from helpdesk.desk.importing.cells import Read, Row
from helpdesk.desk.importing.mapping import CustomerSection
from helpdesk.desk.importing.rejects import Rejected
from helpdesk.domain.customer import Customer, read_email
from helpdesk.domain.values import all_faults
from helpdesk.text import clean, clean_line

_LINES = ("name", "given", "family", "salutation")


Names = tuple[tuple[str, str], ...]
"""By what a customer is known: his key in the source, then his e-mail address."""


def names_of(key: str | None, email: str | None) -> Names:
    """The names that a row gives of its customer, as they are compared."""
    keyed = (("key", key),) if key else ()
    return (*keyed, ("email", email.casefold())) if email else keyed


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a row names. ``key`` is his number in the source; ``email`` in its normal form.

    ``fields`` are those of a new profile.
    """

    key: str | None
    email: str | None
    name: str
    fields: Mapping[str, Any]

    @property
    def names(self) -> Names:
        """By what he is known."""
        return names_of(self.key, self.email)


class People:
    """Reads whom rows name, by the ``[customer]`` of a mapping."""

    def __init__(self, section: CustomerSection, source: str, places: Mapping[str, int]) -> None:
        names = (*_LINES, "key", "email", "phone", "address", "note")
        cells = {name: getattr(section, name) for name in names}
        self._reads: dict[str, Read] = {
            name: cell.bound(places) for name, cell in cells.items() if cell is not None
        }
        self._source = source
        self._fixed = {
            "tags": section.tags,
            "language": section.language,
            "timezone": section.timezone,
        }

    def person(self, row: Row) -> Person:
        """Whom the row names. Raises Rejected if nobody, or if the e-mail address is none."""
        email = _email(self._text("email", row))
        name = clean_line(self._text("name", row) or self._full_name(row))
        key = clean_line(self._text("key", row)) or (name if email is None else None)
        if not key and not email:
            raise Rejected("customer: is not named")
        name = name or email or key or ""
        fields: dict[str, Any] = {**self._fixed, "name": name}
        for field in _LINES[1:]:
            fields[field] = self._text(field, row)
        if email:
            fields["emails"] = ({"address": email},)
        if phone := clean_line(self._text("phone", row)):
            fields["phones"] = ({"number": phone},)
        if address := clean(self._text("address", row)).strip():
            fields["addresses"] = ({"text": address},)
        fields["note"] = clean(self._text("note", row)).strip()
        return Person(key or None, email, name, fields)

    def profile(self, person: Person, *, number: int, by: str, now: datetime) -> Customer:
        """The new profile of a person. Raises Rejected, naming the field that cannot be taken."""
        fields = dict(person.fields)
        note = fields.pop("note", "")
        if note:
            fields["notes"] = ({"at": now, "by": by, "text": note},)
        try:
            return Customer.model_validate(
                {
                    **fields,
                    "id": number,
                    "source": self._source,
                    "external_id": person.key,
                    "created": now,
                    "updated": now,
                }
            )
        except ValidationError as error:
            raise Rejected(f"customer: {all_faults(error)}") from None

    def _text(self, field: str, row: Row) -> str:
        read = self._reads.get(field)
        return read(row) if read else ""

    def _full_name(self, row: Row) -> str:
        return f"{self._text('given', row)} {self._text('family', row)}".strip()


class Finder:
    """Finds the customers of one batch, those that the batch itself makes among them."""

    def __init__(self, desk: Desk, source: str) -> None:
        self._desk = desk
        self._source = source
        self._known: dict[tuple[str, str], int] = {}

    def number(self, names: Names) -> int | None:
        """The number of the first profile that has one of the names, or None if there is none.

        Raises:
            Rejected: if several customers have the e-mail address.
        """
        for place, name in enumerate(names):
            number = self._known.get(name)
            if number is None:
                number = self._looked_up(*name)
            if number is not None:
                self.remember(names[: place + 1], number)
                return number
        return None

    def remember(self, names: Names, number: int) -> None:
        """The customer of these names has that number."""
        self._known.update(dict.fromkeys(names, number))

    def _looked_up(self, kind: str, name: str) -> int | None:
        if kind == "key":
            return self._desk.store.imported_customer(self._source, name)
        found = self._desk.store.find_customers(name)
        if len(found) > 1:
            raise Rejected("customer: several customers have that e-mail address")
        return found[0] if found else None


def _email(text: str) -> str | None:
    if not text:
        return None
    try:
        return read_email(text)
    except ValueError:
        raise Rejected("customer: email: is not an e-mail address") from None
