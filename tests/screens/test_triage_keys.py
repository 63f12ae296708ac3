"""How few keys a triage takes."""

from pathlib import Path

from helpdesk import clock
from helpdesk.desk.demo import make_demo
from helpdesk.desk.desk import open_desk
from helpdesk.domain.triage import begin
from helpdesk.domain.words import State
from tests.conftest import MONDAY
from tests.screens.driver import ScreenDriver, desk_screen

MOST_KEYS = 60
"""So many key presses the 25 most overdue tickets of the demo may take, besides typed words."""


class CountingHands:
    """Counts the keys that an agent presses; words are typed without being counted."""

    def __init__(self, screen: ScreenDriver) -> None:
        self.screen = screen
        self.pressed = 0

    async def press(self, *keys: str) -> None:
        """Press keys, each of which counts."""
        self.pressed += len(keys)
        await self.screen.press(*keys)

    async def reply(self) -> None:
        """An answer in a few words."""
        await self.press("r")
        await self.screen.type("Sent today.")
        await self.press("ctrl+s")

    async def move(self) -> None:
        """Another date, for a reason."""
        await self.press("p")
        await self.screen.type("+2d")
        await self.press("enter")
        await self.screen.type("stock")
        await self.press("ctrl+s")

    async def note(self) -> None:
        """A word among agents."""
        await self.press("n")
        await self.screen.type("Ask Nurlan.")
        await self.press("ctrl+s")

    async def close(self) -> None:
        """A last answer that ends the matter."""
        await self.press("r")
        await self.screen.type("Refunded.")
        await self.press("ctrl+l", "ctrl+s")


async def test_the_25_most_overdue_tickets_of_the_demo_take_at_most_60_keys(
    tmp_path: Path,
) -> None:
    with clock.hold(MONDAY):
        path = make_demo(tmp_path / "demo", MONDAY, "aibek")
        with open_desk(path, "aibek") as desk:
            rows = desk.store.queue(desk.query("is:overdue"), limit=100)
            overdue = [waiting.ticket for waiting in begin(rows).tickets][:25]
            before = {number: desk.store.ticket(number).rev for number in overdue}
            async with desk_screen(desk, (120, 40)) as screen:
                hands = CountingHands(screen)
                await hands.press("t")
                for number in range(25):
                    assert screen.shows(f"{number + 1} of ")
                    assert screen.shows(f"#{overdue[number]} ")
                    await _decide(hands, number, desk.store.ticket(overdue[number]).assignee)
                assert screen.shows("26 of ")
                assert screen.shows("14 replies, 4 dates told, 2 assigned, 2 notes")
                await hands.press("escape")
                await screen.press("q")
            changed = [n for n in overdue if desk.store.ticket(n).rev > before[n]]
            assert len(changed) == 24
            still = [n for n in overdue if desk.store.ticket(n).state is State.ON_US]
            assert len(still) == 4 + 2 + 2 + 1
    assert hands.pressed <= MOST_KEYS, f"{hands.pressed} key presses"


async def _decide(hands: CountingHands, place: int, assignee: str | None) -> None:
    """What an agent decides on the ticket: mostly an answer, now and then something else."""
    if place in (3, 9, 15, 21):
        await hands.move()
    elif place in (5, 17):
        await hands.note()
    elif place in (7, 19):
        await hands.press("w", "1" if place == 7 else "2")
    elif place == 11:
        await hands.close()
    elif place == 23:
        await hands.press("s")
    elif assignee is None and place in (10, 12):
        await hands.press("a")
    else:
        await hands.reply()
