"""The promise, and the ledger of promises that a ticket carries.

The rules are those of docs/architecture.md, "The rules of a promise". Every function here is
pure: it takes the ledger as it is and gives the ledger as it is afterwards, or raises RuleBroken.
A promise is *standing* until it is settled; a standing one past its due time is broken.
"""

from datetime import datetime
from typing import Any

from helpdesk.domain.errors import RuleBroken
from helpdesk.domain.values import Line, Moment, Value
from helpdesk.domain.words import Channel, Outcome
from helpdesk.text import clean_line


class Carried(Value):
    """Where a promise goes on after its ticket was merged into another."""

    ticket: int
    promise: int


class Promise(Value):
    """The day and time by which the customer was told to expect an answer.

    ``told_at``, ``told_by``, ``told_in`` and ``channel`` say when, by whom, in which message and
    how it was told; ``rule`` which rule of policy it came from, or who set it. All times in UTC.
    ``follows`` names the promise that this one took the place of.
    """

    id: int
    due: Moment
    told_at: Moment
    told_by: Line
    told_in: int
    channel: Channel
    rule: Line
    outcome: Outcome = Outcome.OPEN
    settled_at: Moment | None = None
    settled_in: int | None = None
    reason: Line | None = None
    follows: int | None = None
    carried_to: Carried | None = None

    @property
    def counts_elsewhere(self) -> bool:
        """Whether the ledger counts it in the ticket that it was carried to, once broken."""
        return self.carried_to is not None and self.outcome is Outcome.BROKEN

    @property
    def is_standing(self) -> bool:
        """Whether nothing has settled it yet."""
        return self.outcome is Outcome.OPEN

    def is_past(self, now: datetime) -> bool:
        """Whether its due time has gone by; an answer at the due time itself is in time."""
        return now > self.due

    def outcome_at(self, now: datetime) -> Outcome:
        """What has become of it: past its due time and unsettled, it is broken (rule 5)."""
        if self.is_standing and self.is_past(now):
            return Outcome.BROKEN
        return self.outcome


Ledger = tuple[Promise, ...]
"""The promises of one ticket, oldest first. Append-only (rule 8): none is ever taken out."""


def standing(ledger: Ledger) -> Promise | None:
    """The one promise that is not settled yet, if there is one."""
    return next((promise for promise in ledger if promise.is_standing), None)


def standing_again(promise: Promise, **fields: Any) -> Promise:
    """A promise as it was before anything settled it, as a new entry with these fields."""
    unsettled = {"outcome": Outcome.OPEN, "settled_at": None, "settled_in": None, "reason": None}
    return promise.model_copy(update={**unsettled, **fields})


def tell(
    ledger: Ledger,
    *,
    due: datetime,
    at: datetime,
    by: str,
    message: int,
    channel: Channel,
    rule: str,
    follows: int | None = None,
) -> Ledger:
    """Add the promise that ``message`` tells the customer (rules 1 and 2).

    Raises:
        RuleBroken: if another promise still stands.
    """
    if standing(ledger) is not None:
        raise RuleBroken("a promise already stands on this ticket; move it instead")
    promise = Promise(
        id=len(ledger) + 1,
        due=due,
        told_at=at,
        told_by=by,
        told_in=message,
        channel=channel,
        rule=rule,
        follows=follows,
    )
    return (*ledger, promise)


def answer(ledger: Ledger, *, at: datetime, message: int) -> Ledger:
    """Settle the standing promise by an answer: kept if in time (rule 3), else broken (rule 5)."""
    promise = standing(ledger)
    if promise is None:
        return ledger
    outcome = Outcome.BROKEN if promise.is_past(at) else Outcome.KEPT
    return _settle(ledger, promise, outcome, at=at, message=message)


def move(ledger: Ledger, *, at: datetime, message: int, reason: str) -> Ledger:
    """Settle the standing promise because another is told in its place.

    In time it is moved (rule 4); past its due time it is broken and stays so (rule 5).

    Raises:
        RuleBroken: if none stands, or no reason is given.
    """
    promise = standing(ledger)
    if promise is None:
        raise RuleBroken("no promise stands on this ticket: there is none to move")
    if not clean_line(reason):
        raise RuleBroken("moving a promise takes a reason")
    outcome = Outcome.BROKEN if promise.is_past(at) else Outcome.MOVED
    return _settle(ledger, promise, outcome, at=at, message=message, reason=reason)


def withdraw(ledger: Ledger, *, at: datetime, reason: str) -> Ledger:
    """Settle the standing promise because no answer is needed (rule 6).

    Past its due time it cannot be withdrawn any more: it is broken (rule 5).

    Raises:
        RuleBroken: if none stands, or no reason is given.
    """
    promise = standing(ledger)
    if promise is None:
        raise RuleBroken("no promise stands on this ticket: nothing waits for an answer")
    if not clean_line(reason):
        raise RuleBroken("withdrawing a promise takes a reason")
    outcome = Outcome.BROKEN if promise.is_past(at) else Outcome.WITHDRAWN
    return _settle(ledger, promise, outcome, at=at, reason=reason)


def carry(
    ledger: Ledger, into: Ledger, *, at: datetime, ticket: int, stays: bool
) -> tuple[Ledger, Ledger]:
    """Join the ledgers of two merged tickets, of which one standing promise holds (rule 7).

    ``ledger`` is that of the ticket merged away, ``into`` that of ticket number ``ticket``;
    ``stays`` says whether the promise of the latter holds, where both have one. The other is
    withdrawn, or broken if its time has gone by. The one that holds, if it was told on the ticket
    merged away, goes on in ``ticket``; its first entry points there (``carried_to``) and stays
    broken if it is. The caller gives it the message that told it there (``told_in``).
    """
    leaving, staying = standing(ledger), standing(into)
    if leaving is None:
        return ledger, into
    if staying is not None and stays:
        return leave(ledger, at=at, ticket=ticket), into
    if staying is not None:
        which = "an earlier promise" if leaving.due < staying.due else "a promise that was told"
        into = withdraw(into, at=at, reason=f"{which} came in by a merge")
    goes_on = leaving.model_copy(update={"id": len(into) + 1, "follows": None})
    return leave(ledger, at=at, ticket=ticket, goes_on=goes_on.id), (*into, goes_on)


def leave(ledger: Ledger, *, at: datetime, ticket: int, goes_on: int | None = None) -> Ledger:
    """The ledger of a ticket as it is merged into number ``ticket``, where its standing promise,
    if there is one, goes on as number ``goes_on``; None if another one holds there."""
    leaving = standing(ledger)
    if leaving is None:
        return ledger
    if goes_on is None:
        return withdraw(ledger, at=at, reason=f"merged into ticket {ticket}")
    left = withdraw(ledger, at=at, reason=f"goes on in ticket {ticket}")
    carried_to = Carried(ticket=ticket, promise=goes_on)
    return _replace(left, left[leaving.id - 1].model_copy(update={"carried_to": carried_to}))


def _settle(
    ledger: Ledger,
    promise: Promise,
    outcome: Outcome,
    *,
    at: datetime,
    message: int | None = None,
    reason: str | None = None,
) -> Ledger:
    settling = {"outcome": outcome, "settled_at": at, "settled_in": message, "reason": reason}
    settled = Promise.model_validate({**dict(promise), **settling})
    return _replace(ledger, settled)


def _replace(ledger: Ledger, promise: Promise) -> Ledger:
    return tuple(promise if old.id == promise.id else old for old in ledger)
