"""A ticket: the promise, the customer, the conversation, and all that can be done about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from helpdesk.desk import outbox
from helpdesk.domain.customer import Customer
from helpdesk.domain.errors import HelpdeskError, InvalidInput, NotFound
from helpdesk.domain.queue import QueueRow
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Channel, State
from helpdesk.screens.history import TICKET, Place
from helpdesk.screens.ticket_finding import FindingScreen
from helpdesk.screens.ticket_refusals import CHANGES, why_not
from helpdesk.terminal.actions import Action, bindings, labelled, pick
from helpdesk.text import clean_line
from helpdesk.widgets.conversation import Conversation
from helpdesk.widgets.customer_card import CustomerCard
from helpdesk.widgets.cut_lines import CutLines
from helpdesk.widgets.history_lines import history_lines
from helpdesk.widgets.promise_list import PromiseList
from helpdesk.widgets.status_line import StatusLine
from helpdesk.widgets.ticket_head import head, in_full
from helpdesk.widgets.title_line import TitleLine

if TYPE_CHECKING:
    from helpdesk.desk.desk import Desk

TICKETS_READ = 200
"""So many of the customer's tickets are looked at for the card."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What the screen shows: the ticket, its customer and his tickets."""

    ticket: Ticket
    customer: Customer | None
    """None if the person was erased, or if the profile cannot be read: ``no_profile`` says why."""
    no_profile: HelpdeskError | None
    tickets: list[QueueRow]
    greeting: str
    phone_greeting: str
    ways: Mapping[int, str]
    """How messages stand on their way out by mail, by their numbers."""


def look_at(desk: Desk, number: int) -> Sight:
    """Read what there is to show of a ticket; may be called in any thread. Raises NotFound."""
    ticket = desk.store.ticket(number)
    customer: Customer | None = None
    no_profile: HelpdeskError | None = None
    try:
        customer = None if ticket.customer is None else desk.store.customer(ticket.customer)
    except (InvalidInput, NotFound) as error:  # the conversation can be read all the same
        no_profile = error
    tickets: list[QueueRow] = []
    if customer is not None:
        tickets = desk.store.queue(desk.query(f"customer:{customer.id}"), limit=TICKETS_READ)
    on_the_way = outbox.of_ticket(desk, number)
    now = desk.now()
    return Sight(
        ticket=ticket,
        customer=customer,
        no_profile=no_profile,
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


class TicketScreen(FindingScreen):
    """One ticket."""

    ACTIONS = pick(
        "reply note promise assign close beside back find customer no_answer wrote next_ticket "
        "previous_ticket assign_to leave reopen understanding cause tags kind rename merge whole "
        "older next_found found_before save_file new down up page_down page_up first last help "
        "quit"
    )
    BINDINGS = bindings(ACTIONS)
    PLACE = "ticket"
    CSS_PATH = "ticket.tcss"
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide"), (160, "-roomy")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (16, "-high")]

    def __init__(self, number: int, *, sought: str = "") -> None:
        super().__init__()
        self.number = number
        self._sought = sought
        """What a search found here."""
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
                        yield Static(Content(""), id="done")

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
        card = self.query_one(CustomerCard)
        if sight.no_profile is None:
            card.show(sight.customer, sight.tickets, sight.ticket.id)
        else:
            card.miss(sight.no_profile.message)
            if before is None or before.no_profile is None:
                self.complain(sight.no_profile)
        self.query_one(PromiseList).show(sight.ticket)
        self.query_one("#found", Static).update(in_full(sight.ticket))
        done = history_lines(sight.ticket, self.desk.zone, self.desk.now())
        self.query_one("#done", Static).update(done)
        self.offer_keys()
        if before is None or (before.ticket, before.ways) != (sight.ticket, sight.ways):
            new = self.query_one(Conversation).show(sight.ticket, sight.ways)
            self.say_found()
            if new:
                self.tell(f"{new} new message{'s' if new > 1 else ''} below; G goes there")
        if before is None and self._sought:
            self.call_next(self.find_sought, self._sought)
        if before is None:
            self.call_after_refresh(self.work, _get_ready_to_act)

    def offer_keys(self) -> None:
        """Show the keys for what can be done to the ticket, before them those of finding."""
        if self.sight is None:
            return
        finding = self.finding_keys
        known = {each.name for each in finding} | ({"quit"} if finding else set())
        deeds = [each for each in self.can_do_to(self.sight) if each.name not in known]
        if self.focused is not None:
            deeds = []  # keys are typed
        self.query_one(StatusLine).offer([*self.with_own_keys(finding), *deeds])

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
        if name in ("next_ticket", "previous_ticket", "next_found", "found_before"):
            return super().why_not(name)
        if self.sight is None:
            unread = f"ticket {self.number} is not read; esc goes back"
            return unread if name in CHANGES or name == "older" else None
        if name == "older":
            shown = self.query_one(Conversation).hidden == 0
            return "all messages are shown" if shown else None
        return why_not(name, self.sight, self.desk.agent)

    def is_another(self, number: int) -> None:
        """Nothing is known yet of what it stands for now."""
        super().is_another(number)
        self.sight = None

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
