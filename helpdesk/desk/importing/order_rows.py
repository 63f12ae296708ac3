"""Reading the rows of a table as lines of orders, and joining those of one order."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pydantic import ValidationError

from helpdesk.desk.importing.cells import Read, Row
from helpdesk.desk.importing.dates import Dates
from helpdesk.desk.importing.mapping import OrderMapping
from helpdesk.desk.importing.people import Names, names_of
from helpdesk.desk.importing.rejects import Rejected
from helpdesk.domain.customer import Order, OrderLine, read_email
from helpdesk.domain.values import all_faults
from helpdesk.text import clean_line

_LONGEST_NUMBER = 15
_CUSTOMER = ("number", "key", "email", "name")
_ORDER = ("number", "date", "item", "quantity", "amount", "currency", "status", "promised")
_PARTED = r" '’\u00a0\u202f"
_NUMBERS = {
    decimal: re.compile(
        rf"(?P<sign>[+-]?)(?P<whole>[0-9]{{1,3}}(?:[{thousands}{_PARTED}][0-9]{{3}})+|[0-9]{{1,15}})"
        rf"(?:\{decimal}(?P<part>[0-9]{{1,6}}))?"
    )
    for decimal, thousands in ((".", ","), (",", "."))
}


@dataclass(frozen=True, slots=True)
class Buyer:
    """Whom an order belongs to, by what the table gives of him."""

    number: int | None
    key: str | None
    email: str | None
    name: str

    @property
    def names(self) -> Names:
        """By what he is known besides his number."""
        return names_of(self.key, self.email)


@dataclass(frozen=True, slots=True)
class OrderRow:
    """What one row says of an order; ``buyer`` is None if it names nobody."""

    order: str
    buyer: Buyer | None
    day: date | None
    line: OrderLine | None
    amount: Decimal | None
    currency: str
    status: str
    promised: date | None


class OrderRows:
    """Reads order rows by a mapping, from rows whose columns lie at ``places``."""

    def __init__(self, mapping: OrderMapping, places: Mapping[str, int]) -> None:
        self._dates = Dates(mapping.zone, mapping.dates)
        self._decimal = mapping.order.decimal
        self._sums = mapping.order.amount_of == "row"
        self._order = _bound(mapping.order, _ORDER, places)
        self._customer = _bound(mapping.customer, _CUSTOMER, places)

    def number(self, row: Row) -> str:
        """The order's number. Raises Rejected if there is none."""
        number = clean_line(_text(self._order, "number", row))
        if not number:
            raise Rejected("order number: is empty")
        return number

    def read(self, row: Row) -> OrderRow:
        """What a row says. Raises Rejected, naming what cannot be taken."""
        return OrderRow(
            order=self.number(row),
            buyer=self._buyer(row),
            day=self._day("date", row),
            line=self._line(row),
            amount=self._number("amount", row),
            currency=_text(self._order, "currency", row).upper(),
            status=_text(self._order, "status", row),
            promised=self._day("promised", row),
        )

    def joined(self, rows: Sequence[OrderRow]) -> tuple[Buyer, Order]:
        """The order that the rows of one number make: of each field, the first that is given.

        Raises:
            Rejected: if the rows name several customers or none, or there is no date.
        """
        buyer = _same_buyer([row.buyer for row in rows if row.buyer])
        amounts = [row.amount for row in rows if row.amount is not None]
        amount = sum(amounts, Decimal(0)) if self._sums else next(iter(amounts), Decimal(0))
        fields = {
            "number": rows[0].order,
            "date": next((row.day for row in rows if row.day), None),
            "lines": [row.line for row in rows if row.line],
            "amount": amount,
            "currency": next((row.currency for row in rows if row.currency), "USD"),
            "status": next((row.status for row in rows if row.status), ""),
            "promised": next((row.promised for row in rows if row.promised), None),
        }
        if fields["date"] is None:
            raise Rejected("date: is empty")
        try:
            return buyer, Order.model_validate(fields)
        except ValidationError as error:
            raise Rejected(all_faults(error)) from None

    def _buyer(self, row: Row) -> Buyer | None:
        number = _text(self._customer, "number", row).removeprefix("#")
        key = clean_line(_text(self._customer, "key", row)) or None
        email = _text(self._customer, "email", row)
        if not (number or key or email):
            return None
        if number and not (
            number.isascii() and number.isdigit() and len(number) <= _LONGEST_NUMBER
        ):
            raise Rejected("customer: number: is not the number of a customer")
        try:
            address = read_email(email) if email else None
        except ValueError:
            raise Rejected("customer: email: is not an e-mail address") from None
        name = clean_line(_text(self._customer, "name", row))
        return Buyer(int(number) if number else None, key, address, name)

    def _day(self, field: str, row: Row) -> date | None:
        text = _text(self._order, field, row)
        try:
            return self._dates.day(text) if text else None
        except ValueError as error:
            raise Rejected(f"{field}: {error}") from None

    def _line(self, row: Row) -> OrderLine | None:
        item = clean_line(_text(self._order, "item", row))
        if not item:
            return None
        quantity = self._number("quantity", row)
        if quantity is None:
            return OrderLine(item=item)
        if quantity != quantity.to_integral_value():
            raise Rejected("quantity: is not a whole number")
        if quantity < 1:
            raise Rejected("quantity: is less than 1")
        return OrderLine(item=item, quantity=int(quantity))

    def _number(self, field: str, row: Row) -> Decimal | None:
        text = _text(self._order, field, row)
        if not text:
            return None
        number = read_number(text, self._decimal)
        if number is None:
            raise Rejected(f"{field}: is not a number")
        return number


def read_number(text: str, decimal: str) -> Decimal | None:
    """The number that is written, thousands parted or not; None if it is none."""
    found = _NUMBERS[decimal].fullmatch(text)
    if found is None:
        return None
    whole = re.sub(r"[^0-9]", "", found["whole"])
    part = f".{found['part']}" if found["part"] else ""
    return Decimal(f"{found['sign']}{whole}{part}")


def _same_buyer(given: Sequence[Buyer]) -> Buyer:
    """The one buyer of rows that may each give a part of him. Raises Rejected if there is none."""
    if not given:
        raise Rejected("customer: the order's rows name nobody")
    numbers = [buyer.number for buyer in given if buyer.number is not None]
    keys = [buyer.key for buyer in given if buyer.key]
    emails = [buyer.email for buyer in given if buyer.email]
    if max(len(set(numbers)), len(set(keys)), len({email.casefold() for email in emails})) > 1:
        raise Rejected("customer: the order's rows name several")
    name = next((buyer.name for buyer in given if buyer.name), "")
    return Buyer(next(iter(numbers), None), next(iter(keys), None), next(iter(emails), None), name)


def _bound(section: object, names: Sequence[str], places: Mapping[str, int]) -> dict[str, Read]:
    cells = {name: getattr(section, name) for name in names}
    return {name: cell.bound(places) for name, cell in cells.items() if cell is not None}


def _text(reads: Mapping[str, Read], field: str, row: Row) -> str:
    read = reads.get(field)
    return read(row) if read else ""
