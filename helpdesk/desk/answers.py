"""Answering customers: replies, other dates, endings: what a promise is kept or broken by."""

from collections.abc import Sequence
from datetime import datetime

from helpdesk.desk import attaching, outbox
from helpdesk.desk.attaching import Enclosed
from helpdesk.desk.desk import Desk
from helpdesk.desk.letters import require_words, with_apology, with_date
from helpdesk.desk.matters import customer_of, deed_on, fresh, require_offset, to_the_minute
from helpdesk.domain import actions
from helpdesk.domain.actions import Telling
from helpdesk.domain.customer import Customer
from helpdesk.domain.errors import InvalidInput, RuleBroken
from helpdesk.domain.outgoing import Outgoing, Sending
from helpdesk.domain.rights import Right
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Channel, Kind, State
from helpdesk.store.base import Conflict
from helpdesk.text import clean, clean_line


def draft_reply(desk: Desk, ticket: Ticket, customer: Customer) -> str:
    """What a reply begins with: the greeting, the apology where one is owed, the signature."""
    apology = owed_apology(desk, ticket, customer)
    body = f"{apology}\n\n" if apology else ""
    greeting = desk.texts.greeting(customer)
    return f"{greeting}\n\n{body}\n\n{desk.texts.signature(customer, desk.agent)}"


def owed_apology(desk: Desk, ticket: Ticket, customer: Customer) -> str:
    """The sentence that owns the delay, or nothing if none is owed (rule 5)."""
    unowned = ticket.unowned(max(desk.now(), ticket.updated))
    return "" if unowned is None else desk.texts.apology(customer, unowned.due)


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
    files: Sequence[Enclosed] = (),
    seen: int | None = None,
) -> Ticket:
    """Answer the customer; the standing promise is kept, or broken if its time has gone by.

    Where an apology is owed and ``text`` neither holds it nor is said to own the delay
    (``owns_delay``), the text begins with it. With ``next_due`` the customer is also told by when
    he hears from us next, and the ticket goes on waiting on us. With ``close`` the matter ends.
    ``files`` go with it, if it goes by mail.

    Raises:
        NotFound: if there is no such ticket.
        InvalidInput: if the text is empty, or the files are too large or cannot go.
        Conflict: if ``seen`` is given and is no longer the ticket's ``rev``.
        RuleBroken: if the next date is not ahead.
    """
    require_words(text, "a reply takes a text: say what the customer is told")
    if close and next_due is not None:
        raise InvalidInput("a reply either ends the matter or promises another answer")
    with desk.writing() as writing:
        ticket = fresh(writing.ticket(number), seen)
        profile = writing.customer(customer_of(ticket))
        deed = deed_on(desk, ticket, channel)
        owes = ticket.owes_apology(deed.at)
        if owes and not owns_delay:
            text = with_apology(desk, profile, text, owed_apology(desk, ticket, profile))
        promised = None
        if next_due is not None:
            due = to_the_minute(require_offset(next_due), deed.at)
            text = _telling_date(desk, profile, text, due, next_reason)
            promised = Telling(due=due, rule=f"set by {desk.agent}", text=text)
        if files and deed.channel is not Channel.EMAIL:
            raise InvalidInput("files go by mail: take them out, or answer by --channel email")
        known = len(ticket.messages)
        ticket = actions.answer(
            ticket,
            deed,
            text,
            owns_delay=owes,
            next_promise=promised,
            attachments=attaching.keep(desk, writing, files),
        )
        if close and ticket.state is not State.CLOSED:
            ticket = actions.close(ticket, deed)
        return outbox.put(desk, writing, ticket, profile, known)


def again(desk: Desk, number: int) -> Outgoing:
    """Send an answer again that failed for good, as a new answer in the same words, now.

    The old one stays on record as never delivered; ``number`` is its own in the outbox.

    Raises:
        NotFound: if there is no such message.
        InvalidInput: if it has not failed, or must be told otherwise: it promised something, or
            the customer was answered since.
    """
    desk.require(Right.WORK)
    failed = desk.store.outgoing(number)
    if failed.state is not Sending.FAILED:
        raise InvalidInput(f"message {number} of the outbox is {failed.state} and has not failed")
    ticket = desk.store.ticket(failed.ticket)
    message = ticket.message(failed.message)
    told = message and any(promise.told_in == message.id for promise in ticket.promises)
    if message is None or not (message.is_answer or told):
        raise InvalidInput(f"message {number} of the outbox is no answer: write one instead")
    if told:
        raise InvalidInput(f"message {number} told a date: tell it anew (p, or 'helpdesk promise')")
    if ticket.answer_after(message) is not None:
        raise InvalidInput(f"the customer of ticket {ticket.id} was answered since")
    done = reply(
        desk,
        ticket.id,
        message.text,
        channel=Channel.EMAIL,
        owns_delay=message.owns_delay,
        files=attaching.of_message(desk, message),
        seen=ticket.rev,
    )
    return desk.store.outgoing(desk.store.outgoing_of(done.id)[done.messages[-1].id])


def retry(desk: Desk, number: int) -> Outgoing:
    """Send a message of the outbox now: at once what waits, again what failed (``again``).

    Raises NotFound, InvalidInput.
    """
    desk.require(Right.WORK)
    failed = desk.store.outgoing(number).state is Sending.FAILED
    return again(desk, number) if failed else outbox.retry(desk, number)


def draft_date(desk: Desk, ticket: Ticket, customer: Customer, due: datetime, reason: str) -> str:
    """The letter that tells another date: before the old one, after it (an apology), or anew.

    An earlier date than the promised one is told without excuse.

    ``due`` is told without its seconds.
    """
    due = to_the_minute(require_offset(due), desk.now())
    old = ticket.promise
    texts = desk.texts
    if old is None or due < old.due:
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
    drafted: datetime | None = None,
) -> Ticket:
    """Tell the customer another date, and why: the promise is moved, or broken and made anew.

    ``text`` is the message; by default ``draft_date``. A text that does not tell the date gets it
    added, and where an apology is owed that it does not hold, that too. ``drafted`` is when the
    text was drafted: if the promise has come due since then, it would tell an untruth.

    Raises:
        NotFound: if there is no such ticket.
        Conflict: as ``reply``, or if the promise has come due since ``drafted``.
        InvalidInput: if no reason is given.
        RuleBroken: if the ticket is closed or the date is not ahead.
    """
    if text is not None:
        require_words(text, "the message has no words: say what the customer is told")
    if not clean_line(reason):
        raise InvalidInput("telling another date takes a reason: the customer is told it")
    with desk.writing() as writing:
        ticket = fresh(writing.ticket(number), seen)
        profile = writing.customer(customer_of(ticket))
        deed = deed_on(desk, ticket, channel)
        _require_still_true(ticket, deed.at, drafted)
        due = to_the_minute(require_offset(due), deed.at)
        if text is None:
            body = draft_date(desk, ticket, profile, due, clean_line(reason))
        else:
            body = _telling_date(desk, profile, text, due, reason)
        body = with_apology(desk, profile, body, owed_apology(desk, ticket, profile))
        apology = ticket.owes_apology(deed.at)
        telling = Telling(due=due, rule=f"set by {desk.agent}", text=body)
        known = len(ticket.messages)
        ticket = actions.move_promise(ticket, deed, telling, reason=reason, owns_delay=apology)
        return outbox.put(desk, writing, ticket, profile, known)


def no_answer_needed(desk: Desk, number: int, reason: str, seen: int | None = None) -> Ticket:
    """The customer waits for nothing more: withdraw the promise, with the reason.

    Raises:
        NotFound, Conflict: as ``reply``.
        RuleBroken: if no promise stands or no reason is given.
    """
    with desk.writing() as writing:
        ticket = fresh(writing.ticket(number), seen)
        return writing.put(actions.no_answer_needed(ticket, deed_on(desk, ticket), reason))


def last_words(desk: Desk, ticket: Ticket, customer: Customer) -> str:
    """What a letter that ends the matter asks: whether it is solved; feedback is thanked for."""
    if ticket.kind is Kind.FEEDBACK:
        return desk.texts.thanks(customer)
    return desk.texts.closing(customer, ticket.id)


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
    with desk.writing() as writing:
        ticket = fresh(writing.ticket(number), seen)
        deed = deed_on(desk, ticket)
        if ticket.state is State.CLOSED:
            raise RuleBroken(f"ticket {number} is closed already")
        known, profile = len(ticket.messages), None
        if text is not None and clean(text).strip():
            profile = writing.customer(customer_of(ticket))
            apology = owed_apology(desk, ticket, profile)
            text = with_apology(desk, profile, text, apology)
            ticket = actions.answer(ticket, deed, text, owns_delay=bool(apology))
        elif no_answer_reason and ticket.promise is not None:
            ticket = actions.no_answer_needed(ticket, deed, no_answer_reason)
        ticket = actions.close(ticket, deed, resolution=resolution, root_cause=root_cause)
        if profile is None:
            return writing.put(ticket)
        return outbox.put(desk, writing, ticket, profile, known)


def _telling_date(desk: Desk, customer: Customer, text: str, due: datetime, reason: str) -> str:
    """The agent's text, which tells the date in any case, and the reason if there is one."""
    texts, why = desk.texts, clean_line(reason)
    body = texts.next_date(customer, due, why) if why else texts.date(customer, due)
    return with_date(desk, customer, text, texts.moment(customer, due), body)


def _require_still_true(ticket: Ticket, now: datetime, drafted: datetime | None) -> None:
    promise = ticket.promise
    if drafted is None or promise is None:
        return
    if promise.is_past(now) and not promise.is_past(drafted):
        raise Conflict("the promise has come due meanwhile: look at the letter again")
