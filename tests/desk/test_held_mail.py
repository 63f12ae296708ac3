"""What is held counts once it is let go, and what may have arrived is held."""

from datetime import timedelta

import pytest

from helpdesk import clock
from helpdesk.desk import answers, inbound, outbox, sending, upkeep
from helpdesk.desk.desk import Desk
from helpdesk.domain.errors import InvalidInput
from helpdesk.domain.invariants import faults
from helpdesk.domain.outgoing import Sending
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Outcome, State
from tests.conftest import MONDAY
from tests.desk.outgoing import A_LETTER, Way, states


def test_an_answer_that_is_held_counts_once_it_is_let_go(mailing: Desk, leaking: Ticket) -> None:
    assert leaking.promise is not None
    answers.reply(mailing, leaking.id, "A new tent is on its way.")
    outbox.hold(mailing, 2)
    held = mailing.store.ticket(leaking.id)
    assert held.messages[-1].undelivered == "held back"
    assert held.outcome_of(held.promises[0], mailing.now()) is Outcome.WITHDRAWN
    assert [row.id for row in mailing.store.queue(mailing.query("is:undelivered"))] == [leaking.id]
    outbox.release(mailing, 2)
    let_go = mailing.store.ticket(leaking.id)
    assert let_go.messages[-1].undelivered is None
    assert let_go.outcome_of(let_go.promises[0], mailing.now()) is Outcome.KEPT
    assert faults(held) == faults(let_go) == []


def test_while_another_date_is_held_the_promise_stands_that_the_customer_knows(
    mailing: Desk, leaking: Ticket
) -> None:
    assert leaking.promise is not None
    other = MONDAY + timedelta(days=2)
    answers.tell_date(mailing, leaking.id, other, "cloth")
    for _ in range(2):
        outbox.hold(mailing, 2)
        held = mailing.store.ticket(leaking.id)
        assert held.promise is not None
        assert (held.promise.due, held.was_told(held.promise)) == (leaking.promise.due, True)
        assert held.never_left is not None
        outbox.release(mailing, 2)
        ticket = mailing.store.ticket(leaking.id)
        assert ticket.promise is not None
        assert (ticket.promise.due, ticket.was_told(ticket.promise)) == (other, True)
        assert ticket.never_left is None
        assert faults(held) == faults(ticket) == []
    assert ticket.promises[1].reason == "the message that tells it is held back"
    outcomes = [ticket.outcome_of(promise, mailing.now()) for promise in ticket.promises]
    assert outcomes.count(Outcome.MOVED) == outcomes.count(Outcome.OPEN) == 1
    assert set(outcomes) <= {Outcome.MOVED, Outcome.OPEN, Outcome.WITHDRAWN}
    sending.send(mailing, Way())
    assert states(mailing) == ["sent", "sent"]
    assert mailing.store.check() == []


def test_another_date_that_was_held_and_cancelled_was_never_told(
    mailing: Desk, leaking: Ticket
) -> None:
    assert leaking.promise is not None
    due = MONDAY + timedelta(days=2)
    answers.reply(mailing, leaking.id, "Soon.", next_due=due, next_reason="cloth")
    outbox.hold(mailing, 2)
    outbox.cancel(mailing, 2)
    ticket = mailing.store.ticket(leaking.id)
    assert ticket.promise is not None
    assert ticket.promise.due == leaking.promise.due
    assert ticket.messages[-1].undelivered == "cancelled by aibek"
    assert faults(ticket) == []


def test_another_date_is_not_let_go_once_the_promise_is_past_or_answered(
    mailing: Desk, leaking: Ticket
) -> None:
    assert leaking.promise is not None
    answers.tell_date(mailing, leaking.id, MONDAY + timedelta(days=2), "cloth")
    outbox.hold(mailing, 2)
    late = clock.hold(leaking.promise.due + timedelta(minutes=1))
    with late, pytest.raises(InvalidInput, match="its time has gone by"):
        outbox.release(mailing, 2)
    answers.reply(mailing, leaking.id, "A new tent is on its way.")
    with pytest.raises(InvalidInput, match="holds no more"):
        outbox.release(mailing, 2)
    ticket = mailing.store.ticket(leaking.id)
    assert ticket.state is State.ON_CUSTOMER
    assert faults(ticket) == []


def test_another_date_in_place_of_a_broken_promise_cannot_be_held(
    mailing: Desk, leaking: Ticket
) -> None:
    assert leaking.promise is not None
    with clock.hold(MONDAY + timedelta(days=1)):
        answers.tell_date(mailing, leaking.id, MONDAY + timedelta(days=3), "cloth")
        before = mailing.store.ticket(leaking.id)
        with pytest.raises(InvalidInput, match="cannot be held: cancel it"):
            outbox.hold(mailing, 2)
        assert mailing.store.ticket(leaking.id) == before
        assert states(mailing) == ["sent", "queued"]
        outbox.cancel(mailing, 2)
        ticket = mailing.store.ticket(leaking.id)
    assert ticket.promise is not None
    assert ticket.promise.due == leaking.promise.due
    assert faults(ticket) == []


def test_what_was_held_until_its_time_had_gone_by_is_not_let_go(
    mailing: Desk, leaking: Ticket
) -> None:
    assert leaking.promise is not None
    answers.reply(mailing, leaking.id, "A new tent is on its way.")
    outbox.hold(mailing, 2)
    with clock.hold(leaking.promise.due + timedelta(minutes=1)):
        with pytest.raises(InvalidInput, match="too late to let it go"):
            outbox.release(mailing, 2)
        assert mailing.store.outgoing(2).state is Sending.HELD
        outbox.cancel(mailing, 2)
        ticket = mailing.store.ticket(leaking.id)
        assert ticket.state is State.ON_US
        assert ticket.broken(mailing.now())
        assert faults(ticket) == []


def test_a_promise_that_was_told_holds_after_a_merge_before_an_earlier_one_that_was_not(
    mailing: Desk,
) -> None:
    held = inbound.take(mailing, A_LETTER).ticket or 0
    outbox.hold(mailing, 1)
    other = inbound.take(mailing, A_LETTER.replace(b"first@", b"other@")).ticket or 0
    told = MONDAY + timedelta(days=2)
    answers.tell_date(mailing, other, told, "cloth")
    upkeep.merge(mailing, held, other)
    into = mailing.store.ticket(other)
    assert into.promise is not None
    assert (into.promise.due, into.was_told(into.promise)) == (told, True)
    assert faults(into) == faults(mailing.store.ticket(held)) == []
    # The date in what is held holds no more: the customer is not told it any more either.
    with pytest.raises(InvalidInput, match="the date that it tells holds no more; cancel it"):
        outbox.release(mailing, 1)
    assert mailing.store.outgoing(1).state is Sending.HELD
    outbox.cancel(mailing, 1)
    assert mailing.store.ticket(other).promise == into.promise


def test_a_promise_that_was_not_told_goes_on_after_a_merge_where_there_is_no_other(
    mailing: Desk,
) -> None:
    held = inbound.take(mailing, A_LETTER).ticket or 0
    outbox.hold(mailing, 1)
    other = inbound.take(mailing, A_LETTER.replace(b"first@", b"other@")).ticket or 0
    answers.reply(mailing, other, "A new tent is on its way.")
    upkeep.merge(mailing, held, other)
    promise = mailing.store.ticket(other).promise
    assert promise is not None
    late = clock.hold(promise.due + timedelta(minutes=1))
    with late, pytest.raises(InvalidInput, match="too late to let it go"):
        outbox.release(mailing, 1)
    outbox.release(mailing, 1)
    into = mailing.store.ticket(other)
    assert into.was_told(promise)
    assert faults(into) == []


def test_an_answer_that_was_held_may_go_late_if_another_kept_the_promise(
    mailing: Desk, leaking: Ticket
) -> None:
    assert leaking.promise is not None
    answers.reply(mailing, leaking.id, "A new tent is on its way.")
    outbox.hold(mailing, 2)
    answers.reply(mailing, leaking.id, "It comes tomorrow.")
    with clock.hold(leaking.promise.due + timedelta(days=1)):
        outbox.release(mailing, 2)
        ticket = mailing.store.ticket(leaking.id)
        assert ticket.outcome_of(ticket.promises[0], mailing.now()) is Outcome.KEPT
        assert faults(ticket) == []
        sending.send(mailing, Way())
    assert states(mailing) == ["sent", "sent", "sent"]


def test_an_acknowledgement_that_was_held_does_not_go_after_the_answer(mailing: Desk) -> None:
    inbound.take(mailing, A_LETTER)
    outbox.hold(mailing, 1)
    answers.reply(mailing, 1, "A new tent is on its way.")
    with pytest.raises(InvalidInput, match="holds no more"):
        outbox.release(mailing, 1)


def test_a_promise_told_in_what_is_held_is_not_told_yet(mailing: Desk) -> None:
    taken = inbound.take(mailing, A_LETTER)
    outbox.hold(mailing, 1)
    ticket = mailing.store.ticket(taken.ticket or 0)
    assert ticket.promise is not None
    assert not ticket.was_told(ticket.promise)
    outbox.release(mailing, 1)
    ticket = mailing.store.ticket(taken.ticket or 0)
    assert ticket.promise is not None
    assert ticket.was_told(ticket.promise)
