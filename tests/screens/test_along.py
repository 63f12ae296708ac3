"""From ticket to ticket along the queue, which is seen beside where there is room for it."""

import pytest

from helpdesk import clock
from helpdesk.desk import answers
from helpdesk.desk.desk import Desk
from helpdesk.screens.ticket import TicketScreen
from helpdesk.widgets.queue_table import CURSOR
from tests.conftest import MONDAY
from tests.screens.desks import busy_desk
from tests.screens.driver import desk_screen
from tests.screens.people import gulnara, matter


async def test_a_wide_terminal_shows_queue_conversation_and_customer_side_by_side(
    desk: Desk,
) -> None:
    busy_desk(desk)
    async with desk_screen(desk, (200, 60)) as screen:
        await screen.press("j", "enter")
        await screen.until_shows(f"{CURSOR}  2 ")
        row = screen.find(f"{CURSOR}  2 ")
        assert "Where is my order" in row
        assert screen.shows("Tent leaks") and screen.shows("Opening hours")
        queue, conversation, card = (
            screen.region(each) for each in ("QueueAlong", "Conversation", "CustomerCard")
        )
        assert queue.right <= conversation.x < conversation.right <= card.x
        assert conversation.width >= 60 and queue.width >= 45 and card.width >= 40


async def test_j_and_k_go_on_in_the_queue_and_the_cursor_goes_along(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk, (200, 60)) as screen:
        await screen.press("enter", "J")
        assert "ticket 2" in screen.line(0)
        await screen.until_shows(f"{CURSOR}  2 ")
        assert screen.shows("promised for Fri 27 Feb 18:00")
        await screen.press("J", "J", "K")
        assert "ticket 3" in screen.line(0)
        await screen.press("escape")
        assert screen.queue.ticket == 3
        assert len(screen.app.screen_stack) == 1


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 40)])
async def test_without_room_for_the_queue_the_keys_do_the_same(
    desk: Desk, size: tuple[int, int]
) -> None:
    busy_desk(desk)
    async with desk_screen(desk, size) as screen:
        await screen.press("enter", "J")
        assert "ticket 2" in screen.line(0)
        assert not screen.shows("Tent leaks")
        await screen.press("о")  # what j sends on a Cyrillic keyboard scrolls
        await screen.press("Л")
        assert "ticket 1" in screen.line(0)


async def test_at_both_ends_it_is_said(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("enter", "K")
        assert screen.shows("✗ this is the first ticket of the view")
        await screen.press("escape", "G", "enter", "J")
        assert screen.shows("✗ this is the last ticket of the view")


async def test_a_ticket_opened_from_elsewhere_has_no_next_one(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk, (200, 60)) as screen:
        screen.app.push_screen(TicketScreen(5))
        await screen.settle()
        await screen.press("J")
        assert screen.shows("this ticket was not opened from the queue")


async def test_once_answered_and_out_of_the_view_the_next_one_comes(desk: Desk) -> None:
    gulnara(desk)
    for subject in ("First", "Second", "Third"):
        matter(desk, subject)
    async with desk_screen(desk, (200, 60)) as screen:
        await screen.press("5", "enter")
        assert "ticket 1" in screen.line(0)
        answers.reply(desk, 1, "Done.")
        await screen.until(lambda: screen.queue.ticket == 2, "the queue has followed")
        await screen.press("J")
        assert "ticket 2" in screen.line(0)


async def test_time_goes_on_in_the_queue_beside_too(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk, (200, 60)) as screen:
        await screen.press("enter")
        await screen.until_shows("● in 15 min")
        with clock.hold(MONDAY.replace(minute=10)):
            await screen.until_shows("● in 5 min")


async def test_a_click_on_another_ticket_opens_it(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk, (200, 60)) as screen:
        await screen.press("enter")
        await screen.until_shows(f"{CURSOR}  1 ")
        await screen.pilot.click("AlongTable", offset=(5, 2))
        await screen.settle()
        assert "ticket 3" in screen.line(0)
        assert screen.queue.ticket == 3
