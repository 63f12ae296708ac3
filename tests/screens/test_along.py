"""From ticket to ticket along the queue, which is seen beside where there is room for it."""

import pytest

from helpdesk import clock
from helpdesk.desk import answers, matters
from helpdesk.desk.desk import Desk
from helpdesk.screens.new_ticket import NewTicketScreen
from helpdesk.screens.ticket import TicketScreen
from helpdesk.widgets.queue_table import CURSOR
from tests.conftest import MONDAY
from tests.screens.desks import busy_desk
from tests.screens.driver import ScreenDriver, desk_screen
from tests.screens.people import gulnara, matter, on_screen, torn_tent


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


@pytest.mark.parametrize("size", [(160, 40), (200, 60)], ids=str)
async def test_beside_a_letter_stand_the_conversation_and_the_customer(
    desk: Desk, size: tuple[int, int]
) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1), size) as screen:
        await screen.press("r")
        await screen.type("We send another one. " * 8)
        letter = screen.region("#letter TextField")
        assert 70 <= letter.width <= 84  # as wide as one likes to read
        conversation, card = screen.region("Conversation"), screen.region("CustomerCard")
        assert letter.right < conversation.x < conversation.right <= card.x
        assert card.right <= size[0] and conversation.width >= 28
        await screen.until(lambda: "What matters" in beside(screen, "CustomerCard"))
        assert "← customer" in beside(screen, "Conversation")
        matters.take_in(desk, 1, "One more word.")
        await screen.until(lambda: "One more word." in beside(screen, "Conversation"))
        await screen.resize(100, 40)
        assert not screen.app.screen.query_one("MatterBeside").display
        assert screen.region("#letter").width == 100


async def test_on_120_columns_the_customer_stands_beside_a_letter_and_his_words_above_it(
    desk: Desk,
) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1), (120, 40)) as screen:
        await screen.press("r")
        await screen.until(lambda: "What matters" in beside(screen, "CustomerCard"))
        letter, card = screen.region("#letter TextField"), screen.region("CustomerCard")
        assert 70 <= letter.width <= 84 and letter.right < card.x and card.right <= 120
        assert "The seam is torn." in beside(screen, "LastWords")
        assert not screen.app.screen.query_one("MatterBeside Conversation").display


@pytest.mark.parametrize("size", [(120, 40), (200, 60)], ids=str)
async def test_beside_a_new_ticket_stands_the_customer_once_he_is_known(
    desk: Desk, size: tuple[int, int]
) -> None:
    gulnara(desk)
    async with on_screen(desk, NewTicketScreen(None), size) as screen:
        assert not screen.app.screen.query_one("MatterBeside").display
        await screen.type("asan")
        await screen.press("enter")
        await screen.until(lambda: "What matters" in beside(screen, "CustomerCard"))
        await screen.press("shift+tab", "ctrl+u")
        await screen.until(lambda: not screen.app.screen.query_one("MatterBeside").display)


def beside(screen: ScreenDriver, selector: str) -> str:
    """What stands where that widget is."""
    at = screen.region(selector)
    return "\n".join(line[at.x : at.right] for line in screen.lines()[at.y : at.bottom])
