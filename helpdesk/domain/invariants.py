"""What must hold of every ticket at every moment: asked by `helpdesk check` and by the tests."""

from collections.abc import Iterator

from helpdesk.domain.promise import Promise
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Direction, Outcome, State


def faults(ticket: Ticket) -> list[str]:
    """Say what is wrong with the ticket by the rules of a promise; empty if nothing is."""
    found = [*_of_state(ticket), *_of_numbers(ticket)]
    for promise in ticket.promises:
        found.extend(f"promise {promise.id}: {fault}" for fault in _of_promise(ticket, promise))
    return found


def _of_state(ticket: Ticket) -> Iterator[str]:
    open_ones = sum(promise.is_standing for promise in ticket.promises)
    if ticket.state is State.ON_US and open_ones != 1:
        yield f"waits on us with {open_ones} standing promises instead of 1"
    if ticket.state is not State.ON_US and open_ones:
        yield f"is {ticket.state} with {open_ones} standing promises instead of none"
    if ticket.customer is None and not ticket.erased:
        yield "is linked to no customer"


def _of_numbers(ticket: Ticket) -> Iterator[str]:
    if [promise.id for promise in ticket.promises] != list(range(1, len(ticket.promises) + 1)):
        yield "promises are not numbered from 1"
    if [message.id for message in ticket.messages] != list(range(1, len(ticket.messages) + 1)):
        yield "messages are not numbered from 1"


def _of_promise(ticket: Ticket, promise: Promise) -> Iterator[str]:
    told_in = ticket.message(promise.told_in)
    if told_in is None or told_in.direction is not Direction.OUT:
        yield "names no message to the customer that told it"
    if promise.is_standing:
        if promise.settled_at is not None:
            yield "is open but has a time at which it was settled"
        return
    yield from _of_settled(ticket, promise)


def _of_settled(ticket: Ticket, promise: Promise) -> Iterator[str]:
    at, outcome = promise.settled_at, promise.outcome
    if at is None:
        # An imported answer may have no known time; then only the source's word can settle it.
        if outcome is not Outcome.BROKEN and (outcome is not Outcome.KEPT or not ticket.source):
            yield f"is {outcome} without a time"
        return
    if at < promise.told_at:
        yield "was settled before it was told"
    if promise.carried_to is not None:
        return
    if outcome is Outcome.BROKEN and at <= promise.due:
        yield "is broken though it was settled in time"
    if outcome is not Outcome.BROKEN and at > promise.due:
        yield f"is {outcome} though its time had gone by"
    if outcome in (Outcome.MOVED, Outcome.WITHDRAWN) and not promise.reason:
        yield f"is {outcome} without a reason"
    yield from _of_message(ticket, promise)


def _of_message(ticket: Ticket, promise: Promise) -> Iterator[str]:
    outcome = promise.outcome
    if outcome is Outcome.BROKEN and promise.settled_in is not None and ticket.source is None:
        owning = ticket.message(promise.settled_in)
        if (owning is None or not owning.owns_delay) and ticket.was_told(promise):
            yield "was broken and the message after it does not own the delay"
    if outcome in (Outcome.KEPT, Outcome.MOVED):
        told = ticket.message(promise.settled_in or 0)
        if told is None or told.direction is not Direction.OUT:
            yield f"is {outcome} without a message to the customer"
        elif outcome is Outcome.KEPT and told.automatic:
            yield "is kept by an automatic message"
    if outcome is Outcome.MOVED and not any(p.follows == promise.id for p in ticket.promises):
        yield "is moved but no promise follows it"
