"""The queue with room and without: side by side, by mouse, by wheel."""

import pytest
from textual.events import MouseScrollDown

from helpdesk.desk import answers
from helpdesk.desk.desk import Desk
from helpdesk.screens.ticket import TicketScreen
from helpdesk.widgets.queue_table import CURSOR, QueueTable
from tests.screens.desks import answered, busy_desk, ticket
from tests.screens.driver import ScreenDriver, desk_screen
from tests.screens.people import gulnara, matter, torn_tent


async def test_with_much_room_queue_conversation_and_customer_stand_side_by_side(
    desk: Desk,
) -> None:
    gulnara(desk)
    made = matter(desk, "The tent came torn")
    answers.reply(desk, made.id, "We send you a new one.")
    ticket(desk, "Another matter")
    async with desk_screen(desk, (200, 60)) as screen:
        await screen.press("8", "G")
        await screen.until_shows("no calls before ten")
        assert "satisfied" in screen.find("satisfied")
        assert screen.shows("We send you a new one.")
        assert screen.shows("The seam is torn.")  # the conversation, not only the last message
        queue, beside, card = (
            screen.region(each) for each in ("#list", "#beside TicketPreview", "CustomerCard")
        )
        assert queue.right <= beside.x and beside.right <= card.x <= 200


@pytest.mark.parametrize(("size", "has_card"), [((159, 40), False), ((160, 40), True)], ids=str)
async def test_the_customers_card_comes_at_160_columns(
    desk: Desk, size: tuple[int, int], has_card: bool
) -> None:
    torn_tent(desk)
    async with desk_screen(desk, size) as screen:
        await screen.until_shows("no calls before ten")
        assert screen.shows("Other open tickets") is has_card


async def test_the_card_follows_the_size_of_the_terminal(desk: Desk) -> None:
    torn_tent(desk)
    async with desk_screen(desk, (200, 50)) as screen:
        await screen.until_shows("Other open tickets")
        await screen.resize(130, 40)
        await screen.until(lambda: not screen.shows("Other open tickets"))
        await screen.resize(200, 50)
        await screen.until_shows("Other open tickets")


async def test_beside_an_empty_view_nothing_is_left_over(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk, (200, 50)) as screen:
        await screen.until_shows("Other open tickets")
        await screen.press("slash")
        await screen.type("snowshoes")
        await screen.press("enter")
        await screen.until(lambda: not screen.shows("Other open tickets"))
        assert not screen.shows("Bektur")


async def test_a_click_selects_and_another_one_opens(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.pilot.click("QueueTable", offset=(30, 3))
        await screen.settle()
        assert "Broken zip" in screen.find(CURSOR)
        assert screen.on_top is screen.queue
        await screen.pilot.click("QueueTable", offset=(30, 3))
        await screen.settle()
        assert isinstance(screen.on_top, TicketScreen)


async def test_a_double_click_opens(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.pilot.double_click("QueueTable", offset=(30, 2))
        await screen.settle()
        assert isinstance(screen.on_top, TicketScreen)
        assert screen.on_top.number == 3


def wheel(screen: ScreenDriver) -> None:
    """Turn the wheel down by one notch over the queue."""
    table = screen.queue.table
    x, y = table.region.x + 5, table.region.y + 2
    table.post_message(MouseScrollDown(table, x, y, 0, 1, 0, False, False, False, x, y))


async def test_the_wheel_scrolls_and_the_cursor_stays_on_its_ticket(desk: Desk) -> None:
    for number in range(60):
        answered(desk, f"Matter {number:03}")
    async with desk_screen(desk) as screen:
        await screen.press("6")
        table = screen.app.screen.query_one(QueueTable)
        for _ in range(8):
            wheel(screen)
        await screen.until(lambda: table.scroll_offset.y >= 4)
        top = table.scroll_offset.y
        assert table.cursor == 0 and not screen.shows(CURSOR)
        ticket(desk, "Somebody wrote", who="Somebody Else")  # looks anew by itself
        await screen.until_shows("on us 1")
        assert table.scroll_offset.y == top
        await screen.press("j")
        assert "Matter 001" in screen.find(CURSOR)


async def test_beside_a_ticket_that_cannot_be_read_stands_no_other(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk, (120, 30)) as screen:
        await screen.until_shows("│ #1 Tent leaks")
        (desk.path / "tickets" / "0000" / "000002.json").write_bytes(b"{")
        await screen.press("j")
        await screen.until_shows("tickets/0000/000002.json cannot be read")
        assert not screen.shows("│ #1 Tent leaks")
        await screen.press("k")
        await screen.until_shows("│ #1 Tent leaks")
