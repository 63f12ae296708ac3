"""Triage: the tickets that wait on us, one at a time; each decision goes on to the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import cast

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from helpdesk.desk import answers, drafts, upkeep
from helpdesk.domain import triage as triages
from helpdesk.domain.draft import Draft, DraftKind
from helpdesk.domain.errors import HelpdeskError, InvalidInput
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.triage import Decision, Triage
from helpdesk.screens import ticket as tickets
from helpdesk.screens.base import DeskScreen, HasDesk
from helpdesk.screens.scrolling import ScrollingScreen
from helpdesk.screens.ticket import Sight, look_at
from helpdesk.screens.triage_hands import Failure, TriageHands
from helpdesk.screens.triage_writing import Sent, writing
from helpdesk.terminal.actions import bindings, pick
from helpdesk.widgets.triage_matter import Matter, TriageMatter
from helpdesk.widgets.triage_progress import TriageProgress
from helpdesk.widgets.triage_summary import summary
from helpdesk.widgets.triage_words import gone_words, news_words

MOST = 1000
"""A triage goes over so many tickets, those to be answered first."""

AHEAD = 2
"""So many of the next tickets are read before their turn comes."""

CARRY_OUT_SECONDS = 0.5
"""How often it is looked whether a decision has been held long enough."""

_PAGE_DOWN = replace(pick("page_down")[0], keys=("pagedown",))  # space goes on to the next
_CARD = replace(pick("beside")[0], does="The customer, or back")


class TriageScreen(ScrollingScreen[str]):
    """A triage over the tickets of a query that wait on us; gives a line of what was done."""

    ACTIONS = (
        *pick("reply"),
        replace(pick("promise")[0], label="move"),
        *pick("no_answer assign note close skip take_back open assign_to customer"),
        _CARD,
        *pick("whole back down up"),
        _PAGE_DOWN,
        *pick("page_up first last help"),
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
        self.triage: Triage | None = None
        self.sight: Sight | None = None
        self._read_ahead: dict[int, tuple[int, Sight]] = {}
        """Tickets read before their turn, with the desk's version at the time."""
        self._news = ""
        """What others did to the ticket while it was in front of the agent."""
        self._taken_back: dict[int, Draft] = {}
        """What was written on tickets and taken back, or could not be carried out."""

    def body(self) -> ComposeResult:
        """How far it has come; the ticket in front of the agent; at the end, what was done."""
        yield TriageProgress()
        yield TriageMatter()
        with VerticalScroll(id="over", can_focus=False):
            yield Static(Content(""))

    def on_mount(self) -> None:
        """Find out which tickets wait on us."""
        self.hands = TriageHands(self.desk)
        self.set_interval(CARRY_OUT_SECONDS, self._carry_out_due)
        self.work(self._find, self._begin)

    def _find(self) -> Triage:
        query = self.desk.query(f"{self.query_text} is:on-us")
        return triages.begin(self.desk.store.queue(query, limit=MOST))

    def _begin(self, triage: Triage) -> None:
        self.triage = triage
        self._arrive()

    # Going from ticket to ticket

    @property
    def number(self) -> int | None:
        """The ticket in front of the agent; None before the first and after the last."""
        current = self.triage.current if self.triage is not None else None
        return current.ticket if current is not None else None

    def _arrive(self) -> None:
        """Show the ticket whose turn it is: at once if it was read ahead and nothing changed."""
        self.sight, self._news = None, ""
        number = self.number
        if number is None:
            self._show_the_end()
            return
        version, sight = self._read_ahead.pop(number, (-1, None))
        if sight is not None and version == self.desk.store.version():
            self._arrived(number, sight)
        else:
            self._look(number, self._arrived)

    def _look(self, number: int, then: Callable[[int, Sight], object]) -> None:
        self.work(
            partial(look_at, self.desk, number),
            partial(then, number),
            group="look",
            failed=partial(self._unreadable, number),
        )

    def _arrived(self, number: int, sight: Sight) -> None:
        if number != self.number:
            return
        if sight.ticket.promise is None:
            self.tell(f"passed over {gone_words(sight.ticket)}")
            self._go_on(Decision.GONE)
            return
        self.sight = sight
        self._show()
        self._look_ahead()

    def _unreadable(self, number: int, error: HelpdeskError) -> None:
        """A document that cannot be read stops nobody."""
        if number == self.number and self.sight is None:
            self._go_on(Decision.UNREADABLE)
        self.complain(error)

    def _look_ahead(self) -> None:
        """Read the tickets whose turn comes next."""
        numbers = self.triage.ahead(AHEAD) if self.triage is not None else ()
        version = self.desk.store.version()
        wanted = [n for n in numbers if self._read_ahead.get(n, (-1,))[0] != version]
        self._read_ahead = {n: kept for n, kept in self._read_ahead.items() if n in numbers}
        for number in wanted:
            self.work(
                partial(look_at, self.desk, number),
                partial(self._keep, number, version),
                group=f"ahead {number}",
                failed=lambda _: None,  # it is said when its turn comes
            )

    def _keep(self, number: int, version: int, sight: Sight) -> None:
        self._read_ahead[number] = (version, sight)

    def _go_on(self, decision: Decision) -> None:
        assert self.triage is not None
        self.triage = self.triage.decide(decision)
        self._arrive()

    # Changes by others

    def on_screen_resume(self) -> None:
        """Something may have been done on the screen that was above."""
        self.refresh_rows()

    def refresh_rows(self) -> None:
        """Read the ticket anew, and those ahead."""
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

    # Deciding

    def why_not(self, name: str) -> str | None:
        """Why a decision cannot be made on the ticket as it is."""
        if name == "take_back":
            last = self.triage.last if self.triage is not None else None
            return None if last is not None else "nothing was decided here that could be taken back"
        if name not in _ON_A_TICKET:
            return None
        if self.triage is None:
            return "the tickets are not read yet; try again"
        if self.number is None:
            return "there is no ticket left to decide on; esc leaves"
        if self.sight is None:
            return None if name == "skip" else f"ticket {self.number} is not read yet; s goes on"
        return tickets.why_not(name, self.sight, self.desk.agent)

    @property
    def ticket(self) -> Ticket:
        """The ticket in front of the agent. Raises InvalidInput if there is none."""
        if self.sight is None:
            raise InvalidInput("there is no ticket to decide on; esc leaves")
        return self.sight.ticket

    def action_reply(self) -> None:
        """Answer the customer."""
        self._write(DraftKind.REPLY, Decision.REPLY, "reply to")

    def action_promise(self) -> None:
        """Tell the customer another date."""
        self._write(DraftKind.PROMISE, Decision.PROMISE, "another date for")

    def action_note(self) -> None:
        """Write a note."""
        self._write(DraftKind.NOTE, Decision.NOTE, "note on")

    def action_close(self) -> None:
        """End the matter."""
        self._write(DraftKind.CLOSE, Decision.CLOSE, "end of")

    def _write(self, kind: DraftKind, decision: Decision, words: str) -> None:
        ticket = self.ticket

        def decide(sent: Sent) -> None:
            self._decide(decision, f"{words} #{ticket.id}", sent.carry_out, ticket, sent.draft)

        back = self._taken_back.get(ticket.id)
        self.app.push_screen(writing(kind, ticket.id, decide, back))

    def action_assign(self) -> None:
        """Take the ticket."""
        self._assign(self.desk.agent)

    def action_assign_to(self) -> None:
        """Give the ticket to somebody, or to nobody."""
        from helpdesk.screens.triage_forms import Chosen, assign_to

        def answered(chosen: object) -> None:
            if isinstance(chosen, Chosen):
                self._assign(chosen.login)

        self.app.push_screen(assign_to(self.desk, self.ticket), answered)

    def _assign(self, login: str | None) -> None:
        ticket = self.ticket
        words = f"#{ticket.id} to {login or 'nobody'}"
        deed = partial(upkeep.assign, self.desk, ticket.id, login)
        self._decide(Decision.ASSIGN, words, deed, ticket)

    def action_no_answer(self) -> None:
        """Say why no answer is needed."""
        from helpdesk.screens.triage_reason import ReasonScreen

        ticket = self.ticket

        def answered(reason: str | None) -> None:
            if reason is not None:
                deed = partial(
                    answers.no_answer_needed, self.desk, ticket.id, reason, seen=ticket.rev
                )
                words = f"no answer to #{ticket.id}"
                self._decide(Decision.NO_ANSWER, words, deed, ticket)

        self.app.push_screen(ReasonScreen(ticket), answered)

    def action_skip(self) -> None:
        """Go on without deciding; a ticket that waits on us no more was done by others."""
        gone = self.sight is not None and self.sight.ticket.promise is None
        self._go_on(Decision.GONE if gone else Decision.SKIP)

    def _decide(
        self,
        decision: Decision,
        words: str,
        deed: Callable[[], object],
        ticket: Ticket,
        draft: Draft | None = None,
    ) -> None:
        """Hold the deed and go on to the next ticket."""
        self.hands.hold(words, deed, ticket, draft)
        before = self._taken_back.pop(ticket.id, None)
        if before is not None:
            drafts.discard(self.desk, before)
        self._go_on(decision)
        self._say_failures()

    def action_take_back(self) -> None:
        """Take back the last decision and return to its ticket."""
        assert self.triage is not None
        last = self.triage.last
        if last is None:
            return
        if last.decision is not Decision.SKIP:
            held = self.hands.take_back(last.ticket)
            if held is None:
                raise InvalidInput(f"ticket {last.ticket}: it is carried out already")
            if held.draft is not None:
                self._taken_back[last.ticket] = held.draft
            self.tell(f"taken back: {held.words}")
        self.triage = self.triage.take_back()
        self._arrive()

    def _carry_out_due(self) -> None:
        """Carry out what was held long enough, also while the agent writes the next answer."""
        self._say_failures()
        now = self.desk.now()
        if self.hands.is_due(now):
            self.work(lambda: self.hands.carry_out_due(now), lambda _: self._say_failures())

    def _say_failures(self) -> None:
        for failure in self.hands.failures():
            self._say_failure(failure)

    def _say_failure(self, failure: Failure) -> None:
        held, error = failure
        if held.ticket is not None and self.triage is not None:
            at_end = self.number is None
            self.triage = self.triage.failed(held.ticket)
            if held.draft is not None:
                self._taken_back[held.ticket] = held.draft
            if at_end:
                self._arrive()
            self.tick(self.desk.now())
        on_top = self.app.screen
        screen = on_top if isinstance(on_top, DeskScreen) else self
        screen.complain(f"{held.words} was not carried out, it comes again: {self._why(error)}")

    def _why(self, error: Exception) -> str:
        if isinstance(error, HelpdeskError):
            return error.message
        return cast(HasDesk, self.app).mishap(error)

    # Looking

    def action_open(self) -> None:
        """See the whole ticket; esc comes back."""
        self.app.push_screen(tickets.TicketScreen(self.ticket.id))

    def action_customer(self) -> None:
        """Open the customer's profile."""
        from helpdesk.screens.customer import CustomerScreen

        if self.ticket.customer is not None:
            self.app.push_screen(CustomerScreen(self.ticket.customer))

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
        """Leave the triage; what is still held is carried out."""
        self.hands.carry_out_all()
        lines = [f"triage: {self.triage.summary}"] if self.triage and self.triage.made else []
        failed = [f"{held.words} ({self._why(error)})" for held, error in self.hands.failures()]
        if failed:
            lines.append(f"not carried out, kept as draft: {', '.join(failed)}")
        self.dismiss("; ".join(lines))

    def on_unmount(self) -> None:
        """Whichever way the agent leaves, what was decided is done."""
        self.hands.carry_out_all()

    # Showing

    @property
    def matter(self) -> TriageMatter:
        """The ticket as it is shown."""
        return self.query_one(TriageMatter)

    def _show(self) -> None:
        sight = self.sight
        if sight is None:
            return
        self.remove_class("-over")
        now = self.desk.now()
        self.matter.show(
            Matter(
                sight.ticket, sight.customer, sight.tickets,
                greeting=sight.greeting, say=sight.phone_greeting, news=self._news,
            ),
            now,
        )  # fmt: skip
        self.tick(now)

    def _show_the_end(self) -> None:
        self.add_class("-over")
        self.tick(self.desk.now())

    def tick(self, now: datetime) -> None:
        """Bring the words of time up to date."""
        super().tick(now)
        triage = self.triage
        if triage is None:
            return
        line = self.query_one(TriageProgress)
        line.progress, line.done = triage.progress(now), len(triage.made)
        line.summary = triage.summary
        if self.has_class("-over"):
            self.query_one("#over Static", Static).update(summary(triage, self.hands.words(now)))
        else:
            self.matter.tick(now)


_ON_A_TICKET = frozenset(
    {"reply", "promise", "no_answer", "assign", "note", "close", "skip", "open"}
    | {"assign_to", "customer"}
)
