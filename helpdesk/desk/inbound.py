"""A message that came in: kept as it is, once only, on its ticket, acknowledged with a promise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from helpdesk.desk import arriving, mail_secret, matters, merges, outbox
from helpdesk.desk.arriving import Arrived, Raw
from helpdesk.desk.desk import Desk
from helpdesk.desk.mail_rules import DISPROVED, Sorted, sort, weighed
from helpdesk.desk.senders import Senders
from helpdesk.desk.threading import Place, Threads
from helpdesk.domain import actions, filing
from helpdesk.domain.actions import Deed, Telling
from helpdesk.domain.customer import Customer
from helpdesk.domain.errors import HelpdeskError
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Channel, Direction, Priority, State
from helpdesk.domain.words import Kind as MatterKind
from helpdesk.mail.automatic import Automatic, Kind
from helpdesk.mail.letter import Address, Letter
from helpdesk.mail.reply_address import split
from helpdesk.store.base import Writing

if TYPE_CHECKING:
    from helpdesk.mail.bounce import Bounce
    from helpdesk.mail_settings import MailSection

MOST_AN_HOUR = 5
"""Promises told to one customer within an hour, beyond which mail is not acknowledged: whoever
writes that fast may be a program that answers ours."""

TOO_MANY = "not acknowledged: too many messages of this sender within an hour"
NO_ADDRESS = "not acknowledged: the sender has no address that could be written to"

AUTOMATIC = "automatic"
"""The tag of tickets that a program's mail opened."""

_ABOUT_OURS = (Kind.BOUNCE, Kind.RECEIPT, Kind.OWN)


class Taken(NamedTuple):
    """What became of a message; ticket and customer are None if nothing was written."""

    letter: Letter
    ticket: int | None = None
    customer: int | None = None
    new_ticket: bool = False
    duplicate: bool = False
    automatic: bool = False
    acknowledged: bool = False


class Outcome(NamedTuple):
    """The ticket with the message on it, still to be written; whether the customer is told a
    promise by it; and the tickets that it is to be linked with."""

    ticket: Ticket
    new: bool = False
    told: bool = False
    related: tuple[int, ...] = ()


def take(desk: Desk, raw: Raw, origin: str | None = None) -> Taken:
    """Take in one message; when this returns, it is durable.

    ``origin`` is where it was taken from, each only once; by default the pipe, which knows a
    message by its hash. It takes whatever the bytes are: what cannot be read becomes a ticket
    with the message attached.

    Raises:
        HelpdeskError: for trouble of our own only; the same message may be given again.
    """
    letter = arriving.read(raw)
    # Once only holds for what was copied in or restored too; that shows by its folder.
    desk.store.catch_up(by_folders=True)
    with desk.writing() as writing:
        return Inbound(desk, writing).take(letter, raw, origin)


def trouble(error: Exception) -> str:
    """Why a message could not be taken in, in a line; of an error that nobody foresaw only the
    kind, as its words may quote mail."""
    if isinstance(error, HelpdeskError):
        return error.message
    return f"a message could not be taken in ({type(error).__name__})"


def look(raw: Raw, mail: MailSection) -> Taken:
    """Read one message and take nothing in."""
    letter = weighed(arriving.read(raw), mail)
    sign = arriving.automatic_sign(letter, mail.own)
    return Taken(letter, automatic=sign is not None and sign.sure)


@dataclass(slots=True)
class Inbound:
    """Takes in messages within one writing."""

    desk: Desk
    writing: Writing
    senders: Senders = field(init=False)
    threads: Threads = field(init=False)
    own: frozenset[str] = field(init=False)
    _origins: dict[str, int | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.own = self.desk.settings.mail.own
        self.senders = Senders(self.desk, self.writing)
        secret = mail_secret.secret(self.desk) if self.own else None
        self.threads = Threads(self.desk, self.writing, self.own, secret)

    def take(self, letter: Letter, raw: Raw, origin: str | None = None) -> Taken:
        """Take in one message that comes in now. Raises HelpdeskError."""
        origin = origin or f"pipe:{letter.sha256}"
        letter = weighed(letter, self.desk.settings.mail)
        sign = self.sign_of(letter)
        arrived = Arrived(letter, raw, origin, self.desk.now(), sign)
        if sign is not None and not sign.sure:
            untold = f"not acknowledged: perhaps automatic, {sign.why}"
            arrived = arrived._replace(sign=None, untold=untold)
        elif letter.disproved:
            arrived = arrived._replace(untold=f"not acknowledged: {DISPROVED}")
        return self.before(arrived) or self.put(arrived, self._outcome(arrived))

    def sign_of(self, letter: Letter) -> Automatic | None:
        """How one can tell that a program seems to have written the letter, or None.

        An absence notice and nothing else takes no closed matter up again: there it is sure.
        """
        sign = arriving.automatic_sign(letter, self.own)
        if sign is None or sign.sure or not sign.absence:
            return sign
        ticket = self.threads.place(letter).ticket
        return sign._replace(sure=ticket is not None and ticket.state is State.CLOSED)

    def expect(self, letters: Iterable[Letter]) -> None:
        """Look up at one stroke what taking in these messages will ask for."""
        letters = list(letters)
        self._look_up(f"pipe:{letter.sha256}" for letter in letters)
        self.threads.look_up(mail_id for letter in letters for mail_id in letter.answered)

    def _look_up(self, origins: Iterable[str]) -> None:
        unknown = [origin for origin in origins if origin not in self._origins]
        if unknown:
            found = self.desk.store.by_origins(unknown)
            self._origins.update((origin, found.get(origin)) for origin in unknown)

    def before(self, arrived: Arrived) -> Taken | None:
        """What became of the message when it was taken in before, if it was."""
        letter = arrived.letter
        keys = (arrived.origin, f"pipe:{letter.sha256}")
        self._look_up(keys)
        number = next((found for key in keys if (found := self._origins[key])), None)
        if number is None:
            return None
        ticket = merges.end(self.writing, self.writing.ticket(number))
        automatic = arrived.sign is not None
        return Taken(letter, ticket.id, ticket.customer, duplicate=True, automatic=automatic)

    def put(self, arrived: Arrived, outcome: Outcome) -> Taken:
        """Write the ticket that the message is on now, and all that is kept of the message."""
        for kept in arrived.files():
            self.writing.keep(kept)
        ticket = self._put(outcome)
        for related in outcome.related:
            self._link_back(related, ticket.id, arrived.at)
        letter = arrived.letter
        self.threads.note(ticket.id, letter.message_id)
        self._origins[arrived.origin] = self._origins[f"pipe:{letter.sha256}"] = ticket.id
        return Taken(
            letter,
            ticket.id,
            ticket.customer,
            new_ticket=outcome.new,
            automatic=arrived.sign is not None,
            acknowledged=outcome.told,
        )

    def _put(self, outcome: Outcome) -> Ticket:
        """Save the ticket; what its last message tells the customer is queued to be sent."""
        ticket = outcome.ticket
        if not outcome.told:
            return self.writing.put(ticket)
        customer = self.senders.customer(matters.customer_of(ticket))
        return outbox.put(self.desk, self.writing, ticket, customer, len(ticket.messages) - 1)

    def file(self, arrived: Arrived, sign: Automatic) -> Outcome:
        """A program's message, put on its ticket and no more; but a bounce says as well that what
        we sent did not arrive."""
        if sign.kind is Kind.BOUNCE and arrived.past is None:
            self._note_what_came_back(arrived)
        place = self._place_of_automatic(arrived, sign)
        why = f"automatic: {sign.why}"
        if place.ticket is None:
            customer = self._customer_of_automatic(arrived, sign)
            return self.open_filed(arrived, customer, why, place, (AUTOMATIC,))
        return self.file_on(place.ticket, arrived, why)

    def file_on(
        self, ticket: Ticket, arrived: Arrived, why: str, direction: Direction = Direction.IN
    ) -> Outcome:
        """A message put on a ticket and no more; ``why`` is for the history."""
        deed = Deed(at=arrived.at, by=self.desk.agent, channel=Channel.EMAIL)
        return Outcome(
            filing.file(ticket, deed, arrived.text, arrived.author, arrived.mail, why, direction)
        )

    def open_filed(
        self,
        arrived: Arrived,
        customer: Customer,
        why: str,
        place: Place,
        tags: tuple[str, ...] = (),
        direction: Direction = Direction.IN,
    ) -> Outcome:
        """A new ticket on which nobody waits for us."""
        what = sort(arrived.letter, self.desk.settings.mail)
        deed = Deed(at=arrived.at, by=self.desk.agent, channel=Channel.EMAIL)
        ticket = filing.open_filed(
            deed,
            number=self.writing.new_ticket_id(),
            customer=customer.id,
            kind=what.kind,
            subject=arrived.subject,
            text=arrived.text,
            author=arrived.author,
            mail=arrived.mail,
            why=why,
            direction=direction,
            priority=what.priority,
            tags=(*tags, *what.tags),
        )
        return Outcome(filing.linked(ticket, deed, place.related), True, related=place.related)

    def open(self, arrived: Arrived, place: Place) -> Outcome:
        """A new matter of a person, promised an answer by policy."""
        customer = self.senders.of(arrived.letter, arrived.at)
        what = sort(arrived.letter, self.desk.settings.mail)
        number = self.writing.new_ticket_id()
        telling = self._telling(arrived, customer, number, what)
        deed = Deed(at=arrived.at, by=self.desk.agent, channel=Channel.EMAIL)
        ticket = actions.open_ticket(
            deed,
            telling,
            number=number,
            customer=customer.id,
            kind=what.kind,
            subject=arrived.subject,
            text=arrived.text,
            author=arrived.author,
            priority=what.priority,
            tags=what.tags,
            mail=arrived.mail,
        )
        ticket = filing.linked(ticket, deed, place.related)
        return Outcome(ticket, True, telling.undelivered is None, place.related)

    def join(self, ticket: Ticket, arrived: Arrived) -> Outcome:
        """A person's further message; if no promise stands, a new one is made (rule 6)."""
        customer = self.senders.customer(matters.customer_of(ticket))
        deed = matters.deed_on(self.desk, ticket, Channel.EMAIL)
        telling = None
        if ticket.promise is None:
            telling = matters.promise_anew(self.desk, ticket, customer, deed, by_itself=True)
            telling = self._if_it_may_be_told(arrived, telling, customer)
        joined = actions.take_in(ticket, deed, arrived.text, arrived.author, telling, arrived.mail)
        return Outcome(joined, told=telling is not None and telling.undelivered is None)

    def _outcome(self, arrived: Arrived) -> Outcome:
        if arrived.sign is not None:
            return self.file(arrived, arrived.sign)
        place = self.threads.place(arrived.letter)
        if place.ticket is None:
            return self.open(arrived, place)
        return self.join(place.ticket, arrived)

    def _telling(self, arrived: Arrived, customer: Customer, number: int, what: Sorted) -> Telling:
        if arrived.past is not None:
            return self._untold(arrived, what.kind, what.priority)
        told_to = matters.promise_by_policy(
            self.desk,
            customer,
            number,
            arrived.at,
            Channel.EMAIL,
            what.kind,
            what.priority,
            by_itself=True,
        )
        return self._if_it_may_be_told(arrived, told_to, customer)

    def past_telling(self, arrived: Arrived, ticket: Ticket, customer: Customer) -> Telling:
        """The promise by policy for a ticket that has none, from a message of the past."""
        if ticket.owes_apology(arrived.at):
            deed = Deed(at=arrived.at, by=self.desk.agent, channel=Channel.EMAIL)
            telling = matters.promise_anew(self.desk, ticket, customer, deed, by_itself=True)
            return telling._replace(undelivered=arrived.past)
        return self._untold(arrived, ticket.kind, ticket.priority)

    def _untold(self, arrived: Arrived, kind: MatterKind, priority: Priority) -> Telling:
        due = self.desk.settings.policy.due(arrived.at, Channel.EMAIL, kind, priority)
        told = matters.to_the_minute(due.due, arrived.at)
        return Telling(told, due.rule, arrived.past or "", undelivered=arrived.past)

    def _if_it_may_be_told(self, arrived: Arrived, telling: Telling, customer: Customer) -> Telling:
        """The promise; told if a person seems to wait for it, there is where to, and not too many
        were told of late."""
        if arrived.untold is not None:
            return telling._replace(undelivered=arrived.untold)
        if not customer.emails:
            return telling._replace(undelivered=NO_ADDRESS)
        since = self.desk.now() - timedelta(hours=1)
        if self.desk.store.promises_told(customer.id, since) < MOST_AN_HOUR:
            return telling
        return telling._replace(undelivered=TOO_MANY)

    def _place_of_automatic(self, arrived: Arrived, sign: Automatic) -> Place:
        letter = arrived.letter
        if sign.kind in _ABOUT_OURS:
            # It tells of a mail of ours, and whoever sent it takes part in nothing.
            named = _bounce(arrived).message_id if sign.kind is Kind.BOUNCE else None
            ticket = self.threads.about((*([named] if named else ()), *letter.answered))
            if ticket is not None:
                return Place(ticket)
        return self.threads.place(letter)

    def _note_what_came_back(self, arrived: Arrived) -> None:
        told = _bounce(arrived)
        failed = {
            failure.email.casefold(): failure.words or failure.status or "not delivered"
            for failure in told.failures
            if failure.permanent
        }
        if failed:
            ids = (*([told.message_id] if told.message_id else ()), *arrived.letter.answered)
            outbox.came_back(self.desk, self.writing, ids, failed)

    def _customer_of_automatic(self, arrived: Arrived, sign: Automatic) -> Customer:
        if sign.kind is Kind.BOUNCE:
            for failure in _bounce(arrived).failures:
                known = self.senders.known(Address("", failure.email))
                if known is not None:
                    return known
        if sign.kind is Kind.OWN:
            other = self.other_than_us(arrived)
            if other is not None:
                return self.senders.at_address(other, arrived.at, None)
        return self.senders.of(arrived.letter, arrived.at)

    def other_than_us(self, arrived: Arrived) -> Address | None:
        """The first address that a message of ours was written to and that is not ours."""
        return next((a for a in arrived.written_to if split(a.email)[0] not in self.own), None)

    def _link_back(self, related: int, ticket: int, at: datetime) -> None:
        other = self.writing.ticket(related)
        # Not now, or what follows in an old mailbox would come before what was done to it last.
        deed = Deed(at=max(at, other.updated), by=self.desk.agent, channel=Channel.EMAIL)
        self.writing.put(filing.linked(other, deed, (ticket,)))


def _bounce(arrived: Arrived) -> Bounce:
    """What a bounce tells."""
    from helpdesk.mail import bounce  # which few messages need

    return bounce.read(arrived.raw)
