"""An agent decides on many tickets at once, after a review."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from threading import Event
from typing import Any

import pytest

from helpdesk import clock
from helpdesk.desk import bulk, customers, drafts, matters, preferences, upkeep
from helpdesk.desk.batch import of_draft
from helpdesk.desk.bulk import Decision, Result, Step
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.domain.draft import DraftKind
from helpdesk.domain.errors import CannotCreate
from helpdesk.domain.words import Channel, Kind, Outcome, State
from helpdesk.terminal import typeahead
from helpdesk.widgets.fields import TextField
from tests.conftest import MONDAY
from tests.hostile import PAYLOADS, assert_harmless
from tests.screens.desks import busy_desk, ticket
from tests.screens.driver import ScreenDriver, desk_screen
from tests.screens.test_marks import marked

SIZES = [(40, 12), (80, 24), (200, 60)]


LATER = MONDAY + timedelta(seconds=6)


async def carried_out(screen: ScreenDriver, now: datetime = LATER) -> None:
    """Let the seconds go by."""
    with clock.hold(now):
        await screen.until(lambda: not screen.app.held.held, "carried out")
        await screen.settle()


def told(desk: Desk) -> list[int]:
    """The tickets whose customers were told more than that the matter has come in."""
    return [each.id for each in desk.store.tickets() if len(each.messages) > 2 and each.promise]


async def review_move(screen: ScreenDriver, *keys: str) -> None:
    """Mark by those keys, and review telling another date."""
    await screen.press(*keys, "p")
    await screen.type("+1d")
    await screen.press("enter")
    await screen.type("the parts are late")
    await screen.press("ctrl+s")


async def test_all_marked_tickets_are_taken_after_a_review(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("x", "x", "x", "a")
        assert "review · 3 tickets" in screen.line(0)
        assert screen.shows("assign to aibek")
        assert screen.line(-1).startswith(" ^s carry out  x leave out  esc back"), "no letters"
        assert "· #1 assigned to aibek" in screen.find("#1")
        assert "✗ #2 left out: nothing to do: it is so already" in screen.find("#2")
        assert screen.shows("no customer is told · 2 to do · 1 left out · nothing is done yet")
        await screen.press("ctrl+s")
        assert "2 tickets to aibek in 5 s · u takes it back" in screen.line(-1)
        assert desk.store.ticket(1).assignee is None  # nothing is done yet
        assert marked(screen) == [2]  # what is not done is still marked
        await carried_out(screen)
        await screen.until_shows("2 tickets to aibek: 2 done")
        assert [desk.store.ticket(number).assignee for number in (1, 2, 3)] == ["aibek"] * 3


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
        await screen.press("ctrl+s")
        await carried_out(screen)
        assert [desk.store.ticket(number).assignee for number in (1, 2)] == ["gulnara"] * 2


async def test_tags_are_added_and_taken_away(desk: Desk) -> None:
    busy_desk(desk)
    upkeep.set_tags(desk, 2, ["late"], [])
    async with desk_screen(desk) as screen:
        await screen.press("x", "x", "T")
        await screen.type("billing +spring -late")
        await screen.press("ctrl+s")
        assert screen.shows("tags +billing +spring -late")
        await screen.press("ctrl+s")
        await carried_out(screen)
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
        assert screen.shows("2 letters to 2 customers · ")
        assert screen.shows("Bektur Asanov")
        assert not screen.shows("no address for email")
        assert screen.shows("We promised you an answer by Friday")
        assert screen.shows("sorry")  # it was broken
        await screen.press("j")
        assert screen.shows("✗ no address for phone is known · Aigul Toktogulova")
        assert screen.shows("The reason: the parts are late")
        await screen.press("ctrl+s")
        await carried_out(screen)
        late, early = desk.store.ticket(1), desk.store.ticket(3)
        assert [promise.outcome for promise in late.promises] == [Outcome.BROKEN, Outcome.OPEN]
        assert [promise.outcome for promise in early.promises] == [Outcome.MOVED, Outcome.OPEN]
        assert "the parts are late" in early.messages[-1].text


async def test_at_closing_time_the_desk_is_open_still(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("x", "x", "p")
        await screen.type("eod")
        assert screen.shows("Mon 2 Mar 2026 18:00, in 8 h") and not screen.shows("closed then")
        assert screen.shows("due that day"), screen.text()
        await screen.press("ctrl+u")
        await screen.type("today 18:30")
        assert screen.shows("closed then")


async def test_closing_many_sends_a_text_or_says_why_none_is_needed(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("x", "x", "c", "left")
        await screen.press("ctrl+s")  # "nothing more" is allowed, but ends nothing that waits
        assert screen.shows("no customer is told · 0 to do · 2 left out")
        await screen.press("ctrl+s")
        assert "nothing of it can be done" in screen.line(-1)
        await screen.press("escape", "c", "right", "tab", "tab")
        await screen.type("spam")
        await screen.press("ctrl+s")
        assert screen.shows("close, no answer needed: spam")
        await screen.press("ctrl+s")
        await carried_out(screen)
        assert [desk.store.ticket(number).state for number in (1, 2)] == [State.CLOSED] * 2
        assert marked(screen) == []


async def test_dates_and_reasons_are_said_to_their_end(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await review_move(screen, "x", "x")
        assert "· #1 → Tue 3 Mar 18:00, was Fri 27 Feb 15:00, broken" in screen.find("#1")
        await screen.resize(40, 12)
        assert "· #1 → Tue 3 Mar 18:00, was" in screen.find("#1")
    async with desk_screen(desk) as screen:
        await screen.press("x", "x", "c", "left", "ctrl+s")
        assert screen.shows("✗ #1 is left out")
        assert screen.shows(" ticket 1 waits on us: answer the customer first, or say why no")
        assert screen.shows(" needed")


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


async def test_what_somebody_else_changed_since_the_review_is_looked_at_again(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("x", "x", "T")
        await screen.type("billing")
        await screen.press("ctrl+s")
        with open_desk(desk.path, agent="gulnara") as other:
            upkeep.set_tags(other, 1, ["billing"], [])
        await screen.press("ctrl+s")
        assert "not done yet: 1 ticket changed meanwhile (#1): look, then ^s" in screen.line(-1)
        assert "✗ #1 left out: nothing to do: it is so already" in screen.find("#1")
        await screen.press("ctrl+s")
        await carried_out(screen)
        assert desk.store.ticket(2).tags == ("billing",)


async def test_what_somebody_else_changes_while_it_is_held_is_left_and_told(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("x", "x", "T")
        await screen.type("billing")
        await screen.press("ctrl+s", "ctrl+s")
        with open_desk(desk.path, agent="gulnara") as other:
            upkeep.assign(other, 1, "gulnara")
        await carried_out(screen)
        await screen.until_shows("✗ tags of 2 tickets: 1 done, 1 not done and kept as a draft: #1")
        assert desk.store.ticket(1).tags == () and desk.store.ticket(2).tags == ("billing",)
        assert marked(screen) == [1]
        await screen.press("ctrl+d")
        assert screen.shows("many at once")
        await screen.press("enter")
        assert "review · 1 ticket" in screen.line(0)


# Held, as one


async def test_u_takes_the_whole_batch_back_with_all_that_was_typed(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await review_move(screen, "x", "x", "x")
        await screen.press("x", "j", "e", "ctrl+home")  # the first is left out, the third changed
        await screen.type("My own words. ")
        await screen.press("ctrl+s")
        assert screen.shows("2 letters to 2 customers")
        await screen.press("ctrl+s")
        assert "another date for 2 tickets goes out in 5 s · u takes it back" in screen.line(-1)
        assert marked(screen) == [1]
        await screen.press("u")
        assert "review · 3 tickets" in screen.line(0)
        assert "– #1 left out by you" in screen.find("#1")
        assert screen.shows("because: the parts are late")
        await screen.press("j", "j")
        assert screen.shows("My own words.")
        with clock.hold(LATER):
            await screen.settle()
        assert told(desk) == []
        await screen.press("ctrl+s")
        await carried_out(screen, LATER + timedelta(seconds=6))
        assert told(desk) == [2, 3]
        assert desk.store.ticket(3).messages[-1].text.startswith("My own words. ")
    assert drafts.load(desk) == []


async def test_taken_back_and_left_it_is_marked_again_and_a_draft(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await review_move(screen, "x", "x")
        await screen.press("ctrl+s")
        assert marked(screen) == []
        await screen.press("u", "escape")
        assert marked(screen) == [1, 2]
        assert "it is kept as a draft" in screen.line(-1)
        with clock.hold(LATER):
            await screen.settle()
        assert told(desk) == []
    assert [draft.kind for draft in drafts.load(desk)] == [DraftKind.BULK]


async def test_a_narrow_terminal_says_too_that_it_can_be_taken_back(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk, (40, 12)) as screen:
        await review_move(screen, "x", "x")
        await screen.press("ctrl+s")
        assert "2 tickets in 5 s · u takes it back" in screen.line(-1)


async def test_leaving_the_desk_carries_out_the_whole_batch(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await review_move(screen, "x", "x", "x")
        await screen.press("ctrl+s")
        assert told(desk) == []
        await screen.press("q")
        screen.app.held.wait_for_the_end()
        assert told(desk) == [1, 2, 3]
    assert drafts.load(desk) == []


async def test_after_a_crash_the_decision_waits_as_a_draft(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await review_move(screen, "x", "x")
        await screen.press("ctrl+s")
        [kept] = drafts.load(desk)
        assert kept.held and of_draft(kept).tickets == (1, 2)
        screen.app.held.take_back()
        await screen.settle()


async def test_a_promise_of_any_of_them_that_falls_due_is_not_held_over(desk: Desk) -> None:
    busy_desk(desk)
    due = desk.store.ticket(3).promises[0].due
    async with desk_screen(desk) as screen:
        with clock.hold(due - timedelta(seconds=30)):
            await review_move(screen, "x", "x", "x")
            await screen.press("ctrl+s")
            assert told(desk) == [1, 2, 3]
            assert desk.store.ticket(3).promises[0].outcome is Outcome.MOVED
            await screen.until_shows("another date for 3 tickets: 3 done")


async def test_a_letter_begun_on_one_of_them_begins_after_the_batch(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await review_move(screen, "x", "x")
        await screen.press("ctrl+s", "g", "r")
        assert told(desk) == [1, 2]


async def test_with_nothing_held_it_is_done_at_once(desk: Desk) -> None:
    busy_desk(desk)
    preferences.change(desk, hold_seconds=0)
    async with desk_screen(desk) as screen:
        await review_move(screen, "x", "x")
        await screen.press("ctrl+s")
        assert told(desk) == [1, 2]
        await screen.until_shows("another date for 2 tickets: 2 done")


async def test_escape_stops_what_is_done_at_once_and_the_rest_is_a_draft(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy_desk(desk)
    preferences.change(desk, hold_seconds=0)
    gate, started = Event(), Event()
    carry_out = bulk.carry_out

    def slowly(desk: Desk, steps: Iterable[Step], decision: Decision) -> Iterator[Result]:
        for result in carry_out(desk, steps, decision):
            started.set()
            assert gate.wait(timeout=20)
            yield result

    monkeypatch.setattr(bulk, "carry_out", slowly)
    async with desk_screen(desk) as screen:
        await review_move(screen, "x", "x", "x")
        await screen.pilot.press("ctrl+s")
        await screen.until(started.is_set)
        await screen.until_shows("another date for 3 tickets: 0 of 3 done; esc stops")
        await screen.pilot.press("escape")
        await screen.until_shows("stopping after the ticket that is being done")
        gate.set()
        await screen.settle()
        assert told(desk) == [1]
        assert marked(screen) == [2, 3]
    [draft] = drafts.load(desk)
    assert of_draft(draft).tickets == (2, 3)


def gate_before_looking_again(monkeypatch: pytest.MonkeyPatch) -> Event:
    """Make the last look at a decision wait until the gate is set."""
    gate, look_again = Event(), bulk.look_again

    def slowly(*given: Any) -> list[Step]:
        assert gate.wait(timeout=20)
        return look_again(*given)

    monkeypatch.setattr(bulk, "look_again", slowly)
    return gate


async def test_escape_stops_it_while_it_is_looked_at_once_more(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy_desk(desk)
    gate = gate_before_looking_again(monkeypatch)
    monkeypatch.setattr(typeahead, "PATIENCE_SECONDS", 0.2)
    async with desk_screen(desk) as screen:
        await review_move(screen, "x", "x")
        await screen.pilot.press("ctrl+s")
        await screen.until_shows("looking whether all is as it was reviewed; esc stops")
        await screen.pilot.press("escape")
        await screen.until_shows("stopping it")
        gate.set()
        await screen.until_shows("✗ stopped: nothing is done")
        assert "review · 2 tickets" in screen.line(0)
        assert screen.app.held.held == () and told(desk) == []


async def test_keys_typed_while_it_is_looked_at_once_more_are_for_the_queue(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy_desk(desk)
    gate = gate_before_looking_again(monkeypatch)
    async with desk_screen(desk) as screen:
        await screen.press("a", "j", "x", "j", "x", "T")  # one is taken, two are to be tagged
        await screen.type("spring")
        await screen.press("ctrl+s")
        await screen.pilot.press("ctrl+s", "u")
        gate.set()
        await screen.settle()
        assert "review · 2 tickets" in screen.line(0)  # what was decided last is taken back
        assert desk.store.ticket(1).assignee == "aibek"


async def test_an_error_of_the_program_leaves_everything_as_a_draft(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy_desk(desk)

    def broken(*_: object) -> Iterator[Result]:
        raise KeyError("private")

    monkeypatch.setattr(bulk, "carry_out", broken)
    async with desk_screen(desk) as screen:
        await screen.press("x", "a", "ctrl+s")
        with clock.hold(LATER):
            await screen.until(lambda: bool(screen.app.mishaps))
        screen.app.mishaps.clear()
        await screen.until_shows("✗ ")
        assert marked(screen) == [1]
    assert [of_draft(draft).tickets for draft in drafts.load(desk)] == [(1,)]


async def test_on_a_full_disk_the_decision_stays_under_review(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy_desk(desk)

    def no_room(*_: object) -> None:
        raise CannotCreate("cannot write .lock: no space left")

    async with desk_screen(desk) as screen:
        await review_move(screen, "x", "x")
        with monkeypatch.context() as full:
            full.setattr(drafts, "save", no_room)
            full.setattr(type(desk), "writing", no_room)
            await screen.press("ctrl+s")
            await screen.until_shows("✗ cannot write .lock: no space left")
            assert "review · 2 tickets" in screen.line(0)
        await screen.press("ctrl+s")
        await carried_out(screen)
        assert told(desk) == [1, 2]


# Reading and changing it


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_how_much_is_told_to_how_many_by_when_is_always_in_sight(
    desk: Desk, size: tuple[int, int]
) -> None:
    number = customers.create(
        desk,
        {
            "name": "Tom", "language": "en", "timezone": "Europe/Berlin",
            "emails": [{"address": "tom@example.org"}],
        },
    ).id  # fmt: skip
    for place in range(12):
        matters.new_ticket(
            desk, number, kind=Kind.REQUEST, channel=Channel.EMAIL, subject=f"{place}", text="?"
        )
    async with desk_screen(desk, size) as screen:
        await review_move(screen, "asterisk")
        for key in ("j", "j", "enter", "j", "escape"):
            assert screen.shows("12 letters to 1 customer")
            assert screen.shows("by Tue 3 Mar 2026 13:00")  # 18:00 at the desk
            await screen.press(key)


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_letter_can_be_read_to_its_end(desk: Desk, size: tuple[int, int]) -> None:
    busy_desk(desk)
    async with desk_screen(desk, size) as screen:
        await review_move(screen, "x", "x")
        read = screen.text()
        for _ in range(12):
            await screen.press("space")
            read += screen.text()
        assert "Dear Bektur Asanov" in read
        assert "The reason: the parts are late" in read
        assert "Kind regards" in read
        await screen.press(*"bbbbbbbbbbbb")
        assert screen.shows("Dear Bektur Asanov")
        await screen.press("enter")
        read = screen.text()
        for _ in range(20):
            await screen.press("j")
            read += screen.text()
        assert "The reason: the parts are late" in read and "Kind regards" in read
        await screen.press("tab")
        assert screen.shows("Dear Aigul Toktogulova")
        await screen.press("escape")
        assert "review · 2 tickets" in screen.line(0) and screen.shows("· #1")


async def test_the_help_lists_the_keys_of_the_review(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk, (120, 40)) as screen:
        await review_move(screen, "x", "x")
        await screen.press("question_mark")
        for words in ("The letter at full height", "Leave the ticket out, or not",
                      "Change this letter", "Scroll the letter down"):  # fmt: skip
            assert screen.shows(words)


async def test_a_ticket_is_left_out_and_put_back(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await review_move(screen, "x", "x")
        await screen.press("x")
        assert screen.shows("1 letter to 1 customer")
        assert "– #1 left out by you; x puts it back" in screen.find("#1")
        await screen.press("k", "x")
        assert screen.shows("2 letters to 2 customers")
        await screen.press("x", "ctrl+s")
        await carried_out(screen)
        assert told(desk) == [1]
        assert marked(screen) == [2]


async def test_an_empty_letter_is_not_taken(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await review_move(screen, "x", "x")
        await screen.press("e")
        screen.app.screen.query_one(TextField).text = " "
        await screen.press("ctrl+s")
        assert screen.shows("the message has no words")
        await screen.press("escape", "y")
        assert screen.shows("Dear Bektur Asanov")


async def test_a_letter_that_is_being_changed_outlives_the_program(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await review_move(screen, "x", "x")
        await screen.press("e", "ctrl+home")
        await screen.type("Half a ")
        screen.app.save()
    [draft] = drafts.load(desk)
    assert of_draft(draft).letters[1].startswith("Half a Dear Bektur")


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
        assert "? keys" in screen.line(-1)


async def test_the_time_of_the_review_counts_for_a_promise_that_comes_due(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await review_move(screen, "j", "j", "x")
        assert screen.shows("1 letter to 1 customer")
        with clock.hold(MONDAY.replace(hour=10, minute=30)):
            await screen.press("ctrl+s")
            assert "not done yet: 1 ticket changed meanwhile (#3)" in screen.line(-1)
            assert screen.shows("sorry")
        assert [promise.outcome for promise in desk.store.ticket(3).promises] == [Outcome.OPEN]
