"""One decision for many tickets: the review says what will be done, and just that is done."""

from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk import clock
from helpdesk.desk import answers, bulk, customers, erasing, matters, upkeep
from helpdesk.desk.bulk import Assign, Close, Decision, Move, Result, Step, Tag
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.domain.errors import CannotCreate, InvalidInput
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Channel, Kind, Outcome, State
from helpdesk.store import durable
from tests.conftest import MONDAY
from tests.desk.people import whoever_has

TOMORROW = MONDAY + timedelta(days=1)
LATE = MONDAY + timedelta(hours=7)
PEOPLE = (("aigul@example.com", "ky"), ("daria@example.com", "ru"), ("tom@example.com", "en"))


@pytest.fixture
def numbers(desk: Desk) -> list[int]:
    """Complaints of three customers, each with a language, promised an answer by 15:00."""
    found = []
    for address, language in PEOPLE:
        who = whoever_has(desk, address)
        customers.update(desk, who, {"language": language})
        ticket = matters.new_ticket(
            desk,
            who,
            kind=Kind.COMPLAINT,
            channel=Channel.EMAIL,
            subject=f"The tent of {address} leaks",
            text="It rained.",
        )
        found.append(ticket.id)
    return found


def review(desk: Desk, numbers: list[int], decision: Decision) -> list[Step]:
    return list(bulk.preview(desk, numbers, decision))


def do(desk: Desk, numbers: list[int], decision: Decision) -> list[Result]:
    return list(bulk.carry_out(desk, review(desk, numbers, decision), decision))


def tickets(desk: Desk) -> list[Ticket]:
    return list(desk.store.tickets())


def documents(desk: Desk) -> dict[Path, bytes]:
    found = (path for path in desk.path.rglob("*.json") if ".cache" not in path.parts)
    return {path: path.read_bytes() for path in found}


DECISIONS: list[Decision] = [
    Assign("nurlan"),
    Tag(add=("rain",)),
    Close(macro="solved"),
    Close(no_answer_reason="a test"),
    Move(TOMORROW, "the workshop is closed"),
]


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_review_writes_nothing(desk: Desk, numbers: list[int], decision: Decision) -> None:
    before = documents(desk)
    version = desk.store.version()
    assert not any(step.refused for step in review(desk, numbers, decision))
    assert documents(desk) == before
    assert desk.store.version() == version


@pytest.mark.parametrize("decision", DECISIONS)
@pytest.mark.parametrize("late", [False, True])
def test_what_was_reviewed_is_what_every_customer_is_told(
    desk: Desk, numbers: list[int], decision: Decision, late: bool
) -> None:
    with clock.hold(LATE if late else MONDAY):
        steps = review(desk, numbers, decision)
        before = tickets(desk)
        results = list(bulk.carry_out(desk, steps, decision))
    assert results == [Result(step.number, True, step.what) for step in steps]
    for step, old, new in zip(steps, before, tickets(desk), strict=True):
        told = [message.text for message in new.messages[len(old.messages) :]]
        assert told == ([step.letter] if step.letter else [])
        assert step.subject == old.subject
        assert step.customer is not None and step.customer.id == old.customer
        assert step.channel is (Channel.EMAIL if step.letter else None)


def test_tickets_are_assigned(desk: Desk, numbers: list[int]) -> None:
    upkeep.assign(desk, numbers[1], "nurlan")
    steps = review(desk, numbers, Assign("nurlan"))
    assert [(step.what, step.refused) for step in steps] == [
        ("assigned to nurlan", False),
        ("nothing to do: it is so already", True),
        ("assigned to nurlan", False),
    ]
    assert len(list(bulk.carry_out(desk, steps, Assign("nurlan")))) == 2
    assert [ticket.assignee for ticket in tickets(desk)] == ["nurlan"] * 3
    (step,) = review(desk, numbers[:1], Assign(None))
    assert step.what == "assigned to nobody"


def test_closed_tickets_are_named_where_many_are_assigned(desk: Desk, numbers: list[int]) -> None:
    answers.close(desk, numbers[1], no_answer_reason="a thank-you")
    steps = review(desk, numbers, Assign("nurlan"))
    assert [step.refused for step in steps] == [False, True, False]
    assert steps[1].what == f"ticket {numbers[1]} is closed: reopen it first"


def test_tags_are_added_and_taken_away(desk: Desk, numbers: list[int]) -> None:
    upkeep.set_tags(desk, numbers[0], add=["old"])
    decision = Tag(add=("rain", "tents"), remove=("old",))
    steps = review(desk, numbers, decision)
    assert [step.what for step in steps] == [
        "+rain, +tents, -old",
        "+rain, +tents",
        "+rain, +tents",
    ]
    list(bulk.carry_out(desk, steps, decision))
    assert [ticket.tags for ticket in tickets(desk)] == [("rain", "tents")] * 3


def test_promises_are_moved_each_customer_told_in_his_language(
    desk: Desk, numbers: list[int]
) -> None:
    steps = review(desk, numbers, Move(TOMORROW, "the workshop is closed"))
    moved = "→ Tue 3 Mar 10:00, was Mon 2 Mar 15:00, moved"
    assert {step.what for step in steps} == {moved}
    assert "убада бергенбиз" in steps[0].letter
    assert "Мы обещали вам" in steps[1].letter
    assert "We promised you" in steps[2].letter
    assert all("the workshop is closed" in step.letter for step in steps)
    list(bulk.carry_out(desk, steps, Move(TOMORROW, "the workshop is closed")))
    for ticket in tickets(desk):
        assert [promise.outcome for promise in ticket.promises] == [Outcome.MOVED, Outcome.OPEN]


def test_after_the_due_time_the_letters_own_the_delay(desk: Desk, numbers: list[int]) -> None:
    with clock.hold(LATE):
        steps = review(desk, numbers, Move(TOMORROW, "the workshop is closed"))
        assert "did not keep that promise" in steps[2].letter
        assert steps[2].what == "→ Tue 3 Mar 10:00, was Mon 2 Mar 15:00, broken"


def test_closing_with_a_text_answers_each_in_his_language(desk: Desk, numbers: list[int]) -> None:
    steps = review(desk, numbers, Close(macro="solved"))
    assert {step.what for step in steps} == {"promise for Mon 2 Mar 2026 15:00 kept, closed"}
    assert ["чечилди" in steps[0].letter, "решён" in steps[1].letter] == [True, True]
    customer = steps[2].customer
    assert customer is not None
    assert steps[2].letter.startswith(desk.texts.greeting(customer))
    assert steps[2].letter.endswith(desk.texts.signature(customer, "aibek"))
    do(desk, numbers, Close(macro="solved"))
    assert {ticket.state for ticket in tickets(desk)} == {State.CLOSED}


def test_closing_without_a_word_says_why_none_is_needed(desk: Desk, numbers: list[int]) -> None:
    decision = Close(no_answer_reason="written twice")
    steps = review(desk, numbers, decision)
    assert steps[0].what == "promise for Mon 2 Mar 2026 15:00 withdrawn, closed"
    assert steps[0].letter == ""
    list(bulk.carry_out(desk, steps, decision))
    assert tickets(desk)[0].promises[0].reason == "written twice"


def test_what_waits_on_us_is_not_closed_without_a_word_or_a_reason(
    desk: Desk, numbers: list[int]
) -> None:
    answers.reply(desk, numbers[0], "We send a new one.")
    steps = review(desk, numbers, Close())
    assert [step.refused for step in steps] == [False, True, True]
    assert "answer the customer first" in steps[1].what


def test_each_ticket_that_cannot_be_done_says_why(desk: Desk, numbers: list[int]) -> None:
    answers.reply(desk, numbers[0], "We send a new one.")
    answers.close(desk, numbers[1], no_answer_reason="a test")
    erasing.erase(desk, 3)
    path = desk.path / "tickets" / "0000" / "000005.json"
    path.write_text("{")
    steps = review(desk, [1, 2, 3, 4, 5, 1], Move(TOMORROW, "the workshop is closed"))
    assert [step.number for step in steps] == [1, 2, 3, 4, 5]
    assert all(step.refused and not step.letter for step in steps)
    words = ("no promise stands", "no promise stands", "no promise stands", "there is no ticket 4",
             "cannot be read")  # fmt: skip
    for step, word in zip(steps, words, strict=True):
        assert word in step.what
    assert list(bulk.carry_out(desk, steps, Move(TOMORROW, "x"))) == []
    (closed,) = review(desk, [3], Close(macro="solved"))
    assert closed.refused and "closed already" in closed.what
    (erased,) = review(desk, [3], Assign("nurlan"))
    assert erased.refused and "erased" in erased.what


def test_a_date_that_is_not_ahead_is_refused(desk: Desk, numbers: list[int]) -> None:
    steps = review(desk, numbers, Move(MONDAY - timedelta(hours=1), "the workshop is closed"))
    assert {step.what for step in steps} == {"a promise is told for a time ahead"}


def test_a_ticket_that_others_changed_since_the_review_is_left_alone(
    desk: Desk, numbers: list[int]
) -> None:
    for decision in DECISIONS:
        steps = review(desk, numbers, decision)
        with open_desk(desk.path, agent="nurlan") as colleague:
            upkeep.note(colleague, numbers[1], "The customer called.")
        before = desk.store.ticket(numbers[1])
        results = list(bulk.carry_out(desk, steps[1:2], decision))
        assert [result.done for result in results] == [False]
        assert "changed meanwhile" in results[0].what
        assert desk.store.ticket(numbers[1]) == before


def test_the_others_are_done_all_the_same(desk: Desk, numbers: list[int]) -> None:
    steps = review(desk, numbers, Assign("nurlan"))
    with open_desk(desk.path, agent="nurlan") as colleague:
        upkeep.note(colleague, numbers[1], "x")
    results = bulk.carry_out(desk, steps, Assign("nurlan"))
    assert [result.done for result in results] == [True, False, True]


@pytest.mark.parametrize("decision", [Close(macro="solved"), Move(TOMORROW, "no part yet")])
def test_a_letter_that_would_tell_an_untruth_by_now_is_not_sent(
    desk: Desk, numbers: list[int], decision: Decision
) -> None:
    steps = review(desk, numbers, decision)
    with clock.hold(LATE):
        results = list(bulk.carry_out(desk, steps, decision))
    assert [result.done for result in results] == [False] * 3
    assert all("come due meanwhile" in result.what for result in results)
    assert len(tickets(desk)[0].messages) == 2


def test_it_can_be_stopped_between_two_tickets(desk: Desk, numbers: list[int]) -> None:
    steps = review(desk, numbers, Assign("nurlan"))
    results = bulk.carry_out(desk, steps, Assign("nurlan"))
    assert next(results).done
    del results
    assert [ticket.assignee for ticket in tickets(desk)] == ["nurlan", None, None]


def test_a_full_disk_is_told_for_each_ticket(
    desk: Desk, numbers: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = review(desk, numbers, Assign("nurlan"))

    class Full(durable.Files):
        def open_new(self, path: Path) -> int:
            raise CannotCreate("cannot write: no space left; free some space")

    with monkeypatch.context() as patch:
        patch.setattr(durable, "files", Full())
        results = list(bulk.carry_out(desk, steps, Assign("nurlan")))
    assert [result.done for result in results] == [False] * 3
    assert "no space" in results[0].what


@pytest.mark.parametrize(
    ("decision", "what"),
    [
        (Assign("no login"), "not a login name"),
        (Tag(), "name a tag"),
        (Close(macro="solved", no_answer_reason="x"), "choose one of both"),
        (Move(TOMORROW, "  "), "takes a reason"),
    ],
)
def test_a_decision_that_is_none_is_refused_before_any_ticket_is_looked_at(
    desk: Desk, decision: Decision, what: str
) -> None:
    with pytest.raises(InvalidInput, match=what):
        bulk.preview(desk, [], decision)


def test_a_text_that_is_not_there_is_told(desk: Desk, numbers: list[int]) -> None:
    (step,) = review(desk, numbers[:1], Close(macro="nothing"))
    assert step.refused and "no macro nothing" in step.what


def test_what_the_agent_notes_himself_meanwhile_does_not_stop_it(
    desk: Desk, numbers: list[int]
) -> None:
    steps = review(desk, numbers, Close(macro="solved"))
    upkeep.note(desk, numbers[1], "Ask the workshop.")
    results = bulk.carry_out(desk, steps, Close(macro="solved"))
    assert [result.done for result in results] == [True, True, True]


def test_a_letter_of_the_agents_own_words_is_sent_as_reviewed(
    desk: Desk, numbers: list[int]
) -> None:
    decision = Move(TOMORROW, "the workshop is closed")
    steps = list(bulk.preview(desk, numbers, decision, {numbers[2]: "Sorry, later."}))
    assert steps[2].letter.startswith("Sorry, later.")
    assert "March 3, 2026" in steps[2].letter  # the date is put in where it is missing
    list(bulk.carry_out(desk, steps, decision))
    assert desk.store.ticket(numbers[2]).messages[-1].text == steps[2].letter


def test_nobody_is_told_the_same_date_again(desk: Desk, numbers: list[int]) -> None:
    decision = Move(TOMORROW, "the workshop is closed")
    do(desk, numbers[:1], decision)
    again, other, _ = review(desk, numbers, decision)
    assert again.refused and "promised for then already" in again.what
    assert not other.refused


def test_looking_again_gives_what_others_changed_as_it_would_be_done_now(
    desk: Desk, numbers: list[int]
) -> None:
    steps = review(desk, numbers, Tag(add=("rain",)))
    assert bulk.look_again(desk, steps, Tag(add=("rain",))) == []
    with open_desk(desk.path, agent="nurlan") as colleague:
        upkeep.set_tags(colleague, numbers[1], ["rain"], [])
    (fresh,) = bulk.look_again(desk, steps, Tag(add=("rain",)))
    assert fresh.number == numbers[1] and fresh.refused


def test_looking_again_gives_letters_that_have_come_to_owe_an_apology(
    desk: Desk, numbers: list[int]
) -> None:
    decision = Move(TOMORROW, "the workshop is closed")
    steps = review(desk, numbers, decision)
    with clock.hold(LATE):
        fresh = bulk.look_again(desk, steps, decision)
    assert [step.number for step in fresh] == numbers
    assert all("sorry" in step.letter for step in fresh[2:])


def test_the_first_promise_that_falls_due_is_at_stake(desk: Desk, numbers: list[int]) -> None:
    move = Move(TOMORROW, "the workshop is closed")
    steps = review(desk, numbers, move)
    due = min(each.promises[0].due for each in tickets(desk))
    assert bulk.promise_at_stake(steps, move, MONDAY) == due
    assert bulk.promise_at_stake(steps, move, LATE) is None
    assert bulk.promise_at_stake(steps, Assign("nurlan"), MONDAY) is None
