"""A line that a slash opens: words are typed into it, and beside them stands what comes of them."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from helpdesk.text import clean_line


class SlashLine(Horizontal):
    """A slash, a field, an answer; a subclass gives its ``field_to_type_in``."""

    DEFAULT_CSS = """
    SlashLine { height: 1; background: $surface; }
    SlashLine > .slash-line--sign { width: 3; color: $accent; text-style: bold; }
    SlashLine > .slash-line--answer {
        width: auto; max-width: 60%; height: 1; padding: 0 1; color: $text-muted;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    """

    def field_to_type_in(self) -> Widget:
        """What the agent types in; made anew."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """The slash, the field, the answer."""
        yield Static(Content(" /"), classes="slash-line--sign")
        yield self.field_to_type_in()
        yield Static(Content(""), classes="slash-line--answer")

    def answer(self, text: str) -> None:
        """Say what was found."""
        self.query_one(".slash-line--answer", Static).update(Content(clean_line(text)))
