"""What went wrong is said to its end, where the way out of it stands, on a narrow terminal too."""

import pytest

from helpdesk.desk.desk import Desk
from tests.screens.desks import ticket
from tests.screens.driver import desk_screen

LONG = (
    "the reply to #32 was not sent, and is a draft again: cannot write .cache/index.sqlite: "
    "No space left on device; free some space and send it again"
)


@pytest.mark.parametrize("size", [(60, 24), (80, 24), (120, 40)])
async def test_an_error_wider_than_the_screen_is_said_in_several_lines_and_gives_them_back(
    desk: Desk, size: tuple[int, int]
) -> None:
    ticket(desk, "Tent leaks")
    async with desk_screen(desk, size) as screen:
        screen.queue.complain(LONG)
        await screen.settle()
        said = " ".join(" ".join(screen.lines()[-3:]).split())
        assert LONG in said
        assert screen.shows("Tent leaks")
        await screen.press("j")
        assert "? keys" in screen.line(-1)
        assert "free some space" not in screen.text()


async def test_what_is_beyond_three_lines_is_cut_with_a_sign(desk: Desk) -> None:
    async with desk_screen(desk, (40, 12)) as screen:
        screen.queue.complain(LONG * 2)
        await screen.settle()
        assert screen.line(-1).rstrip().endswith("…")
        assert sum("No space" in line for line in screen.lines()) <= 1


async def test_what_was_done_in_a_triage_is_summed_up_to_its_end(desk: Desk) -> None:
    for number in range(7):
        ticket(desk, f"Tent {number}")
    async with desk_screen(desk, (60, 24)) as screen:
        await screen.press("t", "a", "w", "1", "n")
        await screen.type("Seen.")
        await screen.press("ctrl+s", "r")
        await screen.type("On its way.")
        await screen.press("ctrl+s", "s", "escape")
        said = " ".join(" ".join(screen.lines()[-3:]).split())
        assert "triage: " in said and said.endswith("not looked at")
