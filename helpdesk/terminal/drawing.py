"""How the program draws on the terminal: in its theme, guarded, each part at its own place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App
from textual.filter import LineFilter, Monochrome, NoColor

from helpdesk.terminal import themes
from helpdesk.terminal.guard import InOneGo, OutputGuard
from helpdesk.terminal.steady import SteadyUpdate

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.screen import Screen
    from textual.theme import Theme

_NO_COLOR = NoColor()


class DrawingApp(App[None]):
    """An app whose output passes the guard, and which starts nothing outside the terminal."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.no_color = themes.without_colours()
        self._guard = OutputGuard()
        self._in_one_go = InOneGo()

    def wear_at_first(self, worn: Theme) -> None:
        """Take the theme before anything is drawn, so that nothing is styled twice."""
        for theme in themes.THEMES:
            self.register_theme(theme)
        self.set_reactive(App.theme, worn.name)
        self._refresh_truecolor_filter(self.ansi_theme)  # was made for Textual's own theme
        self.stylesheet.set_variables(self.get_css_variables())
        self.set_class(self.current_theme.dark, "-dark-mode", update=False)
        self.set_class(not self.current_theme.dark, "-light-mode", update=False)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's filters, and the guard of what is written to the terminal.

        Under NO_COLOR no colour is written at all, where Textual would write shades of grey.
        """
        known = [each for each in super().get_line_filters() if not isinstance(each, Monochrome)]
        filters = (*known, *([_NO_COLOR] if self.no_color else []), self._guard)
        if filters != self._in_one_go.filters:
            self._in_one_go = InOneGo(*filters)
        return [self._in_one_go]

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Write what is to be drawn, every part of a line at its own place."""
        drawn: Any = renderable
        if isinstance(renderable, LayoutUpdate | ChopsUpdate):
            drawn = SteadyUpdate(renderable)
        super()._display(screen, drawn)

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """Nothing starts a browser on the server, least of all by what a customer wrote."""
