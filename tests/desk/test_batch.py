"""A decision on many tickets is kept as a draft, held as one, and what is not done stays."""

from datetime import datetime, timedelta

import pytest

from helpdesk.desk import bulk, drafts, erasing, upkeep
from helpdesk.desk.batch import Batch, CarryingOut, in_draft, of_draft
from helpdesk.desk.bulk import Assign, Close, Decision, Move, Tag
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.desk.holding import Held, Holding
from helpdesk.domain.draft import DraftKind
from helpdesk.domain.errors import InvalidInput
from tests.conftest import MONDAY
from tests.desk.people import whoever_has
from tests.desk.test_bulk import numbers

__all__ = ["numbers"]

TOMORROW = MONDAY + timedelta(days=1)
MOVE = Move(TOMORROW, "the workshop is closed")
LATER = MONDAY + timedelta(seconds=6)


def carrying(desk: Desk, batch: Batch) -> CarryingOut:
    """The batch, reviewed."""
    steps = list(bulk.preview(desk, batch.tickets, batch.decision, batch.letters))
    return CarryingOut(desk, batch, steps)


def told(desk: Desk) -> list[int]:
    """The tickets whose customers were told anything since the acknowledgement."""
    return [each.id for each in desk.store.tickets() if len(each.messages) > 2]


def held(desk: Desk, batch: Batch, due: datetime | None = None) -> tuple[Holding, list[Held]]:
    """The batch, held; and what of it could not be done."""
    failed: list[Held] = []
    holding = Holding(desk, 5, failed=lambda each, _: failed.append(each))
    work = carrying(desk, batch)
    draft = in_draft(desk, drafts.begin(desk, DraftKind.BULK), batch)
    holding.hold(work.words, work, now=MONDAY, tickets=work.tickets, draft=draft, promise_due=due)
    return holding, failed


@pytest.mark.parametrize(
    "decision",
    [
        MOVE,
        Close("solved"),
        Close("", "a test"),
        Assign("nurlan"),
        Assign(None),
        Tag(("a",), ("b",)),
    ],
)
def test_a_draft_brings_back_all_of_it(desk: Desk, decision: Decision) -> None:
    batch = Batch(decision, (3, 1, 2), frozenset({1}), {2: "Dear Tom,\n\nlater."})
    draft = drafts.save(desk, in_draft(desk, drafts.begin(desk, DraftKind.BULK), batch))
    [again] = drafts.load(desk)
    assert of_draft(again) == of_draft(draft) == batch


def test_a_draft_that_holds_no_decision_is_refused(desk: Desk) -> None:
    with pytest.raises(InvalidInput, match="holds no decision"):
        of_draft(drafts.begin(desk, DraftKind.BULK))


def test_a_batch_is_held_as_one_and_taken_back_as_one(desk: Desk, numbers: list[int]) -> None:
    batch = Batch(MOVE, tuple(numbers), letters={numbers[0]: "My own words."})
    holding, _ = held(desk, batch)
    assert len(holding.held) == 1 and told(desk) == []
    taken = holding.take_back()
    assert taken is not None and taken.draft is not None
    assert of_draft(taken.draft) == batch
    assert holding.carry_out_due(LATER) == 0 and told(desk) == []


def test_a_batch_is_carried_out_when_its_time_is_up(desk: Desk, numbers: list[int]) -> None:
    holding, _ = held(desk, Batch(MOVE, tuple(numbers)))
    assert holding.carry_out_due(LATER) == 1
    assert told(desk) == numbers
    assert drafts.load(desk) == []


def test_whatever_is_begun_on_one_of_its_tickets_begins_after_it(
    desk: Desk, numbers: list[int]
) -> None:
    holding, _ = held(desk, Batch(MOVE, tuple(numbers)))
    assert holding.carry_out_for(99) == 0
    assert holding.carry_out_for(numbers[1]) == 1
    assert told(desk) == numbers


def test_before_a_promise_of_any_falls_due_it_is_carried_out_at_once(
    desk: Desk, numbers: list[int]
) -> None:
    holding, _ = held(desk, Batch(MOVE, tuple(numbers)), due=MONDAY + timedelta(seconds=30))
    assert holding.held == () and told(desk) == numbers


def test_after_a_crash_the_whole_decision_is_offered_as_a_draft(
    desk: Desk, numbers: list[int]
) -> None:
    batch = Batch(MOVE, tuple(numbers))
    held(desk, batch)
    with open_desk(desk.path, agent="aibek") as again:
        [draft] = drafts.load(again)
        assert draft.held and of_draft(draft) == batch
        assert told(again) == []


def test_what_could_not_be_done_is_a_draft_of_its_own(desk: Desk, numbers: list[int]) -> None:
    letters = {numbers[1]: "One.", numbers[2]: "Two."}
    work = carrying(desk, Batch(MOVE, tuple(numbers), letters=letters))
    with open_desk(desk.path, agent="nurlan") as colleague:
        upkeep.note(colleague, numbers[1], "The customer called.")
    work()
    assert work.not_done == (numbers[1],)
    assert work.summary.startswith("another date for 3 tickets: 2 done, 1 not done and kept as a")
    [draft] = drafts.load(desk)
    assert of_draft(draft) == Batch(MOVE, (numbers[1],), letters={numbers[1]: "One."})


def test_stopped_in_the_midst_the_rest_is_a_draft(desk: Desk, numbers: list[int]) -> None:
    work = carrying(desk, Batch(MOVE, tuple(numbers)))
    work.stop.set()
    work()
    assert told(desk) == numbers[:1]
    [draft] = drafts.load(desk)
    assert of_draft(draft).tickets == tuple(numbers[1:])


def test_erasing_a_customer_removes_the_letter_that_an_agent_wrote(
    desk: Desk, numbers: list[int]
) -> None:
    batch = Batch(MOVE, tuple(numbers), letters={numbers[0]: "Nobody is named."})
    drafts.save(desk, in_draft(desk, drafts.begin(desk, DraftKind.BULK), batch))
    erasing.erase(desk, whoever_has(desk, "aigul@example.com"))
    assert drafts.load(desk) == []
