"""What an agent does to the ticket that is open: each deed, or the form that it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk.domain.ticket import Ticket
from helpdesk.screens.ticket_along import AlongScreen
from helpdesk.text import clean_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from helpdesk.desk.desk import Desk
    from helpdesk.screens.prompt import PromptScreen
    from helpdesk.screens.ticket_forms import Turn


class TicketDeeds(AlongScreen):
    """A screen of one ticket, on which all is done to it. A subclass shows it, and says as what
    it was last read in ``ticket``."""

    @property
    def ticket(self) -> Ticket:
        """The ticket as it was last read. Raises InvalidInput before that."""
        raise NotImplementedError

    def is_another(self, number: int) -> None:
        """The screen stands for the ticket of that number from now on."""
        self.number = number

    def action_reply(self) -> None:
        """Answer the customer."""
        from helpdesk.screens.compose import ComposeScreen

        self.app.push_screen(ComposeScreen(self.number, note=False))

    def action_note(self) -> None:
        """Write a note."""
        from helpdesk.screens.compose import ComposeScreen

        self.app.push_screen(ComposeScreen(self.number, note=True))

    def action_promise(self) -> None:
        """Tell the customer another date."""
        from helpdesk.screens.promise import PromiseScreen

        self.app.push_screen(PromiseScreen(self.number))

    def action_close(self) -> None:
        """End the matter."""
        from helpdesk.screens.close import CloseScreen

        self.app.push_screen(CloseScreen(self.number))

    def action_customer(self) -> None:
        """Open the customer's profile."""
        from helpdesk.screens.customer import CustomerScreen

        if self.ticket.customer is not None:
            self.app.push_screen(CustomerScreen(self.ticket.customer))

    def action_save_file(self) -> None:
        """Save a file that came with the ticket."""
        from helpdesk.screens.ticket_forms import save_file

        def saved(place: object) -> None:
            if isinstance(place, str):
                self.tell(f"saved as {clean_line(place)}")

        self.app.push_screen(save_file(self.desk, self.ticket), saved)

    def action_assign(self) -> None:
        """Assign the ticket to me."""
        from helpdesk.screens.ticket_forms import take

        self._turn_over(take)

    def action_leave(self) -> None:
        """Leave the ticket to nobody."""
        from helpdesk.screens.ticket_forms import leave

        self._turn_over(leave)

    def _turn_over(self, how: Callable[[Desk, int], Turn]) -> None:
        def done(turn: Turn) -> None:
            self.was_done(*turn)
            self._done(turn.words)

        self.work(lambda: how(self.desk, self.number), done, keys_wait=True)

    def action_assign_to(self) -> None:
        """Assign the ticket to somebody, or to nobody."""
        from helpdesk.screens.ticket_forms import assign_to

        self._ask(assign_to, "assigned")

    def action_no_answer(self) -> None:
        """Say why no answer is needed, after what is held on the ticket."""
        from helpdesk.screens.no_answer import ask_why_none

        ask_why_none(self, self.number)

    def action_wrote(self) -> None:
        """Note what the customer wrote or said again."""
        from helpdesk.screens.ticket_forms import wrote

        self._ask(lambda desk, _: wrote(desk, self._settled()), "taken in")

    def action_reopen(self) -> None:
        """Take a closed matter up again."""
        from helpdesk.screens.ticket_forms import reopen

        self._ask(reopen, "open again; the customer is told by when")

    def action_understanding(self) -> None:
        """Note what we understood."""
        from helpdesk.screens.ticket_forms import understanding

        self._ask(understanding, "noted")

    def action_cause(self) -> None:
        """Note the root cause and the resolution."""
        from helpdesk.screens.ticket_forms import cause

        self._ask(cause, "noted")

    def action_kind(self) -> None:
        """Take the matter for the next kind; the promise that was told stays."""
        from helpdesk.desk.upkeep import turn_kind

        before = self.ticket

        def done(ticket: Ticket) -> None:
            words = f"now taken for: {ticket.kind}"
            self.was_done(before, ticket, f"ticket {ticket.id}: {words}")
            self._done(words)

        self.work(lambda: turn_kind(self.desk, self.number), done, keys_wait=True)

    def action_rename(self) -> None:
        """Name the matter anew, or say how much it matters; the promise that was told stays."""
        from helpdesk.screens.ticket_forms import rename

        self._ask(rename, "changed; what was promised stays")

    def action_tags(self) -> None:
        """Change the tags."""
        from helpdesk.screens.ticket_forms import tags

        self._ask(tags, "tags changed")

    def action_merge(self) -> None:
        """Merge the ticket into another one, and go there."""
        from helpdesk.screens.ticket_forms import merge

        self.work(lambda: merge(self.desk, self._settled()), self._ask_into, keys_wait=True)

    def _settled(self) -> Ticket:
        """In a thread: the ticket once what is held on it is carried out, as what is decided next
        may be against that."""
        self.held.carry_out_for(self.number)
        return self.desk.store.ticket(self.number)

    def _ask_into(self, form: PromptScreen) -> None:
        def merged(into: object) -> None:
            if isinstance(into, Ticket):
                self.taking_back.stays(f"ticket {self.number} is merged into {into.id}")
                self.is_another(into.id)
                self.open_along(into.id)

        self.app.push_screen(form, merged)

    def _ask(self, form: Callable[[Desk, Ticket], PromptScreen], done: str) -> None:
        """Open a form about the ticket; it is made in a thread, since it may read documents."""
        ticket = self.ticket

        def answered(result: object) -> None:
            if result is not None:
                self.was_done(ticket, result, f"ticket {ticket.id}: {done}")
                self._done(done)

        def ask(screen: PromptScreen) -> None:
            self.app.push_screen(screen, answered)

        self.work(lambda: form(self.desk, ticket), ask, group="ask", keys_wait=True)

    def _done(self, words: str) -> None:
        self.tell(words)
        self.refresh_rows()
