"""No sequence of actions breaks the rules of a promise."""

from collections.abc import Callable
from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from helpdesk.domain import actions
from helpdesk.domain.actions import Deed
from helpdesk.domain.errors import RuleBroken
from helpdesk.domain.invariants import faults
from helpdesk.domain.merge import merge
from helpdesk.domain.promise import Promise
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.undelivered import never_left, settled_by
from helpdesk.domain.words import Direction, Outcome, State
from tests.unit.stories import START, a_ticket, deed, telling

SOME_MINUTES = st.integers(0, 90)


class Desk(RuleBasedStateMachine):
    """Agents and a customer do whatever they can think of to two tickets, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.minutes = 0
        self.tickets: dict[int, Ticket] = {}
        self.seen: dict[tuple[int, int], Promise] = {}
        self.broken = 0

    @initialize(first=SOME_MINUTES, second=SOME_MINUTES)
    def two_matters_come_in(self, first: int, second: int) -> None:
        self.tickets = {1: a_ticket(first + 1, number=1), 2: a_ticket(second + 1, number=2)}

    @rule(minutes=SOME_MINUTES)
    def time_goes_by(self, minutes: int) -> None:
        self.minutes += minutes

    @rule(number=st.sampled_from([1, 2]), owns=st.booleans(), ahead=st.none() | SOME_MINUTES)
    def an_agent_answers(self, number: int, owns: bool, ahead: int | None) -> None:
        promised = None if ahead is None else telling(self.minutes + ahead)
        self.attempt(
            number,
            lambda t: actions.answer(t, self.deed(), "x", owns_delay=owns, next_promise=promised),
        )

    @rule(number=st.sampled_from([1, 2]), owns=st.booleans(), ahead=SOME_MINUTES)
    def an_agent_tells_another_date(self, number: int, owns: bool, ahead: int) -> None:
        date = telling(self.minutes + ahead)
        self.attempt(
            number,
            lambda t: actions.move_promise(t, self.deed(), date, reason="late", owns_delay=owns),
        )

    @rule(
        number=st.sampled_from([1, 2]), told=st.booleans(), owns=st.booleans(), ahead=SOME_MINUTES
    )
    def the_customer_writes(self, number: int, told: bool, owns: bool, ahead: int) -> None:
        date = telling(self.minutes + ahead)._replace(owns_delay=owns) if told else None
        self.attempt(number, lambda t: actions.take_in(t, self.deed(), "x", "Aigul", date))

    @rule(number=st.sampled_from([1, 2]), reason=st.sampled_from(["a thank-you", ""]))
    def an_agent_says_that_no_answer_is_needed(self, number: int, reason: str) -> None:
        self.attempt(number, lambda t: actions.no_answer_needed(t, self.deed(), reason))

    @rule(number=st.sampled_from([1, 2]))
    def an_agent_closes(self, number: int) -> None:
        self.attempt(number, lambda t: actions.close(t, self.deed()))

    @rule(number=st.sampled_from([1, 2]), owns=st.booleans(), ahead=SOME_MINUTES)
    def an_agent_takes_it_up_again(self, number: int, owns: bool, ahead: int) -> None:
        date = telling(self.minutes + ahead)._replace(owns_delay=owns)
        self.attempt(number, lambda t: actions.reopen(t, self.deed(), date, reason="again"))

    @precondition(lambda self: self.minutes > 20)
    @rule(away=st.sampled_from([1, 2]))
    def an_agent_merges(self, away: int) -> None:
        into = 3 - away
        try:
            left, grown = merge(self.tickets[away], self.tickets[into], self.deed())
        except RuleBroken:
            return
        standing = [(t.promise, t.was_told(t.promise)) for t in self.tickets.values() if t.promise]
        of_weight = [p for p, told in standing if told] or [p for p, _ in standing]
        earliest = min((promise.due for promise in of_weight), default=None)
        assert (grown.promise.due if grown.promise else None) == earliest
        owed = any(ticket.owes_apology(self.now) for ticket in self.tickets.values())
        assert grown.owes_apology(self.now) or not owed
        self.tickets = {away: left, into: grown}

    @rule(number=st.sampled_from([1, 2]), which=st.integers(1, 30))
    def a_message_turns_out_never_to_have_left(self, number: int, which: int) -> None:
        before = self.tickets[number]
        told = [m.id for m in before.messages if m.direction is Direction.OUT]
        if not told:
            return
        message = told[which % len(told)]
        lapsed = settled_by(before, message)
        after = never_left(before, self.deed(), message, "550 no such user")
        assert after.messages[message - 1].undelivered
        assert [replace_outcome(p) for p in after.promises[: len(before.promises)]] == [
            replace_outcome(p) for p in before.promises
        ]
        if lapsed is not None and before.messages[message - 1].undelivered is None:
            assert after.settled_as(lapsed) is not Outcome.KEPT or after.answer_after(
                after.messages[message - 1]
            )
            if before.merged_into is None and not after.answer_after(after.messages[message - 1]):
                assert after.state is State.ON_US
                assert after.promise is not None
                assert after.promise.due <= lapsed.due
        for promise in after.promises:
            if not after.was_told(promise):
                assert after.outcome_of(promise, self.now) in (Outcome.OPEN, Outcome.WITHDRAWN)
        self.tickets[number] = after
        self.broken = 0  # what was never told does not count any more

    def attempt(self, number: int, action: Callable[[Ticket], Ticket]) -> None:
        """A refused action leaves everything as it was."""
        before = self.tickets[number]
        try:
            after = action(before)
        except RuleBroken:
            return
        if before.owes_apology(self.now) and len(after.messages) > len(before.messages):
            added = after.messages[len(before.messages) :]
            assert all(m.owns_delay for m in added if m.direction is Direction.OUT)
        self.tickets[number] = after

    def deed(self) -> Deed:
        return deed(self.minutes)

    @property
    def now(self) -> datetime:
        return START + timedelta(minutes=self.minutes)

    @invariant()
    def every_ticket_is_in_order(self) -> None:
        for ticket in self.tickets.values():
            assert faults(ticket) == []

    @invariant()
    def a_ticket_that_waits_on_us_has_exactly_one_standing_promise(self) -> None:
        for ticket in self.tickets.values():
            standing = [p for p in ticket.promises if p.is_standing]
            assert len(standing) == (1 if ticket.state is State.ON_US else 0)

    @invariant()
    def the_ledger_only_grows_and_what_is_settled_stays(self) -> None:
        for ticket in self.tickets.values():
            for promise in ticket.promises:
                old = self.seen.get((ticket.id, promise.id))
                if old is not None and not old.is_standing:
                    assert promise == old
                if old is not None and old.outcome_at(self.now) is Outcome.BROKEN:
                    assert promise.outcome_at(self.now) is Outcome.BROKEN
                    renewed = ticket.settled_as(promise) is Outcome.WITHDRAWN
                    assert renewed or ticket.outcome_of(promise, self.now) in (
                        Outcome.BROKEN if ticket.was_told(promise) else Outcome.OPEN,
                    )
                if old is not None:
                    assert (promise.due, promise.told_at) == (old.due, old.told_at)
                self.seen[ticket.id, promise.id] = promise
        known = {(t.id, p.id) for t in self.tickets.values() for p in t.promises}
        assert self.seen.keys() <= known

    @invariant()
    def what_is_broken_stays_broken(self) -> None:
        broken = sum(
            ticket.outcome_of(promise, self.now) is Outcome.BROKEN
            for ticket in self.tickets.values()
            for promise in ticket.promises
        )
        assert broken >= self.broken
        self.broken = broken


def replace_outcome(promise: Promise) -> Promise:
    """The promise as it was told, whatever became of it since."""
    unsettled = {"outcome": Outcome.OPEN, "settled_at": None, "settled_in": None, "reason": None}
    return promise.model_copy(update=unsettled)


Desk.TestCase.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
TestNoSequenceOfActionsBreaksTheRules = Desk.TestCase
