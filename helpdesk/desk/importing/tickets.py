"""Importing tickets: a table of matters that another system dealt with.

A record that the desk has already is left as it is, so the same table can be imported again, and
an import that was interrupted goes on where it stopped.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from helpdesk.desk.desk import Desk
from helpdesk.desk.importing.cells import Row
from helpdesk.desk.importing.mapping import TicketMapping
from helpdesk.desk.importing.matters import Matters
from helpdesk.desk.importing.people import Finder, People, Person
from helpdesk.desk.importing.reading import Table, TableRow
from helpdesk.desk.importing.rejects import Rejected, Rejects
from helpdesk.desk.importing.report import Report
from helpdesk.desk.importing.running import How, run
from helpdesk.domain.errors import InvalidInput
from helpdesk.domain.past import past_ticket
from helpdesk.domain.rights import Right
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.values import first_fault

_NOT_NUMBERED = 1
"""Stands for the numbers of a ticket and its customer until they are written."""


def import_tickets(
    desk: Desk, path: Path, mapping: TicketMapping, how: How | None = None
) -> Report:
    """Take in the table at ``path``.

    Raises:
        NotFound, InvalidInput, CannotCreate: see ``running.run``.
        BadConfiguration: if the desk's policy gives no promise where one is due.
        TryAgain: if another writer held the desk too long; what was written until then is kept.
    """
    how = how or How()

    def begin(table: Table, rejects: Rejects, report: Report) -> _TicketTaker:
        # What was restored or copied in from outside is there already, too.
        desk.store.catch_up()
        return _TicketTaker(desk, mapping, table, rejects, report)

    return run(desk, path, mapping, how, begin)


@dataclass(frozen=True, slots=True)
class _Draft:
    """A ticket that can be written as soon as it and its customer have numbers."""

    ticket: Ticket
    person: Person


class _TicketTaker:
    def __init__(
        self, desk: Desk, mapping: TicketMapping, table: Table, rejects: Rejects, report: Report
    ) -> None:
        self._desk = desk
        self._source = mapping.source
        self._matters = Matters(desk, mapping, table.places)
        self._people = People(mapping.customer, mapping.source, table.places)
        self._rejects = rejects
        self._report = report
        # A dry run writes nothing in which it could look for what it has seen already.
        self._seen: set[str] = set()
        self._seen_people: set[tuple[str, str]] = set()

    def take(self, rows: list[TableRow]) -> None:
        now = self._desk.now()
        finder = Finder(self._desk, self._source)
        if not self._report.dry_run:
            self._seen.clear()
        drafts = []
        for row in rows:
            try:
                draft = self._draft(row, finder, now)
            except InvalidInput as reason:
                self._rejects.add(row, reason.message)
                continue
            if draft is None:
                self._report.already_there += 1
            else:
                drafts.append(draft)
        if self._report.dry_run:
            self._count(drafts, finder)
        elif drafts:
            self._write(drafts, finder, now)

    def finish(self) -> None:
        pass

    def _draft(self, row: TableRow, finder: Finder, now: datetime) -> _Draft | None:
        """The row's ticket; None if the desk, or this batch, has it already."""
        if row.fault is not None:
            raise Rejected(row.fault)
        external_id = self._matters.external_id(row.cells)
        if external_id in self._seen or self._is_there(external_id):
            return None
        draft = self._read(row.cells, finder, now)
        self._seen.add(external_id)
        return draft

    def _read(self, row: Row, finder: Finder, now: datetime) -> _Draft:
        person = self._people.person(row)
        if finder.number(person.names) is None:
            self._people.profile(person, number=_NOT_NUMBERED, by=self._desk.agent, now=now)
        matter = self._matters.matter(row, person.name, now)
        try:
            ticket = past_ticket(
                matter,
                number=_NOT_NUMBERED,
                customer=_NOT_NUMBERED,
                by=self._desk.agent,
                now=now,
            )
        except ValidationError as error:
            raise Rejected(first_fault(error)) from None
        return _Draft(ticket, person)

    def _write(self, drafts: list[_Draft], finder: Finder, now: datetime) -> None:
        imported = already_there = customers = 0
        with self._desk.writing(Right.IMPORT) as writing:
            for draft in drafts:
                # Another import may have written it since the batch was read.
                if self._is_there(draft.ticket.external_id or ""):
                    already_there += 1
                    continue
                customer = finder.number(draft.person.names)
                if customer is None:
                    customer = writing.new_customer_id()
                    profile = self._people.profile(
                        draft.person, number=customer, by=self._desk.agent, now=now
                    )
                    writing.put(profile)
                    finder.remember(draft.person.names, customer)
                    customers += 1
                numbers = {"id": writing.new_ticket_id(), "customer": customer}
                writing.put(draft.ticket.model_copy(update=numbers))
                imported += 1
        self._report.imported += imported
        self._report.already_there += already_there
        self._report.customers += customers

    def _count(self, drafts: list[_Draft], finder: Finder) -> None:
        self._report.imported += len(drafts)
        for draft in drafts:
            names = draft.person.names
            if finder.number(names) is None and self._seen_people.isdisjoint(names):
                self._report.customers += 1
            self._seen_people.update(names)

    def _is_there(self, external_id: str) -> bool:
        return self._desk.store.imported_ticket(self._source, external_id) is not None
