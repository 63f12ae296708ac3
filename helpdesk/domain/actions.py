"""What can be done to a ticket. Pure: each takes the ticket as it is and gives it as it is then.

The rules of a promise (helpdesk/domain/promise.py) and the state a ticket is in change here and
nowhere else, so that no sequence of actions can break them.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from helpdesk.domain import promise as rules
from helpdesk.domain.errors import RuleBroken
from helpdesk.domain.message import Attachment
from helpdesk.domain.steps import LONGEST as LONGEST
from helpdesk.domain.steps import (
    ByMail,
    in_state,
    made,
    noted,
    promised,
    said,
    validated,
    with_,
)
from helpdesk.domain.steps import Deed as Deed
from helpdesk.domain.steps import Telling as Telling
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Direction, Kind, Priority, State


def open_ticket(
    deed: Deed,
    telling: Telling,
    *,
    number: int,
    customer: int,
    kind: Kind,
    subject: str,
    text: str,
    author: str,
    received: datetime | None = None,
    priority: Priority = Priority.NORMAL,
    assignee: str | None = None,
    tags: Sequence[str] = (),
    mail: ByMail | None = None,
) -> Ticket:
    """A new matter, acknowledged at once with the promise of an answer.

    ``received`` is when the customer wrote or called, if that was before ``deed.at``; ``mail``
    what the message has besides if it came by mail.

    Raises:
        InvalidInput: for a value that a ticket cannot hold.
    """
    ticket = made(
        {
            "id": number,
            "customer": customer,
            "kind": kind,
            "channel": deed.channel,
            "state": State.ON_US,
            "priority": priority,
            "subject": subject,
            "assignee": assignee,
            "tags": tuple(tags),
            "created": received or deed.at,
            "updated": deed.at,
        }
    )
    came = Deed(at=received or deed.at, by=author, channel=deed.channel)
    ticket = said(ticket, came, Direction.IN, text, mail=mail)
    ticket = noted(ticket, deed, "opened")
    return _told(ticket, deed, telling, automatic=True)


def take_in(
    ticket: Ticket,
    deed: Deed,
    text: str,
    author: str,
    telling: Telling | None,
    mail: ByMail | None = None,
) -> Ticket:
    """The customer wrote or called again (rule 6).

    A standing promise stays as it is. If none stands, we had answered: ``telling`` is the new one.

    Raises:
        RuleBroken: if none stands and there is no ``telling``, or the ticket was merged away.
    """
    _require_here(ticket)
    came = Deed(at=deed.at, by=author, channel=deed.channel)
    ticket = said(ticket, came, Direction.IN, text, mail=mail)
    if ticket.promise is not None:
        return noted(ticket, deed, "customer wrote")
    if telling is None:
        raise RuleBroken("the customer waits for an answer: tell him by when")
    ticket = noted(ticket, deed, "customer wrote", "a new promise")
    return _told(in_state(ticket, State.ON_US), deed, telling, automatic=True)


def answer(
    ticket: Ticket,
    deed: Deed,
    text: str,
    *,
    owns_delay: bool = False,
    next_promise: Telling | None = None,
    attachments: tuple[Attachment, ...] = (),
) -> Ticket:
    """An answer to the customer: the standing promise is kept, or broken if it comes too late.

    With ``next_promise`` (whose text is part of ``text``) the matter goes on waiting on us.

    Raises:
        RuleBroken: if a promise was broken and the answer does not own the delay (rule 5).
    """
    _require_here(ticket)
    _require_owning(ticket, deed, owns_delay)
    if next_promise is not None:
        _require_ahead(deed, next_promise)
        _require_open(ticket)
    ticket = said(ticket, deed, Direction.OUT, text, owns_delay=owns_delay, attachments=attachments)
    number = ticket.messages[-1].id
    ledger = rules.answer(ticket.promises, at=deed.at, message=number)
    ticket = noted(with_(ticket, promises=ledger), deed, "answered")
    if next_promise is not None:
        ticket = in_state(ticket, State.ON_US)
        return promised(ticket, deed, next_promise, number)
    if ticket.state is State.ON_US:
        ticket = in_state(ticket, State.ON_CUSTOMER)
    return ticket


def move_promise(
    ticket: Ticket, deed: Deed, telling: Telling, *, reason: str, owns_delay: bool = False
) -> Ticket:
    """Tell the customer another date, and why.

    Before the due time the promise is moved (rule 4); after it, it is broken, the message owns
    the delay and a new promise is made (rule 5). If none stands, a promise is made.

    Raises:
        RuleBroken: if the ticket is closed, the new date is not ahead or is the old one, or the
            delay is not owned.
    """
    _require_open(ticket)
    _require_ahead(deed, telling)
    _require_owning(ticket, deed, owns_delay)
    old = ticket.promise
    if old is not None and old.due == telling.due:
        raise RuleBroken("the promise is due at that time already: there is nothing to tell")
    ticket = said(ticket, deed, Direction.OUT, telling.text, owns_delay=owns_delay)
    number = ticket.messages[-1].id
    if old is not None:
        ledger = rules.move(ticket.promises, at=deed.at, message=number, reason=reason)
        ticket = with_(ticket, promises=ledger)
    ticket = noted(in_state(ticket, State.ON_US), deed, "told another date", reason)
    return promised(ticket, deed, telling, number, follows=old.id if old else None)


def no_answer_needed(ticket: Ticket, deed: Deed, reason: str) -> Ticket:
    """The customer waits for nothing, as after a thank-you: the promise is withdrawn (rule 6)."""
    _require_here(ticket)
    ledger = rules.withdraw(ticket.promises, at=deed.at, reason=reason)
    ticket = in_state(with_(ticket, promises=ledger), State.ON_CUSTOMER)
    return noted(ticket, deed, "no answer needed", reason)


def close(ticket: Ticket, deed: Deed, *, resolution: str = "", root_cause: str = "") -> Ticket:
    """End the matter.

    Raises:
        RuleBroken: if it is closed already, or the customer still waits for an answer.
    """
    _require_here(ticket)
    if ticket.state is State.CLOSED:
        raise RuleBroken(f"ticket {ticket.id} is closed already")
    if ticket.promise is not None:
        raise RuleBroken(
            f"ticket {ticket.id} waits on us: answer the customer first, "
            "or say why no answer is needed"
        )
    ticket = validated(
        ticket,
        resolution=resolution or ticket.resolution,
        root_cause=root_cause or ticket.root_cause,
    )
    return noted(in_state(ticket, State.CLOSED), deed, "closed", resolution)


def reopen(ticket: Ticket, deed: Deed, telling: Telling, *, reason: str) -> Ticket:
    """Take a closed matter up again and tell the customer by when he hears from us.

    Raises:
        RuleBroken: if it is not closed, was merged away, or the delay is not owned.
    """
    _require_here(ticket)
    if ticket.state is not State.CLOSED:
        raise RuleBroken(f"ticket {ticket.id} is not closed: there is nothing to reopen")
    ticket = noted(in_state(ticket, State.ON_US), deed, "reopened", reason)
    return _told(ticket, deed, telling, automatic=True)


def note(ticket: Ticket, deed: Deed, text: str) -> Ticket:
    """A note that only agents see. Raises RuleBroken if the customer was erased."""
    _require_not_erased(ticket)
    return noted(said(ticket, deed, Direction.NOTE, text), deed, "noted")


def change(ticket: Ticket, deed: Deed, what: str, detail: str = "", **fields: Any) -> Ticket:
    """Set fields that carry no rule: assignee, tags, priority, kind, subject, understanding, links.

    Raises:
        ValueError: for a field that only the actions above may set.
        InvalidInput: for a value that a ticket cannot hold.
        RuleBroken: if the customer was erased; of a closed ticket, if it would be somebody else's.
    """
    _require_not_erased(ticket)
    if "assignee" in fields:
        _require_open(ticket)
    allowed = {
        "assignee", "tags", "priority", "kind", "subject",
        "understanding", "root_cause", "resolution", "links",
    }  # fmt: skip
    if not fields.keys() <= allowed:
        raise ValueError(f"not to be set by hand: {', '.join(sorted(fields.keys() - allowed))}")
    return noted(validated(ticket, **fields), deed, what, detail)


def _require_not_erased(ticket: Ticket) -> None:
    if ticket.erased:
        raise RuleBroken(f"ticket {ticket.id}: its customer was erased; nothing can be added")


def _require_here(ticket: Ticket) -> None:
    _require_not_erased(ticket)
    if ticket.merged_into is not None:
        raise RuleBroken(f"ticket {ticket.id} was merged: work on ticket {ticket.merged_into}")


def _require_open(ticket: Ticket) -> None:
    _require_here(ticket)
    if ticket.state is State.CLOSED:
        raise RuleBroken(f"ticket {ticket.id} is closed: reopen it first")


def _require_owning(ticket: Ticket, deed: Deed, owns_delay: bool) -> None:
    if ticket.owes_apology(deed.at) and not owns_delay:
        raise RuleBroken("the promise was broken: the next message to the customer owns the delay")


def _require_ahead(deed: Deed, telling: Telling) -> None:
    if telling.due <= deed.at:
        raise RuleBroken("a promise is told for a time ahead")


def _told(ticket: Ticket, deed: Deed, telling: Telling, *, automatic: bool) -> Ticket:
    _require_owning(ticket, deed, telling.owns_delay)
    ticket = said(
        ticket,
        deed,
        Direction.OUT,
        telling.text,
        automatic=automatic,
        owns_delay=telling.owns_delay,
        undelivered=telling.undelivered,
    )
    return promised(ticket, deed, telling, ticket.messages[-1].id)
