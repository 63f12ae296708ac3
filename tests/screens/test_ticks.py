"""Time goes on while screens come and go."""

import asyncio
from collections.abc import Callable

import pytest

from helpdesk.desk.desk import Desk
from helpdesk.screens.base import DeskScreen
from helpdesk.screens.close import CloseScreen
from helpdesk.screens.compose import ComposeScreen
from helpdesk.screens.promise import PromiseScreen
from helpdesk.screens.search import SearchScreen
from helpdesk.screens.ticket import TicketScreen
from tests.screens.driver import desk_screen
from tests.screens.people import gulnara, matter

TURNS = 80


@pytest.mark.parametrize(
    "opened",
    [
        lambda: TicketScreen(1),
        lambda: SearchScreen("tent"),
        lambda: ComposeScreen(1, note=False),
        lambda: PromiseScreen(1),
        lambda: CloseScreen(1),
    ],
    ids=["ticket", "search", "compose", "promise", "close"],
)
async def test_a_tick_never_comes_before_a_screen_is_there_nor_after_it_is_gone(
    desk: Desk, opened: Callable[[], DeskScreen[None]]
) -> None:
    gulnara(desk)
    matter(desk)
    async with desk_screen(desk) as driver:
        screen = opened()

        async def ticks() -> set[bool]:
            seen = set()
            for _ in range(TURNS):
                seen.add(screen.is_there)
                if screen.is_there:
                    screen.tick(desk.now())
                await asyncio.sleep(0)
            return seen

        assert not screen.is_there
        driver.app.push_screen(screen)
        await ticks()
        await driver.until(lambda: screen.is_there)
        await driver.settle()
        screen.dismiss()
        assert await ticks() == {True, False}
        assert not screen.is_there
