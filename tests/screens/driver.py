"""Work the desk as an agent does: press keys, read the screen.

``async with desk_screen(desk_path) as screen`` opens the desk in a terminal of that size, without
a real one. Reading gives what stands on the screen, as plain text.
"""

import unicodedata
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from textual.geometry import Region
from textual.screen import Screen

from helpdesk.app import DeskApp
from helpdesk.desk import preferences
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.screens.queue import QueueScreen
from tests.screens.hands import TURNS, Hands


class ScreenDriver:
    """A desk on the screen, and the hands and eyes of its agent."""

    def __init__(self, app: DeskApp) -> None:
        self.app = app
        self.pilot = Hands(app)

    @property
    def on_top(self) -> Screen[object]:
        """The screen that keys go to."""
        return self.app.screen

    @property
    def queue(self) -> QueueScreen:
        """The queue, which is below all other screens."""
        queue = self.app.screen_stack[0]
        assert isinstance(queue, QueueScreen)
        return queue

    def lines(self) -> list[str]:
        """What stands on the screen, line by line, with no spaces at the ends."""
        width, height = self.app.size
        strips = self.app.screen._compositor.render_strips()
        assert len(strips) <= height, "more lines than the terminal has"
        lines = [
            "".join(segment.text for segment in strip if not segment.control) for strip in strips
        ]
        assert self.app.screen.size == (width, height)
        return [line.rstrip() for line in lines]

    def text(self) -> str:
        """What stands on the screen."""
        return "\n".join(self.lines())

    def line(self, number: int) -> str:
        """One line, counted from 0; negative ones from the end."""
        return self.lines()[number]

    def find(self, text: str) -> str:
        """The first line that holds ``text``. Fails, showing the screen, if there is none."""
        for line in self.lines():
            if text in line:
                return line
        raise AssertionError(f"no {text!r} on the screen:\n{self.text()}")

    def place(self, text: str) -> int:
        """On which line ``text`` stands first, counted from 0. Fails as ``find``."""
        return self.lines().index(self.find(text))

    def shows(self, text: str) -> bool:
        """Whether ``text`` stands on one of the lines."""
        return any(text in line for line in self.lines())

    async def press(self, *keys: str) -> None:
        """Press keys, named as Textual does (``enter``, ``ctrl+s``), then let the desk settle.

        Each is pressed once the work of the one before it is done, as by an agent who looks.
        """
        for key in keys:
            await self.pilot.press(key)
            await self.until(lambda: not self.at_work(), "the work of the key done")
        await self.settle()

    async def type(self, text: str) -> None:
        """Type ``text`` letter by letter."""
        await self.press(*(_key(character) for character in text))

    async def settle(self) -> None:
        """Wait until no work is under way any more, and fail if something unexpected happened."""
        await self.until(lambda: not self.busy(), "nothing under way")
        while self.busy():  # what a worker asked for has begun more work
            await self.until(lambda: not self.busy(), "nothing under way")
        self.check()

    def busy(self) -> bool:
        """Whether something is under way, or is put off until keys rest."""
        return self.pilot.puts_off or bool(self.at_work())

    def at_work(self) -> list[str]:
        """What threads still do for the screens, and keys on their way."""
        opening, app = self.app.opening, self.app
        return [
            *(["opening"] if not opening.ident or opening.is_alive() else []),
            *(["keys"] if app.keys_at_work else []),
            *(str(worker) for worker in app.workers if not worker.is_finished),
        ]

    def check(self) -> None:
        """Raise the first unexpected error, which an agent would only see as a line."""
        if self.app.mishaps:
            raise self.app.mishaps[0]

    async def until(self, condition: Callable[[], bool], what: str = "") -> None:
        """Let the desk go on until ``condition`` is true; fails, showing the screen, if never."""
        for _ in range(TURNS):
            await self.pilot.pause()
            if condition():
                # What the last worker asked for is still to be drawn.
                await self.pilot.pause()
                return
            await self.pilot.nap()
        under_way = ", ".join(self.at_work()) or "nothing"
        raise AssertionError(
            f"never came true: {what or condition}; under way: {under_way}; "
            f"on the screen:\n{self.text()}"
        )

    async def until_shows(self, text: str) -> None:
        """Wait until ``text`` stands on the screen."""
        await self.until(lambda: self.shows(text), f"{text!r} on the screen")

    async def resize(self, width: int, height: int) -> None:
        """Make the terminal another size."""
        await self.pilot.resize_terminal(width, height)
        await self.settle()

    def region(self, selector: str) -> Region:
        """Where on the screen the widget stands."""
        return self.app.screen.query_one(selector).region


_KEYS = {" ": "space", "\n": "enter", "\t": "tab"}


def _key(character: str) -> str:
    """How the pilot takes the key that types ``character``: vowel signs and marks by their name."""
    if unicodedata.category(character).startswith("M"):
        return unicodedata.name(character)
    return _KEYS.get(character, character)


@asynccontextmanager
async def desk_screen(
    desk: Path | Desk,
    size: tuple[int, int] = (80, 24),
    agent: str = "aibek",
    *,
    first_time: bool = False,
) -> AsyncIterator[ScreenDriver]:
    """The desk in that folder (or that open desk) on a screen of ``size``, for ``agent``.

    Unless it is the agent's ``first_time``, how to begin is not shown any more.
    """
    opened = open_desk(desk, agent) if isinstance(desk, Path) else desk
    if not first_time:
        preferences.begin(opened)
    app = DeskApp(opened)
    try:
        async with app.run_test(size=size):
            driver = ScreenDriver(app)
            await driver.settle()
            yield driver
            driver.check()
    finally:
        if isinstance(desk, Path):
            opened.close()
