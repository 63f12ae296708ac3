"""The same physical keys do the same on a Cyrillic keyboard layout."""

import pytest
from textual.binding import Binding

from helpdesk.terminal.actions import ALL_ACTIONS, Action, bindings
from helpdesk.terminal.layouts import same_keys


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("j", "о"), ("k", "л"), ("r", "к"), ("n", "т"), ("p", "з"), ("a", "ф"), ("c", "с"),
        ("q", "й"), ("g", "п"), ("G", "П"), ("x", "ч"), ("u", "г"), ("t", "е"), ("i", "ш"),
        ("m", "ь"), ("N", "Т"), ("slash", "full_stop"), ("question_mark", "comma"),
        ("left_square_bracket", "х"), ("right_square_bracket", "ъ"), ("ctrl+s", "ctrl+ы"),
    ],
)  # fmt: skip
def test_a_key_is_the_same_place_on_both_layouts(latin: str, cyrillic: str) -> None:
    assert same_keys(latin) == (latin, cyrillic)


@pytest.mark.parametrize("key", ["enter", "escape", "1", "plus", "+", "pagedown", "f1", "space"])
def test_a_key_that_is_the_same_on_every_layout_stays_alone(key: str) -> None:
    assert same_keys(key) == (key,)


def test_every_letter_of_the_registry_works_on_both_layouts() -> None:
    for action in ALL_ACTIONS:
        bound = _bound([action])
        for key in action.keys:
            assert key in bound
            if len(key) == 1 and key.isalpha():
                assert any("а" <= other.lower() <= "я" for other in bound)


def test_help_texts_fit_their_column() -> None:
    assert all(0 < len(action.does) <= 30 for action in ALL_ACTIONS)


def _bound(actions: list[Action]) -> list[str]:
    made = [each for each in bindings(actions) if isinstance(each, Binding)]
    return [key for binding in made for key in binding.key.split(",")]
