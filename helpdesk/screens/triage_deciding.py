"""Deciding in a triage: what each key does to the ticket in front of the agent."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import cast

from helpdesk.desk import answers, drafts, upkeep
from helpdesk.domain.draft import Draft, DraftKind
from helpdesk.domain.errors import HelpdeskError, InvalidInput
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.triage import Decision, Triage
from helpdesk.screens import ticket as tickets
from helpdesk.screens.base import DeskScreen, HasDesk
from helpdesk.screens.scrolling import ScrollingScreen
from helpdesk.screens.ticket import Sight
from helpdesk.screens.triage_hands import Failure, TriageHands
from helpdesk.screens.triage_writing import Sent, writing

CARRY_OUT_SECONDS = 0.5
"""How often it is looked whether a decision has been held long enough."""


class DecidingScreen(ScrollingScreen[str]):
    """A screen of tickets to decide on. Each decision is held and goes on to the next ticket.

    A subclass shows the ticket whose turn it is in ``arrive``.
    """

    def __init__(self) -> None:
        super().__init__()
        self.triage: Triage | None = None
        self.sight: Sight | None = None
        """What is known of the ticket in front of the agent, once it is read."""
        self.taken_back: dict[int, Draft] = {}
        """What was written on tickets and taken back, or could not be carried out."""

    def on_mount(self) -> None:
        """Begin to carry out what is held, also while other screens lie above."""
        self.hands = TriageHands(self.desk, self.preferences.hold_seconds)
        self.set_interval(CARRY_OUT_SECONDS, self._carry_out_due)

    def on_unmount(self) -> None:
        """Whichever way the agent leaves, what was decided is done."""
        self.hands.carry_out_all()

    def arrive(self) -> None:
        """Show the ticket whose turn it is."""

    @property
    def number(self) -> int | None:
        """The ticket in front of the agent; None before the first and after the last."""
        current = self.triage.current if self.triage is not None else None
        return current.ticket if current is not None else None

    def go_on(self, decision: Decision) -> None:
        """Count the decision and go on to the next ticket."""
        assert self.triage is not None
        self.triage = self.triage.decide(decision)
        self.arrive()

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

        back = self.taken_back.get(ticket.id)
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
        self.go_on(Decision.GONE if gone else Decision.SKIP)

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
        before = self.taken_back.pop(ticket.id, None)
        if before is not None and (draft is None or draft.id != before.id):
            with suppress(HelpdeskError):
                drafts.discard(self.desk, before)
        self.go_on(decision)
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
                self.taken_back[last.ticket] = held.draft
            self.tell(f"taken back: {held.words}")
        self.triage = self.triage.take_back()
        self.arrive()

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
                self.taken_back[held.ticket] = held.draft
            if at_end:
                self.arrive()
            self.tick(self.desk.now())
        on_top = self.app.screen
        screen = on_top if isinstance(on_top, DeskScreen) else self
        screen.complain(
            f"{held.words} was not carried out, it comes again: {self.why_failed(error)}"
        )

    def why_failed(self, error: Exception) -> str:
        """An error of what was decided, as a line for the agent."""
        if isinstance(error, HelpdeskError):
            return error.message
        return cast(HasDesk, self.app).mishap(error)

    def action_open(self) -> None:
        """See the whole ticket; esc comes back."""
        self.app.push_screen(tickets.TicketScreen(self.ticket.id))

    def action_customer(self) -> None:
        """Open the customer's profile."""
        from helpdesk.screens.customer import CustomerScreen

        if self.ticket.customer is not None:
            self.app.push_screen(CustomerScreen(self.ticket.customer))


_ON_A_TICKET = frozenset(
    {"reply", "promise", "no_answer", "assign", "note", "close", "skip", "open"}
    | {"assign_to", "customer"}
)
