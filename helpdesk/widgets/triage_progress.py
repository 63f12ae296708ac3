"""How far a triage has come: a line of blocks, the numbers, what was decided so far."""

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from helpdesk.domain.triage import Progress
from helpdesk.text import shorten

_BAR_CELLS = 23
_BAR_LEAST = 8
"""Words come first: where they leave less than that, there are no blocks."""
_BESIDE = "  "


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
        number, left = progress.words.split(", ", 1)
        loud = "$error bold" if progress.overdue_left else "$success"
        line = Content.assemble((number, "bold"), ", ", (left, loud))
        room = cells - len(line.plain) - 3
        if self.summary and room > 8:
            line += Content.styled(f" · {shorten(self.summary, room)}", "$text-muted")
        bar = min(_BAR_CELLS, cells - len(line.plain) - len(_BESIDE))
        return _bar(self.done, progress.of, bar) + line if bar >= _BAR_LEAST else line


def _bar(done: int, of: int, cells: int) -> Content:
    filled = cells * min(done, of) // of
    return Content.assemble(("━" * filled, "$accent"), ("─" * (cells - filled), "$rule"), _BESIDE)
