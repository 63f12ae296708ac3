"""The promise in words, and the ledger of those told before: what stands, what became of each."""

from datetime import datetime
from zoneinfo import ZoneInfo

from textual.content import Content
from textual.widgets import Static

from helpdesk import clock
from helpdesk.domain.promise import Promise
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.wording import (
    brief_time,
    channel_words,
    day_and_time,
    how_long,
    outcome_words,
)
from helpdesk.domain.words import Outcome, State
from helpdesk.text import clean_line
from helpdesk.widgets.at_desk import desk_of
from helpdesk.widgets.queue_columns import SOON

LATE = "$error bold"
GLYPHS: dict[Outcome, str] = {
    Outcome.OPEN: "○",
    Outcome.KEPT: "✓",
    Outcome.MOVED: "→",
    Outcome.BROKEN: "✗",
    Outcome.WITHDRAWN: "-",
}
"""A sign for each outcome, besides its word."""


def promise_line(ticket: Ticket, now: datetime, zone: ZoneInfo) -> Content:
    """What the customer was told to expect, in words; loud when it is late."""
    promise = ticket.promise
    if promise is None:
        return _nothing_stands(ticket, now)
    due = f"{how_long(promise.due, now)} · promised for {brief_time(promise.due, zone, now)}"
    told = f" · {_told(ticket, promise, zone, now)}"
    if promise.is_past(now):
        return Content.assemble((f"! {due}", LATE), (told, "$text-muted"))
    soon = promise.due - now <= SOON
    glyph, style = ("●", "$warning bold") if soon else ("○", "bold")
    return Content.assemble((f"{glyph} {due}", style), (told, "$text-muted"))


def _nothing_stands(ticket: Ticket, now: datetime) -> Content:
    glyph, words = "◇", "no promise stands: we wait for the customer"
    if ticket.state is State.CLOSED:
        glyph, words = "✓", "closed: no promise stands"
    if ticket.promises:
        words += f" (the last was {outcome_words(ticket.promises[-1].outcome, now, now)})"
    line = Content.styled(f"{glyph} {words}", "$text-muted")
    if ticket.owes_apology(now):
        line += Content.styled(" · a delay to own", LATE)
    return line


def ledger(ticket: Ticket, now: datetime, zone: ZoneInfo) -> Content:
    """Every promise told on the ticket, newest first, with what became of it."""
    if not ticket.promises:
        return Content.styled("no promise was ever told here", "$text-muted")
    entries = [_entry(ticket, promise, now, zone) for promise in reversed(ticket.promises)]
    return Content("\n").join(entries)


def _told(ticket: Ticket, promise: Promise, zone: ZoneInfo, now: datetime) -> str:
    if not ticket.was_told(promise):
        return "the customer was not told"
    return f"told {brief_time(promise.told_at, zone, now)} by {clean_line(promise.told_by)}"


def _entry(ticket: Ticket, promise: Promise, now: datetime, zone: ZoneInfo) -> Content:
    outcome = ticket.outcome_of(promise, now)
    words = str(outcome)
    if promise.is_standing:
        words = how_long(promise.due, now)
    style = LATE if promise.is_standing and promise.is_past(now) else "bold"
    glyph = "!" if style == LATE else GLYPHS[outcome]
    lines = [
        Content.styled(f"{glyph} {day_and_time(promise.due, zone)}  {words}", style),
        _quiet(
            f"{_told(ticket, promise, zone, now)}, "
            f"{channel_words(promise.channel)} · {clean_line(promise.rule)}"
        ),
    ]
    reason = clean_line(promise.reason or "")
    if promise.settled_at is not None:
        at = f"{outcome} {brief_time(promise.settled_at, zone, now)}"
        lines.append(_quiet(f"{at}: {reason}" if reason else at))
    elif reason:
        lines.append(_quiet(reason))
    return Content("\n").join(lines)


def _quiet(text: str) -> Content:
    return Content.styled(f"  {text}", "$text-muted")


class PromiseList(Static):
    """The ledger of a ticket."""

    DEFAULT_CSS = "PromiseList { height: auto; }"

    def __init__(self) -> None:
        super().__init__(Content(""))
        self._ticket: Ticket | None = None
        self._shown = ""

    def show(self, ticket: Ticket) -> None:
        """Show the ledger of another ticket, or of the same one as it is now."""
        self._ticket = ticket
        self.tick(clock.now())

    def tick(self, now: datetime) -> None:
        """Bring "in 20 min" up to date, where the words have changed."""
        if self._ticket is None:
            return
        content = ledger(self._ticket, now, desk_of(self).zone)
        if content.plain != self._shown:
            self._shown = content.plain
            self.update(content)
