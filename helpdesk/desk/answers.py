"""Answering customers: replies, other dates, endings: what a promise is kept or broken by."""

from datetime import datetime

from helpdesk.desk.desk import Desk
from helpdesk.desk.matters import customer_of, fresh
from helpdesk.domain import actions
from helpdesk.domain.actions import Deed, Telling
from helpdesk.domain.customer import Customer
from helpdesk.domain.errors import InvalidInput, RuleBroken
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Channel, State
from helpdesk.text import clean, clean_line


def draft_reply(desk: Desk, ticket: Ticket, customer: Customer) -> str:
    """What a reply begins with: the greeting, the apology where one is owed, the signature."""
    apology = owed_apology(desk, ticket, customer)
    body = f"{apology}\n\n" if apology else ""
    greeting = desk.texts.greeting(customer)
    return f"{greeting}\n\n{body}\n\n{desk.texts.signature(customer, desk.agent)}"


def owed_apology(desk: Desk, ticket: Ticket, customer: Customer) -> str:
    """The sentence that owns the delay, or nothing if none is owed (rule 5)."""
    now = desk.now()
    if not ticket.owes_apology(now):
        return ""
    return desk.texts.apology(customer, ticket.broken(now)[-1].due)


def reply(
    desk: Desk,
    number: int,
    text: str,
    *,
    channel: Channel | None = None,
    owns_delay: bool = False,
    next_due: datetime | None = None,
    next_reason: str = "",
    close: bool = False,
    seen: int | None = None,
) -> Ticket:
    """Answer the customer; the standing promise is kept, or broken if its time has gone by.

    Where an apology is owed and ``text`` neither holds it nor is said to own the delay
    (``owns_delay``), the text begins with it. With ``next_due`` the customer is also told by when
    he hears from us next, and the ticket goes on waiting on us. With ``close`` the matter ends.

    Raises:
        NotFound: if there is no such ticket.
        InvalidInput: if the text is empty.
        Conflict: if ``seen`` is given and is no longer the ticket's ``rev``.
        RuleBroken: if the next date is not ahead.
    """
    if not clean(text).strip():
        raise InvalidInput("a reply takes a text: say what the customer is told")
    if close and next_due is not None:
        raise InvalidInput("a reply either ends the matter or promises another answer")
    with desk.store.writing() as writing:
        ticket = fresh(writing.ticket(number), seen)
        profile = writing.customer(customer_of(ticket))
        deed = Deed(at=desk.now(), by=desk.agent, channel=channel or ticket.channel)
        apology = owed_apology(desk, ticket, profile)
        if apology and not owns_delay and apology not in text:
            text = f"{apology}\n\n{text}"
        promised = None
        if next_due is not None:
            body = desk.texts.next_date(profile, next_due, clean_line(next_reason))
            text = f"{text.rstrip()}\n\n{body}" if next_reason else text
            promised = Telling(due=next_due, rule=f"set by {desk.agent}", text=body)
        ticket = actions.answer(ticket, deed, text, owns_delay=bool(apology), next_promise=promised)
        if close and ticket.state is not State.CLOSED:
            ticket = actions.close(ticket, deed)
        return writing.put(ticket)


def draft_date(desk: Desk, ticket: Ticket, customer: Customer, due: datetime, reason: str) -> str:
    """The letter that tells another date: before the old one, after it (an apology), or anew."""
    old = ticket.promise
    texts = desk.texts
    if old is None:
        body = texts.next_date(customer, due, reason)
        apology = owed_apology(desk, ticket, customer)
        body = f"{apology}\n\n{body}" if apology else body
    elif old.is_past(desk.now()):
        body = texts.overdue(customer, old.due, due, reason)
    else:
        body = texts.moved(customer, old.due, due, reason)
    return texts.letter(customer, desk.agent, body)


def tell_date(
    desk: Desk,
    number: int,
    due: datetime,
    reason: str,
    *,
    text: str | None = None,
    channel: Channel | None = None,
    seen: int | None = None,
) -> Ticket:
    """Tell the customer another date, and why: the promise is moved, or broken and made anew.

    ``text`` is the message; by default ``draft_date``. Where an apology is owed and the text does
    not hold it, it begins with it.

    Raises:
        NotFound, Conflict: as ``reply``.
        InvalidInput: if no reason is given.
        RuleBroken: if the ticket is closed or the date is not ahead.
    """
    if not clean_line(reason):
        raise InvalidInput("telling another date takes a reason: the customer is told it")
    with desk.store.writing() as writing:
        ticket = fresh(writing.ticket(number), seen)
        profile = writing.customer(customer_of(ticket))
        deed = Deed(at=desk.now(), by=desk.agent, channel=channel or ticket.channel)
        body = text or draft_date(desk, ticket, profile, due, clean_line(reason))
        apology = owed_apology(desk, ticket, profile)
        if apology and apology not in body:
            body = f"{apology}\n\n{body}"
        telling = Telling(due=due, rule=f"set by {desk.agent}", text=body)
        ticket = actions.move_promise(
            ticket, deed, telling, reason=reason, owns_delay=bool(apology)
        )
        return writing.put(ticket)


def no_answer_needed(desk: Desk, number: int, reason: str, seen: int | None = None) -> Ticket:
    """The customer waits for nothing more: withdraw the promise, with the reason.

    Raises:
        NotFound, Conflict: as ``reply``.
        RuleBroken: if no promise stands or no reason is given.
    """
    with desk.store.writing() as writing:
        ticket = fresh(writing.ticket(number), seen)
        return writing.put(actions.no_answer_needed(ticket, _deed(desk, ticket), reason))


def close(
    desk: Desk,
    number: int,
    *,
    text: str | None = None,
    resolution: str = "",
    root_cause: str = "",
    no_answer_reason: str = "",
    seen: int | None = None,
) -> Ticket:
    """End a matter. If it waits on us, with a last answer ``text``, or why none is needed.

    Raises:
        NotFound, Conflict: as ``reply``.
        RuleBroken: if it is closed already or the customer still waits for an answer.
    """
    with desk.store.writing() as writing:
        ticket = fresh(writing.ticket(number), seen)
        deed = _deed(desk, ticket)
        if ticket.state is State.CLOSED:
            raise RuleBroken(f"ticket {number} is closed already")
        if text is not None and clean(text).strip():
            profile = writing.customer(customer_of(ticket))
            apology = owed_apology(desk, ticket, profile)
            if apology and apology not in text:
                text = f"{apology}\n\n{text}"
            ticket = actions.answer(ticket, deed, text, owns_delay=bool(apology))
        elif no_answer_reason and ticket.promise is not None:
            ticket = actions.no_answer_needed(ticket, deed, no_answer_reason)
        ticket = actions.close(ticket, deed, resolution=resolution, root_cause=root_cause)
        return writing.put(ticket)


def _deed(desk: Desk, ticket: Ticket) -> Deed:
    return Deed(at=desk.now(), by=desk.agent, channel=ticket.channel)
