"""The last line of every screen: what the keys do, or what there is to say."""

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from helpdesk.terminal.actions import Action
from helpdesk.text import clean_line, shorten, width

LINES_OF_ERROR = 3
"""An error takes so many lines at the most: its end says what to do about it."""

LOST_BY_WRAPPING = 6
"""So many cells of a line stay empty, by and large, as words are not parted."""

KEYS_FROM = 20
"""Beside what is held, fewer cells have no room for keys."""


class StatusLine(Widget):
    """Shows the keys of the screen, as many as fit; a message takes their place for a while."""

    COMPONENT_CLASSES = {"status-line--key", "status-line--error"}
    DEFAULT_CSS = """
    StatusLine { dock: bottom; height: 1; padding: 0 1; color: $text-muted; }
    StatusLine.-long { height: auto; max-height: 3; }
    StatusLine > .status-line--key { color: $foreground; text-style: bold; }
    StatusLine > .status-line--error { color: $error; text-style: bold; }
    """
    SECONDS = 8.0
    """How long a message stays, if no key is pressed before."""

    class Pressed(Message):
        """The key of an action was clicked."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    message: reactive[str] = reactive("", layout=False)
    is_error: reactive[bool] = reactive(False, layout=False)
    held: reactive[str] = reactive("", layout=False)
    """What is held and can be taken back, which stands before the keys."""
    sign: reactive[str] = reactive("", layout=False)
    """What is amiss with the desk, at the right end: where no title line is in sight to say so."""

    def __init__(self, actions: Sequence[Action]) -> None:
        super().__init__()
        self.actions = [action for action in actions if action.label]
        self._said = 0

    def offer(self, actions: Sequence[Action]) -> None:
        """Show the keys of other actions."""
        offered = [action for action in actions if action.label]
        if offered != self.actions:
            self.actions = offered
            self.refresh()

    def say(self, text: str, *, error: bool = False, whole: bool = False) -> None:
        """Show ``text`` instead of the keys; an error loudly. An error, and what is to be read as a
        ``whole``, stands in several lines if it takes them."""
        self._said += 1
        self.is_error = error
        self.message = clean_line(text)
        self.set_class((error or whole) and width(self.message) + 2 > self.size.width, "-long")
        if self.message:
            said = self._said
            self.set_timer(self.SECONDS, lambda: self._forget(said))

    def _forget(self, said: int) -> None:
        if said == self._said:
            self.message = ""
            self.remove_class("-long")

    def render(self) -> Content:
        """The message, else the keys; behind them the sign."""
        line = self._line(self._room)
        if not self._shows_sign:
            return line
        gap = " " * max(1, self.size.width - width(self.sign) - line.cell_length)
        return Content.assemble(line, gap, (self.sign, "$text-warning bold"))

    @property
    def _shows_sign(self) -> bool:
        return bool(self.sign) and not self.has_class("-long")

    @property
    def _room(self) -> int:
        """How many cells the sign leaves."""
        cells = self.size.width
        return max(1, cells - width(self.sign) - 1) if self._shows_sign else cells

    def _line(self, cells: int) -> Content:
        if self.message:
            glyph = Content.styled("✗ ", "$error bold") if self.is_error else Content("· ")
            if self.has_class("-long"):
                cells = LINES_OF_ERROR * (cells - LOST_BY_WRAPPING)
            return glyph + Content(shorten(self.message, cells - 2))
        if self.held:
            said = shorten(self.held, cells - 2)
            line = Content.assemble(("◷ ", "$accent bold"), (said, "$foreground"))
            room = cells - width(line.plain) - 3
            return line + "   " + self._keys(room) if room >= KEYS_FROM else line
        return self._keys(cells)

    def on_click(self, event: events.Click) -> None:
        """A click on a key does what the key does."""
        if self.message or self.held:
            return
        place = event.get_content_offset(self)
        start = 0
        for action in self._shown(self._room):
            end = start + _length([action])
            if place is not None and start <= place.x < end:
                self.post_message(self.Pressed(action.name))
                return
            start = end + 2

    def _shown(self, cells: int) -> list[Action]:
        """The actions for which there is room, the most important ones first and help last."""
        last = [action for action in self.actions if action.name in ("help", "quit")]
        if _length(last) > cells:
            return []
        others = [action for action in self.actions if action not in last]
        out = "back" if all(action.name != "quit" for action in last) else ""
        while others and _length([*others, *last]) > cells:
            spare = [action for action in others if action.name != out] or others
            others.remove(spare[-1])
        return [*others, *last]

    def _keys(self, cells: int) -> Content:
        parts: list[Content] = []
        for action in self._shown(cells):
            if parts:
                parts.append(Content("  "))
            parts += [
                Content.styled(action.key, "$foreground bold"),
                Content(f" {action.label}"),
            ]
        return Content("").join(parts)


def _length(actions: Sequence[Action]) -> int:
    return sum(len(action.key) + 1 + len(action.label) for action in actions) + 2 * (
        len(actions) - 1
    )
