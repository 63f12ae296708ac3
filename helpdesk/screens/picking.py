"""Moving in a list by keys: an item, a page, to the first and the last."""

from __future__ import annotations

from dataclasses import replace

from textual.screen import ScreenResultType

from helpdesk.screens.base import DeskScreen
from helpdesk.terminal.actions import Action, pick, unlabelled
from helpdesk.widgets.pick_list import PickList


def choosing(label: str, does: str) -> tuple[Action, ...]:
    """The actions of a box in which one thing is chosen; ``label`` and ``does`` say what the key
    of choosing does with it."""
    actions = (replace(pick("open")[0], label=label, does=does),)
    return unlabelled(
        (*actions, *pick("back down up page_down page_up")), "down up page_down page_up"
    )


class PickingScreen(DeskScreen[ScreenResultType]):
    """A screen with a PickList, in which keys move; a subclass may do more in ``move_to``."""

    @property
    def picks(self) -> PickList:
        """The list."""
        return self.query_one(PickList)

    def move_to(self, index: int) -> None:
        """Put the cursor on the item at ``index``, or the nearest there is."""
        self.picks.move_to(index)

    def action_down(self) -> None:
        """To the next one."""
        self.move_to(self.picks.cursor + 1)

    def action_up(self) -> None:
        """To the one before."""
        self.move_to(self.picks.cursor - 1)

    def action_page_down(self) -> None:
        """A page down."""
        self.move_to(self.picks.cursor + self.picks.page)

    def action_page_up(self) -> None:
        """A page up."""
        self.move_to(self.picks.cursor - self.picks.page)

    def action_first(self) -> None:
        """To the first one."""
        self.move_to(0)

    def action_last(self) -> None:
        """To the last one."""
        self.move_to(self.picks.total - 1)
