"""An agent tells the customer another date, and sees what it means before it is told."""

from datetime import timedelta

import pytest

from helpdesk import clock
from helpdesk.desk import answers, matters
from helpdesk.desk.desk import Desk
from helpdesk.domain.words import Kind, Outcome
from helpdesk.screens.promise import PromiseScreen
from helpdesk.screens.ticket import TicketScreen
from helpdesk.widgets.fields import TextField
from tests.conftest import MONDAY
from tests.screens.driver import ScreenDriver
from tests.screens.people import gulnara, matter, on_screen, sends_at_once, torn_tent

LATE = MONDAY + timedelta(hours=7)


@pytest.fixture(autouse=True)
def nothing_is_held(desk: Desk) -> None:
    """What is held is told of in test_held.py."""
    sends_at_once(desk)


def letter(screen: ScreenDriver) -> str:
    """The message as it stands in the dialog."""
    return screen.app.screen.query_one(TextField).text


async def test_the_dialog_reads_the_time_as_it_is_typed(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("p")
        await screen.type("fr")
        assert screen.shows("… as in +2h, fri 14:00, 25 Nov 14:00, eod")
        await screen.type("x")
        assert screen.shows("✗ 'frx' cannot be read as a time")
        said = " ".join(screen.text().replace("│", " ").split())
        assert "'2026-11-25' or '2026-11-25 14:00'" in said, "to the last example"
        await screen.press("backspace")
        await screen.type("i 14:00")
        assert screen.shows("→ Fri 6 Mar 2026 14:00, in 4 days · open then")
        await screen.press("ctrl+u")
        await screen.type("sat 14:00")
        assert screen.shows("! the desk is closed then")
        await screen.press("ctrl+u")
        await screen.type("eod")
        assert screen.shows("→ Mon 2 Mar 2026 18:00, in 8 h · open then")


async def test_the_dialog_counts_the_other_promises_of_that_agent_on_that_day(desk: Desk) -> None:
    gulnara(desk)
    matter(desk, assignee="aibek")
    matter(desk, "Second", kind=Kind.REQUEST, assignee="aibek")
    matter(desk, "Third", kind=Kind.REQUEST, assignee="asel")
    async with on_screen(desk, PromiseScreen(1), (120, 30)) as screen:
        await screen.type("eod")
        assert screen.shows("1 other promise of yours that day")
        await screen.press("ctrl+u")
        await screen.type("tomorrow")
        assert screen.shows("no other promises of yours that day")


async def test_of_a_ticket_that_nobody_has_the_promises_of_all_are_counted(desk: Desk) -> None:
    torn_tent(desk)
    matter(desk, "Second", assignee="aibek")
    matter(desk, "Third", assignee="asel")
    async with on_screen(desk, PromiseScreen(1), (120, 30)) as screen:
        await screen.type("eod")
        assert screen.shows("2 other promises that day")


async def test_in_time_the_promise_is_moved_and_the_customer_told_why(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("p")
        await screen.type("fri 14:00\nthe workshop is shut")
        assert "Dear Ms Asanova," in letter(screen)
        assert "The reason: the workshop is shut" in letter(screen)
        assert "Friday, March 6, 2026, 14:00" in letter(screen)
        await screen.press("ctrl+s")
        old, new = desk.store.ticket(1).promises
        assert old.outcome is Outcome.MOVED and old.reason == "the workshop is shut"
        assert desk.local(new.due).isoformat() == "2026-03-06T14:00:00+06:00"
        assert screen.shows("○ in 4 days · promised for Fri 6 Mar 14:00")


async def test_after_the_due_time_the_letter_owns_the_delay(desk: Desk) -> None:
    torn_tent(desk)
    with clock.hold(LATE):
        async with on_screen(desk, TicketScreen(1)) as screen:
            await screen.press("p")
            assert screen.shows("it stays on record as broken; the message owns the delay")
            await screen.type("tomorrow\nthe workshop is shut")
            assert "did not keep that promise" in letter(screen)
            await screen.press("ctrl+s")
            ticket = desk.store.ticket(1)
            assert [p.outcome for p in ticket.promises] == [Outcome.BROKEN, Outcome.OPEN]
            assert ticket.messages[-1].owns_delay


async def test_where_none_stands_a_date_is_told(desk: Desk) -> None:
    torn_tent(desk)
    answers.reply(desk, 1, "Done.")
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("p")
        await screen.type("fri\nthe seam is tested")
        assert "We are still working on your matter: the seam is tested" in letter(screen)
        await screen.press("ctrl+s")
        assert desk.store.ticket(1).promise is not None


async def test_what_is_missing_is_said_in_the_dialog(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, PromiseScreen(1)) as screen:
        await screen.press("ctrl+s")
        assert screen.shows("✗ say by when, as in +2h or fri 14:00")
        await screen.type("sat")
        await screen.press("ctrl+s")
        assert screen.shows("✗ 'sat' cannot be promised")
        await screen.press("ctrl+u")
        await screen.type("fri")
        await screen.press("ctrl+s")
        assert screen.shows("✗ say why: the customer is told the reason")
        assert len(desk.store.ticket(1).promises) == 1


async def test_a_letter_changed_by_hand_stays_and_must_tell_the_date(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("p")
        await screen.type("fri 14:00\nthe workshop is shut")
        area = screen.app.screen.query_one(TextField)
        area.text = area.text.replace("Dear Ms Asanova,", "Dear Ms Asanova, again,")
        await screen.type(" until then")
        assert "again," in letter(screen)
        screen.app.screen.query_one("#when").focus()
        await screen.press("ctrl+u")
        await screen.type("thu 14:00")
        await screen.press("ctrl+s")
        assert screen.shows("✗ the message does not tell the date; ^r drafts it anew")
        await screen.press("ctrl+r")
        assert "Thursday, March 5" in letter(screen) and "again," not in letter(screen)
        await screen.press("ctrl+s")
        assert "Thursday, March 5" in desk.store.ticket(1).messages[-1].text


async def test_working_time_is_counted_from_the_moment_it_is_sent(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("p")
        await screen.type("+2h\nthe workshop is shut")
        with clock.hold(MONDAY + timedelta(minutes=30)):
            await screen.press("ctrl+s")
            promise = desk.store.ticket(1).promise
            assert promise is not None
            assert f"{desk.local(promise.due):%H:%M}" == "12:30"
            assert "12:30" in desk.store.ticket(1).messages[-1].text


async def test_a_letter_that_became_untrue_while_it_was_written_is_held(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("p")
        await screen.type("fri 14:00\nthe workshop is shut")
        area = screen.app.screen.query_one(TextField)
        area.text = area.text + "\nP.S. Thank you."
        with clock.hold(LATE):
            await screen.press("ctrl+s")
            assert screen.shows("✗ the promise has come due meanwhile")
            assert len(desk.store.ticket(1).promises) == 1
            await screen.press("ctrl+s")
            assert desk.store.ticket(1).messages[-1].owns_delay


async def test_what_came_in_meanwhile_is_told_before_the_date_is(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("p")
        await screen.type("fri 14:00\nthe workshop is shut")
        matters.take_in(desk, 1, "It is solved.")
        await screen.press("ctrl+s")
        assert screen.shows("✗ not sent yet: the ticket changed")
        assert screen.shows("It is solved.")
        assert len(desk.store.ticket(1).promises) == 1
        await screen.press("ctrl+s")
        assert len(desk.store.ticket(1).promises) == 2


async def test_a_small_terminal_has_room_for_all_of_it(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, PromiseScreen(1), (40, 12)) as screen:
        await screen.type("fri 14:00\nshut")
        for part in ("By when", "→ Fri 6 Mar 14:00 · open then", "Because", "Dear Ms Asan", "^s"):
            assert screen.shows(part), part


async def test_an_apology_that_the_desk_puts_in_at_the_last_moment_is_seen_before_it_is_sent(
    desk: Desk,
) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("p")
        await screen.type("fri 14:00\nthe workshop is shut")
        before = desk.store.ticket(1).rev
        with clock.hold(LATE):
            await screen.press("ctrl+s")
            assert screen.shows("✗ the promise has come due meanwhile")
            assert screen.shows("did not keep that")
            assert desk.store.ticket(1).rev == before
            await screen.press("ctrl+s")
            assert desk.store.ticket(1).rev > before
