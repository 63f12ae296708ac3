"""The views of the queue with their counts: one line, or a bar at the side."""

from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from helpdesk.domain.query import VIEWS
from helpdesk.text import fit, list_cell, shorten, width

DESKS = tuple(VIEWS)
"""The views that every agent has."""

KEYS = "1234567890"
_SHORT = {"unassigned": "no agent", "on-customer": "customer"}
_COUNTED = ("overdue", "today", "mine")
_UNCOUNTED = ("closed", "all")
_NAME_CELLS = 16
"""So many cells of a view's name are shown where all views share a line."""


def label(view: str) -> str:
    """The view as agents read it: ``on us``; one of the agent's own as it was named."""
    return view.replace("-", " ") if view in VIEWS else list_cell(view)


def short_count(count: int) -> str:
    """A count in at most four cells: ``999``, ``12k``."""
    if count < 1000:
        return str(count)
    return f"{count // 1000}k" if count < 1_000_000 else f"{count // 1_000_000}M"


class ViewsBar(Widget):
    """Shows every view, how many tickets it has, and which is open; a click opens one.

    An agent's ``own`` views stand after those of the desk.
    """

    @dataclass
    class Chosen(Message):
        """A view was clicked."""

        view: str

    active: reactive[str] = reactive("on-us", layout=False)
    counts: reactive[dict[str, int]] = reactive(dict, layout=False)
    own: reactive[tuple[str, ...]] = reactive((), layout=False)

    def __init__(self) -> None:
        super().__init__()
        self._spans: list[tuple[int, int, str]] = []
        self._rows: list[str | None] = []

    @property
    def names(self) -> tuple[str, ...]:
        """All views, in their order."""
        return (*DESKS, *self.own)

    @property
    def at_side(self) -> bool:
        """Whether it stands beside the queue, a line for each view."""
        return self.size.height > 1

    def render(self) -> Content:
        """The views."""
        return self._column() if self.at_side else self._line()

    def on_click(self, event: events.Click) -> None:
        """Open the view that was clicked."""
        if self.at_side:
            view = self._rows[event.y] if event.y < len(self._rows) else None
            if view is not None:
                self.post_message(self.Chosen(view))
            return
        for start, end, name in self._spans:
            if start <= event.x < end:
                self.post_message(self.Chosen(name))

    def _column(self) -> Content:
        """A line each; of more than there is room for, those about the active one."""
        rows: list[str | None] = [None, *DESKS]
        if self.own:
            rows += [None, *self.own]
        room = self.size.height
        first = max(0, min(rows.index(self.active) - room // 2, len(rows) - room))
        self._rows = rows[first : first + room]
        return Content("\n").join([self._row(view) for view in self._rows])

    def _row(self, view: str | None) -> Content:
        if view is None:
            return Content("")
        place = self.names.index(view)
        key = KEYS[place] if place < len(KEYS) else " "
        count = str(self.counts.get(view, ""))
        name = fit(label(view), max(1, self.size.width - 5 - width(count)))
        return Content.assemble(
            (f" {key} ", self._key_style(view)),
            (f"{name} ", self._style(view)),
            (f"{count} ", self._count_style(view)),
        )

    def _line(self) -> Content:
        """All views if they fit, said more and more briefly; else those about the active one."""
        cells = self.size.width - 2
        for brevity in range(3):
            parts = [self._part(view, brevity) for view in self.names]
            if sum(part.cell_length for part in parts) <= cells:
                break
        first, last = _window([part.cell_length for part in parts], self._place, cells)
        self._spans = []
        end = 1
        for part, view in zip(parts[first:last], self.names[first:last], strict=True):
            self._spans.append((end, end + part.cell_length, view))
            end += part.cell_length
        before = Content(" " if first == 0 else "‹")
        return Content("").join([before, *parts[first:last], "›" if last < len(parts) else ""])

    @property
    def _place(self) -> int:
        return self.names.index(self.active)

    def _part(self, view: str, brevity: int) -> Content:
        count = self.counts.get(view)
        counted = view in _COUNTED if brevity == 2 else view not in _UNCOUNTED
        told = f" {short_count(count)}" if count is not None and counted else ""
        name = _SHORT.get(view, label(view)) if brevity else label(view)
        name = shorten(name, _NAME_CELLS)
        text = Content.styled(f" {name}", self._style(view))
        return text + Content.styled(f"{told} ", self._count_style(view))

    def _style(self, view: str) -> str:
        return "$foreground bold on $cursor" if view == self.active else "$text-muted"

    def _key_style(self, view: str) -> str:
        return "$accent on $cursor" if view == self.active else "$accent"

    def _count_style(self, view: str) -> str:
        loud = view == "overdue" and self.counts.get(view, 0) > 0
        style = "$error bold" if loud else self._style(view).partition(" on ")[0]
        return f"{style} on $cursor" if view == self.active else style


def _window(lengths: list[int], place: int, cells: int) -> tuple[int, int]:
    """From which part to which there is room in ``cells``, about the one at ``place``."""
    first, last = place, place + 1
    room = cells - lengths[place]
    while True:
        if last < len(lengths) and lengths[last] <= room:
            room -= lengths[last]
            last += 1
        elif first > 0 and lengths[first - 1] <= room:
            first -= 1
            room -= lengths[first]
        else:
            return first, last
