"""A reply that was sent is held for some seconds, and taken back by one key."""

from datetime import datetime, timedelta
from threading import Event

import pytest

from helpdesk import clock
from helpdesk.desk import answers, drafts, matters, preferences, upkeep
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.domain.errors import CannotCreate
from helpdesk.domain.words import Channel, Outcome, State
from helpdesk.screens.keeping import KeptScreen
from helpdesk.screens.ticket import TicketScreen
from helpdesk.widgets.fields import TextField
from tests.conftest import MONDAY
from tests.screens.driver import ScreenDriver, desk_screen
from tests.screens.people import gulnara, matter, on_screen, torn_tent
from tests.screens.test_typeahead import burst

LATER = MONDAY + timedelta(seconds=6)


def is_answered(desk: Desk, number: int = 1) -> bool:
    """Whether the customer was told something."""
    return any(message.is_answer for message in desk.store.ticket(number).messages)


async def answer(screen: ScreenDriver, words: str = "On its way.") -> None:
    """Answer the ticket on the screen."""
    await screen.press("r")
    await screen.type(words)
    await screen.press("ctrl+s")


async def carried_out(screen: ScreenDriver, desk: Desk, now: datetime = LATER) -> None:
    """Let the seconds go by."""
    with clock.hold(now):
        await screen.until(lambda: is_answered(desk), "the reply is sent")
        await screen.settle()


async def test_a_reply_goes_out_once_its_seconds_are_over(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await answer(screen)
        assert "ticket 1" in screen.line(0)
        await screen.until_shows("◷ reply to #1 goes out in 5 s · u takes it back")
        with clock.hold(MONDAY + timedelta(seconds=2)):
            await screen.until_shows("◷ reply to #1 goes out in 3 s")
        assert not is_answered(desk)
        await carried_out(screen, desk)
        await screen.until_shows("the reply to #1 has gone out")
        await screen.until_shows(
            "◇ no promise stands: we wait for the customer (the last was kept)"
        )
    assert drafts.load(desk) == []


async def test_u_brings_the_composer_back_with_all_its_words(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await answer(screen, "Half an answer")
        await screen.press("u")
        assert "\n\nHalf an answer\n\nKind regards" in screen.app.screen.query_one(TextField).text
        with clock.hold(LATER):
            await screen.type(" and the rest")
            assert not is_answered(desk)
            await screen.press("ctrl+s")
            await carried_out(screen, desk, LATER + timedelta(seconds=6))
    assert "Half an answer and the rest" in desk.store.ticket(1).messages[-1].text


@pytest.mark.parametrize("key", ["r", "p", "c"])
async def test_taken_back_and_sent_again_in_one_go_it_is_sent_once_as_it_stands(
    desk: Desk, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    torn_tent(desk)
    read, begun, go_on = KeptScreen.find_draft, Event(), Event()

    def slowly(form: KeptScreen[None]) -> None:
        begun.set()
        assert go_on.wait(timeout=20)
        read(form)

    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press(key)
        if key == "p":
            await screen.type("fri 14:00\nthe workshop is shut\n")
        elif key == "c":
            await screen.press("tab", "tab", "tab")
        await screen.type("Written by hand.")
        await screen.press("ctrl+s")
        assert screen.shows("u takes it back")
        monkeypatch.setattr(KeptScreen, "find_draft", slowly)
        for _ in range(3):
            begun.clear()
            go_on.clear()
            burst(screen, "u\x13")
            await screen.until(begun.is_set, "the form is read again")
            await screen.pilot.pause()
            go_on.set()
            await screen.settle()
            await screen.until(lambda: isinstance(screen.on_top, TicketScreen))
            await screen.until_shows("u takes it back")
        assert not is_told(desk)
        with clock.hold(LATER):
            await screen.until(lambda: is_told(desk), "it is sent")
            await screen.settle()
            assert not screen.app.held.held
        with clock.hold(LATER + timedelta(minutes=1)):
            await screen.settle()
    told = [each for each in desk.store.ticket(1).messages if "Written by hand." in each.text]
    assert len(told) == 1
    assert drafts.load(desk) == []


def is_told(desk: Desk) -> bool:
    """Whether what was written by hand has gone out."""
    return any("Written by hand." in each.text for each in desk.store.ticket(1).messages)


async def test_the_u_of_a_cyrillic_keyboard_takes_back_too(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await answer(screen)
        await screen.press("г")
        assert "reply to #1" in screen.line(0)


async def test_without_anything_held_u_says_so(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("u")
        assert "nothing to take back: nothing was decided here yet" in screen.line(-1)


async def test_where_the_agent_types_u_is_a_letter(desk: Desk) -> None:
    torn_tent(desk)
    matter(desk, "Another")
    async with on_screen(desk, TicketScreen(1)) as screen:
        await answer(screen)
        screen.app.push_screen(TicketScreen(2))
        await screen.press("n", "u")
        assert screen.app.screen.query_one(TextField).text == "u"
        assert not is_answered(desk)


async def test_it_can_be_taken_back_from_the_queue_too(desk: Desk) -> None:
    torn_tent(desk)
    async with desk_screen(desk) as screen:
        await answer(screen)
        await screen.until_shows("◷ reply to #1 goes out in 5 s")
        await screen.press("u")
        assert "reply to #1" in screen.line(0)
        assert not is_answered(desk)


@pytest.mark.parametrize("key", ["p", "c"], ids=["another date", "the end"])
async def test_whatever_the_customer_is_told_is_held(desk: Desk, key: str) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press(key)
        if key == "p":
            await screen.type("fri 14:00\nthe workshop is shut")
        else:
            await screen.press("tab", "tab", "tab")
            await screen.type("Your new tent was handed over.")
        await screen.press("ctrl+s")
        await screen.until_shows("goes out in 5 s · u takes it back")
        assert not is_answered(desk)
        await screen.press("u")
        await screen.press("ctrl+s")
        await carried_out(screen, desk)
        ticket = desk.store.ticket(1)
        assert (ticket.promises[0].outcome, ticket.state) in (
            (Outcome.MOVED, State.ON_US),
            (Outcome.KEPT, State.CLOSED),
        )


async def test_somebody_else_who_answers_meanwhile_stops_it(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await answer(screen)
        with open_desk(desk.path, "asel") as other:
            answers.reply(other, 1, "It was sent yesterday.")
        with clock.hold(LATER):
            await screen.until_shows("✗ the reply to #1 was not sent, and is a draft again")
        assert desk.store.ticket(1).messages[-1].text == "It was sent yesterday."
        await screen.press("r")
        assert "On its way." in screen.app.screen.query_one(TextField).text
        await screen.until_shows("✗ the ticket changed since you wrote this")


async def test_what_the_agent_does_himself_does_not_stop_it(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await answer(screen)
        await screen.press("a")
        upkeep.note(desk, 1, "Ask the workshop.")
        await carried_out(screen, desk)
        assert screen.shows("the reply to #1 has gone out")


async def test_the_next_word_on_the_ticket_begins_after_it_has_gone_out(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await answer(screen)
        await screen.press("r")
        assert is_answered(desk)
        assert screen.shows("◇ no promise stands that it could keep")
        assert "On its way." not in screen.app.screen.query_one(TextField).text


async def test_leaving_the_desk_sends_what_is_held(desk: Desk) -> None:
    torn_tent(desk)
    async with desk_screen(desk) as screen:
        await answer(screen)
        assert not is_answered(desk)
        await screen.press("q")
        assert is_answered(desk)
    assert drafts.load(desk) == []


async def test_what_could_not_be_sent_at_the_end_is_told_after_it(desk: Desk) -> None:
    torn_tent(desk)
    async with desk_screen(desk) as screen:
        await answer(screen)
        matters.take_in(desk, 1, "Forget it.")
        with open_desk(desk.path, "asel") as other:
            upkeep.assign(other, 1, "asel")
        await screen.press("q")
        [line] = screen.app.held.failures()
        assert line.startswith("the reply to #1 was not sent, and is a draft again: ticket 1")
    assert "On its way." in drafts.load(desk)[0].text


async def test_a_promise_that_falls_due_in_the_meantime_is_kept(desk: Desk) -> None:
    gulnara(desk)
    matter(desk, channel=Channel.PHONE, at=MONDAY)
    due = desk.store.ticket(1).promises[0].due
    with clock.hold(due - timedelta(seconds=3)):
        async with on_screen(desk, TicketScreen(1)) as screen:
            await answer(screen)
            assert desk.store.ticket(1).promises[0].outcome is Outcome.KEPT
            await screen.until_shows("the reply to #1 has gone out")


async def test_an_agent_may_have_nothing_held(desk: Desk) -> None:
    torn_tent(desk)
    preferences.change(desk, hold_seconds=0)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await answer(screen)
        assert is_answered(desk)


async def test_an_agent_may_take_back_by_another_key(desk: Desk) -> None:
    torn_tent(desk)
    preferences.change(desk, keys={"take_back": ("f8",)})
    async with on_screen(desk, TicketScreen(1)) as screen:
        await answer(screen)
        await screen.until_shows("f8 takes it back")
        await screen.press("f8")
        assert "reply to #1" in screen.line(0)


async def test_after_another_date_the_cursor_stays_where_the_agent_was_in_the_queue(
    desk: Desk,
) -> None:
    gulnara(desk)
    for subject in ("First", "Second", "Third"):
        matter(desk, subject)
    async with desk_screen(desk) as screen:
        await screen.press("p")
        await screen.type("fri 14:00\n")
        await screen.type("the cloth is late")
        await screen.press("ctrl+s")
        assert screen.queue.ticket == 1
        with clock.hold(LATER):
            await screen.until(lambda: screen.queue.ticket == 2, "the cursor stays at the top")
            assert screen.queue.table.cursor == 0
        matters.take_in(desk, 2, "And?")
        await screen.settle()
        assert screen.queue.ticket == 2


async def test_below_a_box_time_goes_on_and_what_is_held_counts_down(desk: Desk) -> None:
    torn_tent(desk)
    matter(desk, "Second")
    async with desk_screen(desk, (120, 40)) as screen:
        await screen.press("t", "n")
        await screen.type("Ask the workshop.")
        await screen.press("ctrl+s", "A")
        await screen.until_shows("in 5 s")
        await screen.until(
            lambda: not screen.shows("takes it back"), "no key, as it is typed into the box"
        )
        with clock.hold(MONDAY + timedelta(seconds=2)):
            await screen.until_shows("in 3 s")
        with clock.hold(MONDAY + timedelta(minutes=5)):
            await screen.until_shows("10:05")
            await screen.until(lambda: not screen.shows("note on #1 in"))


async def test_the_cursor_goes_with_a_ticket_that_somebody_else_moves_after_a_note_of_mine(
    desk: Desk,
) -> None:
    gulnara(desk)
    for subject in ("First", "Second", "Third"):
        matter(desk, subject)
    async with desk_screen(desk) as screen:
        await screen.press("n")
        await screen.type("Ask the workshop.")
        await screen.press("ctrl+s")
        with clock.hold(LATER):
            await screen.until(lambda: len(desk.store.ticket(1).messages) == 3)
            await screen.settle()
            await screen.until(lambda: not screen.queue._decided)
        with open_desk(desk.path, agent="asel") as theirs:
            answers.tell_date(theirs, 1, MONDAY + timedelta(days=2), "the cloth is late")
        await screen.until(lambda: screen.queue.table.cursor == 2)
        assert screen.queue.ticket == 1


async def test_a_disk_that_fills_up_while_a_reply_is_held_leaves_it_among_the_drafts(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_: object) -> None:
        raise CannotCreate("cannot write .lock: no space left")

    torn_tent(desk)
    async with desk_screen(desk) as screen:
        await answer(screen)
        with monkeypatch.context() as full:
            full.setattr(drafts, "save", no_room)
            full.setattr(type(desk), "writing", no_room)
            with clock.hold(LATER):
                await screen.until_shows("✗ the reply to #1 was not sent, and is a draft again")
            await screen.press("ctrl+d")
            await screen.until_shows("On its way.")
        await screen.press("enter", "ctrl+s", "ctrl+d")
        await screen.until_shows("No draft waits.")


@pytest.mark.parametrize("key", ["r", "n", "p", "c"])
async def test_on_a_full_disk_what_cannot_be_sent_stays_where_it_is_written(
    desk: Desk, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_: object) -> None:
        raise CannotCreate("cannot write .lock: no space left")

    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        with monkeypatch.context() as full:
            full.setattr(drafts, "save", no_room)
            full.setattr(type(desk), "writing", no_room)
            await screen.press(key)
            if key == "p":
                await screen.type("fri 14:00")
                await screen.press("tab")
            if key == "c":
                await screen.press("tab", "tab", "tab")
            await screen.type("Words that must not be lost.")
            await screen.press("ctrl+s")
            await screen.until_shows("✗ cannot write .lock: no space left")
            assert screen.shows("Words that must not be lost.")
            await screen.press("escape")
            assert screen.shows("What you write cannot be kept")
            await screen.press("escape")
        await screen.press("escape")
        await screen.until_shows("is kept as a draft")
    (kept,) = drafts.load(desk)
    assert "Words that must not be lost." in kept.text + str(kept.fields)


async def test_why_a_letter_was_not_sent_is_not_pushed_away_by_why_it_is_not_kept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    full_disk = CannotCreate("cannot write .lock: no space left")

    def no_room(*_: object) -> None:
        raise full_disk

    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        with monkeypatch.context() as full:
            full.setattr(drafts, "save", no_room)
            full.setattr(type(desk), "writing", no_room)
            await screen.press("r")
            await screen.type("Words.")
            await screen.press("ctrl+s")
            await screen.until_shows("✗ cannot write .lock: no space left")
            form = screen.app.screen
            assert isinstance(form, KeptScreen)
            form._not_kept(full_disk)  # the keeper comes a moment later
            await screen.settle()
            assert screen.shows("✗ cannot write .lock: no space left")
        await screen.press("escape")
        await screen.until_shows("is kept as a draft")
