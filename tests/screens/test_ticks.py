"""Time goes on while screens come and go."""

import asyncio
from collections.abc import Callable

import pytest
from rich.console import RenderableType
from textual.screen import Screen

from helpdesk.app import DeskApp
from helpdesk.desk.desk import Desk
from helpdesk.screens.base import DeskScreen
from helpdesk.screens.close import CloseScreen
from helpdesk.screens.compose import ComposeScreen
from helpdesk.screens.new_ticket import NewTicketScreen
from helpdesk.screens.promise import PromiseScreen
from helpdesk.screens.search import SearchScreen
from helpdesk.screens.ticket import TicketScreen
from helpdesk.screens.triage import TriageScreen
from tests.screens.driver import desk_screen
from tests.screens.people import torn_tent

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
    torn_tent(desk)
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


@pytest.mark.parametrize(
    "opened",
    [
        lambda: TicketScreen(1),
        lambda: ComposeScreen(1, note=False),
        lambda: PromiseScreen(1),
        lambda: CloseScreen(1),
        lambda: NewTicketScreen(None),
        lambda: TriageScreen("is:closed"),  # where it is over already
    ],
    ids=["ticket", "compose", "promise", "close", "new", "triage"],
)
async def test_while_no_words_change_nothing_is_sent_over_the_line(
    desk: Desk, opened: Callable[[], DeskScreen[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    torn_tent(desk)
    async with desk_screen(desk) as driver:
        screen = opened()
        driver.app.push_screen(screen)
        await driver.until(lambda: screen.is_there)
        await driver.settle()
        driver.app._tick()
        await driver.settle()
        drawn: list[object] = []
        display = DeskApp._display

        def noted(app: DeskApp, on: Screen[object], renderable: RenderableType | None) -> None:
            drawn.append(renderable)
            display(app, on, renderable)

        monkeypatch.setattr(DeskApp, "_display", noted)
        for _ in range(3):
            driver.app._tick()
            await driver.pilot.pause(0.05)
        assert [each for each in drawn if each is not None] == []
