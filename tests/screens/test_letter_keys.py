"""The letter under the agent's fingers: long pastes, taken back and brought again."""

import pytest
from textual.events import Paste

from helpdesk.desk.desk import Desk
from helpdesk.screens.compose import ComposeScreen
from helpdesk.widgets.fields import TextField
from tests.screens.driver import ScreenDriver
from tests.screens.people import on_screen, torn_tent

LONG = "\n".join(f"line {number} of what was copied elsewhere" for number in range(500))


def letter(screen: ScreenDriver) -> TextField:
    """What the agent types into."""
    return screen.app.screen.query_one(TextField)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_long_paste_can_be_undone_and_redone(desk: Desk, size: tuple[int, int]) -> None:
    torn_tent(desk)
    async with on_screen(desk, ComposeScreen(1, note=False)) as screen:
        await screen.resize(*size)
        before = letter(screen).text
        screen.app.post_message(Paste(LONG))
        await screen.settle()
        pasted = letter(screen).text
        assert LONG in pasted
        await screen.press("ctrl+z")
        assert letter(screen).text == before
        await screen.press("ctrl+y")
        assert letter(screen).text == pasted
        assert screen.shows("line 499 of what was copied elsewhere")


async def test_a_long_text_that_was_cut_can_be_brought_back_and_cut_again(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, ComposeScreen(1, note=False)) as screen:
        screen.app.post_message(Paste(LONG))
        await screen.settle()
        whole = letter(screen).text
        letter(screen).select_all()
        await screen.press("backspace")
        assert letter(screen).text == ""
        await screen.press("ctrl+z")
        assert letter(screen).text == whole
        await screen.press("ctrl+y")
        assert letter(screen).text == ""
