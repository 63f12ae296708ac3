"""A list of any items, drawn line by line, with a cursor on one of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from helpdesk.text import shorten, width
from helpdesk.widgets.wrapping import surely_within, widest

CURSOR = "▌"
TONES = ("text", "quiet", "strong", "found", "late", "soon")

Part = tuple[str, str]
"""Some words and their tone, one of TONES."""


class PickList(ScrollView, can_focus=True, inherit_bindings=False):
    """Items of ``LINES`` lines each. Keys are the screen's business, as is what is picked.

    A subclass says how many items there are, and of what parts each line of one is made.
    """

    LINES: ClassVar[int] = 1
    COMPONENT_CLASSES = {f"pick-list--{tone}" for tone in TONES} | {"pick-list--cursor"}
    DEFAULT_CSS = """
    PickList {
        height: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; background: transparent;
        & > .pick-list--cursor { color: $accent; background: $cursor; }
        & > .pick-list--text { color: $foreground; }
        & > .pick-list--quiet { color: $text-muted; }
        & > .pick-list--strong { color: $foreground; text-style: bold; }
        & > .pick-list--found { color: $accent; text-style: bold underline; }
        & > .pick-list--late { color: $error; text-style: bold; }
        & > .pick-list--soon { color: $warning; }
    }
    """

    @dataclass
    class Moved(Message):
        """The cursor came to stand on another item."""

        list: "PickList"

    @dataclass
    class Clicked(Message):
        """An item was clicked, ``times`` over; the cursor is on it."""

        list: "PickList"
        times: int

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.cursor = 0
        self.empty = ""
        self._styles: dict[tuple[str, bool], Style] = {}

    @property
    def total(self) -> int:
        """How many items there are."""
        return 0

    @property
    def shows_cursor(self) -> bool:
        """Whether one sees on which item the cursor is."""
        return True

    def parts(self, index: int, line: int, cells: int) -> Iterable[Part]:
        """What stands on a line of the item at ``index``, which has so many ``cells``.

        What is too long is cut; people's words stand last.
        """
        return ()

    def renew(self, cursor: int) -> None:
        """The items are other ones; the cursor goes to ``cursor``, or the nearest there is."""
        self.cursor = max(0, min(cursor, self.total - 1))
        self.virtual_size = Size(self.size.width, self.total * self.LINES)
        self.scroll_to(y=self._top_with(self.scroll_offset.y), animate=False)
        self.refresh()
        self.post_message(self.Moved(self))

    def move_to(self, index: int) -> None:
        """Put the cursor on the item at ``index``, or the nearest there is."""
        index = max(0, min(index, self.total - 1))
        if index != self.cursor:
            self.cursor = index
            self.scroll_to(y=self._top_with(self.scroll_offset.y), animate=False)
            self.refresh()
            self.post_message(self.Moved(self))

    def move(self, by: int) -> None:
        """Move the cursor down by so many items; up, if it is negative."""
        self.move_to(self.cursor + by)

    @property
    def page(self) -> int:
        """How many items the next page is away."""
        return max(1, self.size.height // self.LINES - 1)

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        index, line = divmod(y + self.scroll_offset.y, self.LINES)
        cells = self.scrollable_content_region.width
        if index >= self.total:
            return self._empty_line(y, cells)
        on = index == self.cursor and self.shows_cursor
        segments = [Segment(CURSOR if on else " ", self._style("cursor" if on else "text", on))]
        left = blank = cells - 1
        for words, tone in self.parts(index, line, cells - 1):
            short = surely_within(words, left)
            left -= widest(short)
            blank -= width(short)
            segments.append(Segment(short, self._style(tone, on)))
        segments.append(Segment(" " * blank, self._style("text", on)))
        return Strip(segments, cells)

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self.virtual_size = Size(self.size.width, self.total * self.LINES)
        self.scroll_to(y=self._top_with(self.scroll_offset.y), animate=False)
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """A click selects."""
        index = (event.y - self.gutter.top + self.scroll_offset.y) // self.LINES
        if index < 0:
            return
        if index < self.total:
            self.move_to(index)
            self.post_message(self.Clicked(self, event.chain))

    def notify_style_update(self) -> None:
        """Colours are taken from the theme once, not for every line."""
        super().notify_style_update()
        self._styles.clear()

    def _top_with(self, top: int) -> int:
        """The first line in sight nearest to ``top`` with which the cursor is in sight too."""
        height = max(self.LINES, self.size.height)
        first = self.cursor * self.LINES
        top = max(first + self.LINES - height, min(top, first))
        return max(0, min(top, self.total * self.LINES - height))

    def _empty_line(self, y: int, cells: int) -> Strip:
        lines = self.empty.split("\n") if self.total == 0 and self.empty else []
        first = min(max(0, self.size.height - len(lines)), self.size.height // 4)
        text = lines[y - first] if 0 <= y - first < len(lines) else ""
        short = shorten(f"  {text}", cells)
        segments = [Segment(short, self._style("quiet", False))]
        segments.append(Segment(" " * (cells - width(short)), self._style("text", False)))
        return Strip(segments, cells)

    def _style(self, tone: str, on: bool) -> Style:
        known = self._styles.get((tone, on))
        if known is None:
            style = self.get_component_rich_style(f"pick-list--{tone}")
            if on:
                style += Style(bgcolor=self.get_component_rich_style("pick-list--cursor").bgcolor)
            known = self._styles[tone, on] = style
        return known
