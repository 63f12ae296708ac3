"""The keys of a screen, and why those that do nothing now do nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from textwrap import wrap

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from helpdesk.screens.dialog import DeskDialog
from helpdesk.screens.scrolling import ScrollingScreen
from helpdesk.terminal.actions import (
    ALL_ACTIONS,
    DESK,
    MANY,
    MOVING,
    TICKET,
    VIEWS,
    Action,
    bindings,
    pick,
)
from helpdesk.terminal.layouts import as_latin, same_keys
from helpdesk.text import fold
from helpdesk.widgets.line_field import LineField

_ORDER = {action.name: place for place, action in enumerate(ALL_ACTIONS)}
_KEY_CELLS = 6
_REASON_CELLS = 27


class NarrowLine(LineField):
    """Narrows the help down as it is typed; the key that opened the help closes it again."""

    def on_key(self, event: events.Key) -> None:
        """While nothing is typed, the key of the help is no letter of it."""
        if not self.value and event.key in same_keys("question_mark"):
            event.stop()
            event.prevent_default()
            self.screen.dismiss()


class HelpScreen(DeskDialog[None], ScrollingScreen[None]):
    """Every action of the screen below, by groups, from the registry that its keys come from.

    Typing narrows them down by what they do.
    """

    ACTIONS = (
        *pick("back"),
        replace(pick("down")[0], label="more", shown="↓"),
        *pick("up page_down page_up"),
        replace(pick("help")[0], label="close"),
    )
    BINDINGS = bindings(ACTIONS)
    PLACE = " keys "
    AUTO_FOCUS = "NarrowLine"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-two")]

    DEFAULT_CSS = """
    HelpScreen {
        & > #dialog { width: 80; height: 100%; max-height: 44; padding: 0 2; }
        & > #dialog > StatusLine { margin-top: 0; }
        VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
        Horizontal { height: auto; }
        Static { height: auto; width: 1fr; }
        &.-narrow Horizontal { layout: vertical; }
    }
    """

    def __init__(self, actions: Sequence[Action], why_not: Callable[[str], str | None]) -> None:
        super().__init__()
        self._of_screen = actions
        self._why_not = why_not

    def body(self) -> ComposeResult:
        """The line that narrows; what moves and what is shown, beside what is done to a ticket."""
        yield NarrowLine(hint="type to narrow down")
        with VerticalScroll(can_focus=False), Horizontal():
            yield Static(Content(""), id="looking")
            yield Static(Content(""), id="doing")

    def on_mount(self) -> None:
        """Show all of them."""
        self._show("")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show those that fit."""
        with self.careful():
            self._show(event.value)

    def _show(self, text: str) -> None:
        actions = [action for action in self._of_screen if fits(action, text)]
        nothing = Content("Nothing here is called that.") if not actions else Content("")
        looking = keys(actions, (MOVING, VIEWS, MANY), self._why_not)
        doing = keys(actions, (TICKET,), self._why_not)
        desk = Content("\n") + keys(actions, (DESK,), self._why_not)
        if _rows(doing) > _rows(looking):  # where it is sooner in sight
            looking += desk
        else:
            doing += desk
        self.query_one("#looking", Static).update(looking + nothing)
        self.query_one("#doing", Static).update(doing)

    def action_help(self) -> None:
        """The key that opened it closes it."""
        self.dismiss()


def fits(action: Action, text: str) -> bool:
    """Whether every word of ``text`` is found in what the action does, or ``text`` is its key.

    Typed on a Cyrillic layout it is found as well.
    """
    said = fold(f"{action.does} {action.label} {action.name}")
    if text.strip() in (action.key, *action.key.split()):
        return True
    return any(all(word in said for word in fold(t).split()) for t in (text, as_latin(text)))


def keys(
    actions: Sequence[Action], groups: Sequence[str], why_not: Callable[[str], str | None]
) -> Content:
    """The actions of those groups in the registry's order, each group under its name."""
    lines: list[Content] = []
    for group in groups:
        members = [action for action in actions if action.group == group]
        if not members:
            continue
        lines.append(Content.styled(group, "$accent bold"))
        for action in sorted(members, key=lambda each: _ORDER.get(each.name, len(_ORDER))):
            lines.append(
                Content.assemble((f" {action.key:<{_KEY_CELLS}}", "$foreground bold"), action.does)
            )
            lines += _reason_lines(why_not(action.name))
        lines.append(Content(""))
    return Content("\n").join(lines)


def _rows(column: Content) -> int:
    return column.plain.count("\n")


def _reason_lines(reason: str | None) -> list[Content]:
    """Why the action above cannot be done now, below what it does."""
    gap = " " * (_KEY_CELLS + 1)
    parts = wrap(f"✗ {reason}", _REASON_CELLS, subsequent_indent="  ") if reason else []
    return [Content.styled(f"{gap}{part}", "$warning") for part in parts]
