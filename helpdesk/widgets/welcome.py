"""How to begin, in three lines, for whoever is here for the first time."""

from textual.content import Content
from textual.widget import Widget

_WIDE = (
    "What customers were told by when decides the order: what is late comes first.",
    "⏎ opens a ticket, r answers, t goes through all that wait, one by one.",
    "/ filters, S searches all, ? shows the keys, ^p all there is; esc hides this.",
)
_NARROW = (
    "What is late stands first; ⏎ opens it.",
    "r answers, t goes through all of them.",
    "? keys, ^p anything; esc hides this.",
)


class Welcome(Widget):
    """The three lines."""

    DEFAULT_CSS = """
    Welcome { height: 3; padding: 0 1; background: $panel; color: $accent; }
    """

    def render(self) -> Content:
        """As long as there is room for."""
        wide = self.size.width >= max(map(len, _WIDE))
        return Content("\n".join(_WIDE if wide else _NARROW))
