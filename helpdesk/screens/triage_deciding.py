"""Deciding in a triage: what each key does to the ticket in front of the agent."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from helpdesk.desk import upkeep
from helpdesk.domain.errors import InvalidInput
from helpdesk.domain.presence import Doing
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.triage import DEEDS, Decision, Triage
from helpdesk.screens.close import CloseScreen
from helpdesk.screens.compose import ComposeScreen
from helpdesk.screens.offered import screen_of
from helpdesk.screens.promise import PromiseScreen
from helpdesk.screens.scrolling import ScrollingScreen
from helpdesk.screens.sending import SendingScreen
from helpdesk.screens.ticket import Sight, TicketScreen
from helpdesk.screens.ticket_refusals import why_not

if TYPE_CHECKING:
    from helpdesk.desk.holding import Held


class DecidingScreen(ScrollingScreen[str]):
    """A screen of tickets to decide on. Each decision is held and goes on to the next ticket.

    A subclass shows the ticket whose turn it is in ``arrive``.
    """

    TELLS_SENT = False

    def __init__(self) -> None:
        super().__init__()
        self.triage: Triage | None = None
        self.sight: Sight | None = None
        """What is known of the ticket in front of the agent, once it is read."""
        self._held_then: tuple[Held, ...] = ()
        """What was held when the last decision was made."""

    def on_mount(self) -> None:
        """Learn what becomes of what was decided, also while other screens lie above."""
        self.held.watchers.append(self)

    def on_unmount(self) -> None:
        """What is still held is carried out all the same."""
        self.held.watchers.remove(self)

    def arrive(self) -> None:
        """Show the ticket whose turn it is."""

    @property
    def number(self) -> int | None:
        """The ticket in front of the agent; None before the first and after the last."""
        current = self.triage.current if self.triage is not None else None
        return current.ticket if current is not None else None

    @property
    def is_at(self) -> tuple[int, Doing] | None:
        """The ticket in front of the agent."""
        return None if self.number is None else (self.number, Doing.LOOKS)

    def go_on(self, decision: Decision) -> None:
        """Count the decision and go on to the next ticket."""
        assert self.triage is not None
        self.triage = self.triage.decide(decision)
        self._held_then = self.held.held
        self.arrive()

    def why_not(self, name: str) -> str | None:
        """Why a decision cannot be made on the ticket as it is."""
        if name == "take_back":
            last = self.triage.last if self.triage is not None else None
            nothing = last is None and not self.held.held
            return "nothing was decided here that could be taken back" if nothing else None
        if name not in _ON_A_TICKET:
            return None
        if self.triage is None:
            return "the tickets are not read yet; try again"
        if self.number is None:
            return "there is no ticket left to decide on; esc leaves"
        if self.sight is None:
            return None if name == "skip" else f"ticket {self.number} is not read yet; s goes on"
        return why_not(name, self.sight, self.desk.agent)

    @property
    def ticket(self) -> Ticket:
        """The ticket in front of the agent. Raises InvalidInput if there is none."""
        if self.sight is None:
            raise InvalidInput("there is no ticket to decide on; esc leaves")
        return self.sight.ticket

    def action_reply(self) -> None:
        """Answer the customer."""
        self._write(ComposeScreen(self.ticket.id, note=False), Decision.REPLY)

    def action_promise(self) -> None:
        """Tell the customer another date."""
        self._write(PromiseScreen(self.ticket.id), Decision.PROMISE)

    def action_note(self) -> None:
        """Write a note."""
        self._write(ComposeScreen(self.ticket.id, note=True), Decision.NOTE)

    def action_close(self) -> None:
        """End the matter."""
        self._write(CloseScreen(self.ticket.id), Decision.CLOSE)

    def _write(self, screen: SendingScreen[None], decision: Decision) -> None:
        """Write about the ticket; once that is sent, go on to the next."""

        def left(_: object) -> None:
            if screen.was_sent:
                self.go_on(decision)

        self.app.push_screen(screen, left)

    def action_assign(self) -> None:
        """Take the ticket."""
        self._assign(self.desk.agent)

    def action_assign_to(self) -> None:
        """Give the ticket to somebody, or to nobody."""
        from helpdesk.desk.bulk import Assign
        from helpdesk.screens.to_whom import to_whom

        def answered(chosen: object) -> None:
            if isinstance(chosen, Assign):
                self._assign(chosen.assignee)

        self.app.push_screen(to_whom(self.desk, f"#{self.ticket.id}", Assign), answered)

    def _assign(self, login: str | None) -> None:
        ticket = self.ticket
        words = f"#{ticket.id} to {login or 'nobody'}"
        assign = partial(upkeep.assign, self.desk, ticket.id, login)
        self._decide(Decision.ASSIGN, words, assign, ticket)

    def action_no_answer(self) -> None:
        """Say why no answer is needed."""
        from helpdesk.screens.no_answer import NoAnswer, NoAnswerForm

        def answered(decided: object) -> None:
            if isinstance(decided, NoAnswer):
                hold = partial(self.held.hold_no_answer, decided)
                self._hold(Decision.NO_ANSWER, hold, decided.ticket)

        typed = self.held.reasons.get(self.ticket.id, "")
        self.app.push_screen(NoAnswerForm(self.desk, self.ticket, typed), answered)

    def action_skip(self) -> None:
        """Go on without deciding; a ticket that waits on us no more was done by others."""
        gone = self.sight is not None and self.sight.ticket.promise is None
        self.go_on(Decision.GONE if gone else Decision.SKIP)

    def _decide(
        self, decision: Decision, words: str, deed: Callable[[int], object], ticket: Ticket
    ) -> None:
        """Hold the deed, and go on to the next ticket."""
        settles = decision is not Decision.ASSIGN
        hold = partial(self.held.hold, words, deed, ticket, settles=settles)
        self._hold(decision, hold, ticket)

    def _hold(self, decision: Decision, hold: Callable[[], object], ticket: Ticket) -> None:
        """Hold it and go on to the next ticket; what has to be written for that, an earlier
        decision or this one, is written in a thread."""

        def held(_: object) -> None:
            if self.number == ticket.id:
                self.go_on(decision)
                self.held.show()

        self.work(hold, held, keys_wait=True)

    def action_take_back(self) -> None:
        """Take back the last decision and return to its ticket; or what was decided since then
        elsewhere, as on the ticket opened from here."""
        assert self.triage is not None
        last, held = self.triage.last, self.held.held
        if last is None or (held and held[-1] not in self._held_then):
            super().action_take_back()
        elif last.decision is Decision.SKIP:
            self._return()
        elif last.decision is Decision.ASSIGN or (held and held[-1].ticket == last.ticket):
            super().action_take_back()
        else:
            raise InvalidInput(f"ticket {last.ticket}: {_DONE[last.decision]}")

    def _return(self) -> None:
        assert self.triage is not None
        self.triage = self.triage.take_back()
        self._held_then = self.held.held
        self.arrive()

    def was_set_back(self, tickets: tuple[int, ...]) -> None:
        """Return to the ticket that is as it was before the last decision."""
        last = self.triage.last if self.triage is not None else None
        if last is not None and last.decision is Decision.ASSIGN and last.ticket in tickets:
            self._return()

    def was_taken_back(self, held: Held) -> bool:
        """Return to the ticket that it was decided on, and go on writing what was written."""
        last = self.triage.last if self.triage is not None else None
        if last is None or last.decision not in DEEDS or last.ticket != held.ticket:
            return False
        self._return()
        screen = screen_of(held.draft) if held.draft is not None else None
        if isinstance(screen, SendingScreen):
            self._write(screen, last.decision)
            return True
        return False

    def was_not_done(self, held: Held) -> None:
        """The ticket comes again."""
        if held.ticket is None or self.triage is None:
            return
        at_end = self.number is None
        self.triage = self.triage.failed(held.ticket)
        if at_end:
            self.arrive()
        self.tick(self.desk.now())

    def action_open(self) -> None:
        """See the whole ticket; esc comes back."""
        self.app.push_screen(TicketScreen(self.ticket.id))

    def action_customer(self) -> None:
        """Open the customer's profile."""
        from helpdesk.screens.customer import CustomerScreen

        if self.ticket.customer is not None:
            self.app.push_screen(CustomerScreen(self.ticket.customer))


_DONE = {
    Decision.REPLY: "the customer is told already; r on the ticket writes once more",
    Decision.PROMISE: "the customer is told already; p on the ticket tells another date",
    Decision.CLOSE: "it is closed already; R on the ticket takes it up again",
    Decision.NOTE: "the note is on record already; no customer sees it",
    Decision.NO_ANSWER: "the promise is withdrawn already, and nobody told; r answers all the same",
}
"""What is to be said when a decision is not held any more."""

_ON_A_TICKET = frozenset(
    {"reply", "promise", "no_answer", "assign", "note", "close", "skip", "open"}
    | {"assign_to", "customer"}
)
