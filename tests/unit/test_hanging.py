"""What stands after a label stays in its column, however narrow the place is."""

import pytest
from textual.content import Content

from helpdesk.widgets.hanging import Hanging

LABEL = Content("greet     ")
WORDS = Content("Здравствуйте, господин Волков!")


def test_words_that_do_not_fit_go_on_below_the_first_and_not_below_the_label() -> None:
    assert Hanging([(LABEL, WORDS)]).at(34).plain.split("\n") == [
        "greet     Здравствуйте, господин",
        "          Волков!",
    ]
    assert Hanging([(LABEL, WORDS)]).at(40).plain == (LABEL + WORDS).plain


def test_no_word_is_lost_at_any_width() -> None:
    for cells in range(24, 60):
        assert Hanging([(LABEL, WORDS)]).at(cells).plain.split() == ["greet", *WORDS.plain.split()]


@pytest.mark.parametrize(("cells", "lines"), [(80, 3), (34, 4)])
def test_the_height_is_that_of_the_wrapped_lines(cells: int, lines: int) -> None:
    visual = Hanging([(LABEL, WORDS), (Content(""), Content("\nOrders"))])
    assert visual.get_height({}, cells) == lines
