"""A line to type; what is pasted is cleaned. It is loaded without the field for a text of several
lines, which takes much more."""

from textual import events
from textual.widgets import Input

from helpdesk.text import clean_line, shorten

_ALL = 1_000_000
"""Characters: what stands in it already is never cut, as it would be lost on saving."""


class LineField(Input):
    """One line to type."""

    DEFAULT_CSS = """
    LineField {
        height: 1; width: 1fr; border: none; padding: 0 1; background: $panel;
        &:focus { border: none; background: $cursor; background-tint: transparent; }
        &>.input--placeholder { color: $text-muted; }
    }
    """

    def __init__(self, value: str = "", *, hint: str = "", id: str | None = None) -> None:
        super().__init__(clean_line(value, _ALL), placeholder=hint, select_on_focus=False, id=id)
        self.cursor_blink = False
        self._hint = hint

    def on_resize(self) -> None:
        """Cut the hint where it does not fit, with a sign that it was cut."""
        self.placeholder = shorten(self._hint, self.content_size.width)

    def _on_paste(self, event: events.Paste) -> None:
        """What was copied elsewhere comes in as one clean line."""
        super()._on_paste(events.Paste(clean_line(event.text)))
        event.stop()
        event.prevent_default()
