"""The views of the queue with their counts: one line, or a bar at the side."""

from collections.abc import Mapping
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
_ALWAYS = "overdue"
"""The view that is in sight whatever else is: nobody overlooks who waits too long."""
_GIVE_WAY = ("closed", "all", "on-customer", "unassigned", "on-us")
"""The views of the desk that give way to the agent's own, the first one first."""
_WORDS_FROM = 60
"""Fewer cells have no room for words about what is out of sight."""
_NAME_CELLS = (16, 16, 16, 10)
"""So many cells of a view's name are shown where all views share a line, the briefer the fewer."""


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

    def __init__(self, key: str) -> None:
        """A bar that tells by which ``key``, as agents read it, the rest of the views are seen."""
        super().__init__()
        self._key = key
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
        if len(rows) > room:
            rest = [view for view in self.names if view != _ALWAYS]
            room -= 1 if len(rest) < room else 2
            place = rest.index(self.active) if self.active != _ALWAYS else 0
            first = max(0, min(place - room // 2, len(rest) - room))
            rows = [_ALWAYS, *rest[first : first + room]]
        self._rows = rows
        lines = [self._row(view) for view in rows]
        if hidden := len(self.names) - sum(view is not None for view in rows):
            lines.append(self._more(hidden))
        return Content("\n").join(lines)

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
        """All views if they fit, said more and more briefly; else those that matter most, and how
        to see the others."""
        cells = self.size.width - 2
        for brevity in range(len(_NAME_CELLS)):
            parts = {view: self._part(view, brevity) for view in self.names}
            if sum(part.cell_length for part in parts.values()) <= cells:
                return self._joined(parts)
        cells -= self._more(len(parts)).cell_length
        for view in self._least_first():
            if sum(part.cell_length for part in parts.values()) <= cells:
                break
            del parts[view]
        return self._joined(parts) + self._more(len(self.names) - len(parts))

    def _least_first(self) -> list[str]:
        """The views that may give way to others, what matters least first."""
        order = [*_GIVE_WAY, *reversed(self.own), "today", "mine"]
        return [view for view in order if view != self.active]

    def _joined(self, parts: Mapping[str, Content]) -> Content:
        """The views behind each other; clicks find them."""
        self._spans, end = [], 1
        for view, part in parts.items():
            self._spans.append((end, end + part.cell_length, view))
            end += part.cell_length
        return Content(" ") + Content("").join(list(parts.values()))

    def _more(self, hidden: int) -> Content:
        """How many views are out of sight, and what shows them."""
        words = " more: " if self.at_side or self.size.width >= _WORDS_FROM else " "
        return Content.assemble((f" …{hidden}{words}", "$text-muted"), (self._key, "$accent"))

    def _part(self, view: str, brevity: int) -> Content:
        count = self.counts.get(view)
        counted = view not in _UNCOUNTED if brevity < 2 else view in (*_COUNTED, *self.own)
        told = f" {short_count(count)}" if count is not None and counted else ""
        name = _SHORT.get(view, label(view)) if brevity else label(view)
        name = shorten(name, _NAME_CELLS[brevity])
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
