"""A ticket: the promise, the customer, the conversation, and all that can be done about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from helpdesk.desk import outbox
from helpdesk.domain.customer import Customer
from helpdesk.domain.errors import HelpdeskError, InvalidInput
from helpdesk.domain.queue import QueueRow
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Channel, State
from helpdesk.screens.history import TICKET, Place
from helpdesk.screens.ticket_along import AlongScreen
from helpdesk.screens.ticket_refusals import CHANGES, NO_PROMISE, why_not
from helpdesk.terminal.actions import Action, bindings, labelled, pick
from helpdesk.text import clean_line
from helpdesk.widgets.conversation import Conversation
from helpdesk.widgets.customer_card import CustomerCard
from helpdesk.widgets.cut_lines import CutLines
from helpdesk.widgets.promise_list import PromiseList
from helpdesk.widgets.status_line import StatusLine
from helpdesk.widgets.ticket_head import head, in_full
from helpdesk.widgets.title_line import TitleLine

if TYPE_CHECKING:
    from helpdesk.desk.desk import Desk
    from helpdesk.screens.prompt import PromptScreen
    from helpdesk.screens.ticket_forms import Turn

TICKETS_READ = 200
"""So many of the customer's tickets are looked at for the card."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What the screen shows: the ticket, its customer (None if erased) and his tickets."""

    ticket: Ticket
    customer: Customer | None
    tickets: list[QueueRow]
    greeting: str
    phone_greeting: str
    ways: Mapping[int, str]
    """How messages stand on their way out by mail, by their numbers."""


def look_at(desk: Desk, number: int) -> Sight:
    """Read what there is to show of a ticket; may be called in any thread. Raises NotFound."""
    ticket = desk.store.ticket(number)
    customer = None if ticket.customer is None else desk.store.customer(ticket.customer)
    tickets: list[QueueRow] = []
    if customer is not None:
        tickets = desk.store.queue(desk.query(f"customer:{customer.id}"), limit=TICKETS_READ)
    on_the_way = outbox.of_ticket(desk, number)
    now = desk.now()
    return Sight(
        ticket=ticket,
        customer=customer,
        tickets=tickets,
        greeting=desk.texts.greeting(customer) if customer is not None else "",
        phone_greeting=(
            desk.texts.phone_greeting(desk.agent) if ticket.channel is Channel.PHONE else ""
        ),
        ways={each: outbox.words(out, desk.zone, now) for each, out in on_the_way.items()},
    )


def _get_ready_to_act() -> None:
    """In a thread: load what acts on a ticket, so that the first action does not wait for it."""
    import helpdesk.desk.answers
    import helpdesk.desk.upkeep
    import helpdesk.widgets.fields  # noqa: F401


class TicketScreen(AlongScreen):
    """One ticket."""

    ACTIONS = pick(
        "reply note promise assign close beside back customer no_answer wrote next_ticket "
        "previous_ticket assign_to leave reopen understanding cause tags kind merge whole older "
        "down up page_down page_up first last help quit"
    )
    BINDINGS = bindings(ACTIONS)
    PLACE = "ticket"
    CSS_PATH = "ticket.tcss"
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide"), (160, "-roomy")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (16, "-high")]

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number
        self._unreadable = False
        self.sight: Sight | None = None
        self._head: list[Content] = []

    @property
    def takes_keys(self) -> bool:
        """Whether there is something to act on yet, or never will be."""
        return super().takes_keys and (self.sight is not None or self._unreadable)

    def _not_read(self, error: HelpdeskError) -> None:
        self._unreadable = True
        self.complain(error)

    def body(self) -> ComposeResult:
        """The queue; the head, and below it the conversation and the customer's card."""
        with Horizontal(id="desk"):
            yield from self.queue_along()
            with Vertical(id="ticket"):
                yield Static(Content(""), id="say")
                yield CutLines(id="head")
                with Horizontal(id="matter"):
                    yield Conversation()
                    with VerticalScroll(id="side", can_focus=False):
                        yield CustomerCard()
                        yield Static(Content.styled("\nPromises", "$accent bold"))
                        yield PromiseList()
                        yield Static(Content(""), id="found")

    @property
    def place(self) -> Place:
        """This ticket."""
        return Place(TICKET, self.number)

    def on_mount(self) -> None:
        """Say at once which ticket it is."""
        self.query_one(TitleLine).place = f"ticket {self.number}"

    def on_screen_resume(self) -> None:
        """Something may have been done on the screen that was above."""
        self.refresh_rows()

    def refresh_rows(self) -> None:
        """Read the ticket anew, and the queue below."""
        self.refresh_queue()
        self.work(
            lambda: look_at(self.desk, self.number), self._seen, group="look", failed=self._not_read
        )

    def _seen(self, sight: Sight) -> None:
        before, self.sight = self.sight, sight
        say = self.query_one("#say", Static)
        say.display = bool(sight.phone_greeting)
        say.update(Content.assemble(("say  ", "$accent bold"), clean_line(sight.phone_greeting)))
        self.tick(self.desk.now())
        self.query_one(CustomerCard).show(sight.customer, sight.tickets, sight.ticket.id)
        self.query_one(PromiseList).show(sight.ticket)
        self.query_one("#found", Static).update(in_full(sight.ticket))
        self.query_one(StatusLine).offer(self.can_do_to(sight))
        if before is None or (before.ticket, before.ways) != (sight.ticket, sight.ways):
            self.query_one(Conversation).show(sight.ticket, sight.ways)
        if before is None:
            self.call_after_refresh(self.work, _get_ready_to_act)

    def can_do_to(self, sight: Sight) -> list[Action]:
        """The actions for the line of keys: those that can be done to the ticket as it is."""
        closed = sight.ticket.state is State.CLOSED
        shown = labelled(self.ACTIONS, {"reopen": "reopen"} if closed else {})
        can = [each for each in shown if why_not(each.name, sight, self.desk.agent) is None]
        return list(self.offered(can))

    def tick(self, now: datetime) -> None:
        """Bring the words of time up to date."""
        super().tick(now)
        sight = self.sight
        if sight is None:
            return
        lines = head(
            sight.ticket,
            sight.customer,
            sight.tickets,
            greeting=sight.greeting,
            now=now,
            zone=self.desk.zone,
        )
        if [line.plain for line in lines] != [line.plain for line in self._head]:
            self._head = lines
            self.query_one("#head", Static).update(Content("\n").join(lines))
            self.query_one(PromiseList).tick(now)

    def open_along(self, number: int) -> None:
        """Show another ticket of the queue in place of this one."""
        self.app.switch_screen(TicketScreen(number))

    @property
    def ticket(self) -> Ticket:
        """The ticket as it was last read. Raises InvalidInput before that."""
        if self.sight is None:
            raise InvalidInput(f"ticket {self.number} is not read yet; try again")
        return self.sight.ticket

    def why_not(self, name: str) -> str | None:
        """Why an action cannot be done to the ticket as it is."""
        if name in ("next_ticket", "previous_ticket"):
            return super().why_not(name)
        if self.sight is None:
            unread = f"ticket {self.number} is not read; esc goes back"
            return unread if name in CHANGES or name == "older" else None
        if name == "older":
            shown = self.query_one(Conversation).hidden == 0
            return "all messages are shown" if shown else None
        return why_not(name, self.sight, self.desk.agent)

    # Looking

    def action_beside(self) -> None:
        """Look at the customer and the promises instead of the conversation, or back."""
        self.toggle_class("-card")

    @property
    def scroller(self) -> VerticalScroll:
        """The conversation, or what stands in its place."""
        if self.has_class("-card"):
            return self.query_one("#side", VerticalScroll)
        return self.query_one(Conversation)

    def action_whole(self) -> None:
        """Show quotes and long texts in full, or folded."""
        self.query_one(Conversation).turn_whole()

    def action_older(self) -> None:
        """Show older messages."""
        self.query_one(Conversation).show_older()

    # Doing

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
        from helpdesk.screens.no_answer import NoAnswer, NoAnswerForm

        def answered(decided: object) -> None:
            if isinstance(decided, NoAnswer):
                hold = partial(self.held.hold_no_answer, decided)
                self.work(hold, lambda _: self.held.show(), keys_wait=True)

        def ask(ticket: Ticket) -> None:
            if ticket.promise is None:
                self.tell(NO_PROMISE)
                return
            typed = self.held.reasons.get(self.number, "")
            self.app.push_screen(NoAnswerForm(self.desk, ticket, typed), answered)

        self.work(self._settled, ask, group="ask", keys_wait=True)

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
                self.number, self.sight = into.id, None
                self.app.switch_screen(TicketScreen(into.id))

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
