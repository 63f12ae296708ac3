"""The line in which an agent types what to find in the messages of a ticket."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from helpdesk.text import clean_line
from helpdesk.widgets.line_field import LineField

HINT = "words in the messages of this ticket"


class FindLine(Horizontal):
    """What is looked for, and beside it which of how many places is in sight."""

    DEFAULT_CSS = """
    FindLine { height: 1; background: $surface; }
    FindLine > .find-line--sign { width: 3; color: $accent; text-style: bold; }
    FindLine > .find-line--answer {
        width: auto; max-width: 60%; height: 1; padding: 0 1; color: $text-muted;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    """

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self._began = text

    def compose(self) -> ComposeResult:
        """A slash, the words, the answer."""
        yield Static(Content(" /"), classes="find-line--sign")
        yield LineField(self._began, hint=HINT)
        yield Static(Content(""), classes="find-line--answer")

    @property
    def field(self) -> LineField:
        """What is typed in."""
        return self.query_one(LineField)

    @property
    def text(self) -> str:
        """What is typed."""
        return clean_line(self.field.value)

    @property
    def is_typed_in(self) -> bool:
        """Whether keys are typed into it."""
        return self.screen.focused is self.field

    def edit(self) -> None:
        """Let the agent type; what was looked for before gives way to the first key."""
        self.field.select_all()
        self.screen.set_focus(self.field)  # at once: the next key may be on its way

    def answer(self, text: str) -> None:
        """Say what was found."""
        self.query_one(".find-line--answer", Static).update(Content(text))
