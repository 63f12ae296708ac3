"""Erasing a person: what is left of a ticket when everything personal has gone out of it.

The figures stay: how many tickets there were, of which kind and by which channel, and what became
of each promise. Words, names, contacts and numbers that lead back to the person do not.
"""

from datetime import datetime

from helpdesk.domain import promise as rules
from helpdesk.domain.message import MailFacts, Message
from helpdesk.domain.promise import Ledger
from helpdesk.domain.ticket import Event, Ticket
from helpdesk.domain.words import Direction, State

ERASED = "erased"
"""Stands where a text has to be and none may be left."""

REASON = "customer erased"
"""Why a promise that stood was withdrawn."""


def erase(ticket: Ticket, *, at: datetime, by: str) -> Ticket:
    """The ticket as a skeleton, closed, of no customer. Erasing twice changes nothing more.

    A promise that still stands is withdrawn, or broken if its time has gone by (rules 5 and 6).
    The name of the import stays: its promises are judged by what the source said of them.
    """
    if ticket.erased:
        return ticket
    event = Event(at=at, by=by, what=REASON)
    return ticket.model_copy(
        update={
            "customer": None,
            "state": State.CLOSED,
            "subject": ERASED,
            "tags": (),
            "updated": max(ticket.updated, at),
            "external_id": None,
            "source_digest": None,
            "understanding": None,
            "root_cause": "",
            "resolution": "",
            "messages": tuple(_wordless(message) for message in ticket.messages),
            "promises": _without_reasons(_settled(ticket.promises, at)),
            "history": (*(_bare(event) for event in ticket.history), event),
            "erased": True,
        }
    )


def _wordless(message: Message) -> Message:
    """The message's number, direction, time and channel; of authors, only agents.

    Of mail the origin stays, which has no word of it: else it would come in again when it is
    fetched anew, and the person with it.
    """
    author = "" if message.direction is Direction.IN else message.author
    origin = message.mail.origin if message.mail else None
    return message.model_copy(
        update={
            "author": author,
            "text": "",
            "visible": None,
            "attachments": (),
            "mail": MailFacts(origin=origin) if origin else None,
            "undelivered": ERASED if message.undelivered else None,
        }
    )


def _settled(ledger: Ledger, at: datetime) -> Ledger:
    if rules.standing(ledger) is None:
        return ledger
    return rules.withdraw(ledger, at=at, reason=REASON)


def _without_reasons(ledger: Ledger) -> Ledger:
    """The reasons told to the customer are about the customer's matter."""
    return tuple(
        promise
        if promise.reason in (None, REASON)
        else promise.model_copy(update={"reason": ERASED})
        for promise in ledger
    )


def _bare(event: Event) -> Event:
    return event.model_copy(update={"detail": ""})
