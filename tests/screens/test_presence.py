"""Agents at the same ticket see each other, and see when one has gone."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from helpdesk.desk.desk import Desk, open_desk
from helpdesk.domain.presence import Doing
from tests.screens.driver import ScreenDriver, desk_screen
from tests.screens.people import torn_tent

SIZES = [(40, 12), (80, 24), (120, 40), (200, 60)]


@contextmanager
def asel(desk: Desk) -> Iterator[Desk]:
    """Another agent at the same desk."""
    with open_desk(desk.path, "asel") as other:
        yield other


async def seen_by(screen: ScreenDriver, other: Desk, *expected: tuple[str, Doing]) -> None:
    """Wait until that is where the others see the agents of the screen."""

    def seen() -> list[tuple[str, Doing]]:
        return [(one.agent, one.doing) for one in other.presence.others(1)]

    await screen.until(lambda: seen() == list(expected), f"seen as {expected}")


@pytest.mark.parametrize("size", SIZES)
async def test_who_looks_and_who_writes_shows_at_the_ticket_until_he_goes(
    desk: Desk, size: tuple[int, int]
) -> None:
    torn_tent(desk)
    async with desk_screen(desk, size) as screen:
        await screen.press("enter")
        with asel(desk) as other:
            other.presence.be_at(1, Doing.LOOKS, desk.now())
            await screen.until_shows("asel looks on since 10:00")
            other.presence.be_at(1, Doing.WRITES, desk.now())
            await screen.until_shows("asel writes here since 10:00")
            await screen.press("r")
            await screen.until_shows("asel writes here since 10:00")
            await screen.press("escape")
            await screen.until_shows("asel writes here since 10:00")
        await screen.until(lambda: not screen.shows("asel writes"), "she has gone")


async def test_others_see_where_the_agent_is_and_that_he_left(desk: Desk) -> None:
    torn_tent(desk)
    with asel(desk) as other:
        async with desk_screen(desk) as screen:
            await seen_by(screen, other)
            await screen.press("enter")
            await seen_by(screen, other, ("aibek", Doing.LOOKS))
            await screen.press("p")
            await seen_by(screen, other, ("aibek", Doing.WRITES))
            await screen.press("escape")
            await seen_by(screen, other, ("aibek", Doing.LOOKS))
            await screen.press("g", "T")  # a form over the ticket leaves him there
            await seen_by(screen, other, ("aibek", Doing.LOOKS))
            await screen.press("escape")
            await screen.press("U")  # but in this one he writes
            await seen_by(screen, other, ("aibek", Doing.WRITES))
            await screen.press("escape")
            await seen_by(screen, other, ("aibek", Doing.LOOKS))
            await screen.press("escape")
            await seen_by(screen, other)
            await screen.press("t")
            await seen_by(screen, other, ("aibek", Doing.LOOKS))
        desk.close()
        assert other.presence.others() == []


async def test_others_wait_for_no_tick_of_the_agents(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They look by a tick of their own: two of them would be a second."""
    monkeypatch.setattr("helpdesk.app.TICK_SECONDS", 3600)
    torn_tent(desk)
    with asel(desk) as other:
        async with desk_screen(desk) as screen:
            await screen.press("t")
            await seen_by(screen, other, ("aibek", Doing.LOOKS))
            await screen.press("s")
            await seen_by(screen, other)
            await screen.press("escape", "enter")
            await seen_by(screen, other, ("aibek", Doing.LOOKS))
            await screen.press("r")
            await seen_by(screen, other, ("aibek", Doing.WRITES))
            await screen.press("escape")
            await seen_by(screen, other, ("aibek", Doing.LOOKS))
            await screen.press("escape")
            await seen_by(screen, other)
