"""The ticket in front of the agent in a triage, arranged by how much room there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from helpdesk.domain.customer import Customer
from helpdesk.domain.queue import QueueRow
from helpdesk.domain.ticket import Ticket
from helpdesk.widgets import triage_words as words
from helpdesk.widgets.at_desk import desk_of
from helpdesk.widgets.customer_card import CustomerCard
from helpdesk.widgets.cut_lines import CutLines

UNDERSTOOD = 3
"""What we understood takes up to so many lines where there is room."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What there is to show: the ticket, its customer (None if erased) and all his tickets.

    ``say`` is the desk's greeting on the phone, ``news`` what others did meanwhile; "" for none.
    """

    ticket: Ticket
    customer: Customer | None
    tickets: Sequence[QueueRow]
    greeting: str
    say: str
    news: str


class TriageMatter(Vertical):
    """Head, last words, what was tried, the customer.

    Narrow: the last words, the others below in few lines, or in their place (class ``-card``).
    Wide: the customer beside. Roomy: what was tried between both.
    """

    def __init__(self) -> None:
        super().__init__()
        self.whole = False
        self._matter: Matter | None = None
        self._timed = ""
        self._understood = 1
        """So many lines of what we understood are shown."""
        self._is_laid_out = False

    def compose(self) -> ComposeResult:
        """Each part, of which those in sight depend on the room."""
        yield CutLines(id="head")
        with Horizontal(id="parts"):
            with Vertical(id="said"):
                with VerticalScroll(id="words", can_focus=False):
                    yield Static(Content(""))
                yield CutLines(id="rest")
                with VerticalScroll(id="tried", can_focus=False):
                    yield Static(Content(""))
            with VerticalScroll(id="side", can_focus=False):
                yield Static(Content(""), id="tried-too")
                yield CustomerCard()

    def show(self, matter: Matter, now: datetime) -> None:
        """Show the ticket; another one from its top."""
        before, self._matter = self._matter, matter
        if before is None or before.ticket.id != matter.ticket.id:
            self.whole = False
            self.remove_class("-card")
            self._understood, self._is_laid_out = 1, False
            self.call_after_refresh(self._laid_out)
            for pane in self.query(VerticalScroll):
                pane.scroll_home(animate=False)
        self._timed = ""
        self.tick(now)
        zone, ticket = desk_of(self).zone, matter.ticket
        said = words.last_words(ticket, zone, whole=self.whole)
        tried = words.tried_in_full(ticket, zone)
        self.query_one("#words Static", Static).update(said)
        self.query_one("#tried Static", Static).update(tried)
        self.query_one("#tried-too", Static).update(tried + Content("\n"))
        self.query_one(CustomerCard).show(matter.customer, matter.tickets, ticket.id)

    def tick(self, now: datetime) -> None:
        """Bring the words of time up to date."""
        matter = self._matter
        if matter is None:
            return
        zone = desk_of(self).zone
        brief = self.screen.has_class("-low")
        self._understood = 1 if brief else self._room()
        head = words.head_lines(
            matter.ticket, now, zone, say=matter.say, news=matter.news, brief=brief,
            cells=self.size.width - 2, most=self._understood,
        )  # fmt: skip
        card = self.query_one("#side").display
        timed = f"{now:%H:%M} {card}" + "\n".join(line.plain for line in head)
        if timed != self._timed:
            self._timed = timed
            self.query_one("#head", Static).update(Content("\n").join(head))
            self.query_one("#rest", Static).update(self._rest(matter, now, card=card))

    def _laid_out(self) -> None:
        self._is_laid_out = True
        self.tick(desk_of(self).now())

    def _room(self) -> int:
        """How many lines there are for what we understood: those left blank below the last words,
        or enough on a tall screen."""
        if self.screen.has_class("-tall"):
            return UNDERSTOOD
        pane = self.query_one("#words", VerticalScroll)
        if not self._is_laid_out or not pane.size.height:
            return 1
        blank = pane.size.height - self.query_one("#words Static").outer_size.height
        return max(1, min(UNDERSTOOD, self._understood + blank))

    def _rest(self, matter: Matter, now: datetime, *, card: bool) -> Content:
        """What was tried, and the customer where his ``card`` is not in sight."""
        zone, ticket = desk_of(self).zone, matter.ticket
        lines = words.tried_lines(ticket, now, zone)
        if not card:
            lines += words.who_lines(
                matter.customer, matter.tickets, ticket.id,
                greeting=matter.greeting, now=now, zone=zone,
            )  # fmt: skip
        return Content("\n").join(lines)

    def on_resize(self) -> None:
        """Other parts may be in sight once it is laid out anew."""
        self.call_after_refresh(lambda: self.tick(desk_of(self).now()))

    def turn_whole(self, now: datetime) -> None:
        """Show quotes and long texts in full, or folded."""
        self.whole = not self.whole
        if self._matter is not None:
            self.show(self._matter, now)

    @property
    def scroller(self) -> VerticalScroll:
        """What the keys scroll: the last words, or the customer."""
        side = "#side" if self.has_class("-card") else "#words"
        return self.query_one(side, VerticalScroll)
