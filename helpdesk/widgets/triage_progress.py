"""How far a triage has come: a line of blocks, the numbers, what was decided so far."""

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from helpdesk.domain.triage import Progress
from helpdesk.text import shorten

_BAR_CELLS = 23
_BAR_FROM = 70
"""A narrower line has no room for the blocks."""


class TriageProgress(Widget):
    """One line: ``━━━━──── 7 of 23, 4 overdue left · 3 replies, 1 note``."""

    DEFAULT_CSS = """
    TriageProgress { height: 1; padding: 0 1; background: $surface; }
    """

    progress: reactive[Progress | None] = reactive(None, layout=False)
    done: reactive[int] = reactive(0, layout=False)
    summary: reactive[str] = reactive("", layout=False)

    def render(self) -> Content:
        """The line; nothing before the tickets are counted."""
        progress = self.progress
        if progress is None or not progress.of:
            return Content("")
        cells = self.size.width
        bar = _bar(self.done, progress.of) if cells >= _BAR_FROM else Content("")
        number, left = progress.words.split(", ", 1)
        overdue = progress.overdue_left or progress.overdue_skipped
        loud = "$error bold" if overdue else "$success"
        line = Content.assemble(bar, (number, "bold"), ", ", (left, loud))
        room = cells - len(line.plain) - 3
        if self.summary and room > 8:
            line += Content.styled(f" · {shorten(self.summary, room)}", "$text-muted")
        return line


def _bar(done: int, of: int) -> Content:
    filled = _BAR_CELLS * min(done, of) // of
    empty = _BAR_CELLS - filled
    return Content.assemble(("━" * filled, "$accent"), ("─" * empty, "$rule"), "  ")
