"""Importing old mail: what came in and went out before the desk, as history.

Nobody is told anything by it. Mail from our own addresses is taken for answers of ours; a promise
is made by policy from when a message was received, and its record says that it was never told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from helpdesk.desk import arriving, audit, matters
from helpdesk.desk.arriving import Arrived
from helpdesk.desk.desk import Desk
from helpdesk.desk.importing.letters import Read, read_beside, read_here
from helpdesk.desk.importing.mailboxes import Entry, Mailbox, batches, moment
from helpdesk.desk.inbound import Inbound, Outcome, Taken, trouble
from helpdesk.desk.mail_rules import with_writer
from helpdesk.desk.threading import Place
from helpdesk.domain import actions, filing
from helpdesk.domain.actions import Deed
from helpdesk.domain.audit import Deed as OnRecord
from helpdesk.domain.rights import Right
from helpdesk.domain.steps import with_
from helpdesk.domain.ticket import Event, Ticket
from helpdesk.domain.words import Channel, Direction, State
from helpdesk.mail.automatic import Kind
from helpdesk.mail.letter import Letter
from helpdesk.text import clean_line

MESSAGES_AT_ONCE = 500
BYTES_AT_ONCE = 16 * 1024 * 1024
"""So much is written together: enough to be quick, little enough to hold and to wait for."""

FEW = 200
"""So many messages are read before another process has begun to."""

NEVER_TOLD = "imported: nothing was sent"
HISTORY = "imported as history"

_FIRST_FAULTS = 20

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class MailReport:
    """How many messages there were, and what became of them; ``faults`` says of a few why they
    could not be taken in. ``left_out`` is what lies among them and is none, such as a link."""

    dry_run: bool = False
    messages: int = 0
    imported: int = 0
    already_there: int = 0
    automatic: int = 0
    tickets: int = 0
    failed: int = 0
    left_out: int = 0
    stopped: bool = False
    faults: list[str] = field(default_factory=list)

    def note(self, taken: Taken) -> None:
        """One more message was taken in, or known."""
        self.messages += 1
        self.imported += not taken.duplicate
        self.already_there += taken.duplicate
        self.automatic += taken.automatic
        self.tickets += taken.new_ticket

    def note_fault(self, words: str) -> None:
        """One more message could not be taken in."""
        self.messages += 1
        self.failed += 1
        if self.failed <= _FIRST_FAULTS:
            self.faults.append(words)

    def note_lost(self, error: OSError) -> None:
        """One more message could not even be read."""
        place = clean_line(str(error.filename or "a message"))
        self.note_fault(f"{place}: {error.strerror or 'cannot be read'}")

    def as_json(self) -> dict[str, Any]:
        """The keys of ``--json``."""
        names = (
            "messages",
            "imported",
            "already_there",
            "automatic",
            "tickets",
            "failed",
            "left_out",
        )
        counts = {name: getattr(self, name) for name in names}
        return {**counts, "dry_run": self.dry_run, "stopped": self.stopped}


@dataclass(frozen=True, slots=True)
class MailHow:
    """How an import of mail is run.

    Messages received before ``dealt_with`` are taken for dealt with: nobody waits for an answer
    to them. ``name`` is that of the mailbox, for the record.
    """

    name: str
    dry_run: bool = False
    dealt_with: datetime | None = None
    progress: Progress = lambda done, total: None
    stop: Callable[[], bool] = lambda: False


def import_mail(desk: Desk, mailbox: Mailbox, how: MailHow) -> MailReport:
    """Take in every message of a mailbox; those that are there already stay as they are.

    A message that cannot be read, or not be taken in, stops none of the others.

    Raises:
        NotPermitted: unless the agent is lead.
    """
    desk.require(Right.IMPORT)
    if not how.dry_run:
        audit.record(desk.path, desk.agent, OnRecord.IMPORTED)
    report = MailReport(how.dry_run, left_out=len(mailbox.left_out))
    report.faults += mailbox.left_out[:_FIRST_FAULTS]
    total = len(mailbox.entries)
    desk.store.catch_up()
    found = batches(mailbox, MESSAGES_AT_ONCE, BYTES_AT_ONCE, report.note_lost)
    for batch in read_beside(found) if total > FEW else read_here(found):
        if how.dry_run:
            _look(desk, batch, report)
        else:
            _take(desk, batch, how, report)
        how.progress(report.messages, total)
        if how.stop():
            report.stopped = report.messages < total
            break
    return report


def _look(desk: Desk, batch: Read, report: MailReport) -> None:
    mail = desk.settings.mail
    for _, _, read in batch:
        letter = with_writer(read, mail)
        known = bool(desk.store.by_origins([f"pipe:{letter.sha256}"]))
        sign = arriving.automatic_sign(letter, mail.own)
        automatic = sign is not None and sign.sure
        report.note(Taken(letter, duplicate=known, automatic=automatic))


def _take(desk: Desk, batch: Read, how: MailHow, report: MailReport) -> None:
    try:
        taken = _written(desk, batch, how)
    except Exception as error:  # no message may stop the others, whatever it does to us
        if len(batch) == 1:
            report.note_fault(trouble(error))
            return
        for message in batch:
            _take(desk, [message], how, report)
        return
    for one in taken:
        report.note(one)


def _written(desk: Desk, batch: Read, how: MailHow) -> list[Taken]:
    with desk.writing(Right.IMPORT) as writing:
        inbound = Inbound(desk, writing)
        inbound.expect(letter for _, _, letter in batch)
        past = Past(inbound, how, desk.now())
        return [past.take(letter, raw, entry) for entry, raw, letter in batch]


@dataclass(slots=True)
class Past:
    """Takes in messages of the past within one writing."""

    inbound: Inbound
    how: MailHow
    now: datetime

    def take(self, letter: Letter, raw: bytes, entry: Entry) -> Taken:
        """Take in one message that was received when ``entry`` says."""
        inbound = self.inbound
        letter = with_writer(letter, inbound.desk.settings.mail)
        sign = inbound.sign_of(letter)
        if sign is not None and not sign.sure:
            sign = None
        ours = sign is not None and sign.kind is Kind.OWN
        at = moment(entry, self.now)
        arrived = Arrived(
            letter, raw, f"pipe:{letter.sha256}", at, None if ours else sign, NEVER_TOLD
        )
        before = inbound.before(arrived)
        if before is not None:
            return before
        if ours:
            outcome = self._ours(arrived)
        elif sign is not None:
            outcome = inbound.file(arrived, sign)
        else:
            outcome = self._theirs(arrived)
        return inbound.put(arrived, self._on_record(outcome))

    def _ours(self, arrived: Arrived) -> Outcome:
        """What we wrote: an answer on its ticket, else a matter that we began."""
        letter = arrived.letter
        ticket = self.inbound.threads.about(letter.answered)
        if ticket is not None:
            deed = self._deed(arrived)
            if arrived.at < ticket.updated:
                return self.inbound.file_on(ticket, arrived, HISTORY, Direction.OUT)
            text, author = arrived.text, arrived.author
            return Outcome(filing.past_answer(ticket, deed, text, author, arrived.mail))
        other = self.inbound.other_than_us(arrived) or letter.author
        customer = self.inbound.senders.at_address(other, arrived.at, None)
        return self.inbound.open_filed(
            arrived, customer, HISTORY, Place(None), direction=Direction.OUT
        )

    def _theirs(self, arrived: Arrived) -> Outcome:
        inbound = self.inbound
        place = inbound.threads.place(arrived.letter)
        if place.ticket is not None:
            return self._join(place.ticket, arrived)
        if not self._is_dealt_with(arrived):
            return inbound.open(arrived, place)
        customer = inbound.senders.of(arrived.letter, arrived.at)
        outcome = inbound.open_filed(arrived, customer, HISTORY, place)
        closed = with_(outcome.ticket, state=State.CLOSED)
        return Outcome(closed, True, related=place.related)

    def _join(self, ticket: Ticket, arrived: Arrived) -> Outcome:
        if arrived.at < ticket.updated or self._is_dealt_with(arrived):
            return self.inbound.file_on(ticket, arrived, HISTORY)
        telling = None
        if ticket.promise is None:
            customer = self.inbound.senders.customer(matters.customer_of(ticket))
            telling = self.inbound.past_telling(arrived, ticket, customer)
        joined = actions.take_in(
            ticket, self._deed(arrived), arrived.text, arrived.author, telling, arrived.mail
        )
        return Outcome(joined)

    def _is_dealt_with(self, arrived: Arrived) -> bool:
        return self.how.dealt_with is not None and arrived.at < self.how.dealt_with

    def _deed(self, arrived: Arrived) -> Deed:
        return Deed(at=arrived.at, by=self.inbound.desk.agent, channel=Channel.EMAIL)

    def _on_record(self, outcome: Outcome) -> Outcome:
        """A ticket that the import opened says so."""
        if not outcome.new:
            return outcome
        ticket = outcome.ticket
        event = Event(
            at=self.now, by=self.inbound.desk.agent, what="imported", detail=f"from {self.how.name}"
        )
        source = f"mailbox {self.how.name}"
        history = (*ticket.history, event)
        return Outcome(with_(ticket, source=source, history=history), True, related=outcome.related)
