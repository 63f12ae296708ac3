"""Keys of all screens come from one registry, and no key of a screen means two things."""

import importlib
import pkgutil
from typing import Any

import pytest

import helpdesk.screens
from helpdesk.screens.base import DeskScreen
from helpdesk.terminal.layouts import same_keys


def _screens() -> list[type[DeskScreen[Any]]]:
    for module in pkgutil.iter_modules(helpdesk.screens.__path__):
        importlib.import_module(f"helpdesk.screens.{module.name}")
    found: list[type[DeskScreen[Any]]] = []
    waiting: list[type[DeskScreen[Any]]] = [DeskScreen]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            found.append(kind)
            waiting.append(kind)
    return [kind for kind in found if kind.ACTIONS]


@pytest.mark.parametrize("screen", _screens(), ids=lambda kind: kind.__name__)
def test_every_action_of_a_screen_has_its_own_keys_and_its_method(
    screen: type[DeskScreen[Any]],
) -> None:
    taken: dict[str, str] = {}
    for action in screen.ACTIONS:
        assert callable(getattr(screen, f"action_{action.name}", None)), action.name
        for key in (name for own in action.keys for name in same_keys(own)):
            assert taken.setdefault(key, action.name) == action.name, key
    bound = {
        key.strip() for each in screen.BINDINGS for key in str(getattr(each, "key", "")).split(",")
    }
    assert set(taken) <= bound


@pytest.mark.parametrize("screen", _screens(), ids=lambda kind: kind.__name__)
def test_every_screen_tells_its_keys_and_the_way_out(screen: type[DeskScreen[Any]]) -> None:
    names = {action.name for action in screen.ACTIONS}
    assert names & {"back", "quit"}
