"""An imported ticket brought forward: a newer table tells more of the matter than the last one.

The ledger stays append-only: a newer table settles the promise that stands, or tells another date
while that is ahead, and nothing else. What is settled stays as it is.
"""

import hashlib
import json
from dataclasses import asdict
from datetime import datetime

from helpdesk.domain import promise as rules
from helpdesk.domain.errors import RuleBroken
from helpdesk.domain.message import Message
from helpdesk.domain.past import (
    NOT_KNOWN_SINCE,
    PastMatter,
    PastPromise,
    require_answer,
    settled,
)
from helpdesk.domain.promise import Ledger, standing
from helpdesk.domain.ticket import Event, Ticket
from helpdesk.domain.words import Direction, Outcome, State
from helpdesk.text import clean

WHAT = "brought forward"
"""What the history says of it."""

ANSWERED_BEFORE = "the source had answered before this date was told"
ANOTHER_DATE = "the source promises another date"

_DESCRIBING = ("kind", "channel", "priority", "subject", "tags", "resolution")
"""What the source may say otherwise, as no rule hangs on it."""


def digest(matter: PastMatter) -> str:
    """By what it is known whether two rows say the same of a matter, however they write it.

    ``matter`` has no promise but one that its source stated.
    """
    said = json.dumps(asdict(matter), default=str, sort_keys=True)
    return hashlib.sha256(said.encode(errors="surrogatepass")).hexdigest()[:32]


def is_untouched(ticket: Ticket) -> bool:
    """Whether nobody but imports has done anything to an imported ticket."""
    return not ticket.erased and all(
        event.what in ("imported", WHAT) or event.by == ticket.source for event in ticket.history
    )


def brought_forward(ticket: Ticket, matter: PastMatter, *, by: str, now: datetime) -> Ticket:
    """The ticket as a newer row tells of it, taken in by agent ``by`` at ``now`` (UTC).

    ``matter`` has no promise but one that its source stated.

    Raises:
        RuleBroken: if the rules cannot hold what the row tells, or nothing of it can be taken;
            says why.
        ValidationError: if a ticket cannot hold it.
    """
    if matter.state is State.ON_US:
        changed = _waiting_on(ticket, matter, now)
    else:
        changed = _answered(ticket, matter, now)
    fields = {name: getattr(matter, name) for name in _DESCRIBING}
    changed = Ticket.model_validate({**dict(changed), **fields})
    if changed == ticket:
        raise RuleBroken("nothing of what it says otherwise can be changed any more")
    event = Event(at=now, by=by, what=WHAT, detail=f"as {matter.source} has it now")
    return changed.model_copy(
        update={"history": (*changed.history, event), "source_digest": digest(matter)}
    )


def _waiting_on(ticket: Ticket, matter: PastMatter, now: datetime) -> Ticket:
    """It waits on us still; the source may have promised another date."""
    told = ticket.promise
    if told is None:
        raise RuleBroken("waits on us again at its source")
    known = {told.due, *(p.due for p in ticket.promises if p.reason == NOT_KNOWN_SINCE)}
    if matter.promise is None or matter.promise.due in known:
        return ticket
    if told.is_past(now) or matter.promise.due <= now:
        raise RuleBroken("promises another date, though that told before, or it, has gone by")
    return _moved(ticket, matter, matter.promise, now)


def _moved(ticket: Ticket, matter: PastMatter, to: PastPromise, now: datetime) -> Ticket:
    ticket = _said(ticket, matter, now, to.text, automatic=True)
    number, told = ticket.messages[-1].id, ticket.promise
    ledger = rules.move(ticket.promises, at=now, message=number, reason=ANOTHER_DATE)
    ledger = rules.tell(
        ledger,
        due=to.due,
        at=now,
        by=to.told_by,
        message=number,
        channel=matter.channel,
        rule=to.rule,
        follows=told.id if told else None,
    )
    return ticket.model_copy(update={"promises": ledger})


def _answered(ticket: Ticket, matter: PastMatter, now: datetime) -> Ticket:
    """It was answered or closed: the promise that stands is settled."""
    require_answer(matter, now)
    at = matter.answered
    if ticket.state is State.CLOSED and matter.state is not State.CLOSED:
        raise RuleBroken("is closed here, and no more at its source")
    if ticket.promise is None:
        _require_settled_so(ticket, matter)
    if ticket.state is matter.state:
        return ticket
    if at is not None and not _was_said(ticket, matter):
        ticket = _said(ticket, matter, at, matter.answer)
    ledger = _settled(ticket.promises, matter, ticket.messages[-1].id)
    what = "closed" if matter.state is State.CLOSED else "answered"
    event = (Event(at=at, by=matter.source, what=what),) if at is not None else ()
    return ticket.model_copy(
        update={
            "state": matter.state,
            "promises": ledger,
            "history": (*ticket.history, *event),
        }
    )


def _settled(ledger: Ledger, matter: PastMatter, message: int) -> Ledger:
    told, at = standing(ledger), matter.answered
    if told is None:
        return ledger
    if at is not None and at < told.told_at:
        return rules.withdraw(ledger, at=told.told_at, reason=ANSWERED_BEFORE)
    # What the source states of a promise is about its own, not about one of this desk.
    stated = matter.outcome if told.told_by == matter.source else None
    return settled(ledger, stated, at, message)


def _require_settled_so(ticket: Ticket, matter: PastMatter) -> None:
    """Raises RuleBroken if the row says otherwise what is settled already."""
    outcome = ticket.promises[-1].outcome if ticket.promises else None
    known = outcome in (Outcome.KEPT, Outcome.BROKEN)
    if matter.outcome is not None and known and matter.outcome is not outcome:
        raise RuleBroken(f"stated as {matter.outcome}, but settled as {outcome} already")
    if ticket.state is matter.state and matter.answered and not _was_said(ticket, matter):
        raise RuleBroken("answered otherwise, or at another time, but settled already")


def _was_said(ticket: Ticket, matter: PastMatter) -> bool:
    return any(
        (message.direction, message.at) == (Direction.OUT, matter.answered)
        and message.text == clean(matter.answer)
        for message in ticket.messages
    )


def _said(
    ticket: Ticket, matter: PastMatter, at: datetime, text: str, *, automatic: bool = False
) -> Ticket:
    message = Message(
        id=len(ticket.messages) + 1,
        direction=Direction.OUT,
        at=at,
        author=matter.source,
        channel=matter.channel,
        text=text,
        automatic=automatic,
    )
    return ticket.model_copy(
        update={"messages": (*ticket.messages, message), "updated": max(ticket.updated, at)}
    )
