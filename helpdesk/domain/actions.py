"""What can be done to a ticket. Pure: each takes the ticket as it is and gives it as it is then.

The rules of a promise (helpdesk/domain/promise.py) and the state a ticket is in change here and
nowhere else, so that no sequence of actions can break them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from helpdesk.domain import promise as rules
from helpdesk.domain.errors import InvalidInput, RuleBroken
from helpdesk.domain.message import Message
from helpdesk.domain.ticket import Event, Ticket
from helpdesk.domain.values import first_fault
from helpdesk.domain.words import Channel, Direction, Kind, Priority, State

LONGEST = 1_000_000
"""The most characters that a message written at the desk may have."""


@dataclass(frozen=True, slots=True)
class Telling:
    """A promise as it is told to the customer: by when we answer, by which rule, in which words.

    ``owns_delay`` says that the text owns a promise broken before (rule 5).
    """

    due: datetime
    rule: str
    text: str
    owns_delay: bool = False


@dataclass(frozen=True, slots=True)
class Deed:
    """Who does something, when (UTC) and by which channel."""

    at: datetime
    by: str
    channel: Channel


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
) -> Ticket:
    """A new matter, acknowledged at once with the promise of an answer.

    ``received`` is when the customer wrote or called, if that was before ``deed.at``.

    Raises:
        InvalidInput: for a value that a ticket cannot hold.
    """
    ticket = _made(
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
    ticket = _said(ticket, came, Direction.IN, text)
    ticket = _noted(ticket, deed, "opened")
    return _told(ticket, deed, telling, automatic=True)


def take_in(ticket: Ticket, deed: Deed, text: str, author: str, telling: Telling | None) -> Ticket:
    """The customer wrote or called again (rule 6).

    A standing promise stays as it is. If none stands, we had answered: ``telling`` is the new one.

    Raises:
        RuleBroken: if none stands and there is no ``telling``, or the ticket was merged away.
    """
    _require_here(ticket)
    came = Deed(at=deed.at, by=author, channel=deed.channel)
    ticket = _said(ticket, came, Direction.IN, text)
    if ticket.promise is not None:
        return _noted(ticket, deed, "customer wrote")
    if telling is None:
        raise RuleBroken("the customer waits for an answer: tell him by when")
    ticket = _noted(ticket, deed, "customer wrote", "a new promise")
    return _told(_in_state(ticket, State.ON_US), deed, telling, automatic=True)


def answer(
    ticket: Ticket,
    deed: Deed,
    text: str,
    *,
    owns_delay: bool = False,
    next_promise: Telling | None = None,
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
    ticket = _said(ticket, deed, Direction.OUT, text, owns_delay=owns_delay)
    number = ticket.messages[-1].id
    ledger = rules.answer(ticket.promises, at=deed.at, message=number)
    ticket = _noted(_with(ticket, promises=ledger), deed, "answered")
    if next_promise is not None:
        ticket = _in_state(ticket, State.ON_US)
        return _promised(ticket, deed, next_promise, number)
    if ticket.state is State.ON_US:
        ticket = _in_state(ticket, State.ON_CUSTOMER)
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
    ticket = _said(ticket, deed, Direction.OUT, telling.text, owns_delay=owns_delay)
    number = ticket.messages[-1].id
    if old is not None:
        ledger = rules.move(ticket.promises, at=deed.at, message=number, reason=reason)
        ticket = _with(ticket, promises=ledger)
    ticket = _noted(_in_state(ticket, State.ON_US), deed, "told another date", reason)
    return _promised(ticket, deed, telling, number, follows=old.id if old else None)


def no_answer_needed(ticket: Ticket, deed: Deed, reason: str) -> Ticket:
    """The customer waits for nothing, as after a thank-you: the promise is withdrawn (rule 6)."""
    _require_here(ticket)
    ledger = rules.withdraw(ticket.promises, at=deed.at, reason=reason)
    ticket = _in_state(_with(ticket, promises=ledger), State.ON_CUSTOMER)
    return _noted(ticket, deed, "no answer needed", reason)


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
    ticket = _validated(
        ticket,
        resolution=resolution or ticket.resolution,
        root_cause=root_cause or ticket.root_cause,
    )
    return _noted(_in_state(ticket, State.CLOSED), deed, "closed", resolution)


def reopen(ticket: Ticket, deed: Deed, telling: Telling, *, reason: str) -> Ticket:
    """Take a closed matter up again and tell the customer by when he hears from us.

    Raises:
        RuleBroken: if it is not closed, was merged away, or the delay is not owned.
    """
    _require_here(ticket)
    if ticket.state is not State.CLOSED:
        raise RuleBroken(f"ticket {ticket.id} is not closed: there is nothing to reopen")
    ticket = _noted(_in_state(ticket, State.ON_US), deed, "reopened", reason)
    return _told(ticket, deed, telling, automatic=True)


def note(ticket: Ticket, deed: Deed, text: str) -> Ticket:
    """A note that only agents see. Raises RuleBroken if the customer was erased."""
    _require_not_erased(ticket)
    return _noted(_said(ticket, deed, Direction.NOTE, text), deed, "noted")


def change(ticket: Ticket, deed: Deed, what: str, detail: str = "", **fields: Any) -> Ticket:
    """Set fields that carry no rule: assignee, tags, priority, kind, subject, understanding, links.

    Raises:
        ValueError: for a field that only the actions above may set.
        InvalidInput: for a value that a ticket cannot hold.
        RuleBroken: if the customer was erased.
    """
    _require_not_erased(ticket)
    allowed = {
        "assignee", "tags", "priority", "kind", "subject",
        "understanding", "root_cause", "resolution", "links",
    }  # fmt: skip
    if not fields.keys() <= allowed:
        raise ValueError(f"not to be set by hand: {', '.join(sorted(fields.keys() - allowed))}")
    return _noted(_validated(ticket, **fields), deed, what, detail)


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
    ticket = _said(
        ticket,
        deed,
        Direction.OUT,
        telling.text,
        automatic=automatic,
        owns_delay=telling.owns_delay,
    )
    return _promised(ticket, deed, telling, ticket.messages[-1].id)


def _promised(
    ticket: Ticket, deed: Deed, telling: Telling, message: int, follows: int | None = None
) -> Ticket:
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
    return _with(ticket, promises=ledger)


def _said(
    ticket: Ticket,
    deed: Deed,
    direction: Direction,
    text: str,
    *,
    automatic: bool = False,
    owns_delay: bool = False,
) -> Ticket:
    if len(text) > LONGEST:
        raise InvalidInput(f"a message has at most {LONGEST:,} characters: shorten it")
    message = Message(
        id=len(ticket.messages) + 1,
        direction=direction,
        at=deed.at,
        author=deed.by,
        channel=deed.channel,
        text=text,
        automatic=automatic,
        owns_delay=owns_delay,
    )
    return _with(ticket, messages=(*ticket.messages, message), updated=max(ticket.updated, deed.at))


def _noted(ticket: Ticket, deed: Deed, what: str, detail: str = "") -> Ticket:
    event = Event(at=deed.at, by=deed.by, what=what, detail=detail)
    return _with(ticket, history=(*ticket.history, event), updated=max(ticket.updated, deed.at))


def _in_state(ticket: Ticket, state: State) -> Ticket:
    return _with(ticket, state=state)


def _with(ticket: Ticket, **fields: Any) -> Ticket:
    return ticket.model_copy(update=fields)


def _validated(ticket: Ticket, **fields: Any) -> Ticket:
    return _made({**dict(ticket), **fields})


def _made(fields: dict[str, Any]) -> Ticket:
    try:
        return Ticket.model_validate(fields)
    except ValidationError as error:
        raise InvalidInput(first_fault(error)) from None
