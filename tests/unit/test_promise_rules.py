"""The rules of a promise, one by one."""

from collections.abc import Callable

import pytest

from helpdesk.domain import actions
from helpdesk.domain.erasure import erase
from helpdesk.domain.errors import InvalidInput, RuleBroken
from helpdesk.domain.invariants import faults
from helpdesk.domain.merge import merge
from helpdesk.domain.promise import Promise, tell
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Direction, Outcome, State
from tests.unit.stories import START, a_ticket, deed, telling


def outcomes(ticket: Ticket, minutes: float) -> list[Outcome]:
    return [promise.outcome_at(deed(minutes).at) for promise in ticket.promises]


def standing(ticket: Ticket) -> Promise:
    assert ticket.promise is not None
    return ticket.promise


def test_rule_1_a_new_ticket_waits_on_us_with_exactly_one_open_promise() -> None:
    ticket = a_ticket()
    assert ticket.state is State.ON_US
    assert outcomes(ticket, 0) == [Outcome.OPEN]
    assert faults(ticket) == []


def test_rule_1_an_answered_ticket_waits_on_the_customer_without_a_promise() -> None:
    ticket = actions.answer(a_ticket(), deed(30), "We send you a new tent.")
    assert ticket.state is State.ON_CUSTOMER
    assert ticket.promise is None


def test_rule_1_a_ticket_that_waits_on_us_cannot_be_closed_over_the_customers_head() -> None:
    with pytest.raises(RuleBroken, match="answer the customer first"):
        actions.close(a_ticket(), deed(10))


def test_rule_2_a_promise_says_when_how_by_whom_and_in_which_message_it_was_told() -> None:
    ticket = a_ticket()
    (promise,) = ticket.promises
    told_in = ticket.message(promise.told_in)
    assert promise.told_at == START
    assert promise.told_by == "aibek"
    assert promise.channel is ticket.channel
    assert told_in is not None
    assert told_in.direction is Direction.OUT
    assert told_in.text == "You will have our answer by then."


@pytest.mark.parametrize(
    ("minutes", "outcome"), [(59, Outcome.KEPT), (60, Outcome.KEPT), (60.02, Outcome.BROKEN)]
)
def test_rule_3_an_answer_at_or_before_the_due_time_keeps_the_promise(
    minutes: float, outcome: Outcome
) -> None:
    late = outcome is Outcome.BROKEN
    ticket = actions.answer(a_ticket(due=60), deed(minutes), "An answer.", owns_delay=late)
    assert outcomes(ticket, 9999) == [outcome]
    assert ticket.promises[0].settled_in == ticket.messages[-1].id


def test_rule_3_an_automatic_acknowledgement_is_no_answer() -> None:
    ticket = a_ticket()
    assert ticket.messages[-1].automatic
    assert not ticket.messages[-1].is_answer
    assert outcomes(ticket, 1) == [Outcome.OPEN]


def test_rule_3_a_note_among_agents_is_no_answer() -> None:
    ticket = actions.note(a_ticket(), deed(5), "Asked the workshop.")
    assert outcomes(ticket, 5) == [Outcome.OPEN]


def test_rule_4_a_promise_moved_in_time_stays_on_record_and_is_linked_to_the_new_one() -> None:
    ticket = actions.move_promise(a_ticket(60), deed(50), telling(600), reason="parts are late")
    old, new = ticket.promises
    assert (old.outcome, old.reason) == (Outcome.MOVED, "parts are late")
    assert new.follows == old.id
    assert new.outcome is Outcome.OPEN
    assert old.settled_in == new.told_in == ticket.messages[-1].id
    assert faults(ticket) == []


def test_rule_4_a_promise_moves_only_with_a_reason() -> None:
    with pytest.raises(RuleBroken, match="takes a reason"):
        actions.move_promise(a_ticket(60), deed(50), telling(600), reason="  ")


def test_rule_4_a_promise_moves_only_to_a_time_ahead() -> None:
    with pytest.raises(RuleBroken, match="a time ahead"):
        actions.move_promise(a_ticket(60), deed(50), telling(50), reason="parts are late")


def test_rule_4_a_promise_is_not_moved_to_where_it_is() -> None:
    with pytest.raises(RuleBroken, match="due at that time already"):
        actions.move_promise(a_ticket(60), deed(5), telling(60), reason="late")


def test_rule_5_past_due_without_an_answer_a_promise_is_broken() -> None:
    ticket = a_ticket(60)
    assert outcomes(ticket, 60) == [Outcome.OPEN]
    assert outcomes(ticket, 60.1) == [Outcome.BROKEN]


def test_rule_5_a_broken_promise_stays_broken_when_another_is_told() -> None:
    late = actions.move_promise(
        a_ticket(60), deed(90), telling(600), reason="parts are late", owns_delay=True
    )
    assert outcomes(late, 90) == [Outcome.BROKEN, Outcome.OPEN]
    answered = actions.answer(late, deed(500), "Here it is.")
    assert outcomes(answered, 9999) == [Outcome.BROKEN, Outcome.KEPT]


def test_rule_5_the_next_message_to_the_customer_must_own_the_delay() -> None:
    with pytest.raises(RuleBroken, match="owns the delay"):
        actions.answer(a_ticket(60), deed(90), "Here it is.")
    with pytest.raises(RuleBroken, match="owns the delay"):
        actions.move_promise(a_ticket(60), deed(90), telling(600), reason="parts are late")


def test_rule_5_once_owned_the_delay_need_not_be_owned_again() -> None:
    ticket = actions.answer(a_ticket(60), deed(90), "Sorry. Here it is.", owns_delay=True)
    assert not ticket.owes_apology(deed(95).at)
    actions.answer(ticket, deed(95), "And one thing more.")


def test_rule_5_a_broken_promise_cannot_be_withdrawn_any_more() -> None:
    ticket = actions.no_answer_needed(a_ticket(60), deed(90), "a thank-you")
    assert outcomes(ticket, 90) == [Outcome.BROKEN]


def test_rule_6_a_further_message_of_the_customer_never_changes_an_open_promise() -> None:
    ticket = a_ticket(60)
    later = actions.take_in(ticket, deed(20), "And a pole broke.", "Aigul", None)
    assert later.promises == ticket.promises
    assert later.state is State.ON_US


def test_rule_6_a_message_after_our_answer_gets_a_promise_of_its_own() -> None:
    answered = actions.answer(a_ticket(60), deed(30), "Here it is.")
    again = actions.take_in(answered, deed(200), "It still leaks.", "Aigul", telling(260))
    assert again.state is State.ON_US
    assert outcomes(again, 200) == [Outcome.KEPT, Outcome.OPEN]
    with pytest.raises(RuleBroken, match="by when"):
        actions.take_in(answered, deed(200), "It still leaks.", "Aigul", None)


def test_rule_6_a_thank_you_withdraws_the_promise_with_the_reason() -> None:
    ticket = actions.no_answer_needed(a_ticket(60), deed(5), "a thank-you")
    (promise,) = ticket.promises
    assert (promise.outcome, promise.reason) == (Outcome.WITHDRAWN, "a thank-you")
    assert ticket.state is State.ON_CUSTOMER


def test_rule_7_when_tickets_are_merged_the_earliest_promise_holds() -> None:
    early, late = a_ticket(60, number=1), a_ticket(120, number=2)
    away, into = merge(early, late, deed(10))
    assert standing(into).due == early.promises[0].due
    assert [p.outcome for p in into.promises] == [Outcome.WITHDRAWN, Outcome.OPEN]
    assert away.state is State.CLOSED
    assert away.promises[0].carried_to is not None
    assert faults(away) == faults(into) == []

    away, into = merge(late, early, deed(10))
    assert into.promise == early.promises[0]
    assert [p.outcome for p in away.promises] == [Outcome.WITHDRAWN]


def test_rule_7_a_promise_that_was_told_goes_before_an_earlier_one_that_was_not() -> None:
    untold, told = a_ticket(60, number=1), a_ticket(120, number=2)
    held = untold.messages[-1].model_copy(update={"undelivered": "held back"})
    untold = untold.model_copy(update={"messages": (*untold.messages[:-1], held)})
    for away, into in ((untold, told), (told, untold)):
        left, grown = merge(away, into, deed(10))
        assert standing(grown).due == told.promises[0].due
        assert grown.was_told(standing(grown))
        assert faults(left) == faults(grown) == []


def test_rule_7_a_promise_that_comes_along_names_the_message_that_told_it() -> None:
    _, into = merge(a_ticket(60, number=1), a_ticket(120, number=2), deed(10))
    told_in = into.message(standing(into).told_in)
    assert told_in is not None
    assert told_in.id > 2
    assert told_in.direction is Direction.OUT


def test_rule_7_an_apology_on_one_ticket_does_not_pass_for_that_on_the_other() -> None:
    owed = actions.no_answer_needed(a_ticket(20, number=2), deed(21), "a thank-you")
    owned = actions.no_answer_needed(a_ticket(20, number=1), deed(21), "a thank-you")
    again = telling(60)._replace(owns_delay=True)
    owned = actions.take_in(owned, deed(21), "And now?", "Aigul Toktogulova", again)
    with pytest.raises(RuleBroken, match="ticket 2"):
        merge(owned, owed, deed(22))


def test_rule_7_a_merge_hides_no_broken_promise() -> None:
    early, late = a_ticket(60, number=1), a_ticket(120, number=2)
    away, into = merge(early, late, deed(200))
    assert outcomes(away, 200) == [Outcome.BROKEN]
    assert away.promises[0].counts_elsewhere
    assert outcomes(into, 200) == [Outcome.BROKEN, Outcome.BROKEN]
    assert not away.owes_apology(deed(201).at)
    assert standing(into).due == early.promises[0].due


def test_rule_7_tickets_of_two_customers_are_not_merged() -> None:
    with pytest.raises(RuleBroken, match="same customer"):
        merge(a_ticket(number=1, customer=7), a_ticket(number=2, customer=8), deed(10))


def test_rule_8_the_ledger_can_not_be_set_by_hand() -> None:
    with pytest.raises(ValueError, match="promises"):
        actions.change(a_ticket(), deed(1), "cheat", promises=())
    with pytest.raises(ValueError, match="state"):
        actions.change(a_ticket(), deed(1), "cheat", state=State.CLOSED)


def test_an_interim_answer_keeps_the_promise_and_makes_the_next() -> None:
    ticket = actions.answer(
        a_ticket(60), deed(30), "The workshop looks at it.", next_promise=telling(600)
    )
    assert ticket.state is State.ON_US
    assert outcomes(ticket, 30) == [Outcome.KEPT, Outcome.OPEN]


def test_a_closed_ticket_taken_up_again_has_a_promise() -> None:
    answered = actions.answer(a_ticket(60), deed(30), "Here it is.")
    closed = actions.close(answered, deed(40), resolution="A new tent", root_cause="Bad seam")
    assert (closed.state, closed.root_cause) == (State.CLOSED, "Bad seam")
    again = actions.reopen(closed, deed(50), telling(110), reason="it leaks again")
    assert again.state is State.ON_US
    assert standing(again).due == telling(110).due


def test_rule_1_the_ledger_takes_no_second_promise_beside_a_standing_one() -> None:
    ticket = a_ticket()
    with pytest.raises(RuleBroken, match="already stands"):
        tell(
            ticket.promises,
            due=telling(90).due,
            at=START,
            by="aibek",
            message=2,
            channel=ticket.channel,
            rule="same day",
        )


def test_rule_5_neither_a_note_nor_an_acknowledgement_owns_a_delay() -> None:
    broken = actions.no_answer_needed(a_ticket(60), deed(90), "a thank-you")
    noted = actions.note(broken, deed(91), "He was angry on the phone.")
    assert noted.owes_apology(deed(92).at)
    with pytest.raises(RuleBroken, match="owns the delay"):
        actions.take_in(noted, deed(92), "And now?", "Aigul", telling(200))
    owning = telling(200)._replace(owns_delay=True)
    again = actions.take_in(noted, deed(92), "And now?", "Aigul", owning)
    assert not again.owes_apology(deed(93).at)


def test_rule_5_a_merge_hides_no_apology_that_is_owed() -> None:
    answered = actions.answer(a_ticket(60, number=1), deed(90), "Sorry.", owns_delay=True)
    _, overdue = merge(answered, a_ticket(70, number=2), deed(95))
    assert overdue.owes_apology(deed(95).at)
    with pytest.raises(RuleBroken, match="owns the delay"):
        actions.answer(overdue, deed(96), "Here it is.")

    unowned = actions.no_answer_needed(a_ticket(60, number=1), deed(90), "a thank-you")
    with pytest.raises(RuleBroken, match="answer the customer first, then merge"):
        merge(unowned, a_ticket(200, number=2), deed(95))


def test_rule_7_a_ticket_merged_away_takes_up_nothing_any_more() -> None:
    away, _ = merge(a_ticket(number=1), a_ticket(number=2), deed(10))
    refused: list[Callable[[], object]] = [
        lambda: actions.take_in(away, deed(11), "x", "Aigul", telling(90)),
        lambda: actions.answer(away, deed(11), "x"),
        lambda: actions.reopen(away, deed(11), telling(90), reason="x"),
        lambda: actions.move_promise(away, deed(11), telling(90), reason="x"),
        lambda: actions.no_answer_needed(away, deed(11), "x"),
    ]
    for action in refused:
        with pytest.raises(RuleBroken, match="work on ticket 2"):
            action()


def test_nothing_is_added_to_the_ticket_of_an_erased_customer() -> None:
    erased = erase(a_ticket(), at=deed(5).at, by="aibek")
    for action in (
        lambda: actions.note(erased, deed(6), "x"),
        lambda: actions.change(erased, deed(6), "subject", subject="x"),
        lambda: actions.answer(erased, deed(6), "x"),
        lambda: merge(erased, a_ticket(number=2), deed(6)),
    ):
        with pytest.raises(RuleBroken, match="erased"):
            action()


def test_a_reason_of_invisible_characters_is_none() -> None:
    for reason in ("\u200b", "\x07", " \n"):
        with pytest.raises(RuleBroken, match="takes a reason"):
            actions.no_answer_needed(a_ticket(), deed(5), reason)


def test_a_closed_ticket_is_reopened_before_another_answer_is_promised() -> None:
    closed = actions.close(actions.answer(a_ticket(), deed(5), "x"), deed(6))
    with pytest.raises(RuleBroken, match="reopen it first"):
        actions.answer(closed, deed(7), "x", next_promise=telling(90))


def test_a_ticket_refuses_what_it_cannot_hold_in_one_line() -> None:
    with pytest.raises(InvalidInput, match="tags"):
        actions.change(a_ticket(), deed(1), "tagged", tags=("\u200b",))
    with pytest.raises(InvalidInput, match="at most 1,000,000 characters"):
        actions.note(a_ticket(), deed(1), "x" * 1_000_001)
