"""Every part of a line is drawn at its own place, so that no letter moves what stands beside it."""

import re

import pytest
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from helpdesk.terminal.steady import SteadyUpdate
from tests.hostile import PAYLOADS

CONSOLE = Console(force_terminal=True, color_system="truecolor")
ROW = Style.parse("white on blue")
DISPUTED = ("tamil", "arabic", "thai", "hindi", "hebrew", "skin tones", "family", "not composed")
AGREED = ("kyrgyz", "chinese", "shell", "braces")


def strip(text: str, cells: int) -> Strip:
    """A part of a line that Textual counts ``cells`` for."""
    return Strip([Segment(text, ROW)], cells)


@pytest.mark.parametrize("name", [*DISPUTED, *AGREED])
def test_what_stands_beside_a_text_is_drawn_at_its_own_place(name: str) -> None:
    line = [strip(PAYLOADS[name], 20), strip("│", 1)]
    whole = SteadyUpdate(LayoutUpdate([line], Region(0, 4, 21, 1)))
    assert re.search(r"\x1b\[5;21H[^│]*│", whole.render_segments(CONSOLE))
    part = SteadyUpdate(ChopsUpdate([{0: line[0], 20: line[1]}], [(0, 0, 21)], [[20, 21]]))
    assert re.search(r"\x1b\[1;21H[^│]*│", part.render_segments(CONSOLE))


@pytest.mark.parametrize("name", DISPUTED)
def test_a_text_of_disputed_width_leaves_nothing_of_what_stood_there(name: str) -> None:
    update = SteadyUpdate(LayoutUpdate([[strip(PAYLOADS[name], 20)]], Region(2, 0, 20, 1)))
    drawn = update.render_segments(CONSOLE)
    blank, text = re.findall(r"\x1b\[1;3H(?:\x1b\[[\d;]*m)*([^\x1b]*)", drawn)
    assert blank == " " * 20
    assert text == PAYLOADS[name]


@pytest.mark.parametrize("name", AGREED)
def test_a_text_whose_width_all_agree_on_is_sent_once(name: str) -> None:
    update = SteadyUpdate(LayoutUpdate([[strip(PAYLOADS[name], 20)]], Region(0, 0, 20, 1)))
    assert update.render_segments(CONSOLE).count("\x1b[1;1H") == 1


def test_only_the_part_that_changed_is_drawn() -> None:
    chops = [{0: strip("a" * 20, 20), 20: strip("b" * 10, 10)}]
    update = SteadyUpdate(ChopsUpdate(chops, [(0, 20, 25)], [[20, 30]]))
    drawn = update.render_segments(CONSOLE)
    assert "a" not in drawn
    assert drawn.count("b") == 5


@pytest.mark.parametrize(("end", "drawn"), [(4, "毡垫"), (5, "毡垫少了"), (6, "毡垫少")])
def test_where_a_box_stood_no_letter_of_two_cells_is_left_halved(end: int, drawn: str) -> None:
    chops: list[dict[int, Strip | None]] = [{0: strip("毡垫少了", 8)}]
    update = SteadyUpdate(ChopsUpdate(chops, [(0, 2, end)], [[8]]))
    assert re.sub(r"\x1b\[[\d;]*[A-Za-z]", "", update.render_segments(CONSOLE)) == drawn
