"""What a key does is found as Textual finds it, wherever the focus is."""

from collections.abc import Callable

import pytest
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import Input, Static

from helpdesk.terminal.keyed_screen import KeyedScreen


class Rows(Static, can_focus=True):
    """What takes keys, and no text."""

    BINDINGS = [Binding("j", "app.bell", "Down", id="down")]


class Page(KeyedScreen[None]):
    """Rows and a field, with keys on each level above them."""

    BINDINGS = [("j,x,enter", "app.bell", "Mark")]

    def compose(self) -> ComposeResult:
        """The rows, and the field in a box of its own."""
        yield Rows(id="rows")
        with Vertical():
            yield Input(id="field")


class Keys(App[None]):
    """An app with a key of its own."""

    BINDINGS = [("q,x", "quit", "Quit")]


def nowhere(page: Page) -> None:
    page.set_focus(None)


def on_rows(page: Page) -> None:
    page.query_one(Rows).focus()


def in_the_field(page: Page) -> None:
    page.query_one(Input).focus()


def where_it_loads(page: Page) -> None:
    page.query_one(Rows).focus()
    page.query_one(Rows).loading = True


def with_other_keys(page: Page) -> None:
    page.query_one(Rows).focus()
    page.app.set_keymap({"down": "d"})


@pytest.mark.parametrize("go", [nowhere, on_rows, in_the_field, where_it_loads, with_other_keys])
async def test_a_key_does_the_same_wherever_the_focus_is(go: Callable[[Page], None]) -> None:
    app = Keys()
    async with app.run_test() as pilot:
        page = Page()
        await app.push_screen(page)
        go(page)
        await pilot.pause()
        asked_one_by_one: property = Screen.__dict__["_binding_chain"]
        found = [(node, bound.key_to_bindings) for node, bound in page._binding_chain]
        assert found == [
            (node, bound.key_to_bindings) for node, bound in asked_one_by_one.__get__(page)
        ]
