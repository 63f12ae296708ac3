"""What another system did becomes a ticket and a ledger that obey the rules of a promise."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.errors import RuleBroken
from helpdesk.domain.invariants import faults
from helpdesk.domain.past import (
    NOT_KNOWN_SINCE,
    NOT_KNOWN_WHEN,
    STATED_IN_TIME,
    PastMatter,
    PastPromise,
    past_ticket,
)
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Channel, Direction, Kind, Outcome, Priority, State

RECEIVED = datetime(2024, 5, 6, 14, 0, tzinfo=UTC)
DUE = RECEIVED + timedelta(days=3)
LATER = DUE + timedelta(days=30)
HOUR = timedelta(hours=1)


def promise(due: datetime = DUE) -> PastPromise:
    return PastPromise(
        due=due,
        told_at=RECEIVED,
        told_by="Boston 311",
        rule="stated by Boston 311",
        text="By then.",
    )


def matter(**fields: Any) -> PastMatter:
    given: dict[str, Any] = {
        "source": "Boston 311",
        "external_id": "101",
        "kind": Kind.REQUEST,
        "channel": Channel.PHONE,
        "priority": Priority.NORMAL,
        "subject": "Pothole",
        "text": "A pothole in front of the school",
        "author": "Resident of Dorchester (not named)",
        "received": RECEIVED,
        "state": State.CLOSED,
        "promise": promise(),
        "answered": DUE - HOUR,
        "answer": "Filled.",
    }
    return PastMatter(**{**given, **fields})


def taken_in(now: datetime = LATER, renewed: PastPromise | None = None, **fields: Any) -> Ticket:
    return past_ticket(matter(**fields), number=7, customer=3, by="aibek", now=now, renewed=renewed)


def test_an_answer_before_the_promised_time_kept_the_promise() -> None:
    ticket = taken_in()
    [kept] = ticket.promises
    assert (kept.outcome, kept.due, kept.settled_at) == (Outcome.KEPT, DUE, DUE - HOUR)
    assert (kept.told_at, kept.told_by, kept.told_in) == (RECEIVED, "Boston 311", 2)
    assert kept.rule == "stated by Boston 311"
    assert kept.settled_in == 3
    assert faults(ticket) == []


def test_the_conversation_is_what_came_in_what_was_promised_and_the_answer() -> None:
    ticket = taken_in()
    said = [(m.direction, m.at, m.text, m.automatic) for m in ticket.messages]
    assert said == [
        (Direction.IN, RECEIVED, "A pothole in front of the school", False),
        (Direction.OUT, RECEIVED, "By then.", True),
        (Direction.OUT, DUE - HOUR, "Filled.", False),
    ]
    assert ticket.state is State.CLOSED
    assert (ticket.created, ticket.updated) == (RECEIVED, DUE - HOUR)
    assert ticket.assignee is None


def test_the_history_tells_who_imported_it_and_when_it_was_closed() -> None:
    told = [(event.at, event.by, event.what) for event in taken_in().history]
    assert told == [(DUE - HOUR, "Boston 311", "closed"), (LATER, "aibek", "imported")]


def test_an_answer_at_the_promised_second_is_in_time_and_one_after_it_is_late() -> None:
    assert taken_in(answered=DUE).promises[0].outcome is Outcome.KEPT
    late = taken_in(answered=DUE + timedelta(seconds=1))
    assert late.promises[0].outcome is Outcome.BROKEN
    assert faults(late) == []


def test_an_open_matter_stands_with_its_promise_and_is_broken_when_the_time_has_gone_by() -> None:
    ticket = taken_in(state=State.ON_US, answered=None, outcome=Outcome.BROKEN)
    [standing] = ticket.promises
    assert standing.is_standing
    assert standing.outcome_at(LATER) is Outcome.BROKEN
    assert len(ticket.messages) == 2
    assert faults(ticket) == []


def test_an_open_matter_is_open_whatever_closing_time_an_earlier_closing_left() -> None:
    ticket = taken_in(state=State.ON_US, answered=DUE - HOUR)
    assert ticket.promises[0].is_standing
    assert len(ticket.messages) == 2
    assert [event.what for event in ticket.history] == ["imported"]
    assert faults(ticket) == []


def test_an_open_matter_without_a_promise_is_refused() -> None:
    with pytest.raises(RuleBroken, match="waits on us without a promise"):
        taken_in(state=State.ON_US, promise=None, answered=None)


def test_an_open_matter_stated_as_late_before_its_time_is_refused() -> None:
    with pytest.raises(RuleBroken, match="still ahead"):
        taken_in(now=DUE, state=State.ON_US, answered=None, outcome=Outcome.BROKEN)


def test_an_open_matter_in_time_when_its_source_spoke_is_not_called_broken_since() -> None:
    renewed = replace(promise(LATER + HOUR), told_at=LATER, told_by="aibek")
    stated: dict[str, Any] = {"state": State.ON_US, "answered": None, "outcome": Outcome.KEPT}
    ticket = taken_in(**stated, renewed=renewed)
    before, now = ticket.promises
    assert (before.due, before.outcome) == (DUE, Outcome.WITHDRAWN)
    assert before.reason == NOT_KNOWN_SINCE
    assert (now.due, now.told_at, now.told_by, now.is_standing) == (
        LATER + HOUR, LATER, "aibek", True,
    )  # fmt: skip
    assert ticket.message(now.told_in) == ticket.messages[-1]
    assert faults(ticket) == []
    with pytest.raises(RuleBroken, match="in time, but its promised time has gone by"):
        taken_in(**stated)
    assert taken_in(DUE, **stated).promises[0].is_standing


def test_a_closed_matter_without_a_promised_date_has_an_empty_ledger() -> None:
    ticket = taken_in(promise=None)
    assert ticket.promises == ()
    assert [m.direction for m in ticket.messages] == [Direction.IN, Direction.OUT]
    assert faults(ticket) == []


def test_closed_without_the_time_of_it_is_refused_unless_the_mapping_allows_it() -> None:
    with pytest.raises(RuleBroken, match="without the time"):
        taken_in(answered=None)
    with pytest.raises(RuleBroken, match="without the time"):
        taken_in(answered=None, promise=None)


def test_an_answer_at_an_unknown_time_counts_neither_as_kept_nor_as_broken() -> None:
    ticket = taken_in(answered=None, answer_may_be_unknown=True)
    [withdrawn] = ticket.promises
    assert (withdrawn.outcome, withdrawn.settled_at) == (Outcome.WITHDRAWN, RECEIVED)
    assert withdrawn.reason == NOT_KNOWN_WHEN
    assert len(ticket.messages) == 2
    assert faults(ticket) == []


def test_an_answer_at_an_unknown_time_that_the_source_calls_late_broke_the_promise() -> None:
    ticket = taken_in(answered=None, answer_may_be_unknown=True, outcome=Outcome.BROKEN)
    [broken] = ticket.promises
    assert (broken.outcome, broken.settled_at) == (Outcome.BROKEN, None)
    assert faults(ticket) == []


def test_an_answer_at_an_unknown_time_that_the_source_calls_in_time_kept_the_promise() -> None:
    ticket = taken_in(answered=None, outcome=Outcome.KEPT)
    [kept] = ticket.promises
    assert (kept.outcome, kept.settled_at, kept.reason) == (Outcome.KEPT, None, STATED_IN_TIME)
    assert faults(ticket) == []
    of_this_desk = ticket.model_copy(update={"source": None})
    assert faults(of_this_desk) == ["promise 1: is kept without a time"]
    late = taken_in(answered=None, outcome=Outcome.BROKEN)
    assert late.promises[0].outcome is Outcome.BROKEN


def test_what_was_closed_before_it_came_in_or_in_the_future_is_refused() -> None:
    with pytest.raises(RuleBroken, match="closed or answered before it was received"):
        taken_in(answered=RECEIVED - HOUR)
    with pytest.raises(RuleBroken, match="closed or answered in the future"):
        taken_in(answered=LATER + HOUR)


def test_the_sources_word_for_late_holds_against_its_times() -> None:
    ticket = taken_in(outcome=Outcome.BROKEN)
    [broken] = ticket.promises
    assert (broken.outcome, broken.settled_at) == (Outcome.BROKEN, None)
    assert broken.reason
    assert faults(ticket) == []


def test_the_sources_word_for_kept_against_its_times_is_refused() -> None:
    with pytest.raises(RuleBroken, match="stated as kept, but closed after"):
        taken_in(answered=DUE + HOUR, outcome=Outcome.KEPT)


MOMENTS = st.integers(-300, 300).map(lambda hours: RECEIVED + timedelta(hours=hours))


@given(
    state=st.sampled_from(State),
    due=st.none() | MOMENTS,
    answered=st.none() | MOMENTS,
    outcome=st.sampled_from([None, Outcome.KEPT, Outcome.BROKEN]),
    unknown=st.booleans(),
    now=MOMENTS,
)
def test_whatever_the_source_tells_is_refused_or_obeys_the_rules(
    state: State,
    due: datetime | None,
    answered: datetime | None,
    outcome: Outcome | None,
    unknown: bool,
    now: datetime,
) -> None:
    told = None if due is None else promise(due)
    try:
        ticket = taken_in(
            now,
            state=state,
            promise=told,
            answered=answered,
            outcome=outcome,
            answer_may_be_unknown=unknown,
        )
    except RuleBroken:
        return
    assert faults(ticket) == []
    if told is not None and outcome is not None and answered is not None:
        became = ticket.promises[0].outcome_at(now)
        assert became is outcome or state is State.ON_US
    if state is State.ON_US and outcome is Outcome.BROKEN:
        assert ticket.promises[0].outcome_at(now) is Outcome.BROKEN
