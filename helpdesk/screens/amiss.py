"""What is amiss, and what to do about it, in full."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from helpdesk.screens.dialog import DeskDialog
from helpdesk.screens.scrolling import ScrollingScreen
from helpdesk.terminal.actions import bindings, pick
from helpdesk.text import clean_line


class AmissScreen(DeskDialog[None], ScrollingScreen[None]):
    """Every thing that is amiss with the desk and with the agent's settings."""

    ACTIONS = (
        *pick("back"),
        replace(pick("down")[0], label="more", shown="↓"),
        *pick("up page_down page_up"),
        replace(pick("amiss")[0], label="close"),
    )
    BINDINGS = bindings(ACTIONS)
    PLACE = " what is amiss "

    DEFAULT_CSS = """
    AmissScreen {
        & > #dialog { height: 100%; max-height: 18; }
        & > #dialog > VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
        & > #dialog > StatusLine { margin-top: 0; }
        VerticalScroll > Static { height: auto; padding: 0 1; }
    }
    """

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__()
        self._lines = tuple(clean_line(line) for line in lines)

    def body(self) -> ComposeResult:
        """A paragraph for each."""
        with VerticalScroll(can_focus=False):
            for line in self._lines:
                yield Static(Content.assemble(("✗ ", "$error bold"), line))

    def action_amiss(self) -> None:
        """The key that opened it closes it."""
        self.dismiss()
