"""Taking matters in: new tickets, customers who write or call again, tickets taken up again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from helpdesk.desk import customers, merges, outbox
from helpdesk.desk.customers import Named
from helpdesk.desk.desk import Desk
from helpdesk.desk.letters import require_words, with_apology
from helpdesk.domain import actions
from helpdesk.domain.actions import Deed, Telling
from helpdesk.domain.customer import Customer
from helpdesk.domain.errors import InvalidInput
from helpdesk.domain.policy import Due
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Channel, Direction, Kind, Priority
from helpdesk.store.base import Conflict
from helpdesk.text import clean, clean_line


def new_ticket(
    desk: Desk,
    customer: int | Named,
    *,
    kind: Kind,
    channel: Channel,
    subject: str,
    text: str,
    priority: Priority = Priority.NORMAL,
    assignee: str | None = None,
    tags: Sequence[str] = (),
    received: datetime | None = None,
    told: datetime | None = None,
) -> Ticket:
    """Take in a new matter and acknowledge it with the promise that policy gives, or with the date
    that the agent ``told`` the customer instead, as on the phone.

    Whoever is ``Named`` and not known yet gets a profile in the same write: both are made, or
    neither.

    ``received`` is when the customer wrote or called (aware; by default now). The promise is by
    policy from then, or from now if that time has gone by already: a promise is told for a time
    ahead (``promised_late``).

    Raises:
        NotFound: if there is no such customer.
        InvalidInput: if subject or text is empty, ``received`` lies ahead, ``told`` does not, or
            nobody can be meant.
        BadConfiguration: if policy gives no promise, and none was ``told``.
    """
    now = desk.now()
    if not clean_line(subject) or not clean(text).strip():
        raise InvalidInput("a ticket takes a subject and a text: say what the customer wants")
    if received is not None and not require_offset(received) <= now:
        raise InvalidInput("a ticket cannot have been received in the future")
    if told is not None and not require_offset(told) > now:
        raise InvalidInput("that time has gone by: promise an answer by a later one")
    since = received or now
    if isinstance(customer, Named):
        customers.look_about(desk)
    with desk.writing() as writing:
        if isinstance(customer, Named):
            profile = customers.found_or_made(desk, writing, customer)
        else:
            profile = writing.customer(customer)
        number = writing.new_ticket_id()
        if told is not None:
            telling = promise_as_told(desk, profile, number, to_the_minute(told, now), channel)
        else:
            if promised_late(desk, since, now, channel, kind, priority):
                since = now
            telling = promise_by_policy(desk, profile, number, since, channel, kind, priority)
        ticket = actions.open_ticket(
            Deed(at=now, by=desk.agent, channel=channel),
            telling,
            number=number,
            customer=profile.id,
            kind=kind,
            subject=subject,
            text=text,
            author=profile.name,
            received=received,
            priority=priority,
            assignee=assignee,
            tags=tags,
        )
        return outbox.put(desk, writing, ticket, profile, 0)


def take_in(desk: Desk, number: int, text: str, channel: Channel | None = None) -> Ticket:
    """The customer wrote or called again about a ticket; a closed one is taken up again by it.

    If the ticket was merged into another, it goes there.

    Raises:
        NotFound: if there is no such ticket.
        InvalidInput: if the text is empty.
    """
    require_words(text, "say what the customer wrote or said")
    with desk.writing() as writing:
        ticket = merges.end(writing, writing.ticket(number))
        profile = writing.customer(customer_of(ticket))
        deed = deed_on(desk, ticket, channel)
        telling = None
        if ticket.promise is None:
            telling = promise_anew(desk, ticket, profile, deed)
        taken = actions.take_in(ticket, deed, text, profile.name, telling)
        return outbox.put(desk, writing, taken, profile, len(ticket.messages))


def reopen(desk: Desk, number: int, reason: str, seen: int | None = None) -> Ticket:
    """Take a closed ticket up again and tell the customer by when he hears from us.

    Raises:
        NotFound, RuleBroken, Conflict: see ``actions.reopen`` and ``fresh``.
    """
    if not clean_line(reason):
        raise InvalidInput("reopening takes a reason")
    with desk.writing() as writing:
        ticket = fresh(writing.ticket(number), seen)
        profile = writing.customer(customer_of(ticket))
        deed = deed_on(desk, ticket)
        telling = promise_anew(desk, ticket, profile, deed)
        reopened = actions.reopen(ticket, deed, telling, reason=reason)
        return outbox.put(desk, writing, reopened, profile, len(ticket.messages))


def promise_by_policy(
    desk: Desk,
    customer: Customer,
    ticket: int,
    received: datetime,
    channel: Channel,
    kind: Kind,
    priority: Priority,
    *,
    by_itself: bool = False,
    again: bool = False,
) -> Telling:
    """The promise that policy gives, in the words in which the customer is told it.

    ``by_itself``: no agent has to do with it, and the desk signs. ``again``: the customer knows of
    the matter, and of its number.
    """
    due = desk.settings.policy.due(received, channel, kind, priority)
    told = Due(to_the_minute(due.due, received), due.rule)
    return _telling(desk, customer, ticket, told, channel, by_itself=by_itself, again=again)


def promise_as_told(
    desk: Desk, customer: Customer, ticket: int, due: datetime, channel: Channel
) -> Telling:
    """The promise by the date that the agent told the customer of a new matter."""
    return _telling(desk, customer, ticket, Due(due, f"set by {desk.agent}"), channel)


def _telling(
    desk: Desk,
    customer: Customer,
    ticket: int,
    due: Due,
    channel: Channel,
    *,
    by_itself: bool = False,
    again: bool = False,
) -> Telling:
    """That date in the words in which the customer is told it."""
    spoken = channel in (Channel.PHONE, Channel.IN_PERSON)
    if again and not spoken:
        body = desk.texts.taken_up(customer, ticket, due.due)
    else:
        body = desk.texts.acknowledgement(customer, ticket, due.due, phone=spoken)
    agent = "" if by_itself else desk.agent
    return Telling(due=due.due, rule=due.rule, text=desk.texts.letter(customer, agent, body))


def promise_anew(
    desk: Desk, ticket: Ticket, customer: Customer, deed: Deed, *, by_itself: bool = False
) -> Telling:
    """The promise by policy for a ticket that has none; owns a delay that nobody owned yet."""
    telling = promise_by_policy(
        desk,
        customer,
        ticket.id,
        deed.at,
        deed.channel,
        ticket.kind,
        ticket.priority,
        by_itself=by_itself,
        again=any(m.direction is Direction.OUT and not m.undelivered for m in ticket.messages),
    )
    unowned = ticket.unowned(deed.at)
    if unowned is None:
        return telling
    apology = desk.texts.apology(customer, unowned.due)
    text = with_apology(desk, customer, telling.text, apology)
    return telling._replace(text=text, owns_delay=True)


def promised_late(
    desk: Desk,
    received: datetime,
    now: datetime,
    channel: Channel,
    kind: Kind,
    priority: Priority,
) -> bool:
    """Whether what policy promises of a matter ``received`` then has gone by ``now``."""
    due = desk.settings.policy.due(received, channel, kind, priority).due
    return to_the_minute(due, received) <= now


def to_the_minute(due: datetime, now: datetime) -> datetime:
    """The due time as it is told, without seconds: not later, unless that were ``now`` or past."""
    told = due.replace(second=0, microsecond=0)
    return told if told > now or due <= now else told + timedelta(minutes=1)


def deed_on(desk: Desk, ticket: Ticket, channel: Channel | None = None) -> Deed:
    """What this agent does to the ticket now; never before what was done to it last.

    A clock that was set back must not turn a broken promise into a kept one.
    """
    at = max(desk.now(), ticket.updated)
    return Deed(at=at, by=desk.agent, channel=channel or ticket.channel)


def require_offset(moment: datetime) -> datetime:
    """The moment, if it has an offset. Raises InvalidInput if it has none."""
    if moment.tzinfo is None:
        raise InvalidInput("a time needs an offset, as in 2026-11-25T14:00:00+06:00")
    return moment


def customer_of(ticket: Ticket) -> int:
    """The number of the ticket's customer. Raises InvalidInput if the person was erased."""
    if ticket.customer is None:
        raise InvalidInput(f"ticket {ticket.id}: its customer was erased; nothing can be added")
    return ticket.customer


def fresh(ticket: Ticket, seen: int | None) -> Ticket:
    """The ticket, if it is still as the agent saw it.

    Args:
        ticket: as it is now.
        seen: the ``rev`` that the agent saw; None does not ask.

    Raises:
        Conflict: if somebody has changed it since.
    """
    if seen is not None and ticket.rev != seen:
        raise Conflict(f"ticket {ticket.id} was changed meanwhile: look at it again")
    return ticket
