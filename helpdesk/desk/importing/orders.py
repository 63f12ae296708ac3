"""Importing orders: a table with one row an order line, into the profiles of customers.

Rows of one order number are one order, wherever in the table they stand. An order that its
customer has already is left as it is.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from helpdesk.desk.desk import Desk
from helpdesk.desk.importing.mapping import OrderMapping
from helpdesk.desk.importing.order_rows import Buyer, OrderRow, OrderRows
from helpdesk.desk.importing.people import Finder
from helpdesk.desk.importing.reading import Table, TableRow, open_table
from helpdesk.desk.importing.rejects import Rejected, Rejects
from helpdesk.desk.importing.report import Report
from helpdesk.desk.importing.running import How, run
from helpdesk.domain.customer import Customer, Order
from helpdesk.domain.errors import InvalidInput, NotFound
from helpdesk.domain.rights import Right
from helpdesk.domain.values import all_faults
from helpdesk.store.base import Writing


def import_orders(desk: Desk, path: Path, mapping: OrderMapping, how: How | None = None) -> Report:
    """Take in the table at ``path``.

    Raises:
        NotFound, InvalidInput, CannotCreate: see ``running.run``; InvalidInput for a pipe, too.
        TryAgain: if another writer held the desk too long; what was written until then is kept.
    """
    how = how or How()
    if path.is_fifo():
        raise InvalidInput("orders are read twice, which a pipe cannot be: give a file")

    def begin(table: Table, rejects: Rejects, report: Report) -> _OrderTaker:
        # What was restored or copied in from outside is there already, too.
        desk.store.catch_up()
        return _OrderTaker(desk, mapping, path, table, rejects, report)

    return run(desk, path, mapping, how, begin)


@dataclass(frozen=True, slots=True)
class _Draft:
    """An order that can be written, with how many rows it has."""

    buyer: Buyer
    order: Order
    rows: int


class _Buyers:
    """The customers of one batch of orders, those that the batch makes among them.

    ``planned`` holds the names of customers that are going to be made.
    """

    def __init__(self, desk: Desk, source: str, planned: set[tuple[str, str]]) -> None:
        self._desk = desk
        self._source = source
        self._finder = Finder(desk, source)
        self._planned = planned

    def number(self, buyer: Buyer) -> int | None:
        """The number of the buyer's profile; None if there is none and one can be made.

        Raises:
            Rejected: if there is none, or there are several.
        """
        if buyer.number is not None:
            return self._by_number(buyer.number)
        number = self._finder.number(buyer.names)
        if number is None and not buyer.email and self._planned.isdisjoint(buyer.names):
            raise Rejected("customer: is not known, and has no e-mail address to make a profile of")
        return number

    def plan(self, buyer: Buyer) -> None:
        """The batch is going to make the buyer a profile."""
        self._planned.update(buyer.names)

    def remember(self, buyer: Buyer, number: int) -> None:
        """The buyer has got a profile by this batch."""
        self._finder.remember(buyer.names, number)

    def profile(self, buyer: Buyer, number: int, now: datetime) -> Customer:
        """The new profile of a buyer. Raises Rejected, naming the field that cannot be taken."""
        try:
            return Customer.model_validate(
                {
                    "id": number,
                    "name": buyer.name or buyer.email,
                    "emails": [{"address": buyer.email}],
                    "source": self._source if buyer.key else None,
                    "external_id": buyer.key,
                    "created": now,
                    "updated": now,
                }
            )
        except ValidationError as error:
            raise Rejected(f"customer: {all_faults(error)}") from None

    def _by_number(self, number: int) -> int:
        try:
            return self._desk.store.customer(number).id
        except NotFound:
            raise Rejected("customer: there is none of that number") from None


class _OrderTaker:
    def __init__(
        self,
        desk: Desk,
        mapping: OrderMapping,
        path: Path,
        table: Table,
        rejects: Rejects,
        report: Report,
    ) -> None:
        self._desk = desk
        self._source = mapping.source
        self._rows = OrderRows(mapping, table.places)
        self._rejects = rejects
        self._report = report
        report.orders = 0
        # How many rows of each order are still to come says when it is whole.
        self._to_come = _rows_by_order(path, mapping)
        self._waiting: dict[str, list[TableRow]] = {}
        self._planned: set[tuple[str, str]] = set()
        self._counted: set[tuple[str, str]] = set()

    def take(self, rows: list[TableRow]) -> None:
        whole = []
        for row in rows:
            try:
                number = self._number(row)
            except InvalidInput as reason:
                self._rejects.add(row, reason.message)
                continue
            self._waiting.setdefault(number, []).append(row)
            self._to_come[number] -= 1
            if self._to_come[number] == 0:
                whole.append(self._waiting.pop(number))
        self._take_orders(whole)

    def finish(self) -> None:
        # Rows are left over only if the table was changed while it was read.
        self._take_orders(list(self._waiting.values()))
        self._waiting.clear()

    def _number(self, row: TableRow) -> str:
        if row.fault is not None:
            raise Rejected(row.fault)
        return self._rows.number(row.values)

    def _take_orders(self, orders: list[list[TableRow]]) -> None:
        now = self._desk.now()
        if not self._report.dry_run:
            self._planned.clear()
        buyers = _Buyers(self._desk, self._source, self._planned)
        drafts = []
        for rows in orders:
            draft = self._draft(rows, buyers, now)
            if draft is None:
                continue
            if self._has(buyers.number(draft.buyer), draft.order):
                self._report.already_there += draft.rows
            else:
                drafts.append(draft)
        if self._report.dry_run:
            self._count(drafts, buyers)
        elif drafts:
            self._write(drafts, buyers, now)

    def _draft(self, rows: list[TableRow], buyers: _Buyers, now: datetime) -> _Draft | None:
        """The order of these rows; None if one of them, and so all, was rejected."""
        read: list[OrderRow] = []
        faults: dict[int, str] = {}
        for row in rows:
            try:
                read.append(self._rows.read(row.values))
            except InvalidInput as reason:
                faults[row.line] = reason.message
        if not faults:
            try:
                buyer, order = self._rows.joined(read)
                if buyers.number(buyer) is None:
                    self._plan(buyers, buyer, now)
                return _Draft(buyer, order, len(rows))
            except InvalidInput as reason:
                faults = {row.line: reason.message for row in rows}
        first = min(faults)
        for row in rows:
            other = f"belongs to the same order as line {first}, which cannot be taken"
            self._rejects.add(row, faults.get(row.line, other))
        return None

    def _plan(self, buyers: _Buyers, buyer: Buyer, now: datetime) -> None:
        if buyer.email:
            buyers.profile(buyer, 1, now)
            buyers.plan(buyer)

    def _has(self, customer: int | None, order: Order) -> bool:
        return customer is not None and _holds(self._desk.store.customer(customer), order)

    def _write(self, drafts: list[_Draft], buyers: _Buyers, now: datetime) -> None:
        rows = orders = known = new = 0
        with self._desk.writing(Right.IMPORT) as writing:
            profiles: dict[int, Customer] = {}
            for draft in drafts:
                number = buyers.number(draft.buyer)
                if number is None:
                    number = writing.new_customer_id()
                    profiles[number] = buyers.profile(draft.buyer, number, now)
                    buyers.remember(draft.buyer, number)
                    new += 1
                profile = profiles.get(number) or writing.customer(number)
                if _holds(profile, draft.order):
                    known += draft.rows
                    continue
                profiles[number] = _with_order(profile, draft.order, now)
                rows += draft.rows
                orders += 1
            _put_all(writing, profiles)
        self._report.imported += rows
        self._report.already_there += known
        self._report.customers += new
        self._report.orders = (self._report.orders or 0) + orders

    def _count(self, drafts: list[_Draft], buyers: _Buyers) -> None:
        self._report.imported += sum(draft.rows for draft in drafts)
        self._report.orders = (self._report.orders or 0) + len(drafts)
        for draft in drafts:
            names = draft.buyer.names
            if buyers.number(draft.buyer) is None and self._counted.isdisjoint(names):
                self._report.customers += 1
            self._counted.update(names)


def _rows_by_order(path: Path, mapping: OrderMapping) -> Counter[str]:
    counts: Counter[str] = Counter()
    with open_table(path, mapping) as table:
        rows = OrderRows(mapping, table.places)
        for row in table.rows():
            try:
                if row.fault is None:
                    counts[rows.number(row.values)] += 1
            except InvalidInput:
                continue
    return counts


def _holds(profile: Customer, order: Order) -> bool:
    return any(known.number == order.number for known in profile.orders)


def _with_order(profile: Customer, order: Order, now: datetime) -> Customer:
    return profile.model_copy(update={"orders": (*profile.orders, order), "updated": now})


def _put_all(writing: Writing, profiles: dict[int, Customer]) -> None:
    for profile in profiles.values():
        writing.put(profile)
