"""What agents type into: a text, one of a few choices. What is pasted is cleaned."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import TextArea

from helpdesk.text import clean, shorten, width
from helpdesk.widgets.wrapping import is_undisputed


class TextField(TextArea):
    """Several lines to type."""

    DEFAULT_CSS = """
    TextField {
        height: 1fr; border: none; padding: 0 1; background: $panel; scrollbar-size-vertical: 1;
        &:focus { border: none; }
    }
    """

    BINDINGS = [
        Binding("ctrl+home", "ends(False)", "To the beginning", show=False),
        Binding("ctrl+end", "ends(True)", "To the end", show=False),
    ]

    def __init__(self, text: str = "", *, id: str | None = None) -> None:
        super().__init__(clean(text), id=id, highlight_cursor_line=False)
        self.cursor_blink = False

    @property
    def wrap_width(self) -> int:
        """Lines end early in scripts whose letters a terminal may draw wider."""
        cells = super().wrap_width
        return cells if is_undisputed(self.text) else cells * 7 // 10

    def on_resize(self) -> None:
        """Keep in sight where the agent writes: lines are broken anew."""
        self.call_after_refresh(self.scroll_cursor_visible)

    def action_ends(self, last: bool) -> None:
        """To the end of the text, or its beginning."""
        self.move_cursor(self.document.end if last else (0, 0))

    def _recompute_cursor_offset(self) -> None:
        """Find the cursor on the screen: at the end, where what it stood in was just undone.

        Textual takes away the scrollbar before it moves the cursor back into what is left.
        """
        place = self.clamp_visitable(self.cursor_location)
        self._cursor_offset = self.wrapped_document.location_to_offset(place)

    async def _on_paste(self, event: events.Paste) -> None:
        """What was copied elsewhere comes in without anything harmful."""
        await super()._on_paste(events.Paste(clean(event.text).expandtabs(4)))
        event.stop()
        event.prevent_default()

    def fill(self, text: str, cursor: int) -> None:
        """Put ``text`` in place of what is there, the cursor before its character ``cursor``."""
        self.text = clean(text)
        self.move_before(cursor)

    def move_before(self, place: int) -> None:
        """Put the cursor before the character at ``place``, into sight."""
        before = self.text[:place].split("\n")
        self.move_cursor((len(before) - 1, len(before[-1])))

    def insert_paragraph(self, text: str) -> None:
        """Put ``text`` where the cursor is, in place of what is selected: as a paragraph of its
        own, if there are words before or behind it."""
        start, end = sorted(self.selection)
        before = self.get_text_range((0, 0), start)
        behind = self.get_text_range(end, self.document.end)
        lead = "\n" * _missing(before, at_end=True)
        tail = "\n" * _missing(behind, at_end=False)
        here = self.replace(f"{lead}{clean(text)}", start, end).end_location
        self.insert(tail, here)
        self.move_cursor(here)


def _missing(text: str, *, at_end: bool) -> int:
    """How many line breaks part the text from another paragraph at that end of it."""
    if not text.strip():
        return 0
    blank = text[len(text.rstrip()) :] if at_end else text[: len(text) - len(text.lstrip())]
    return max(0, 2 - blank.count("\n"))


@dataclass(frozen=True, slots=True)
class Option:
    """One of the choices: what it is, and how agents read it."""

    value: str
    words: str


class ChoiceField(Widget, can_focus=True):
    """One of a few, changed by the arrows or by its first letter."""

    DEFAULT_CSS = """
    ChoiceField { height: 1; width: 1fr; padding: 0 1; background: $panel; color: $text-muted; }
    ChoiceField:focus { background: $cursor; }
    """
    BINDINGS = [
        Binding("right,space", "turn(1)", "Next", show=False),
        Binding("left", "turn(-1)", "Previous", show=False),
    ]

    value: reactive[str] = reactive("", layout=False)

    @dataclass
    class Changed(Message):
        """Another choice was made."""

        field: "ChoiceField"
        value: str

    def __init__(self, options: Sequence[Option], value: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.options = tuple(options)
        self.set_reactive(ChoiceField.value, value)

    def render(self) -> Content:
        """All choices where there is room, else the one that is made."""
        parts: list[Content] = []
        for option in self.options:
            chosen = option.value == self.value
            words = f"[{option.words}]" if chosen else f" {option.words} "
            parts.append(Content.styled(words, "$foreground bold" if chosen else ""))
        line = Content("").join(parts)
        if width(line.plain) <= self.size.width:
            return line
        chosen_words = next((o.words for o in self.options if o.value == self.value), "")
        short = shorten(chosen_words, self.size.width - width("‹  ›"))
        return Content.assemble("‹ ", (short, "$foreground bold"), " ›")

    def action_turn(self, by: int) -> None:
        """Choose the next one, or the one before."""
        values = [option.value for option in self.options]
        place = values.index(self.value) if self.value in values else 0
        self.choose(values[(place + by) % len(values)])

    def choose(self, value: str) -> None:
        """Make that choice."""
        if value != self.value:
            self.value = value
            self.post_message(self.Changed(self, value))

    def on_key(self, event: events.Key) -> None:
        """The first letter of a choice makes it."""
        if not event.is_printable or event.character is None or event.character == " ":
            return
        event.stop()
        letter = event.character.casefold()
        found = (o.value for o in self.options if o.words.casefold().startswith(letter))
        value = next(found, None)
        if value is not None:
            self.choose(value)

    def on_click(self) -> None:
        """A click goes on to the next choice."""
        self.action_turn(1)
