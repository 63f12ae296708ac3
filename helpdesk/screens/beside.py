"""The conversation and the customer beside a letter, where there is room for them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.screen import ScreenResultType

from helpdesk.screens.base import DeskScreen
from helpdesk.widgets.conversation import Conversation
from helpdesk.widgets.last_words import LastWords
from helpdesk.widgets.matter_beside import MatterBeside

if TYPE_CHECKING:
    from helpdesk.screens.ticket import Sight

ASIDE = 112
"""So many columns have room for the customer beside what is written."""
ROOMY = 160
"""So many have room for the conversation too."""


class BesideScreen(DeskScreen[ScreenResultType]):
    """A screen about the ticket ``number``, with a MatterBeside among its widgets. A subclass calls
    ``show_beside`` once it has read the ticket. Never the first base: that is
    where Textual takes styles from."""

    number: int
    _is_read = False

    def show_beside(self) -> None:
        """Read what stands beside the letter, now and whenever it may have changed."""
        self._is_read = True
        self._read_beside()

    def on_resize(self) -> None:
        """There may be room now."""
        self._read_beside()

    def refresh_rows(self) -> None:
        """Somebody changed something: it may be what stands beside."""
        super().refresh_rows()
        self._read_beside()

    def action_read_said(self) -> None:
        """Read on in what was said, while one writes."""
        said = self._said
        said.scroll_relative(y=max(1, said.size.height - 1), animate=False)

    def action_read_said_back(self) -> None:
        """Read back in what was said."""
        said = self._said
        said.scroll_relative(y=-max(1, said.size.height - 1), animate=False)

    @property
    def _said(self) -> VerticalScroll:
        """The conversation beside, else the last words above."""
        words = self.query_one(LastWords)
        return words if words.size.height else self.query_one(Conversation)

    def _read_beside(self) -> None:
        if self._is_read and self.app.size.width >= ASIDE:
            from helpdesk.screens.ticket import look_at

            self.work(partial(look_at, self.desk, self.number), self._seen_beside, group="beside")

    def _seen_beside(self, sight: Sight) -> None:
        if sight.no_profile is not None:
            self.complain(sight.no_profile)  # and what stands there stays
            return
        beside = self.query_one(MatterBeside)
        beside.show(sight.customer, sight.tickets, sight.ticket, sight.ways)
