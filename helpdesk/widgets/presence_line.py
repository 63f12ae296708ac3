"""Who else is at the ticket that is in front of the agent."""

from textual.content import Content
from textual.widgets import Static

from helpdesk.widgets.said import say


class PresenceLine(Static):
    """A line that is there only while somebody else is."""

    DEFAULT_CSS = """
    PresenceLine { display: none; height: 1; padding: 0 1; background: $boost; }
    PresenceLine { text-wrap: nowrap; text-overflow: ellipsis; }
    PresenceLine.-said { display: block; }
    """

    def __init__(self) -> None:
        super().__init__(Content(""))

    def say(self, parts: tuple[tuple[str, bool], ...]) -> None:
        """Say it, a part for each who is there; loud (True) are those who write."""
        self.set_class(bool(parts), "-said")
        styled = [
            Content.styled(words, "$text-warning bold" if loud else "") for words, loud in parts
        ]
        say(self, Content.styled("◉ ", "$accent") + Content(" · ").join(styled))
