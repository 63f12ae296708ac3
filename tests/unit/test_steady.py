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


def seen(written: str, *, cells_a_letter: int, of: int = 30) -> str:
    """What a line shows of a terminal that gives every Tamil letter and mark so many cells."""
    cells, x = [" "] * of, 0
    for column, text in re.findall(
        r"\x1b\[1;(\d+)H|([^\x1b])", re.sub(r"\x1b\[[\d;]*m", "", written)
    ):
        if column:
            x = int(column) - 1
            continue
        for _ in range(cells_a_letter if "\u0b80" <= text <= "\u0bff" else 1):
            if x < of:
                cells[x] = text
            x += 1
    return "".join(cells)


@pytest.mark.parametrize("cells_a_letter", [0, 1, 2])
@pytest.mark.parametrize(
    ("line", "place", "sign"),
    [
        ("│ வணக்கம் │", -1, "│"),
        ("▌ வணக்கம்  today", -5, "today"),
        ("நல்ல வணக்கம்… ", -2, "…"),
        ("நல்ல வணக்கம்… │", -3, "… │"),
    ],
)
def test_what_stands_right_of_a_text_in_its_own_part_is_in_its_place(
    cells_a_letter: int, line: str, place: int, sign: str
) -> None:
    part = Strip([Segment(line, ROW)])
    written = SteadyUpdate(
        LayoutUpdate([[part]], Region(0, 0, part.cell_length, 1))
    ).render_segments(CONSOLE)
    shown = seen(written, cells_a_letter=cells_a_letter)[: part.cell_length]
    assert shown[part.cell_length + place :].startswith(sign)


@pytest.mark.parametrize("cells_a_letter", [0, 1, 2])
def test_the_sign_of_a_cut_with_room_behind_it_covers_no_letter(cells_a_letter: int) -> None:
    part = Strip([Segment("வணக்கம்…" + " " * 20, ROW)])
    written = SteadyUpdate(
        LayoutUpdate([[part]], Region(0, 0, part.cell_length, 1))
    ).render_segments(CONSOLE)
    whole = "".join(letter * cells_a_letter for letter in "வணக்கம்") + "…"
    assert seen(written, cells_a_letter=cells_a_letter).startswith(whole)


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
