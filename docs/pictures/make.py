"""Makes the pictures of the screens from the running program, on the demo desk.

    python -m docs.pictures.make

From the top folder of a checkout. The clock is held still, so each run gives the same pictures.
"""

import asyncio
import re
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from helpdesk import clock
from helpdesk.desk.demo import make_demo, read_anchor
from helpdesk.resources import data_folder
from tests.screens.driver import ScreenDriver, desk_screen

HERE = Path(__file__).parent
AGENT = "aibek"
WIDE, SMALL = (120, 40), (80, 24)

_FONTS = '"DejaVu Sans Mono", Menlo, Consolas, "Liberation Mono", monospace'
_FONT_FACE = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)
_FAMILY = re.compile(r"font-family: Fira Code, monospace")


async def queue(screen: ScreenDriver) -> None:
    """The queue as it opens."""


async def ticket(screen: ScreenDriver) -> None:
    """A ticket whose promise was broken days ago."""
    await go_to(screen, "35")


async def compose(screen: ScreenDriver) -> None:
    """A reply to a promise that can still be kept, half written."""
    await go_to(screen, "75")
    await screen.press("r")
    await screen.type("Yes: two more orange tents are set aside for you.")


async def promise(screen: ScreenDriver) -> None:
    """Another date, told before the first one is due."""
    await go_to(screen, "75")
    await screen.press("p")
    await screen.type("fri 14:00\nthe workshop still has to count the orange tents")


async def customer(screen: ScreenDriver) -> None:
    """Somebody who was promised a lot."""
    await go_to(screen, "75")
    await screen.press("o")


async def go_to(screen: ScreenDriver, number: str) -> None:
    """Open the ticket of that number."""
    await screen.press("number_sign")
    await screen.type(number)
    await screen.press("enter")


async def new_ticket(screen: ScreenDriver) -> None:
    """Somebody calls."""
    await screen.press("N")


async def triage(screen: ScreenDriver) -> None:
    """The most overdue ticket, to be decided on."""
    await screen.press("t")


async def close(screen: ScreenDriver) -> None:
    """A matter that ends with an answer."""
    await go_to(screen, "75")
    await screen.press("c")


async def many(screen: ScreenDriver) -> None:
    """Another date for three at once, to be looked through before it is told."""
    await screen.press("x", "j", "x", "j", "x", "p")
    await screen.type("tomorrow 15:00\nthe courier lost a sack of parcels")
    await screen.press("ctrl+s")


async def search(screen: ScreenDriver) -> None:
    """Words that anybody ever wrote."""
    await screen.press("S")
    await screen.type("tent poles bent")


async def palette(screen: ScreenDriver) -> None:
    """All that can be done now."""
    await screen.press("ctrl+p")


async def keys(screen: ScreenDriver) -> None:
    """The keys of the queue."""
    await screen.press("question_mark")


Steps = Callable[[ScreenDriver], Awaitable[None]]
PICTURES: dict[str, tuple[Steps, tuple[int, int]]] = {
    "queue": (queue, WIDE),
    "ticket": (ticket, SMALL),
    "compose": (compose, SMALL),
    "promise": (promise, SMALL),
    "customer": (customer, SMALL),
    "new-ticket": (new_ticket, SMALL),
    "triage": (triage, SMALL),
    "close": (close, SMALL),
    "many": (many, SMALL),
    "search": (search, WIDE),
    "palette": (palette, SMALL),
    "keys": (keys, SMALL),
}
"""Each picture by its name: what is done to come there, and how large the terminal is."""


async def picture(desk: Path, steps: Steps, size: tuple[int, int]) -> str:
    """The screen after those steps, as SVG."""
    async with desk_screen(desk, size, AGENT) as screen:
        await screen.settle()
        await steps(screen)
        await screen.settle()
        return with_any_font(screen.app.export_screenshot())


def with_any_font(svg: str) -> str:
    """The picture without fonts from elsewhere: nothing is fetched to look at it."""
    return _FAMILY.sub(f"font-family: {_FONTS}", _FONT_FACE.sub("", svg))


def main() -> None:
    """Make all pictures."""
    now = read_anchor(data_folder() / "demo")
    for name, (steps, size) in PICTURES.items():
        with tempfile.TemporaryDirectory() as folder, clock.hold(now):
            desk = make_demo(Path(folder), now, AGENT)
            svg = asyncio.run(picture(desk, steps, size))
        (HERE / f"{name}.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
