"""The outbox: what is told by mail is queued there, in the same write as its ticket."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from helpdesk.desk.desk import Desk
from helpdesk.desk.merges import onward
from helpdesk.domain import outgoing as rules
from helpdesk.domain.customer import Customer
from helpdesk.domain.errors import HelpdeskError, InvalidInput, NotFound
from helpdesk.domain.message import HELD_BACK, MailFacts, Message
from helpdesk.domain.outgoing import Outgoing, Sending
from helpdesk.domain.promise import Promise
from helpdesk.domain.reaching import mail_address
from helpdesk.domain.rights import Right
from helpdesk.domain.steps import Deed
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.undelivered import let_go, never_left, overtaken, settled_by
from helpdesk.domain.wording import day_and_time, short_time
from helpdesk.domain.words import Channel, Direction
from helpdesk.mail.subjects import subject_of
from helpdesk.store.base import Writing

_A_MOMENT = timedelta(minutes=1)
"""So long a message is said to be tried now; then it is told since when it should be."""

NO_ADDRESS = "the customer has no e-mail address"

SENDS_NOTHING = (
    "This desk sends no mail: what customers are told is put on record, and nothing leaves. "
    "[mail.out] in desk.toml says how mail is sent."
)


def put(desk: Desk, writing: Writing, ticket: Ticket, customer: Customer, known: int) -> Ticket:
    """Save a ticket, and queue what the customer is told by mail in its messages after ``known``.

    On a desk that sends no mail it is only put on record, as what is told by phone is.

    Raises:
        InvalidInput: if an answer is to go by mail and the customer has no address.
    """
    if not desk.settings.mail.leaves:
        return writing.put(ticket)
    for message in ticket.messages[known:]:
        if not _goes_by_mail(message):
            continue
        address = mail_address(ticket, customer)
        if address is not None:
            ticket = _queued(desk, writing, ticket, message, address, customer)
        elif message.automatic:
            ticket = _with_message(ticket, message.model_copy(update={"undelivered": NO_ADDRESS}))
        else:
            raise InvalidInput(
                f"{NO_ADDRESS}: add one, or name the channel by which the customer was told"
            )
    return writing.put(ticket)


def entries(desk: Desk, *states: Sending) -> Iterator[Outgoing]:
    """The messages of the outbox in these states, or in any, one at a time; those that cannot be
    read are left out, and `check` names them."""
    return readable(desk, desk.store.outbox(*states))


def readable(desk: Desk, numbers: Iterable[int]) -> Iterator[Outgoing]:
    """Those of the messages that can be read, one at a time."""
    for number in numbers:
        with suppress(HelpdeskError):
            yield desk.store.outgoing(number)


def of_ticket(desk: Desk, ticket: int) -> dict[int, Outgoing]:
    """By the numbers of a ticket's messages, how they stand on their way out."""
    found: dict[int, Outgoing] = {}
    for message, number in desk.store.outgoing_of(ticket).items():
        with suppress(HelpdeskError):
            found[message] = desk.store.outgoing(number)
    return found


def words(outgoing: Outgoing, zone: ZoneInfo, now: datetime) -> str:
    """How a message stands on its way out, in a few words."""
    match outgoing.state:
        case Sending.SENT:
            return f"sent {short_time(outgoing.sent_at or outgoing.created, zone, now)}"
        case Sending.FAILED:
            return f"failed: {outgoing.last_words}"
        case Sending.QUEUED | Sending.SENDING if outgoing.waits_in_vain(now):
            since = short_time(outgoing.not_before, zone, now)
            said = f" Last time: {outgoing.last_words}" if outgoing.attempts else ""
            return f"waits since {since}, and nothing sends it: is 'helpdesk worker' running?{said}"
        case Sending.QUEUED if outgoing.attempts:
            is_now = timedelta() <= now - outgoing.not_before < _A_MOMENT
            again = "now" if is_now else short_time(outgoing.not_before, zone, now)
            return f"not left yet, again {again}: {outgoing.last_words}"
        case Sending.HELD if outgoing.may_have_arrived:
            what = f"helpdesk outbox retry {outgoing.id}, or cancel {outgoing.id}"
            return f"held, {outgoing.last_words}: {what}"
    return str(outgoing.state)


def hold(desk: Desk, number: int) -> Outgoing:
    """Keep a message back until it is released; until then nothing of it was told.

    If it tells another date, the promise stands meanwhile that the customer knows.

    Raises NotFound; InvalidInput if it does not wait to be sent, or tells another date in place of
    a promise whose time has gone by: that is for an answer now.
    """
    with desk.writing() as writing:
        held = rules.held(writing.outgoing(number))
        if held.may_have_arrived:  # then it counts as told, until a person says otherwise
            return writing.put(held)
        moving = _moving(writing, held)
        if moving is None:
            _say(writing, held, HELD_BACK)
            return writing.put(held)
        ticket, before = moving
        if before.is_past(desk.now()) or ticket.merged_into is not None:
            raise InvalidInput(
                f"message {number} of the outbox tells another date than was promised and cannot "
                "be held: cancel it, and the promise stands as it was; then tell a date anew"
            )
        writing.put(never_left(ticket, _deed(desk, ticket), held.message, HELD_BACK))
        return writing.put(held)


def release(desk: Desk, number: int) -> Outgoing:
    """Let a message that was held go.

    Raises NotFound; InvalidInput if it is not held, or what it says has been overtaken by time or
    by what was done since.
    """
    with desk.writing() as writing:
        released = rules.released(writing.outgoing(number), desk.now())
        for ticket, message in _say(writing, released, None):
            told = writing.put(let_go(ticket, _deed(desk, ticket), message.id))
            untrue = overtaken(told, message, desk.now())
            if untrue is not None:
                why, due = untrue
                raise InvalidInput(
                    f"too late to let it go: it is about {day_and_time(due, desk.zone)}, and "
                    f"{why}; cancel it, and tell the customer anew if need be"
                )
        return writing.put(released)


def retry(desk: Desk, number: int) -> Outgoing:
    """Try a message that waits again at once; what failed is told again by ``answers.again``.

    Raises NotFound, InvalidInput.
    """
    desk.require(Right.WORK)
    if desk.store.outgoing(number).may_have_arrived:
        return release(desk, number)
    with desk.writing() as writing:
        return writing.put(rules.hurried(writing.outgoing(number), desk.now()))


def cancel(desk: Desk, number: int) -> Outgoing:
    """Never send a message; what it told was then not told. Raises NotFound, InvalidInput."""
    with desk.writing() as writing:
        found = writing.outgoing(number)
        cancelled = rules.cancelled(found, desk.now(), desk.agent)
        if found.state is Sending.HELD:
            _say(writing, found, None)
        return give_up(desk, writing, cancelled)


def came_back(
    desk: Desk, writing: Writing, mail_ids: Iterable[str], failed: Mapping[str, str]
) -> None:
    """Take the message of one of these ids, which had been sent, for one that never arrived.

    ``failed`` are the addresses (case-folded) that a bounce says mail will never reach, with the
    server's words. A bounce is only a claim: it counts for a message to such an address alone.
    """
    for mail_id in mail_ids:
        for ticket in desk.store.by_mail_ids([mail_id]).get(mail_id, ()):
            for number in desk.store.outgoing_of(ticket).values():
                outgoing = writing.outgoing(number)
                words = failed.get(outgoing.to.casefold())
                ours = outgoing.message_id == mail_id and outgoing.state is Sending.SENT
                if ours and words is not None:
                    give_up(desk, writing, rules.bounced(outgoing, desk.now(), words))


def give_up(desk: Desk, writing: Writing, failed: Outgoing) -> Outgoing:
    """Save a message that failed, and what that means on its ticket, in one write."""
    lapsed: Promise | None = None
    number = failed.message
    for ticket, message in _wherever(writing, failed):
        if ticket.id == failed.ticket:
            lapsed = settled_by(ticket, number)
        elif lapsed is not None:
            lapsed = lapsed.model_copy(update={"told_in": lapsed.told_in + message.id - number})
        number = message.id
        deed = _deed(desk, ticket)
        writing.put(never_left(ticket, deed, number, failed.last_words, lapsed))
    return writing.put(failed)


def _moving(writing: Writing, outgoing: Outgoing) -> tuple[Ticket, Promise] | None:
    """The ticket of a message that tells another promise than the customer knows, and that one."""
    try:
        ticket = writing.ticket(outgoing.ticket)
    except NotFound:
        return None
    before = settled_by(ticket, outgoing.message)
    tells = any(promise.told_in == outgoing.message for promise in ticket.promises)
    return (ticket, before) if tells and before is not None and ticket.was_told(before) else None


def _say(
    writing: Writing, outgoing: Outgoing, undelivered: str | None
) -> list[tuple[Ticket, Message]]:
    """Say on the ticket of a message, and wherever that was merged into, why it is not sent, or
    that nothing holds it; gives the tickets where that changed, each with the message."""
    said = []
    for ticket, message in _wherever(writing, outgoing):
        if message.undelivered != undelivered:
            message = message.model_copy(update={"undelivered": undelivered})
            said.append((writing.put(_with_message(ticket, message)), message))
    return said


def _wherever(writing: Writing, outgoing: Outgoing) -> Iterator[tuple[Ticket, Message]]:
    """The message on its ticket, then on those that this was merged into, as far as they are
    there."""
    try:
        first = writing.ticket(outgoing.ticket)
    except NotFound:
        return
    for ticket in onward(writing, first):
        is_first = ticket.id == first.id
        message = ticket.message(outgoing.message) if is_first else _copy_of(ticket, outgoing)
        if message is None:
            return
        yield ticket, message


def _deed(desk: Desk, ticket: Ticket) -> Deed:
    return Deed(at=max(desk.now(), ticket.updated), by=desk.agent, channel=Channel.EMAIL)


def _copy_of(ticket: Ticket, outgoing: Outgoing) -> Message | None:
    """The message as a ticket has it that it was merged into."""
    mails = (m for m in ticket.messages if m.mail and m.direction is Direction.OUT)
    return next((m for m in mails if m.mail and m.mail.message_id == outgoing.message_id), None)


def _goes_by_mail(message: Message) -> bool:
    return (
        message.direction is Direction.OUT
        and message.channel is Channel.EMAIL
        and message.mail is None
        and message.undelivered is None
    )


def _queued(
    desk: Desk,
    writing: Writing,
    ticket: Ticket,
    message: Message,
    address: str,
    customer: Customer,
) -> Ticket:
    """The ticket whose message knows under which id it leaves; it is put in the outbox."""
    ours = desk.settings.mail.address or ""
    answered = _last_mail(ticket, Direction.IN)
    goes_on = answered or _last_mail(ticket, Direction.OUT)
    before = (*goes_on.references, goes_on.message_id) if goes_on else ()
    facts = MailFacts(
        message_id=_new_id(ticket, message, ours),
        in_reply_to=goes_on.message_id if goes_on else None,
        references=tuple(mail_id for mail_id in before if mail_id),
        from_email=ours,
        from_name=desk.name,
        to=(address,),
    )
    writing.put(
        Outgoing(
            id=writing.new_outgoing_id(),
            ticket=ticket.id,
            message=message.id,
            to=address,
            to_name="" if customer.form_of_address == "no_name" else customer.name,
            subject=subject_of(ticket.subject, ticket.id, reply=answered is not None),
            created=desk.now(),
            not_before=desk.now(),
            message_id=facts.message_id or "",
            in_reply_to=facts.in_reply_to,
            references=facts.references,
            automatic=message.automatic,
        )
    )
    return _with_message(ticket, message.model_copy(update={"mail": facts}))


def _last_mail(ticket: Ticket, direction: Direction) -> MailFacts | None:
    """The last mail of the customer's, or of ours that left, by which the thread goes on."""
    mails = (m for m in reversed(ticket.messages) if m.direction is direction and not m.undelivered)
    return next((m.mail for m in mails if m.mail and m.mail.message_id), None)


def _new_id(ticket: Ticket, message: Message, ours: str) -> str:
    domain = ours.rpartition("@")[2].encode("idna").decode("ascii")
    return f"t{ticket.id}.{message.id}.{secrets.token_hex(8)}@{domain}"


def _with_message(ticket: Ticket, message: Message) -> Ticket:
    messages = tuple(message if m.id == message.id else m for m in ticket.messages)
    return ticket.model_copy(update={"messages": messages})
