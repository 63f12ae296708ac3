"""A triage on the screen, for its stories."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta

from helpdesk.desk.desk import Desk, open_desk
from tests.screens.driver import ScreenDriver, desk_screen

HELD = timedelta(seconds=6)


@asynccontextmanager
async def triage(desk: Desk, size: tuple[int, int] = (80, 24)) -> AsyncIterator[ScreenDriver]:
    """The desk with a triage begun over all that waits on us."""
    async with desk_screen(desk, size) as screen:
        await screen.press("t")
        yield screen


@contextmanager
def somebody_else(desk: Desk, agent: str = "asel") -> Iterator[Desk]:
    """The same desk, opened by another agent."""
    with open_desk(desk.path, agent) as other:
        yield other


async def reply(screen: ScreenDriver, words: str = "A new one comes.") -> None:
    """Answer the ticket in front."""
    await screen.press("r")
    await screen.type(words)
    await screen.press("ctrl+s")


async def leave_the_desk(screen: ScreenDriver) -> None:
    """Leave the triage and then the desk: what is held is carried out."""
    await screen.press("escape", "q")


async def carried_out(screen: ScreenDriver, desk: Desk, number: int, rev: int) -> None:
    """Wait until what is held on the ticket is done, its time being up."""
    await screen.until(lambda: desk.store.ticket(number).rev > rev, "carried out")
