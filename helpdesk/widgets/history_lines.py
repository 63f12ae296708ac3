"""What was done to a ticket, by whom and when, the last first."""

from datetime import datetime
from zoneinfo import ZoneInfo

from textual.content import Content

from helpdesk.domain.ticket import Event, Ticket
from helpdesk.domain.wording import brief_time
from helpdesk.text import clean_line

SHOWN = 30
"""So many are shown; a command gives the rest."""


def history_lines(ticket: Ticket, zone: ZoneInfo, now: datetime) -> Content:
    """Every change under a name of its own, in words."""
    last = list(reversed(ticket.history))
    lines = [Content.styled("\nWhat was done", "$accent bold")]
    lines += [_line(event, zone, now) for event in last[:SHOWN]]
    if (more := len(last) - SHOWN) > 0:
        words = f"{more} before these: helpdesk show {ticket.id} --history"
        lines.append(Content.styled(f" {words}", "$text-muted"))
    return Content("\n").join(lines)


def _line(event: Event, zone: ZoneInfo, now: datetime) -> Content:
    detail = f": {clean_line(event.detail)}" if event.detail else ""
    return Content.assemble(
        (f" {brief_time(event.at, zone, now)} {clean_line(event.by)} ", "$text-muted"),
        f"{clean_line(event.what)}{detail}",
    )
