"""What follows when a message is sent, in words: who gets it, what becomes of the promise.

``brief`` words are for a low terminal, where each has one line of about 38 cells.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from textual.content import Content

from helpdesk.domain.customer import Customer
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.wording import brief_time, channel_words, day_and_time, how_long
from helpdesk.domain.words import Channel, State
from helpdesk.text import clean_line
from helpdesk.widgets.customer_card import contact, reaches
from helpdesk.widgets.promise_list import LATE, promise_line

IN_TIME, QUIET = "$success bold", "$text-muted"


def reaches_nobody(customer: Customer, channel: Channel) -> bool:
    """Whether no address is known for the message to go to; a call reaches whoever has called."""
    return channel is not Channel.PHONE and not reaches(customer, channel)


def whom(ticket: Ticket, customer: Customer, *, mails: bool) -> Content:
    """Who gets the message, and how; what the ticket is about. ``mails``: the desk sends mail."""
    if reaches_nobody(customer, ticket.channel):
        channel = channel_words(ticket.channel)
        how = Content.styled(f"✗ no address for {channel}: this reaches nobody", LATE)
    elif reaches(customer, ticket.channel):
        how = address_words(customer, ticket.channel, ticket, mails=mails)
    else:
        how = Content.styled("! no number is known: tell it in this call", "$warning bold")
    name, subject = clean_line(customer.name), clean_line(ticket.subject)
    if not mails and ticket.channel is Channel.EMAIL:  # where the warning takes the room
        return Content.assemble(how, (f" · {subject}", QUIET), f" · {name}")
    return Content.assemble(how, f" · {name}", (f" · {subject}", QUIET))


def address_words(
    customer: Customer, channel: Channel, about: Ticket | None, *, mails: bool
) -> Content:
    """Where what is written ``about`` a ticket goes.

    ``mails``: the desk sends mail. The demo, and a desk without a way out, only put it on record.
    """
    address = contact(customer, channel, about)
    if channel is Channel.EMAIL and not mails:
        return Content.styled(f"! no mail goes to {address}", "$warning bold")
    return Content.styled(f"to  {channel_words(channel)} {address}".rstrip(), "bold")


def when_answered(ticket: Ticket, now: datetime, zone: ZoneInfo, *, brief: bool) -> Content:
    """What an answer does to the promise."""
    promise = ticket.promise
    if promise is None:
        if ticket.owes_apology(now):
            words = (
                "owns the delay" if brief else "a promise was broken: the message owns the delay"
            )
            return Content.styled(f"! {words}", LATE)
        words = "no promise stands" if brief else "no promise stands that it could keep"
        return Content.styled(f"◇ {words}", QUIET)
    due, late = brief_time(promise.due, zone, now), how_long(promise.due, now)
    if promise.is_past(now):
        if brief:
            return Content.styled(f"! owns the delay: {late}", LATE)
        words = f"! {late} · promised for {due} · the message owns the delay"
        return Content.styled(words, LATE)
    words = f"keeps {due}" if brief else f"keeps the promise for {due}"
    return Content.styled(f"✓ {words}, {late}", IN_TIME)


def when_moved(ticket: Ticket, now: datetime, zone: ZoneInfo, *, brief: bool) -> Content:
    """What telling another date does to the promise."""
    promise = ticket.promise
    if not brief:
        line = promise_line(ticket, now, zone)
        if promise is not None and promise.is_past(now):
            line += Content("\n  it stays on record as broken; the message owns the delay")
        return line
    if promise is None:
        return Content.styled("◇ none stands: makes a promise", QUIET)
    late = how_long(promise.due, now)
    if promise.is_past(now):
        return Content.styled(f"! stays broken, owns the delay: {late}", LATE)
    return Content.styled(f"→ moves {brief_time(promise.due, zone, now)}, {late}", "bold")


def when_closed(
    ticket: Ticket, now: datetime, zone: ZoneInfo, *, answers: bool, brief: bool
) -> Content:
    """What closing does to the promise, with a last word to the customer or without one."""
    promise = ticket.promise
    if promise is None:
        words = "" if brief else ": nobody waits for an answer"
        return Content.styled(f"◇ no promise stands{words}", QUIET)
    late = how_long(promise.due, now)
    if brief:
        due = brief_time(promise.due, zone, now)
        late_words = f"stays broken, {'owns the delay: ' if answers else ''}{late}"
        kept, withdrawn = f"keeps {due}, {late}", f"withdraws {due}, {late}"
    else:
        due = f"the promise for {day_and_time(promise.due, zone)}"
        owns = "; the answer owns the delay" if answers else ""
        late_words = f"{due} is {late}: it stays broken{owns}"
        kept, withdrawn = f"{due} is kept by the answer", f"{due} is withdrawn, for that reason"
    if promise.is_past(now):
        return Content.styled(f"! {late_words}", LATE)
    if answers:
        return Content.styled(f"✓ {kept}", IN_TIME)
    return Content.styled(f"- {withdrawn}", "$warning")


def after_it(ticket: Ticket, *, ends: bool, next_due: str | None) -> Content:
    """What becomes of the ticket once it is answered; ``next_due``: the date that is promised with
    it, "" if that is not known yet, None if none is."""
    if ends:
        words = "the matter is closed"
    elif next_due is not None:
        words = f"promised {next_due}" if next_due else "waits on us, until the next answer"
    elif ticket.state is State.CLOSED:
        words = "the ticket stays closed"
    else:
        words = "waits on the customer"
    return Content.styled(f"after it: {words}", QUIET)
