"""A message that never left us: what it told was not told, and what it answered waits again."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from helpdesk.domain import promise as rules
from helpdesk.domain.message import HELD_BACK, Message
from helpdesk.domain.promise import Promise
from helpdesk.domain.steps import Deed, in_state, noted, with_
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Outcome, State


class Overtaken(StrEnum):
    """Why a message that was held cannot go any more."""

    BY_TIME = "its time has gone by"
    BY_ANOTHER = "the date that it tells holds no more"


EARLIER = "an earlier promise stands again"
NEVER_TOLD = "told in a message that never left"
IS_HELD = "the message that tells it is held back"
LET_GO = "the message that tells another date was let go"


def never_left(
    ticket: Ticket, deed: Deed, message: int, why: str, lapsed: Promise | None = None
) -> Ticket:
    """The ticket once it is known that message number ``message`` never left.

    The promise that it settled stands again with the same due time, unless the customer was
    answered since: the ledger is not changed, an entry is added. ``lapsed`` is that promise where
    the ledger is another ticket's. A message that is marked already changes nothing.
    """
    unsent = ticket.message(message)
    if unsent is None or unsent.undelivered is not None:
        return ticket
    ticket = noted(_marked(ticket, unsent, why or "not sent"), deed, "not delivered", why)
    if ticket.erased or ticket.merged_into is not None:
        return ticket
    lapsed = lapsed or settled_by(ticket, message)
    if lapsed is None or ticket.answer_after(unsent) is not None:
        return ticket
    return _renewed(ticket, deed, lapsed, IS_HELD if why == HELD_BACK else NEVER_TOLD)


def settled_by(ticket: Ticket, message: int) -> Promise | None:
    """The promise that the message kept, moved or, too late, answered."""
    settled = (p for p in ticket.promises if p.settled_in == message)
    return next((p for p in settled if p.outcome is not Outcome.WITHDRAWN), None)


def overtaken(ticket: Ticket, message: Message, now: datetime) -> tuple[Overtaken, datetime] | None:
    """What would be untrue if a message that was held went now, and the due time that it is about;
    None if nothing is. ``ticket`` is as it would be then.

    An answer may go late if another one kept its promise meanwhile: it changes nothing then.
    """
    told = [p for p in ticket.promises if p.told_in == message.id and p.carried_to is None]
    answer = ticket.answer_after(message)
    for promise in ticket.promises:
        counts = promise.settled_in == message.id and promise.outcome is not Outcome.BROKEN
        kept_since = answer is not None and answer.at <= promise.due
        stands = promise in told and promise.is_standing
        if promise.is_past(now) and (stands or (counts and not kept_since)):
            return Overtaken.BY_TIME, promise.due
    if told and not any(promise.is_standing for promise in told):
        return Overtaken.BY_ANOTHER, told[-1].due
    return None


def let_go(ticket: Ticket, deed: Deed, message: int) -> Ticket:
    """The ticket once a message goes that was held and tells another date than was promised.

    While it was held the promise stood that the customer knows (``never_left``). In its place
    stands what the message tells, unless somebody did something about it meanwhile, or its time
    has gone by.
    """
    lapsed, meanwhile = settled_by(ticket, message), ticket.promise
    told = [promise for promise in ticket.promises if promise.told_in == message]
    if lapsed is None or meanwhile is None or not told or meanwhile.is_past(deed.at):
        return ticket
    if meanwhile in told or (meanwhile.follows, meanwhile.due) != (lapsed.id, lapsed.due):
        return ticket
    ledger = rules.withdraw(ticket.promises, at=deed.at, reason=LET_GO)
    again = rules.standing_again(told[-1], id=len(ledger) + 1, told_at=deed.at)
    return noted(with_(ticket, promises=(*ledger, again)), deed, "let go", LET_GO)


def _marked(ticket: Ticket, unsent: Message, why: str) -> Ticket:
    marked = unsent.model_copy(update={"undelivered": why})
    messages = tuple(marked if m.id == unsent.id else m for m in ticket.messages)
    return with_(ticket, messages=messages)


def _renewed(ticket: Ticket, deed: Deed, lapsed: Promise, untold: str) -> Ticket:
    ledger, standing = ticket.promises, ticket.promise
    if standing is not None:
        told = ticket.was_told(standing)
        if told and standing.due <= lapsed.due:
            return ticket
        reason = EARLIER if told else untold
        ledger = rules.withdraw(ledger, at=deed.at, reason=reason)
    again = Promise(
        id=len(ledger) + 1,
        due=lapsed.due,
        told_at=lapsed.told_at,
        told_by=lapsed.told_by,
        told_in=lapsed.told_in,
        channel=lapsed.channel,
        rule=lapsed.rule,
        follows=lapsed.id if lapsed in ledger else None,
    )
    return in_state(with_(ticket, promises=(*ledger, again)), State.ON_US)
