"""The order of a triage, how far it has come, and what was decided in it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.queue import QueueRow
from helpdesk.domain.triage import DEEDS, Decision, Triage, begin
from helpdesk.domain.words import Channel, Kind, Priority, State
from tests.conftest import MONDAY

HOUR = timedelta(hours=1)
OWN = [*sorted(DEEDS), Decision.SKIP]


def row(number: int, due: datetime | None, priority: Priority = Priority.NORMAL) -> QueueRow:
    """A row of the queue; without a due time it waits on the customer."""
    return QueueRow(
        id=number,
        external_id=None,
        kind=Kind.REQUEST,
        state=State.ON_US if due is not None else State.ON_CUSTOMER,
        channel=Channel.EMAIL,
        priority=priority,
        subject="Where is my order",
        customer_id=1,
        customer_name="Aigul Toktogulova",
        assignee=None,
        due=due,
        tags=(),
        created=MONDAY,
        updated=MONDAY,
    )


def triage_of(*hours: int) -> Triage:
    """Tickets 1, 2, 3 ... due so many hours from MONDAY on."""
    return begin(row(number, MONDAY + hour * HOUR) for number, hour in enumerate(hours, 1))


def numbers(triage: Triage) -> list[int]:
    """The tickets in their order."""
    return [waiting.ticket for waiting in triage.tickets]


def at(triage: Triage) -> int | None:
    """The ticket in front of the agent."""
    return triage.current.ticket if triage.current is not None else None


def decide_all(triage: Triage, decisions: Sequence[Decision]) -> Triage:
    """One decision after another."""
    for decision in decisions:
        triage = triage.decide(decision)
    return triage


def test_the_longest_overdue_comes_first_and_then_what_is_due_soonest() -> None:
    assert numbers(triage_of(3, -1, 1, -50, 48)) == [4, 2, 3, 1, 5]


def test_what_waits_for_the_customer_or_is_closed_takes_no_part() -> None:
    triage = begin([row(1, None), row(2, MONDAY)])
    assert numbers(triage) == [2]
    assert begin([row(1, None)]).current is None


def test_of_what_is_due_at_the_same_time_the_urgent_and_then_the_older_comes_first() -> None:
    rows = [
        row(1, MONDAY, Priority.LOW),
        row(4, MONDAY),
        row(3, MONDAY),
        row(9, MONDAY, Priority.URGENT),
        row(8, MONDAY, Priority.HIGH),
    ]
    assert numbers(begin(rows)) == [9, 8, 3, 4, 1]


def test_progress_says_which_ticket_of_how_many_and_how_many_overdue_are_left() -> None:
    triage = triage_of(-3, -2, -1, 1)
    assert triage.progress(MONDAY).words == "1 of 4, 3 overdue left"
    triage = triage.decide(Decision.REPLY)
    assert triage.progress(MONDAY).words == "2 of 4, 2 overdue left"
    assert triage.progress(MONDAY + 2 * HOUR).words == "2 of 4, 3 overdue left"
    assert triage_of(1).progress(MONDAY).words == "1 of 1, none overdue left"


@pytest.mark.parametrize("decision", sorted(Decision))
def test_what_is_decided_on_but_not_answered_is_still_overdue(decision: Decision) -> None:
    answered = {"reply", "promise", "no_answer", "close", "gone"}
    triage = triage_of(-3, -2).decide(decision)
    left = 1 if decision in answered else 2
    assert triage.progress(MONDAY).overdue_left == left
    if decision in DEEDS:
        assert triage.failed(1).progress(MONDAY).overdue_left == 2, "it was not carried out"


def test_a_promise_due_this_very_moment_is_not_overdue_yet() -> None:
    assert triage_of(0).progress(MONDAY).overdue_left == 0
    assert triage_of(0).progress(MONDAY + timedelta(seconds=1)).overdue_left == 1


def test_each_decision_goes_on_to_the_next_ticket_until_there_is_none() -> None:
    triage = triage_of(1, 2)
    assert at(triage) == 1 and triage.ahead(5) == (2,)
    triage = triage.decide(Decision.NOTE)
    assert at(triage) == 2 and triage.ahead(5) == ()
    triage = triage.decide(Decision.SKIP)
    assert at(triage) is None
    assert triage.decide(Decision.REPLY) == triage


def test_taking_back_returns_to_the_ticket_last_decided_on() -> None:
    triage = decide_all(triage_of(1, 2, 3), [Decision.REPLY, Decision.ASSIGN])
    assert triage.last is not None and triage.last.ticket == 2
    assert at(triage.take_back()) == 2
    assert at(triage.take_back().take_back()) == 1
    first = triage.take_back().take_back()
    assert first.last is None and first.take_back() == first


def test_tickets_that_others_had_done_are_passed_over_in_taking_back() -> None:
    triage = decide_all(triage_of(1, 2, 3), [Decision.REPLY, Decision.GONE])
    assert triage.last is not None and triage.last.ticket == 1
    triage = triage.take_back()
    assert at(triage) == 1 and numbers(triage) == [1, 2, 3] and triage.made == ()


def test_a_decision_that_could_not_be_carried_out_brings_its_ticket_again_at_the_end() -> None:
    triage = decide_all(triage_of(1, 2), [Decision.REPLY]).failed(1)
    assert numbers(triage) == [1, 2, 1]
    assert triage.counts() == ((Decision.FAILED, 1),)
    assert triage.failed(1) == triage
    triage = decide_all(triage, [Decision.ASSIGN, Decision.REPLY])
    assert at(triage) is None
    assert triage.counts() == ((Decision.REPLY, 1), (Decision.ASSIGN, 1), (Decision.FAILED, 1))


def test_a_ticket_that_failed_comes_once_only_after_taking_back_to_before_it() -> None:
    triage = decide_all(triage_of(1, 2, 3), [Decision.SKIP, Decision.REPLY]).failed(2)
    assert numbers(triage) == [1, 2, 3, 2]
    assert numbers(triage.take_back()) == [1, 2, 3]


def test_the_summary_counts_what_was_decided() -> None:
    made = [Decision.SKIP, Decision.REPLY, Decision.PROMISE, Decision.SKIP, Decision.GONE]
    triage = decide_all(triage_of(1, 2, 3, 4, 5, 6), made)
    assert triage.summary == "1 reply, 1 date told, 2 skipped, 1 no longer waiting"
    assert triage.tickets_of(Decision.SKIP) == (1, 4)
    assert triage_of(1).summary == ""


@given(
    st.integers(1, 8),
    st.lists(st.sampled_from([*OWN, Decision.GONE, Decision.UNREADABLE]), max_size=12),
)
def test_every_ticket_is_decided_on_once_whatever_is_decided(
    count: int, decisions: list[Decision]
) -> None:
    triage = decide_all(triage_of(*range(count)), decisions)
    assert [made.ticket for made in triage.made] == numbers(triage)[: len(triage.made)]
    assert sum(count for _, count in triage.counts()) == min(count, len(decisions))
    assert 1 <= triage.progress(MONDAY).number <= triage.progress(MONDAY).of == count


@given(
    st.integers(2, 8),
    st.lists(st.sampled_from([*OWN, Decision.GONE, Decision.UNREADABLE]), max_size=7),
    st.sampled_from(OWN),
)
def test_what_is_taken_back_leaves_no_trace(
    count: int, before: list[Decision], decision: Decision
) -> None:
    triage = decide_all(triage_of(*range(count)), before[: count - 1])
    assert triage.decide(decision).take_back() == triage
