"""The steps that actions on a ticket are made of. No rule is asked here: see actions.py.

Each takes the ticket as it is and gives it as it is then.
"""

from datetime import datetime
from typing import Any, NamedTuple

from pydantic import ValidationError

from helpdesk.domain import promise as rules
from helpdesk.domain.errors import InvalidInput
from helpdesk.domain.message import Attachment, MailFacts, Message
from helpdesk.domain.ticket import Event, Ticket
from helpdesk.domain.values import all_faults
from helpdesk.domain.words import Channel, Direction, State

LONGEST = 1_000_000
"""The most characters that a message written at the desk may have."""


class Telling(NamedTuple):
    """A promise as it is told to the customer: by when we answer, by which rule, in which words.

    ``owns_delay`` says that the text owns a promise broken before (rule 5); ``undelivered`` why
    the text will not leave, where it is only kept on record.
    """

    due: datetime
    rule: str
    text: str
    owns_delay: bool = False
    undelivered: str | None = None


class Deed(NamedTuple):
    """Who does something, when (UTC) and by which channel."""

    at: datetime
    by: str
    channel: Channel


class ByMail(NamedTuple):
    """What a message that came by mail has besides its text; ``visible`` if that is another."""

    facts: MailFacts
    visible: str | None = None
    attachments: tuple[Attachment, ...] = ()
    automatic: bool = False


def promised(
    ticket: Ticket, deed: Deed, telling: Telling, message: int, follows: int | None = None
) -> Ticket:
    """The ticket with the promise that ``message`` told. Raises RuleBroken if one stands."""
    ledger = rules.tell(
        ticket.promises,
        due=telling.due,
        at=deed.at,
        by=deed.by,
        message=message,
        channel=deed.channel,
        rule=telling.rule,
        follows=follows,
    )
    return with_(ticket, promises=ledger)


def said(
    ticket: Ticket,
    deed: Deed,
    direction: Direction,
    text: str,
    *,
    automatic: bool = False,
    owns_delay: bool = False,
    mail: ByMail | None = None,
    undelivered: str | None = None,
    attachments: tuple[Attachment, ...] = (),
) -> Ticket:
    """The ticket with another message. Raises InvalidInput if it is too long."""
    if len(text) > LONGEST:
        raise InvalidInput(f"a message has at most {LONGEST:,} characters: shorten it")
    message = Message(
        id=len(ticket.messages) + 1,
        direction=direction,
        at=deed.at,
        author=deed.by,
        channel=deed.channel,
        text=text,
        visible=mail.visible if mail else None,
        attachments=mail.attachments if mail else attachments,
        automatic=automatic or (mail is not None and mail.automatic),
        owns_delay=owns_delay,
        mail=mail.facts if mail else None,
        undelivered=undelivered,
    )
    return with_(ticket, messages=(*ticket.messages, message), updated=max(ticket.updated, deed.at))


def noted(ticket: Ticket, deed: Deed, what: str, detail: str = "") -> Ticket:
    """The ticket with what was done in its history."""
    event = Event(at=deed.at, by=deed.by, what=what, detail=detail)
    return with_(ticket, history=(*ticket.history, event), updated=max(ticket.updated, deed.at))


def in_state(ticket: Ticket, state: State) -> Ticket:
    """The ticket in that state."""
    return with_(ticket, state=state)


def with_(ticket: Ticket, **fields: Any) -> Ticket:
    """The ticket with fields that are right already."""
    return ticket.model_copy(update=fields)


def validated(ticket: Ticket, **fields: Any) -> Ticket:
    """The ticket with fields from outside. Raises InvalidInput for what it cannot hold."""
    return made({**dict(ticket), **fields})


def made(fields: dict[str, Any]) -> Ticket:
    """The ticket of these fields. Raises InvalidInput for what it cannot hold."""
    try:
        return Ticket.model_validate(fields)
    except ValidationError as error:
        raise InvalidInput(all_faults(error)) from None
