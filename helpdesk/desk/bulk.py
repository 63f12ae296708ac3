"""One decision for many tickets: first a review of what it would do, then each ticket by itself.

The review is a rehearsal: the same use cases run as when it is carried out, only that nothing is
written. So what is shown is what is done, and what is refused is refused with the same words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from helpdesk.desk import answers, letters, macros, upkeep
from helpdesk.desk.desk import Desk
from helpdesk.desk.own_changes import ticket_to_act_on
from helpdesk.desk.undoing import Change, change
from helpdesk.domain.customer import Customer
from helpdesk.domain.errors import HelpdeskError, InvalidInput, RuleBroken
from helpdesk.domain.rights import Right
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.wording import brief_time, day_and_time
from helpdesk.domain.words import Channel, State
from helpdesk.store.base import Conflict, Reading, Store, T, Writing


@dataclass(frozen=True, slots=True)
class Assign:
    """Give the tickets to an agent, or to nobody."""

    assignee: str | None


@dataclass(frozen=True, slots=True)
class Tag:
    """Add and take away tags."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Close:
    """End the matters: with ``macro``, the name of a text that is the answer, each in its
    customer's language; or with the reason why no answer is needed. With neither, only what does
    not wait on us can be closed."""

    macro: str = ""
    no_answer_reason: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """Tell the customers another date, and why."""

    due: datetime
    reason: str


Decision = Assign | Tag | Close | Move

NO_LETTERS: Mapping[int, str] = {}


@dataclass(frozen=True, slots=True)
class Step:
    """What a decision does to one ticket.

    ``what`` is that in a line, or if it is ``refused``, why it is not done. ``letter`` is what the
    customer is told, by ``channel``; empty if nothing. ``at`` is the time of the review (UTC),
    ``ticket`` is the ticket as it was then. ``ticket`` and ``customer`` are None where they could
    not be read.
    """

    number: int
    what: str
    at: datetime
    refused: bool = False
    letter: str = ""
    channel: Channel | None = None
    ticket: Ticket | None = None
    customer: Customer | None = None

    @property
    def subject(self) -> str | None:
        """What the ticket is about."""
        return self.ticket.subject if self.ticket is not None else None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one ticket: ``done``, or ``what`` stood in the way. ``change`` is what was set
    on it, if that told nobody."""

    number: int
    done: bool
    what: str
    change: Change | None = field(default=None, compare=False)


def preview(
    desk: Desk,
    numbers: Iterable[int],
    decision: Decision,
    letters: Mapping[int, str] = NO_LETTERS,
) -> Iterator[Step]:
    """What the decision would do, a ticket at a time; nothing is written. A number that comes
    twice counts once. ``letters`` are those that the agent wrote himself, by ticket.

    Raises:
        InvalidInput: if the decision itself is none.
        NotPermitted: if the agent may change no tickets.
    """
    desk.require(Right.WORK)
    _require_sense(desk, decision)
    rehearsing = _rehearsing(desk)
    return (
        _rehearsed(desk, rehearsing, each, decision, letters.get(each))
        for each in dict.fromkeys(numbers)
    )


def look_again(
    desk: Desk, steps: Iterable[Step], decision: Decision, letters: Mapping[int, str] = NO_LETTERS
) -> list[Step]:
    """What would be refused by now of what was reviewed, as it would be done now.

    Raises:
        NotPermitted: if the agent may change no tickets.
    """
    desk.require(Right.WORK)
    stale = [step.number for step in steps if not step.refused and _is_stale(desk, step)]
    return list(preview(desk, stale, decision, letters)) if stale else []


def promise_at_stake(steps: Iterable[Step], decision: Decision, now: datetime) -> datetime | None:
    """When the first promise falls due that the decision keeps, moves or settles."""
    if not isinstance(decision, Close | Move):
        return None
    promises = [step.ticket.promise for step in steps if step.ticket is not None]
    dues = [promise.due for promise in promises if promise is not None]
    return min((due for due in dues if due >= now), default=None)


def carry_out(desk: Desk, steps: Iterable[Step], decision: Decision) -> Iterator[Result]:
    """Carry out what was reviewed, each ticket by itself, as the results are asked for.

    What was refused in the review is left out. A ticket that somebody else has changed since then,
    or whose promise has come due, is refused; so is what cannot be written. The others are done.

    Raises:
        NotPermitted: if the agent may change no tickets.
    """
    desk.require(Right.WORK)
    return (_carried_out(desk, step, decision) for step in steps if not step.refused)


def _require_sense(desk: Desk, decision: Decision) -> None:
    match decision:
        case Assign(assignee=str(assignee)):
            upkeep.require_agent(desk, assignee)
        case Tag(add=(), remove=()):
            raise InvalidInput("name a tag to add or to take away")
        case Close(macro=str(macro), no_answer_reason=str(reason)) if macro and reason.strip():
            raise InvalidInput("either an answer is sent, or none is needed: choose one of both")
        case Move(reason=str(reason)) if not reason.strip():
            raise InvalidInput("telling another date takes a reason: the customers are told it")


def _rehearsed(
    desk: Desk, rehearsing: Desk, number: int, decision: Decision, letter: str | None
) -> Step:
    at = desk.now()
    ticket = customer = None
    try:
        ticket = desk.store.ticket(number)
        if ticket.customer is not None:
            customer = desk.store.customer(ticket.customer)
        _require_promise_to_move(ticket, decision)
        text = letter if letter is not None else _answer(desk, ticket, customer, decision)
        after = _do(rehearsing, number, decision, text, seen=ticket.rev, drafted=at)
        _require_change(ticket, after)
    except HelpdeskError as error:
        return Step(number, error.message, at, True, ticket=ticket, customer=customer)
    told = after.messages[len(ticket.messages) :]
    return Step(
        number,
        _words(ticket, after, desk.zone, desk.now()),
        at,
        letter="\n\n".join(message.text for message in told),
        channel=told[-1].channel if told else None,
        ticket=ticket,
        customer=customer,
    )


def _carried_out(desk: Desk, step: Step, decision: Decision) -> Result:
    assert step.ticket is not None
    try:
        _require_as_reviewed(desk, step)
        text = step.letter or None
        before = ticket_to_act_on(desk, step.ticket)
        after = _do(desk, step.number, decision, text, seen=before.rev, drafted=step.at)
    except HelpdeskError as error:
        return Result(step.number, False, error.message)
    return Result(step.number, True, step.what, change(before, after))


def _require_promise_to_move(ticket: Ticket, decision: Decision) -> None:
    if not isinstance(decision, Move):
        return
    if ticket.promise is None:
        raise RuleBroken(f"ticket {ticket.id}: no promise stands that could be moved")
    if ticket.promise.due == decision.due:
        raise InvalidInput("nothing to do: it is promised for then already")


def _is_stale(desk: Desk, step: Step) -> bool:
    """Whether others changed the ticket since the review, or the letter would be untrue by now."""
    assert step.ticket is not None
    try:
        seen = ticket_to_act_on(desk, step.ticket)
        if desk.store.ticket(step.number).rev != seen.rev:
            return True
        _require_as_reviewed(desk, step)
    except HelpdeskError:
        return True
    return False


def _require_change(before: Ticket, after: Ticket) -> None:
    noted = {"history": before.history, "updated": before.updated}
    if after.model_copy(update=noted) == before:
        raise InvalidInput("nothing to do: it is so already")


def _require_as_reviewed(desk: Desk, step: Step) -> None:
    """Refuse a letter that has come to owe an apology since it was shown."""
    if not step.letter or step.customer is None:
        return
    apology = answers.owed_apology(desk, desk.store.ticket(step.number), step.customer)
    if apology and not letters.apologizes(desk, step.customer, step.letter, apology):
        raise Conflict("the promise has come due meanwhile: look at the letter again")


def _answer(
    desk: Desk, ticket: Ticket, customer: Customer | None, decision: Decision
) -> str | None:
    """The answer that a Close sends; None leaves the words to the use case."""
    if not isinstance(decision, Close) or not decision.macro or customer is None:
        return None
    macro = macros.find_macro(desk, customer, decision.macro)
    return macros.letter(desk, macro, ticket, customer)


def _do(
    desk: Desk,
    number: int,
    decision: Decision,
    text: str | None,
    *,
    seen: int | None,
    drafted: datetime,
) -> Ticket:
    """Do it to one ticket as it was ``seen``; ``text`` is what the customer is told."""
    match decision:
        case Assign(assignee=assignee):
            return upkeep.assign(desk, number, assignee, seen)
        case Tag(add=add, remove=remove):
            return upkeep.set_tags(desk, number, add, remove, seen)
        case Close(no_answer_reason=reason):
            return answers.close(desk, number, text=text, no_answer_reason=reason, seen=seen)
        case Move(due=due, reason=reason):
            return answers.tell_date(
                desk, number, due, reason, text=text, seen=seen, drafted=drafted
            )


def _words(before: Ticket, after: Ticket, zone: ZoneInfo, now: datetime) -> str:
    """What changes, in a line for the agent."""
    parts = []
    if after.assignee != before.assignee:
        parts.append(f"assigned to {after.assignee or 'nobody'}")
    parts += [f"+{tag}" for tag in after.tags if tag not in before.tags]
    parts += [f"-{tag}" for tag in before.tags if tag not in after.tags]
    old, new = before.promise, after.promise
    if old is not None and new is not None and old != new:
        outcome = after.promises[old.id - 1].outcome
        was, due = brief_time(old.due, zone, now), brief_time(new.due, zone, now)
        parts.append(f"→ {due}, was {was}, {outcome}")
    elif old is not None and new is None:
        outcome = after.promises[old.id - 1].outcome
        parts.append(f"promise for {day_and_time(old.due, zone)} {outcome}")
    elif new is not None and old is None:
        parts.append(f"promised for {day_and_time(new.due, zone)}")
    if after.state is State.CLOSED:
        parts.append("closed")
    return ", ".join(parts)


class _Rehearsal:
    """The store, as use cases write to it; nothing of what they put is kept."""

    def __init__(self, store: Reading) -> None:
        self._store = store

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """Read what is there, and put nothing anywhere."""
        yield cast(Writing, _Unwritten(self._store))


class _Unwritten:
    def __init__(self, store: Reading) -> None:
        self.ticket = store.ticket
        self.customer = store.customer

    def new_outgoing_id(self) -> int:
        """A number that nothing has."""
        return 1

    def put(self, document: T) -> T:
        """Take it for saved."""
        return document


def _rehearsing(desk: Desk) -> Desk:
    desk.texts  # noqa: B018 - read once for all, not for each
    return desk.with_changes_to(cast(Store, _Rehearsal(desk.store)))
