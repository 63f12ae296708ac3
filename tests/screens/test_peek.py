"""A look into tickets from the queue, without opening them, at every width."""

import pytest

from helpdesk.desk.desk import Desk
from tests.screens.desks import ticket
from tests.screens.driver import desk_screen

SIZES = [(40, 12), (80, 24), (110, 30), (130, 40), (200, 60)]


@pytest.mark.parametrize("size", SIZES)
async def test_one_key_shows_the_last_words_and_moving_goes_on(
    desk: Desk, size: tuple[int, int]
) -> None:
    ticket(desk, "Tent leaks", text="It rains in.", who="Bektur Asanov")
    ticket(desk, "Late parcel", text="Not here yet.", who="Aigul Toktogulova")
    async with desk_screen(desk, size) as screen:
        await screen.press("space")
        await screen.until_shows("It rains in.")
        assert screen.shows("▌")
        assert screen.on_top is screen.queue
        await screen.press("j")
        await screen.until_shows("Not here yet.")
        assert screen.shows("▌")
        await screen.press("space")
        assert screen.shows("Not here yet.") == (size[0] >= 120)
        assert not screen.queue.is_peeking


async def test_esc_ends_the_look_before_it_clears_anything(desk: Desk) -> None:
    ticket(desk, "Tent leaks", text="It rains in.")
    ticket(desk, "Late parcel")
    async with desk_screen(desk) as screen:
        await screen.press("x", "space", "k")
        await screen.until_shows("It rains in.")
        await screen.press("escape")
        assert not screen.shows("It rains in.")
        assert screen.queue.marks.tickets == (1,)
