"""Words of scripts whose width is disputed are never cut off by a terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.content import Content

from helpdesk.text import width
from helpdesk.widgets.wrapping import roomy, surely_within, widest, wrapped

TAMIL = "உங்கள் காலணி இவ்வளவு விரைவில் பிரிந்தது எங்களுக்கும் வருத்தமாக இருக்கிறது"


def test_a_spacing_mark_may_take_a_cell() -> None:
    assert widest("plain words") == width("plain words")
    assert widest("உங்கள் காலணி இவ்வளவு விரைவில் பிரிந்தது எங்களுக்கும்") == 44  # as tmux has it


def test_lines_of_which_all_terminals_think_alike_stay_as_they_are() -> None:
    for text in ("plain words " * 20, "Саламатсызбы, буйрутмам келген жок " * 9, "你好" * 60):
        assert roomy(text, 20) == text


@given(cells=st.integers(min_value=14, max_value=80))
def test_no_line_takes_more_than_there_is_and_no_word_is_lost(cells: int) -> None:
    broken = roomy(f"{TAMIL}\n\n{TAMIL}", cells)
    assert all(widest(line) <= cells for line in broken.split("\n"))
    assert broken.split() == [*TAMIL.split(), *TAMIL.split()]
    assert "\n\n" in broken


@given(cells=st.integers(min_value=1, max_value=90))
def test_a_line_that_is_cut_says_so_within_the_cells_that_any_terminal_gives_it(cells: int) -> None:
    short = surely_within(TAMIL, cells)
    assert widest(short) <= cells
    assert short.endswith("…") or short == TAMIL
    assert TAMIL.startswith(short.removesuffix("…"))
    assert surely_within("plain words", 5) == "plai…"


@pytest.mark.parametrize("cells", [24, 33, 50])
def test_no_line_of_words_is_given_more_cells_than_there_are_by_any_terminal(cells: int) -> None:
    words = Content("காலணியின் அடிப்பாகம் பிரிந்துவிட்டது, எப்போது வரும்? Boots lost their soles.")
    lines = wrapped(words, cells)
    assert all(widest(line.plain) <= cells for line in lines)
    assert " ".join(line.plain.strip() for line in lines).split() == words.plain.split()
