"""What can be done from the queue: to the selected ticket, or to all that are marked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from helpdesk.screens.queue_rows import ON_A_TICKET, RowsScreen
from helpdesk.screens.ticket_refusals import why_not_here

if TYPE_CHECKING:
    from helpdesk.desk.batch import Batch
    from helpdesk.desk.bulk import Decision
    from helpdesk.desk.desk import Desk
    from helpdesk.desk.holding import Held
    from helpdesk.domain.draft import Draft
    from helpdesk.domain.ticket import Ticket
    from helpdesk.screens.bulk import Sent
    from helpdesk.screens.marks import Marks
    from helpdesk.screens.prompt import PromptScreen
    from helpdesk.screens.ticket_forms import Turn


class DeedsScreen(RowsScreen):
    """A screen with rows of tickets, on which something is decided."""

    def why_not(self, name: str) -> str | None:
        """Why an action on the selected ticket, or on all that are marked, cannot be done."""
        if name not in ON_A_TICKET or (self.marked and name in _ON_MARKS):
            return None
        row = self.table.selected
        if row is None:
            return "no ticket is selected here; tab goes to another view"
        if name == "no_answer" and self.marked:
            return "w is for one ticket; c ends all that are marked, with an answer or a reason"
        return why_not_here(name, row, self.desk.agent)

    def action_open(self) -> None:
        """Open the selected ticket."""
        from helpdesk.screens.ticket import TicketScreen

        self.app.push_screen(TicketScreen(self._selected()))

    def action_reply(self) -> None:
        """Answer the customer."""
        from helpdesk.screens.compose import ComposeScreen

        self.app.push_screen(ComposeScreen(self._selected(), note=False))

    def action_note(self) -> None:
        """Write a note."""
        from helpdesk.screens.compose import ComposeScreen

        self.app.push_screen(ComposeScreen(self._selected(), note=True))

    def action_promise(self) -> None:
        """Tell the customer another date; or all whose tickets are marked."""
        if self.marked:
            from helpdesk.screens.bulk_forms import move

            self._ask_for_all(move)
            return
        from helpdesk.screens.promise import PromiseScreen

        self.app.push_screen(PromiseScreen(self._selected()))

    def action_close(self) -> None:
        """End the matter, or all that are marked."""
        if self.marked:
            from helpdesk.screens.bulk_forms import close

            self._ask_for_all(close)
            return
        from helpdesk.screens.close import CloseScreen

        self.app.push_screen(CloseScreen(self._selected()))

    def action_no_answer(self) -> None:
        """Say why the customer of the selected ticket needs no answer."""
        from helpdesk.screens.no_answer import ask_why_none

        ask_why_none(self, self._selected())

    def action_customer(self) -> None:
        """Open the customer's profile."""
        from helpdesk.screens.customer import CustomerScreen

        row = self.table.selected
        if row is not None and row.customer_id is not None:
            self.app.push_screen(CustomerScreen(row.customer_id))

    def action_assign(self) -> None:
        """Assign the selected ticket to me, or all that are marked."""
        if self.marked:
            from helpdesk.desk.bulk import Assign

            self._review(self.marked, Assign(self.desk.agent))
            return
        from helpdesk.screens.ticket_forms import take

        self._turn_over(take)

    def action_leave(self) -> None:
        """Leave the selected ticket to nobody, or all that are marked."""
        if self.marked:
            from helpdesk.desk.bulk import Assign

            self._review(self.marked, Assign(None))
            return
        from helpdesk.screens.ticket_forms import leave

        self._turn_over(leave)

    def _turn_over(self, how: Callable[[Desk, int], Turn]) -> None:
        number = self._selected()

        def done(turn: Turn) -> None:
            self.was_done(*turn)
            self._done(turn.words)

        self.work(lambda: how(self.desk, number), done, keys_wait=True)

    def action_assign_to(self) -> None:
        """Assign to somebody, or to nobody."""
        if self.marked:
            from helpdesk.screens.bulk_forms import assign

            self._ask_for_all(assign)
            return
        from helpdesk.screens.ticket_forms import assign_to

        self._ask(assign_to, "assigned")

    def action_tags(self) -> None:
        """Change the tags."""
        if self.marked:
            from helpdesk.screens.bulk_forms import tag

            self._ask_for_all(tag)
            return
        from helpdesk.screens.ticket_forms import tags

        self._ask(tags, "tags changed")

    def _ask(self, form: Callable[[Desk, Ticket], PromptScreen], done: str) -> None:
        """Ask about the selected ticket."""
        number = self._selected()

        words = f"ticket {number}: {done}"

        def read() -> tuple[Ticket, PromptScreen]:
            ticket = self.desk.store.ticket(number)
            return ticket, form(self.desk, ticket)

        def ask(found: tuple[Ticket, PromptScreen]) -> None:
            def answered(result: object) -> None:
                if result is not None:
                    self.was_done(found[0], result, words)
                    self._done(words)

            self.app.push_screen(found[1], answered)

        self.work(
            read,
            ask,
            group="ask",
            keys_wait=True,
        )

    def _ask_for_all(self, form: Callable[[Desk, int], PromptScreen]) -> None:
        """Ask what is decided on all marked tickets, then review it."""
        from helpdesk.screens.bulk_forms import is_decision

        tickets = self.marked

        def answered(result: object) -> None:
            if is_decision(result):
                self._review(tickets, result)

        self.work(
            lambda: form(self.desk, len(tickets)),
            lambda screen: self.app.push_screen(screen, answered),
            group="ask",
            keys_wait=True,
        )

    def _review(self, tickets: tuple[int, ...], decision: Decision) -> None:
        from helpdesk.desk.batch import Batch

        self.marks.stop()
        self._open_review(Batch(decision, tickets), None)

    def _open_review(self, batch: Batch, draft: Draft | None) -> None:
        from helpdesk.screens.bulk import BulkScreen

        self.app.push_screen(BulkScreen(batch, draft), partial(self._sent, self.marks))

    def _sent(self, marks: Marks, sent: Sent | None) -> None:
        """What is carried out is marked no longer; the rest is, to decide otherwise."""
        if sent is not None:
            marks.remove(sent.tickets)
            self.show_marks()
            self.refresh_rows()

    def was_taken_back(self, held: Held) -> bool:
        """A decision on many was taken back: mark them again, and review it once more."""
        from helpdesk.desk.batch import CarryingOut, of_draft

        if not isinstance(held.carry_out, CarryingOut) or held.draft is None:
            return False
        self._mark_again(held.carry_out.tickets)
        self._open_review(of_draft(held.draft), held.draft)
        return True

    def was_set_back(self, tickets: tuple[int, ...]) -> None:
        """The rows are read anew by whoever is on top."""

    def was_not_done(self, held: Held) -> None:
        """Some of a decision on many was not done: those are marked again."""
        from helpdesk.desk.batch import CarryingOut

        if isinstance(held.carry_out, CarryingOut):
            self._mark_again(held.carry_out.not_done)

    def _mark_again(self, tickets: tuple[int, ...]) -> None:
        self.marks.stop()
        self.marks.add(tickets)
        self.show_marks()

    def _done(self, words: str) -> None:
        self.tell(words)
        self.refresh_rows()


_ON_MARKS: Iterable[str] = frozenset({"assign", "assign_to", "leave", "tags", "close", "promise"})
