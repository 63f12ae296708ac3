"""A box over the screen below, to be answered before anything else is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from textual.app import ComposeResult
from textual.screen import ModalScreen, ScreenResultType

from helpdesk.screens.base import DeskScreen
from helpdesk.terminal.actions import Action, bindings, pick
from helpdesk.widgets.presence_line import PresenceLine
from helpdesk.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from textual.dom import DOMNode


class DeskDialog(DeskScreen[ScreenResultType], ModalScreen[ScreenResultType]):
    """A box over the screen below; ``body`` is what it holds, ``PLACE`` its title.

    Of what every screen can do only the palette works here: a box is to be answered first.
    """

    BINDINGS = bindings(pick("palette"))

    DEFAULT_CSS = """
    DeskDialog { align: center middle; background: $background 60%; }
    DeskDialog > #dialog {
        width: 76; max-width: 100%; height: auto; max-height: 100%;
        background: $surface; border: round $accent; padding: 0 1;
    }
    DeskDialog > #dialog > StatusLine { dock: none; padding: 0; margin-top: 1; }
    """

    @property
    def can_do(self) -> tuple[Action, ...]:
        """The actions of the box, with the agent's keys."""
        return self.with_own_keys(self.ACTIONS)

    @property
    def has_title_in_sight(self) -> bool:
        """Whether the box leaves the title line of the screen below in sight."""
        return self.query_one("#dialog").region.y > 0

    @property
    def frame(self) -> DOMNode:
        """The box; the screen itself as long as there is none."""
        return next(iter(self.query_children("#dialog")), self)

    def compose(self) -> ComposeResult:
        """The box, its keys on its last line."""
        from textual.containers import Vertical
        from textual.content import Content

        self.take_own_keys()
        with Vertical(id="dialog") as box:
            yield PresenceLine()
            yield from self.body()
            yield StatusLine(self.with_own_keys(self.ACTIONS))
        box.border_title = cast(Any, Content(self.PLACE))
