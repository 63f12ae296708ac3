"""Triage: the tickets that wait on us, one at a time; each decision goes on to the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from helpdesk.domain import triage as triages
from helpdesk.domain.errors import HelpdeskError
from helpdesk.domain.triage import Decision, Triage
from helpdesk.screens.ticket import Sight, look_at
from helpdesk.screens.triage_ahead import ReadAhead
from helpdesk.screens.triage_deciding import DecidingScreen
from helpdesk.terminal.actions import bindings, pick
from helpdesk.widgets.said import say
from helpdesk.widgets.status_line import StatusLine
from helpdesk.widgets.triage_matter import Matter, TriageMatter
from helpdesk.widgets.triage_progress import TriageProgress
from helpdesk.widgets.triage_summary import summary
from helpdesk.widgets.triage_words import gone_words, news_words

MOST = 1000
"""A triage goes over so many tickets, those to be answered first."""

AHEAD = 2
"""So many of the next tickets are read before their turn comes."""

_PAGE_DOWN = replace(pick("page_down")[0], keys=("pagedown",))  # space goes on to the next
_AT_THE_END = pick("take_back back help")
_CARD = replace(pick("beside")[0], does="The customer, or back")


class TriageScreen(DecidingScreen):
    """A triage over the tickets of a query that wait on us; gives a line of what was done."""

    ACTIONS = (
        *pick("reply"),
        replace(pick("promise")[0], label="move"),
        *pick("no_answer assign note close skip take_back open assign_to customer"),
        _CARD,
        *pick("whole"),
        replace(pick("back")[0], label="end", does="End the triage"),
        *pick("down up"),
        _PAGE_DOWN,
        *pick("page_up first last new help"),
    )
    BINDINGS = bindings(ACTIONS)
    PLACE = "triage"
    CSS_PATH = "triage.tcss"
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide"), (170, "-roomy")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (16, "-high"), (32, "-tall")]

    def __init__(self, query: str) -> None:
        super().__init__()
        self.query_text = query
        self._news = ""
        """What others did to the ticket while it was in front of the agent."""
        self._past: frozenset[int] = frozenset()
        """Of these it is known whether they are overdue still."""

    def body(self) -> ComposeResult:
        """How far it has come; the ticket in front of the agent; at the end, what was done."""
        yield TriageProgress()
        yield TriageMatter()
        with VerticalScroll(id="over", can_focus=False):
            yield Static(Content(""))

    def on_mount(self) -> None:
        """Find out which tickets wait on us."""
        self.read_ahead = ReadAhead(self.desk)
        self.work(self._find, self._begin, keys_wait=True)

    def _find(self) -> Triage:
        query = self.desk.query(f"{self.query_text} is:on-us")
        return triages.begin(self.desk.store.queue(query, limit=MOST))

    def _begin(self, triage: Triage) -> None:
        self.triage = triage
        self._past = triage.past(self.desk.now())  # it was read just now
        self.arrive()

    # Going from ticket to ticket

    def arrive(self) -> None:
        """Show the ticket whose turn it is: at once if it was read ahead and nothing changed."""
        self.sight, self._news = None, ""
        self.be_seen()
        number = self.number
        if number is None:
            self._show_the_end()
            return
        sight = self.read_ahead.take(number)
        if sight is not None:
            self._arrived(number, sight)
        else:
            self._look(number, self._arrived)

    def _look(self, number: int, then: Callable[[int, Sight], object]) -> None:
        self.work(
            partial(look_at, self.desk, number),
            partial(then, number),
            group="look",
            failed=partial(self._unreadable, number),
            keys_wait=True,
        )

    def _arrived(self, number: int, sight: Sight) -> None:
        if number != self.number:
            return
        if sight.ticket.promise is None:
            self.tell(f"passed over {gone_words(sight.ticket)}")
            self.go_on(Decision.GONE)
            return
        self.sight = sight
        self._show()
        self._look_ahead()

    def _unreadable(self, number: int, error: HelpdeskError) -> None:
        """A document that cannot be read stops nobody."""
        if number == self.number and self.sight is None:
            self.go_on(Decision.UNREADABLE)
        self.complain(error)

    def _look_ahead(self) -> None:
        """Read the tickets whose turn comes next."""
        numbers = self.triage.ahead(AHEAD) if self.triage is not None else ()
        for number in self.read_ahead.missing(numbers):
            self.work(
                partial(look_at, self.desk, number),
                partial(self.read_ahead.keep, number, self.read_ahead.version),
                group=f"ahead {number}",
                failed=lambda _: None,  # it is said when its turn comes
            )

    # Changes by others

    def on_screen_resume(self) -> None:
        """Something may have been done on the screen that was above."""
        self.refresh_rows()

    def refresh_rows(self) -> None:
        """Read the ticket anew, and those ahead; see what others did to the rest."""
        self._look_at_the_past()
        number = self.number
        if number is not None and self.sight is not None:
            self._look(number, self._looked_again)

    def _looked_again(self, number: int, sight: Sight) -> None:
        before = self.sight
        if number != self.number or before is None:
            return
        if sight.ticket.rev != before.ticket.rev:
            news = news_words(before.ticket, sight.ticket, self.desk.agent, self.desk.zone)
            self._news = news or self._news
        self.sight = sight
        self._show()
        self._look_ahead()

    def _look_at_the_past(self) -> None:
        """Learn which tickets are overdue no more, as somebody else answered."""
        triage = self.triage
        if triage is None:
            return
        past = self._past = triage.past(self.desk.now())

        def settled() -> frozenset[int]:
            return past - self.desk.store.which(self.desk.query("is:overdue"), past)

        self.work(settled, self._learned, group="past")

    def _learned(self, settled: frozenset[int]) -> None:
        assert self.triage is not None
        self.triage = replace(self.triage, settled=settled)
        self.tick(self.desk.now())

    # Looking

    def action_beside(self) -> None:
        """Look at the customer instead of the last words, or back."""
        self.matter.toggle_class("-card")
        self.matter.tick(self.desk.now())

    def action_whole(self) -> None:
        """Show quotes and long texts in full, or folded."""
        self.matter.turn_whole(self.desk.now())

    @property
    def scroller(self) -> VerticalScroll:
        if self.number is None:
            return self.query_one("#over", VerticalScroll)
        return self.matter.scroller

    def action_back(self) -> None:
        """Leave the triage; what is still held can be taken back until its time is up."""
        triage = self.triage
        if triage is None or not triage.made:
            self.dismiss("")
            return
        left = len(triage.tickets) - len(triage.made)
        progress = triage.progress(self.desk.now())
        parts = [f"triage: {triage.summary}"]
        if progress.overdue_left:
            parts.append(f"{progress.overdue_left} overdue left")
        if left:
            parts.append(f"{left} not looked at")
        self.dismiss("; ".join(parts))

    # Showing

    @property
    def matter(self) -> TriageMatter:
        """The ticket as it is shown."""
        return self.query_one(TriageMatter)

    def _show(self) -> None:
        sight = self.sight
        if sight is None:
            return
        self._over(False)
        now = self.desk.now()
        self.matter.show(
            Matter(
                sight.ticket, sight.customer, sight.tickets,
                greeting=sight.greeting, say=sight.phone_greeting, news=self._news,
            ),
            now,
        )  # fmt: skip
        self.tick(now)

    def _over(self, over: bool) -> None:
        self.set_class(over, "-over")
        line = self.query_one(StatusLine)
        shown = _AT_THE_END if over else self.ACTIONS
        can = [each for each in shown if over or self.why_not(each.name) is None]
        line.offer(self.with_own_keys(can))

    def _show_the_end(self) -> None:
        self._over(True)
        self.tick(self.desk.now())

    def tick(self, now: datetime) -> None:
        """Bring the words of time up to date."""
        super().tick(now)
        triage = self.triage
        if triage is None:
            return
        if not triage.past(now) <= self._past:
            self._look_at_the_past()
        line = self.query_one(TriageProgress)
        line.progress, line.done = triage.progress(now), len(triage.made)
        line.summary = triage.summary
        if self.has_class("-over"):
            say(self.query_one("#over Static", Static), summary(triage, self.held.listed()))
        else:
            self.matter.tick(now)
