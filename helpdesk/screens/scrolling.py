"""Scrolling by keys: a line, a page, to the beginning and the end."""

from __future__ import annotations

from textual.containers import VerticalScroll
from textual.screen import ScreenResultType

from helpdesk.screens.base import DeskScreen


class ScrollingScreen(DeskScreen[ScreenResultType]):
    """A screen of which one part is scrolled by keys; a subclass says which."""

    @property
    def scroller(self) -> VerticalScroll:
        """What the keys scroll now."""
        return self.query(VerticalScroll).first()

    def action_down(self) -> None:
        """Scroll a line down."""
        self.scroller.scroll_relative(y=1, animate=False)

    def action_up(self) -> None:
        """Scroll a line up."""
        self.scroller.scroll_relative(y=-1, animate=False)

    def action_page_down(self) -> None:
        """Scroll a page down."""
        self.scroller.scroll_page_down(animate=False)

    def action_page_up(self) -> None:
        """Scroll a page up."""
        self.scroller.scroll_page_up(animate=False)

    def action_first(self) -> None:
        """To the beginning."""
        self.scroller.scroll_home(animate=False)

    def action_last(self) -> None:
        """To the end."""
        self.scroller.scroll_end(animate=False)
