"""What was said last on a ticket, beside what is being written about it."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static


class LastWords(VerticalScroll, can_focus=False):
    """The customer's last words, or what came in meanwhile; hidden while there is nothing."""

    DEFAULT_CSS = """
    LastWords {
        display: none; height: auto; max-height: 6; margin: 0 1; padding: 0 1;
        border-left: thick $accent; scrollbar-size-vertical: 1;
    }
    LastWords.-said { display: block; }
    LastWords Static { height: auto; }
    """

    def compose(self) -> ComposeResult:
        """The words."""
        yield Static(Content(""))

    def show(self, content: Content, *, new: bool = False) -> None:
        """Show the words, from their beginning; ``new`` ones have not been seen yet."""
        self.query_one(Static).update(content)
        self.add_class("-said")
        self.set_class(new, "-new")
        self.scroll_home(animate=False)
