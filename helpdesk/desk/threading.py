"""Which ticket a letter belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from helpdesk.desk import merges
from helpdesk.desk.desk import Desk
from helpdesk.domain.errors import HelpdeskError
from helpdesk.domain.ticket import Ticket
from helpdesk.mail import reply_address, subjects
from helpdesk.mail.letter import Letter
from helpdesk.store.base import Writing

MOST_RELATED = 5
"""Tickets that a letter which joins none of them is linked with."""


class Place(NamedTuple):
    """Where a letter belongs: a ticket that it joins, or none; and those that it names without
    its sender taking part in them."""

    ticket: Ticket | None
    related: tuple[int, ...] = ()


@dataclass(slots=True)
class Threads:
    """The tickets of one writing by the mail in them, also of mail that it has taken in itself."""

    desk: Desk
    writing: Writing
    own: frozenset[str]
    secret: bytes | None
    _mail_ids: dict[str, list[int]] = field(default_factory=dict)
    _saved: dict[str, list[int]] = field(default_factory=dict)

    def note(self, ticket: int, mail_id: str | None) -> None:
        """The ticket holds one more mail, of that id."""
        if mail_id:
            self._mail_ids.setdefault(mail_id, []).append(ticket)

    def look_up(self, mail_ids: Iterable[str]) -> None:
        """Find the tickets that hold these mails in the store, once for each."""
        unknown = [mail_id for mail_id in dict.fromkeys(mail_ids) if mail_id not in self._saved]
        if unknown:
            found = self.desk.store.by_mail_ids(unknown)
            self._saved.update((mail_id, found.get(mail_id, [])) for mail_id in unknown)

    def place(self, letter: Letter) -> Place:
        """Where a letter belongs: by the token in its address, by the mail that it answers, by
        the mail before that from the last to the first, by the tag in its subject.

        Only the token is authority by itself: else the sender has to take part in the ticket.
        """
        held = self._by_token(letter)
        if held is not None:
            return Place(held)
        related: dict[int, None] = {}
        for ticket in self._named(letter):
            if self.takes_part(letter, ticket):
                return Place(ticket)
            related.setdefault(ticket.id)
        return Place(None, tuple(related)[:MOST_RELATED])

    def about(self, mail_ids: Iterable[str]) -> Ticket | None:
        """The ticket that one of these mails is on, whoever asks."""
        return next(self._on(mail_ids), None)

    def takes_part(self, letter: Letter, ticket: Ticket) -> bool:
        """Whether the letter's sender is the ticket's customer, or was written to or wrote on it.

        Names do not count, nor does what programs sent, nor a sender that our server disproved.
        """
        sender = letter.author
        return sender is not None and not letter.disproved and sender.key in self._people(ticket)

    def _people(self, ticket: Ticket) -> set[str]:
        people = {
            address
            for message in ticket.messages
            if message.mail is not None and not message.automatic
            for address in message.mail.addresses
        }
        if ticket.customer is not None:
            profile = self.writing.customer(ticket.customer)
            people.update(email.address.casefold() for email in profile.emails)
        return people - self.own

    def _by_token(self, letter: Letter) -> Ticket | None:
        if self.secret is None:
            return None
        written_to = [*(a.email for a in (*letter.to, *letter.cc)), *letter.delivered_to]
        number = reply_address.ticket_of(written_to, self.own, self.secret)
        return None if number is None else self._ticket(number)

    def _named(self, letter: Letter) -> Iterator[Ticket]:
        """The tickets that a letter names, the surest first."""
        yield from self._on(letter.answered)
        for number in subjects.tickets(letter.subject):
            ticket = self._ticket(number)
            if ticket is not None:
                yield ticket

    def _on(self, mail_ids: Iterable[str]) -> Iterator[Ticket]:
        wanted = list(dict.fromkeys(mail_ids))
        self.look_up(wanted)
        for mail_id in wanted:
            numbers = (*self._saved[mail_id], *self._mail_ids.get(mail_id, ()))
            for number in dict.fromkeys(numbers):
                ticket = self._ticket(number)
                if ticket is not None:
                    yield ticket

    def _ticket(self, number: int) -> Ticket | None:
        """The ticket, or the one that it was merged into; None if nothing can be added to it."""
        try:
            ticket = merges.end(self.writing, self.writing.ticket(number))
            if ticket.customer is not None:
                self.writing.customer(ticket.customer)
        except HelpdeskError:
            return None  # it, or whose it is, cannot be read: the letter must not wait for that
        return None if ticket.erased or ticket.merged_into is not None else ticket
