"""Importing tickets: a table of matters that another system dealt with.

The same table can be imported again, and an import that was interrupted goes on where it stopped. A
record that the desk has already is compared with what its row said when it was imported last: if a
newer table says otherwise, the ticket is brought forward, unless agents have worked on it.
"""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from helpdesk.desk.desk import Desk
from helpdesk.desk.importing.mapping import TicketMapping
from helpdesk.desk.importing.matters import Matters
from helpdesk.desk.importing.people import Finder, People, Person
from helpdesk.desk.importing.reading import Table, TableRow
from helpdesk.desk.importing.rejects import Rejected, Rejects
from helpdesk.desk.importing.report import Report
from helpdesk.desk.importing.running import How, run
from helpdesk.domain.errors import InvalidInput, RuleBroken
from helpdesk.domain.forward import brought_forward, digest, is_untouched
from helpdesk.domain.past import PastMatter, past_ticket
from helpdesk.domain.rights import Right
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.values import all_faults
from helpdesk.store.first_met import FirstMet

WORKED_ON = "worked on here"
"""Why a ticket is left as it is though a newer table says otherwise."""

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

    with closing(FirstMet()) as met:

        def begin(table: Table, rejects: Rejects, report: Report) -> _TicketTaker:
            # What was restored or copied in from outside is there already, too.
            desk.store.catch_up()
            return _TicketTaker(desk, mapping, table, met, rejects, report)

        return run(desk, path, mapping, how, begin)


@dataclass(frozen=True, slots=True)
class _Draft:
    """A ticket that can be written as soon as it and its customer have numbers."""

    ticket: Ticket
    person: Person


@dataclass(frozen=True, slots=True)
class _Newer:
    """A row that says otherwise than the import that made ticket ``number``."""

    row: TableRow
    number: int
    matter: PastMatter


@dataclass(slots=True)
class _Batch:
    """What the rows at hand come to."""

    drafts: list[_Draft] = field(default_factory=list)
    newer: list[_Newer] = field(default_factory=list)


class _TicketTaker:
    def __init__(
        self,
        desk: Desk,
        mapping: TicketMapping,
        table: Table,
        met: FirstMet,
        rejects: Rejects,
        report: Report,
    ) -> None:
        self._desk = desk
        self._source = mapping.source
        self._matters = Matters(desk, mapping, table.places)
        self._people = People(mapping.customer, mapping.source, table.places)
        self._rejects = rejects
        self._report = report
        self._met = met
        self._seen_people: set[tuple[str, str]] = set()

    def take(self, rows: list[TableRow]) -> None:
        now = self._desk.now()
        finder = Finder(self._desk, self._source)
        batch = _Batch()
        for row in rows:
            try:
                self._sort(row, batch, finder, now)
            except InvalidInput as reason:
                self._rejects.add(row, reason.message)
        if self._report.dry_run:
            self._count(batch, finder, now)
        elif batch.drafts or batch.newer:
            self._write(batch, finder, now)

    def finish(self) -> None:
        pass

    def _sort(self, row: TableRow, batch: _Batch, finder: Finder, now: datetime) -> None:
        """Put the row where it belongs. Raises Rejected, and BadConfiguration."""
        if row.fault is not None:
            raise Rejected(row.fault)
        person = self._people.person(row.values)
        matter = self._matters.matter(row.values, person.name)
        said = digest(matter)
        first = self._met.at(matter.external_id, row.line, said)
        if first[0] != row.line:
            self._again(*first, said)
            return
        number = self._number(matter.external_id)
        try:
            if number is None:
                batch.drafts.append(self._draft(matter, person, finder, now))
            elif self._desk.store.ticket(number).source_digest in (said, None):
                self._report.already_there += 1
            else:
                batch.newer.append(_Newer(row, number, matter))
        except InvalidInput:
            self._met.forget(matter.external_id)
            raise

    def _again(self, first: int, said_first: str, said: str) -> None:
        """The table has the record once more. Raises Rejected if it says otherwise now."""
        if said == said_first:
            self._report.already_there += 1
            return
        self._report.repeated += 1
        raise Rejected(f"has the number of line {first} and says otherwise")

    def _draft(self, matter: PastMatter, person: Person, finder: Finder, now: datetime) -> _Draft:
        if finder.number(person.names) is None:
            self._people.profile(person, number=_NOT_NUMBERED, by=self._desk.agent, now=now)
        promised = self._matters.promised(matter, now)
        try:
            ticket = past_ticket(
                promised,
                number=_NOT_NUMBERED,
                customer=_NOT_NUMBERED,
                by=self._desk.agent,
                now=now,
                renewed=self._matters.renewed(promised, now),
            )
        except ValidationError as error:
            raise Rejected(all_faults(error)) from None
        return _Draft(ticket.model_copy(update={"source_digest": digest(matter)}), person)

    def _write(self, batch: _Batch, finder: Finder, now: datetime) -> None:
        imported = already_there = customers = 0
        with self._desk.writing(Right.IMPORT) as writing:
            for draft in batch.drafts:
                # Another import may have written it since the batch was read.
                if self._number(draft.ticket.external_id or "") is not None:
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
            forward = [self._forward(newer, writing.ticket, now) for newer in batch.newer]
            for ticket in filter(None, forward):
                writing.put(ticket)
        self._report.imported += imported
        self._report.already_there += already_there
        self._report.customers += customers

    def _forward(
        self, newer: _Newer, read: Callable[[int], Ticket], now: datetime
    ) -> Ticket | None:
        """The ticket as the newer row has it; None if it is left as it is, which is reported."""
        ticket = read(newer.number)
        if ticket.source_digest == digest(newer.matter):
            self._report.already_there += 1  # another import has done so meanwhile
            return None
        reason = WORKED_ON
        if is_untouched(ticket):
            try:
                changed = brought_forward(ticket, newer.matter, by=self._desk.agent, now=now)
            except RuleBroken as error:
                reason = error.message
            except ValidationError as error:
                reason = all_faults(error)
            else:
                self._report.brought_forward += 1
                return changed
        self._report.differing += 1
        reason = f"ticket {ticket.id} differs, {reason}: left as it is"
        self._report.tell(newer.row.line, reason)
        self._rejects.leave(newer.row, reason)
        return None

    def _count(self, batch: _Batch, finder: Finder, now: datetime) -> None:
        self._report.imported += len(batch.drafts)
        for draft in batch.drafts:
            names = draft.person.names
            if finder.number(names) is None and self._seen_people.isdisjoint(names):
                self._report.customers += 1
            self._seen_people.update(names)
        for newer in batch.newer:
            self._forward(newer, self._desk.store.ticket, now)

    def _number(self, external_id: str) -> int | None:
        return self._desk.store.imported_ticket(self._source, external_id)
