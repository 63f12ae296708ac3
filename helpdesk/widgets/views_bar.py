"""The views of the queue with their counts: one line, or a bar at the side."""

from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from helpdesk.domain.query import VIEWS
from helpdesk.text import width

NAMES = tuple(VIEWS)
_SHORT = {"unassigned": "no agent", "on-customer": "customer"}
_COUNTED = ("overdue", "today", "mine")
_UNCOUNTED = ("closed", "all")


def label(view: str) -> str:
    """The view as agents read it: ``on us``."""
    return view.replace("-", " ")


def short_count(count: int) -> str:
    """A count in at most four cells: ``999``, ``12k``."""
    if count < 1000:
        return str(count)
    return f"{count // 1000}k" if count < 1_000_000 else f"{count // 1_000_000}M"


class ViewsBar(Widget):
    """Shows every view, how many tickets it has, and which is open; a click opens one."""

    @dataclass
    class Chosen(Message):
        """A view was clicked."""

        view: str

    active: reactive[str] = reactive("on-us", layout=False)
    counts: reactive[dict[str, int]] = reactive(dict, layout=False)

    def __init__(self) -> None:
        super().__init__()
        self._spans: list[tuple[int, int, str]] = []

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
            if 0 <= event.y - 1 < len(NAMES):
                self.post_message(self.Chosen(NAMES[event.y - 1]))
            return
        for start, end, view in self._spans:
            if start <= event.x < end:
                self.post_message(self.Chosen(view))

    def _column(self) -> Content:
        lines = [Content("")]
        for place, view in enumerate(NAMES, start=1):
            count = str(self.counts.get(view, ""))
            gap = " " * max(1, self.size.width - 4 - width(label(view)) - width(count))
            lines.append(
                Content.assemble(
                    (f" {place} ", self._key_style(view)),
                    (f"{label(view)}{gap}", self._style(view)),
                    (f"{count} ", self._count_style(view)),
                )
            )
        return Content("\n").join(lines)

    def _line(self) -> Content:
        """All views if they fit, said more and more briefly; else those about the active one."""
        cells = self.size.width - 2
        for brevity in range(3):
            parts = [self._part(view, brevity) for view in NAMES]
            if sum(part.cell_length for part in parts) <= cells:
                break
        first, last = _window([part.cell_length for part in parts], self._place, cells)
        self._spans = []
        end = 1
        for part, view in zip(parts[first:last], NAMES[first:last], strict=True):
            self._spans.append((end, end + part.cell_length, view))
            end += part.cell_length
        before = Content(" " if first == 0 else "‹")
        return Content("").join([before, *parts[first:last], "›" if last < len(NAMES) else ""])

    @property
    def _place(self) -> int:
        return NAMES.index(self.active)

    def _part(self, view: str, brevity: int) -> Content:
        count = self.counts.get(view)
        counted = view in _COUNTED if brevity == 2 else view not in _UNCOUNTED
        told = f" {short_count(count)}" if count is not None and counted else ""
        name = _SHORT.get(view, label(view)) if brevity else label(view)
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
