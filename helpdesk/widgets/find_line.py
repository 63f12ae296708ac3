"""The line in which an agent types what to find in the messages of a ticket."""

from helpdesk.text import clean_line
from helpdesk.widgets.line_field import LineField
from helpdesk.widgets.slash_line import SlashLine

HINT = "words in the messages of this ticket"


class FindLine(SlashLine):
    """What is looked for, and beside it which of how many places is in sight."""

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self._began = text

    def field_to_type_in(self) -> LineField:
        """A line for words."""
        return LineField(self._began, hint=HINT)

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
