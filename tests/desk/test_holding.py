"""A decision is held for some seconds: it can be taken back, and no promise is broken by it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Event, Thread, Timer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk import clock
from helpdesk.desk import answers, drafts, erasing, upkeep
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.desk.drafts import Draft, DraftKind
from helpdesk.desk.holding import LEEWAY, MOST, Held, Holding
from helpdesk.domain.errors import CannotCreate, HelpdeskError, InvalidInput
from helpdesk.domain.words import Outcome, State
from helpdesk.store.base import Conflict
from tests.conftest import MONDAY
from tests.desk.test_matters import aigul, complaint

WORDS = "We send a new one."


def after(seconds: float) -> datetime:
    return MONDAY + timedelta(seconds=seconds)


@dataclass
class Work:
    """An agent at work: what is held, and what he was told came of it."""

    desk: Desk
    seconds: float = 5
    done: list[str] = field(default_factory=list)
    failed: list[tuple[str, Exception]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.holding = Holding(self.desk, self.seconds, failed=self._failed, done=self._done)

    def _done(self, item: Held, _: object) -> None:
        self.done.append(item.words)

    def _failed(self, item: Held, error: Exception) -> None:
        self.failed.append((item.words, error))

    def writes(self, number: int, text: str = WORDS) -> Draft:
        ticket = self.desk.store.ticket(number)
        draft = drafts.begin(self.desk, DraftKind.REPLY, ticket=number, seen=ticket.rev)
        return drafts.save(self.desk, replace(draft, text=text))

    def sends(self, number: int, text: str = WORDS, at: datetime = MONDAY) -> Held | None:
        """The agent has answered and presses the key that sends."""
        draft = self.writes(number, text)
        promise = self.desk.store.ticket(number).promise
        return self.holding.hold(
            f"reply to #{number}",
            lambda: answers.reply(self.desk, number, draft.text, seen=draft.seen),
            now=at,
            ticket=number,
            draft=draft,
            promise_due=promise.due if promise else None,
        )

    def decides(self, words: str, act: Callable[[], object] = lambda: None) -> Held | None:
        """The agent decides something that takes no text."""
        return self.holding.hold(words, act, now=MONDAY)


@pytest.fixture
def work(desk: Desk) -> Work:
    return Work(desk)


@pytest.fixture
def number(desk: Desk) -> int:
    """A complaint that is promised an answer by 15:00."""
    return complaint(desk).id


def state(desk: Desk, number: int) -> State:
    return desk.store.ticket(number).state


def test_a_reply_is_sent_when_its_seconds_are_over_and_not_before(work: Work, number: int) -> None:
    held = work.sends(number)
    assert held is not None
    assert [held.seconds_left(after(gone)) for gone in (0, 2, 5, 9)] == [5, 3, 0, 0]
    assert work.holding.carry_out_due(after(4)) == 0
    assert state(work.desk, number) is State.ON_US
    assert work.holding.carry_out_due(after(5)) == 1
    assert state(work.desk, number) is State.ON_CUSTOMER
    assert work.done == [f"reply to #{number}"]
    assert work.holding.held == ()
    assert work.holding.carry_out_due(after(6)) == 0


def test_a_reply_that_was_sent_is_no_draft_any_more(work: Work, number: int) -> None:
    work.sends(number)
    work.holding.carry_out_due(after(5))
    assert list((work.desk.path / "agents/aibek/drafts").iterdir()) == []


def test_taken_back_in_time_nothing_was_sent_and_the_text_is_a_draft_again(
    work: Work, number: int
) -> None:
    work.sends(number)
    taken = work.holding.take_back()
    assert taken is not None and taken.draft is not None
    assert (taken.draft.text, taken.draft.held) == (WORDS, False)
    assert drafts.load(work.desk) == [taken.draft]
    assert work.holding.carry_out_due(after(60)) == 0
    assert state(work.desk, number) is State.ON_US
    assert work.holding.take_back() is None


def test_the_newest_decision_is_taken_back_first(work: Work) -> None:
    work.decides("one")
    work.decides("two")
    taken = work.holding.take_back()
    assert taken is not None and taken.words == "two"
    assert [item.words for item in work.holding.held] == ["one"]


def test_after_a_crash_a_held_reply_is_offered_as_a_draft_and_not_sent(
    work: Work, number: int
) -> None:
    work.sends(number)
    with open_desk(work.desk.path, agent="aibek") as again:
        (draft,) = drafts.load(again)
        assert (draft.text, draft.held, draft.ticket) == (WORDS, True, number)
        assert state(again, number) is State.ON_US


def test_a_promise_that_falls_due_within_the_hold_is_kept_by_not_holding(
    work: Work, number: int
) -> None:
    promise = work.desk.store.ticket(number).promise
    assert promise is not None
    with clock.hold(promise.due):
        assert work.sends(number, at=promise.due) is None
    assert work.done == [f"reply to #{number}"]
    assert work.desk.store.ticket(number).promises[0].outcome is Outcome.KEPT


def test_nothing_is_lost_by_holding_when_the_promise_is_broken_already(
    work: Work, number: int
) -> None:
    promise = work.desk.store.ticket(number).promise
    assert promise is not None
    late = promise.due + timedelta(seconds=1)
    assert work.sends(number, at=late) is not None


@given(
    due=st.integers(-120, 300),
    seconds=st.integers(0, 60),
    tick=st.integers(0, int(LEEWAY.total_seconds())),
)
def test_no_hold_reaches_past_the_due_time(due: int, seconds: int, tick: int) -> None:
    """However late within the leeway the screen ticks, what was in time is in time still."""
    carried: list[int] = []
    holding = Holding(None, seconds, failed=lambda *_: None)  # type: ignore[arg-type]
    at = 0

    def carry_out() -> None:
        carried.append(at)

    held = holding.hold("reply", carry_out, now=MONDAY, promise_due=after(due))
    at = seconds + tick
    holding.carry_out_due(after(at))
    assert len(carried) == 1
    assert (held is None) == (carried == [0] and (seconds == 0 or due >= 0))
    if due >= 0:
        assert carried[0] <= due


def test_with_no_seconds_nothing_is_held(desk: Desk, number: int) -> None:
    work = Work(desk, seconds=0)
    assert work.sends(number) is None
    assert state(desk, number) is State.ON_CUSTOMER
    assert work.holding.take_back() is None


def test_only_a_few_are_held_the_oldest_goes_first(work: Work) -> None:
    for words in ("one", "two", "three", "four", "five"):
        work.decides(words)
    assert work.done == ["one", "two"]
    assert [item.words for item in work.holding.held] == ["three", "four", "five"]
    assert len(work.holding.held) == MOST


def test_on_leaving_everything_is_carried_out_in_the_order_it_was_decided(
    work: Work, number: int
) -> None:
    work.sends(number)
    work.decides("two")
    assert work.holding.carry_out_all() == 2
    assert work.done == [f"reply to #{number}", "two"]
    assert state(work.desk, number) is State.ON_CUSTOMER


def test_the_next_decision_on_a_ticket_finds_the_first_one_done(
    work: Work, desk: Desk, number: int
) -> None:
    work.sends(number)
    work.decides("elsewhere")
    assert work.holding.carry_out_for(number) == 1
    assert [item.words for item in work.holding.held] == ["elsewhere"]
    seen = desk.store.ticket(number).rev
    work.holding.hold("close", lambda: answers.close(desk, number, seen=seen), now=MONDAY,
                      ticket=number)  # fmt: skip
    work.holding.carry_out_all()
    assert work.failed == []
    assert state(desk, number) is State.CLOSED


def test_a_second_decision_on_a_ticket_carries_out_the_first(
    work: Work, desk: Desk, number: int
) -> None:
    work.sends(number)
    work.holding.hold("note", lambda: upkeep.note(desk, number, "x"), now=MONDAY, ticket=number)
    assert work.done == [f"reply to #{number}"]


def test_a_reply_to_a_ticket_that_others_changed_is_told_and_kept_as_a_draft(
    work: Work, desk: Desk, number: int
) -> None:
    work.sends(number)
    with open_desk(desk.path, agent="nurlan") as colleague:
        answers.reply(colleague, number, "It is on its way already.")
    work.decides("two")
    work.holding.carry_out_due(after(5))
    ((words, error),) = work.failed
    assert words == f"reply to #{number}"
    assert isinstance(error, Conflict)
    assert work.done == ["two"]
    (draft,) = drafts.load(desk)
    assert (draft.text, draft.held) == (WORDS, False)
    assert work.holding.held == ()


def test_an_error_of_the_program_itself_keeps_the_text_and_the_others_go_on(
    work: Work, number: int
) -> None:
    draft = work.writes(number)

    def stumble() -> None:
        raise ZeroDivisionError

    work.holding.hold("odd", stumble, now=MONDAY, draft=draft)
    work.decides("two")
    work.holding.carry_out_all()
    assert [type(error) for _, error in work.failed] == [ZeroDivisionError]
    assert work.done == ["two"]
    assert [kept.text for kept in drafts.load(work.desk)] == [WORDS]


def test_what_cannot_be_kept_is_not_held(
    work: Work, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = work.writes(number)

    def full(*_: object) -> Draft:
        raise CannotCreate("cannot write: no space left; free some space")

    with monkeypatch.context() as patch:
        patch.setattr(drafts, "save", full)
        held = work.holding.hold("reply", lambda: None, now=MONDAY, draft=draft)
    assert held is None
    assert work.done == ["reply"]


def test_what_can_neither_be_kept_nor_carried_out_is_left_to_whoever_wrote_it(
    work: Work, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = work.writes(number)

    def full(*_: object) -> Draft:
        raise CannotCreate("cannot write: no space left; free some space")

    monkeypatch.setattr(drafts, "save", full)
    with pytest.raises(CannotCreate, match="no space left"):
        work.holding.hold("reply", full, now=MONDAY, draft=draft)
    assert (work.done, work.failed, work.holding.held) == ([], [], ())


def test_it_can_be_taken_back_even_if_the_disk_is_full(
    work: Work, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    work.sends(number)

    def full(*_: object) -> Draft:
        raise CannotCreate("cannot write: no space left; free some space")

    monkeypatch.setattr(drafts, "save", full)
    taken = work.holding.take_back()
    assert taken is not None and taken.draft is not None
    assert taken.draft.text == WORDS


def test_a_clock_that_was_set_back_holds_nothing_forever(work: Work) -> None:
    work.decides("one")
    assert work.holding.carry_out_due(MONDAY - timedelta(hours=1)) == 1


def test_a_reply_to_a_customer_who_was_erased_meanwhile_leaves_no_trace(
    work: Work, desk: Desk, number: int
) -> None:
    work.sends(number)
    erasing.erase(desk, aigul(desk))
    work.holding.carry_out_all()
    assert isinstance(work.failed[0][1], HelpdeskError)
    assert list((desk.path / "agents/aibek/drafts").iterdir()) == []


def test_taken_back_and_carried_out_at_once_it_is_one_of_both(work: Work) -> None:
    """As when the agent presses the key while a thread carries out what is due."""
    taken: list[Held | None] = []
    work.decides("one", lambda: taken.append(work.holding.take_back()))
    work.decides("two", lambda: pytest.fail("was taken back"))
    work.holding.carry_out_all()
    assert [item.words for item in taken if item] == ["two"]
    assert work.done == ["one"]


def test_what_a_signal_carries_out_in_the_midst_is_not_carried_out_twice(work: Work) -> None:
    count: list[str] = []

    def one() -> None:
        count.append("one")
        work.holding.carry_out_all()

    work.decides("one", one)
    work.decides("two", lambda: count.append("two"))
    work.holding.carry_out_all()
    assert count == ["one", "two"]


def test_whoever_begins_on_a_ticket_waits_for_what_another_thread_sends_there(
    work: Work, number: int
) -> None:
    gate, sending = Event(), Event()

    def slowly() -> None:
        sending.set()
        assert gate.wait(timeout=20)
        upkeep.note(work.desk, number, "Sent.")

    work.holding.hold("note", slowly, now=MONDAY, ticket=number)
    carrying = Thread(target=work.holding.carry_out_all)
    carrying.start()
    assert sending.wait(timeout=20)
    assert work.holding.held == ()
    Timer(0.05, gate.set).start()
    work.holding.carry_out_for(number)
    assert work.desk.store.ticket(number).messages[-1].text == "Sent."
    carrying.join()


def test_what_is_refused_is_told_with_its_own_words(work: Work, number: int) -> None:
    work.sends(number, "   ")
    work.holding.carry_out_all()
    assert [type(error) for _, error in work.failed] == [InvalidInput]
