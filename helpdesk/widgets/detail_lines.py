"""Two lines about the selected ticket, for a terminal with no room for a preview."""

from zoneinfo import ZoneInfo

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from helpdesk.domain.queue import QueueRow
from helpdesk.domain.wording import STATE_WORDS, channel_words, day_and_time
from helpdesk.domain.words import Priority
from helpdesk.text import fit, list_cell
from helpdesk.widgets.queue_columns import PRIORITY_SIGNS
from helpdesk.widgets.wrapping import surely_within


class DetailLines(Widget):
    """The subject in full, and what the columns leave out. Drawn by lines: it follows the cursor.

    Customers' words stand last in a line.
    """

    COMPONENT_CLASSES = {"detail-lines--subject", "detail-lines--facts"}
    DEFAULT_CSS = """
    DetailLines { height: 2; }
    DetailLines > .detail-lines--subject { color: $foreground; text-style: bold; }
    DetailLines > .detail-lines--facts { color: $text-muted; }
    """

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__()
        self.zone = zone
        self._row: QueueRow | None = None

    def show(self, row: QueueRow | None) -> None:
        """Show another ticket."""
        if row != self._row:
            self._row = row
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """One of the two lines."""
        row, cells = self._row, self.size.width
        part = "subject" if y == 0 else "facts"
        text = ""
        if row is not None:
            text = list_cell(row.subject) if y == 0 else facts(row, self.zone)
        style = self.get_component_rich_style(f"detail-lines--{part}")
        return Strip([Segment(fit(surely_within(f" {text}", cells), cells), style)], cells)


def facts(row: QueueRow, zone: ZoneInfo) -> str:
    """What there is to say of a ticket in a line: the promise first, the customer last."""
    parts = [STATE_WORDS[row.state]]
    if row.due is not None:
        parts = [f"promised for {day_and_time(row.due, zone)}"]
    if row.priority is not Priority.NORMAL:
        parts.append(f"{PRIORITY_SIGNS.get(row.priority, '')}{row.priority}")
    parts += [str(row.kind), channel_words(row.channel), list_cell(row.assignee or "unassigned")]
    parts += [f"#{list_cell(tag)}" for tag in row.tags]
    parts.append(list_cell(row.customer_name))
    return " · ".join(part for part in parts if part)
