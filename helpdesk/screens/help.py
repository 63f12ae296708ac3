"""The keys of a screen, and why those that do nothing now do nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from textwrap import wrap
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from helpdesk.screens.base import DeskDialog
from helpdesk.terminal.actions import (
    ALL_ACTIONS,
    DESK,
    MOVING,
    TICKET,
    VIEWS,
    Action,
    bindings,
    pick,
)

_ORDER = {action.name: place for place, action in enumerate(ALL_ACTIONS)}
_KEY_CELLS = 6
_REASON_CELLS = 27


class HelpScreen(DeskDialog[None]):
    """Every action of the screen below, by groups, from the registry that its keys come from."""

    ACTIONS = pick("back help quit")
    BINDINGS = bindings(ACTIONS)
    PLACE = " keys "
    AUTO_FOCUS = "VerticalScroll"
    HORIZONTAL_BREAKPOINTS: ClassVar[list[tuple[int, str]]] = [(0, "-narrow"), (80, "-two")]

    DEFAULT_CSS = """
    HelpScreen {
        & > #dialog { width: 80; padding: 0 2; }
        VerticalScroll { height: auto; max-height: 90vh; scrollbar-size-vertical: 1; }
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
        """What moves and what is shown, beside what is done."""
        with VerticalScroll(), Horizontal():
            yield Static(keys(self._of_screen, (MOVING, VIEWS), self._why_not))
            yield Static(keys(self._of_screen, (TICKET, DESK), self._why_not))

    def action_help(self) -> None:
        """The key that opened it closes it."""
        self.dismiss()


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


def _reason_lines(reason: str | None) -> list[Content]:
    """Why the action above cannot be done now, below what it does."""
    gap = " " * (_KEY_CELLS + 1)
    parts = wrap(f"✗ {reason}", _REASON_CELLS, subsequent_indent="  ") if reason else []
    return [Content.styled(f"{gap}{part}", "$warning") for part in parts]
