"""An agent decides on many tickets at once, after a review."""

from collections.abc import Callable, Iterable, Iterator
from threading import Event

import pytest

from helpdesk import clock
from helpdesk.desk import bulk, upkeep
from helpdesk.desk.bulk import Decision, Result, Step
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.domain.words import Outcome, State
from helpdesk.screens.bulk import BulkScreen
from tests.conftest import MONDAY
from tests.hostile import PAYLOADS, assert_harmless
from tests.screens.desks import busy_desk, ticket
from tests.screens.driver import ScreenDriver, desk_screen
from tests.screens.test_marks import marked

SIZES = [(40, 12), (80, 24), (200, 60)]


async def test_all_marked_tickets_are_taken_after_a_review(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("x", "x", "x", "a")
        assert "review · 3 tickets" in screen.line(0)
        assert screen.shows("assign to aibek")
        assert "· #1 assigned to aibek" in screen.find("#1")
        assert "✗ #2 left out: nothing to do: it is so already" in screen.find("#2")
        assert screen.shows("2 to do · ✗ 1 left out · no customer is told")
        assert desk.store.ticket(1).assignee is None  # nothing is done yet
        await screen.press("ctrl+s")
        assert "✓ #1 done: assigned to aibek" in screen.find("#1")
        assert screen.shows("2 done, 1 left out")
        await screen.press("escape")
        assert [desk.store.ticket(number).assignee for number in (1, 2, 3)] == ["aibek"] * 3
        assert "assign to aibek: 2 done, 1 left out" in screen.line(-1)
        assert marked(screen) == [2]  # what was not done is still marked


async def test_leaving_the_review_does_nothing_and_keeps_the_marks(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("x", "x", "a", "escape")
        assert marked(screen) == [1, 2]
        assert desk.store.ticket(1).assignee is None


async def test_tickets_are_given_to_somebody_else(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("x", "x", "A")
        await screen.press("ctrl+s")
        assert screen.shows("say to whom")
        await screen.type("gulnara")
        await screen.press("ctrl+s")
        assert screen.shows("assign to gulnara")
        await screen.press("ctrl+s", "escape")
        assert [desk.store.ticket(number).assignee for number in (1, 2)] == ["gulnara"] * 2


async def test_tags_are_added_and_taken_away(desk: Desk) -> None:
    busy_desk(desk)
    upkeep.set_tags(desk, 2, ["late"], [])
    async with desk_screen(desk) as screen:
        await screen.press("x", "x", "T")
        await screen.type("billing +spring -late")
        await screen.press("ctrl+s")
        assert screen.shows("tags +billing +spring -late")
        await screen.press("ctrl+s", "escape")
        assert desk.store.ticket(1).tags == ("billing", "spring")
        assert desk.store.ticket(2).tags == ("billing", "spring")


async def test_before_promises_are_moved_each_letter_is_seen(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk, (120, 40)) as screen:
        await screen.press("x", "j", "x", "p")
        await screen.type("+1d")
        assert screen.shows("Tue 3 Mar 2026 18:00")
        await screen.press("enter")
        await screen.type("the parts are late")
        await screen.press("ctrl+s")
        assert "another date: Tue 3 Mar 2026 18:00, because: the parts are late" in screen.text()
        assert screen.shows("2 customers are told")
        assert screen.shows("Bektur Asanov")
        assert screen.shows("to  email")
        assert screen.shows("We promised you an answer by Friday")
        assert screen.shows("sorry")  # it was broken
        await screen.press("j")
        assert screen.shows("to  phone · Aigul Toktogulova")
        assert screen.shows("The reason: the parts are late")
        await screen.press("ctrl+s", "escape")
        late, early = desk.store.ticket(1), desk.store.ticket(3)
        assert [promise.outcome for promise in late.promises] == [Outcome.BROKEN, Outcome.OPEN]
        assert [promise.outcome for promise in early.promises] == [Outcome.MOVED, Outcome.OPEN]
        assert "the parts are late" in early.messages[-1].text


async def test_closing_many_sends_a_text_or_says_why_none_is_needed(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("x", "x", "c")
        await screen.press("ctrl+s")  # "nothing more" is allowed, but ends nothing that waits
        assert screen.shows("0 to do · ✗ 2 left out")
        await screen.press("ctrl+s")
        assert "nothing of it can be done" in screen.line(-1)
        await screen.press("escape", "c", "left", "tab", "tab")
        await screen.type("spam")
        await screen.press("ctrl+s")
        assert screen.shows("close, no answer needed: spam")
        await screen.press("ctrl+s", "escape")
        assert [desk.store.ticket(number).state for number in (1, 2)] == [State.CLOSED] * 2
        assert marked(screen) == []


async def test_an_unknown_text_is_refused_before_the_review(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("x", "c", "a", "tab")
        await screen.type("thank")
        assert screen.shows("there is no text of that name")
        await screen.press("ctrl+s")
        assert not screen.shows("left out")
        await screen.type("s")
        await screen.press("ctrl+s")
        assert screen.shows("close with the text thanks")
        assert screen.shows("Dear Bektur Asanov,")


async def test_what_somebody_else_changed_since_the_review_is_left_as_it_is(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("x", "x", "T")
        await screen.type("billing")
        await screen.press("ctrl+s")
        with open_desk(desk.path, agent="gulnara") as other:
            upkeep.assign(other, 1, "gulnara")
        await screen.press("ctrl+s")
        assert "✗ #1 not done" in screen.find("#1")
        assert screen.shows("1 done, 1 not done")
        await screen.press("escape")
        assert desk.store.ticket(1).tags == () and desk.store.ticket(2).tags == ("billing",)
        assert marked(screen) == [1]


def slowly(
    gate: Event, started: Event
) -> Callable[[Desk, Iterable[Step], Decision], Iterator[Result]]:
    """Carry out one ticket, then wait at the gate before the next."""
    carry_out = bulk.carry_out

    def slow(desk: Desk, steps: Iterable[Step], decision: Decision) -> Iterator[Result]:
        for place, result in enumerate(carry_out(desk, steps, decision)):
            yield result
            if place == 0:
                started.set()
                assert gate.wait(timeout=20)

    return slow


async def test_escape_stops_what_is_being_carried_out_and_the_rest_stays(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        ticket(desk, f"Matter {number}", at=MONDAY)
    gate, started = Event(), Event()
    monkeypatch.setattr(bulk, "carry_out", slowly(gate, started))
    async with desk_screen(desk) as screen:
        await screen.press("asterisk", "a")
        await screen.pilot.press("ctrl+s")
        await screen.until(started.is_set)
        assert screen.shows("carrying it out")
        await screen.pilot.press("escape")
        await screen.until_shows("stopping after the ticket that is being done")
        gate.set()
        await screen.settle()
        assert isinstance(screen.on_top, BulkScreen)  # what was done is still to be read
        done = [n for n in range(1, 13) if desk.store.ticket(n).assignee == "aibek"]
        assert 1 <= len(done) <= 2
        assert screen.shows(f"{len(done)} done, {12 - len(done)} left as they were")
        await screen.press("escape")
        assert len(screen.queue.marks) == 12 - len(done)


async def test_leaving_the_desk_in_the_midst_of_it_stops_it_first(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy_desk(desk)
    gate, started = Event(), Event()
    monkeypatch.setattr(bulk, "carry_out", slowly(gate, started))
    async with desk_screen(desk) as screen:
        await screen.press("x", "j", "x", "a")
        await screen.pilot.press("ctrl+s")
        await screen.until(started.is_set)
        await screen.pilot.press("ctrl+q")
        gate.set()
        await screen.settle()
        assert screen.app.is_running
        assert screen.shows("1 done")


async def test_an_error_of_the_program_leaves_a_way_out(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy_desk(desk)

    def broken(*_: object) -> Iterator[Result]:
        raise KeyError("private")

    monkeypatch.setattr(bulk, "carry_out", broken)
    async with desk_screen(desk) as screen:
        await screen.press("x", "a")
        await screen.pilot.press("ctrl+s")
        await screen.until(lambda: bool(screen.app.mishaps))
        screen.app.mishaps.clear()
        await screen.press("escape")
        assert screen.shows("Tent leaks")
        assert marked(screen) == [1]


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_review_fits_any_terminal_and_shows_hostile_text_harmless(
    desk: Desk, size: tuple[int, int]
) -> None:
    for name, payload in list(PAYLOADS.items())[:8]:
        ticket(desk, f"{name} {payload}", who=f"{name} {payload}", text="x")
    async with desk_screen(desk, size) as screen:
        await screen.press("asterisk", "p")
        await screen.type("+2d")
        await screen.press("enter")
        await screen.type("[@click=app.quit]stock[/]")
        await screen.press("ctrl+s")
        for _ in range(8):
            assert_harmless(screen.text())
            assert len(screen.lines()) == size[1]
            await screen.press("j")
        assert "esc back" in screen.line(-1)


async def test_the_time_of_the_review_counts_for_a_promise_that_comes_due(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await move_third(screen)
        with clock.hold(MONDAY.replace(hour=10, minute=30)):
            await screen.press("ctrl+s")
            assert "✗ #3 not done" in screen.find("#3")
        assert [promise.outcome for promise in desk.store.ticket(3).promises] == [Outcome.OPEN]


async def move_third(screen: ScreenDriver) -> None:
    """Review moving the promise of ticket 3, which is due at 10:15."""
    await screen.press("j", "j", "x", "p")
    await screen.type("+1d")
    await screen.press("enter")
    await screen.type("stock")
    await screen.press("ctrl+s")
    assert screen.shows("1 customer is told")
