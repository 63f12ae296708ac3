"""Telling the customer another date: by when, why, and in which words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from helpdesk.desk import answers
from helpdesk.desk.desk import Desk
from helpdesk.desk.letters import holds
from helpdesk.desk.matters import to_the_minute
from helpdesk.domain.customer import Customer
from helpdesk.domain.draft import Draft, DraftKind
from helpdesk.domain.errors import HelpdeskError, InvalidInput, TryAgain
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.when import read_when
from helpdesk.domain.wording import channel_words, day_and_time, how_long
from helpdesk.domain.words import State
from helpdesk.screens import drafting
from helpdesk.screens.aids import AidedScreen
from helpdesk.screens.base import DeskDialog
from helpdesk.screens.keeping import DraftLine
from helpdesk.screens.writing import Trouble
from helpdesk.terminal.actions import bindings, pick
from helpdesk.text import clean_line
from helpdesk.widgets.customer_card import contact
from helpdesk.widgets.fields import LineField, TextField
from helpdesk.widgets.promise_list import promise_line


@dataclass(frozen=True, slots=True)
class Reading:
    """What a typed time means: the day and time, if the desk is open then, what else is due."""

    due: datetime
    is_open: bool
    others: int
    whose: str


def read(desk: Desk, text: str, ticket: Ticket) -> Reading:
    """Read what the agent typed, and look what else falls due on that day.

    Other promises are those of the ticket's agent; of the whole desk if nobody has it.
    Raises InvalidInput if it cannot be read.
    """
    hours = desk.settings.policy.hours
    due = to_the_minute(read_when(text, desk.now(), hours), desk.now())
    local = desk.local(due)
    start = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    end = start + timedelta(days=1)
    count = desk.store.promises_due(start, end, ticket.assignee)
    own = ticket.promise
    if own is not None and start <= own.due < end:
        count -= 1
    # An answer at the closing time itself is still within the opening.
    is_open = hours.is_open(due) or hours.is_open(due - timedelta(seconds=1))
    whose = ticket.assignee or ""
    return Reading(due, is_open, count, "yours" if whose == desk.agent else whose)


def reading_words(desk: Desk, reading: Reading) -> str:
    """The reading in two lines: which time that is, and what else is promised for that day."""
    when = f"{day_and_time(reading.due, desk.zone)}, {how_long(reading.due, desk.now())}"
    is_open = "open then" if reading.is_open else "! the desk is closed then"
    promises = f"{reading.others or 'no'} other promise{'s' if reading.others != 1 else ''}"
    whose = f" of {reading.whose}" if reading.whose else ""
    return f"→ {when} · {is_open}\n  {promises}{whose} that day"


class PromiseScreen(DeskDialog[None], AidedScreen[None]):
    """Moves the promise that stands, owns one that is broken, or tells a date where none stands."""

    kind = DraftKind.PROMISE
    WHAT = "date for"
    AGAIN = "p on the ticket takes it up again"
    ACTIONS = pick("send redraft texts back afresh editor")
    BINDINGS = bindings(ACTIONS)
    PLACE = " tell another date "
    CSS_PATH = "promise.tcss"
    AUTO_FOCUS = "#when"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (16, "-high")]

    def __init__(self, number: int, draft: Draft | None = None) -> None:
        super().__init__(draft)
        self.number = number
        self.ticket: Ticket | None = None
        self.customer: Customer | None = None
        self.reading: Reading | None = None
        self._drafted = ""
        self._drafted_at: datetime | None = None

    def body(self) -> ComposeResult:
        """The promise as it is, by when and why, the message."""
        yield Static(Content(""), id="stands")
        with Horizontal(classes="row"):
            yield Static(Content("By when"), classes="label")
            yield LineField(hint="+2h, +2d, tomorrow, fri 14:00, 25 Nov, eod", id="when")
        yield Static(Content(""), id="reading")
        with Horizontal(classes="row"):
            yield Static(Content("Because"), classes="label")
            yield LineField(hint="the customer is told the reason", id="reason")
        yield Static(Content(""), id="whom")
        yield TextField()
        yield DraftLine()
        yield Trouble()

    @property
    def ticket_number(self) -> int:
        """The ticket that is written about."""
        return self.number

    @property
    def about(self) -> Ticket | None:
        """The ticket as the agent saw it."""
        return self.ticket

    def on_mount(self) -> None:
        """Read the ticket."""
        self.work(self._read, self._begin)

    def _read(self) -> tuple[Ticket, Customer]:
        self.find_draft()
        ticket = self.desk.store.ticket(self.number)
        if ticket.state is State.CLOSED:
            raise InvalidInput(f"ticket {ticket.id} is closed: take it up again first (R)")
        if ticket.customer is None:
            raise InvalidInput(f"ticket {ticket.id}: the customer's data was erased")
        return ticket, self.desk.store.customer(ticket.customer)

    def _begin(self, read: tuple[Ticket, Customer]) -> None:
        self.ticket, self.customer = read
        ticket, customer = read
        how = f"{channel_words(ticket.channel)} {contact(customer, ticket.channel)}".strip()
        self.query_one("#whom", Static).update(
            Content.assemble(
                ("Message by ", "$text-muted"), how, (" to ", "$text-muted"), customer.name
            )
        )
        self.begin_keeping()
        self.tick(self.desk.now())
        self._read_when()

    def message(self) -> str:
        """The letter, if the agent changed it; else it is drafted anew."""
        return super().message() if self._is_edited() else ""

    def fill_in(self, draft: Draft) -> None:
        """Put everything where it stood."""
        self._drafted = ""
        super().fill_in(draft)

    def tick(self, now: datetime) -> None:
        """Say what stands, as of now."""
        super().tick(now)
        if self.ticket is None:
            return
        line = promise_line(self.ticket, now, self.desk.zone)
        late = self.ticket.promise is not None and self.ticket.promise.is_past(now)
        if late:
            line += Content("\n  it stays on record as broken; the message owns the delay")
        self.query_one("#stands", Static).update(line)

    def is_written(self) -> bool:
        """Whether anything was typed."""
        typed = self._typed("when") or self._typed("reason")
        return bool(typed) or self._is_edited()

    def _typed(self, name: str) -> str:
        return clean_line(self.query_one(f"#{name}", LineField).value)

    def _is_edited(self) -> bool:
        return not drafting.same_words(self.query_one(TextField).text, self._drafted)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Read what is typed and draft the message anew."""
        self.tell("")
        if event.input.id == "when":
            self._read_when()
        else:
            self._draft()

    def on_input_submitted(self) -> None:
        """Enter goes on to the next field."""
        self.focus_next()

    def _read_when(self) -> None:
        text, ticket = self._typed("when"), self.ticket
        if ticket is None:
            return
        if not text:
            self._not_read("")
            return
        self.work(
            partial(read, self.desk, text, ticket),
            self._was_read,
            group="when",
            failed=lambda error: self._not_read(error.message),
        )

    def _was_read(self, reading: Reading) -> None:
        self.reading = reading
        style = "$success" if reading.is_open else "$warning bold"
        self._say_reading(reading_words(self.desk, reading), style)
        self._draft()

    def _not_read(self, why: str) -> None:
        self.reading = None
        self._say_reading(f"✗ {clean_line(why)}" if why else "", "$error")
        self._draft()

    def _say_reading(self, text: str, style: str) -> None:
        self.query_one("#reading", Static).update(Content.styled(text, style))

    def _draft(self) -> None:
        """Draft the message, unless the agent has changed it."""
        if not self._is_edited():
            self.action_redraft()

    def action_redraft(self) -> None:
        """Draft the message anew from the date and the reason."""
        if self.ticket is None or self.customer is None:
            return
        text, reason = "", self._typed("reason")
        if self.reading is not None and reason:
            text = answers.draft_date(
                self.desk, self.ticket, self.customer, self.reading.due, reason
            )
        area = self.query_one(TextField)
        if area.text != text:
            area.fill(text, 0)
        self._drafted, self._drafted_at = text, self.desk.now()

    def action_send(self) -> None:
        """Tell the customer."""
        ticket, customer, typed = self.ticket, self.customer, self._typed("when")
        if ticket is None or customer is None:
            raise InvalidInput("there is nothing to tell about this ticket; esc goes back")
        if self.is_stopped():
            return
        if not typed:
            raise InvalidInput("say by when, as in +2h or fri 14:00")
        # Read again: "+2h" means another moment than when it was typed.
        now = self.desk.now()
        due = to_the_minute(read_when(typed, now, self.desk.settings.policy.hours), now)
        reason = self._typed("reason")
        if not reason:
            raise InvalidInput("say why: the customer is told the reason")
        if not self._is_edited():
            self._drafted_at = now
            self._drafted = answers.draft_date(self.desk, ticket, customer, due, reason)
            self.query_one(TextField).text = self._drafted
        text = self.query_one(TextField).text
        if not holds(text, self.desk.texts.moment(customer, due)):
            raise InvalidInput("the message does not tell the date; ^r drafts it anew")
        if self._became_untrue(ticket, now):
            self._drafted_at = now
            self.complain("the promise has come due meanwhile: look at the letter; ^s sends it")
            return
        tell = partial(
            answers.tell_date,
            self.desk,
            self.number,
            due,
            reason,
            text=text,
            drafted=self._drafted_at,
        )
        self.send_held(self.what, lambda seen: tell(seen=seen))

    def _became_untrue(self, ticket: Ticket, now: datetime) -> bool:
        """Whether the letter was drafted while the promise could still be moved."""
        promise, drafted = ticket.promise, self._drafted_at
        if promise is None or drafted is None:
            return False
        return promise.is_past(now) and not promise.is_past(drafted)

    def not_sent(self, error: HelpdeskError) -> None:
        """Say what came in; what the agent is told now, he has seen."""
        if isinstance(error, TryAgain):
            self._drafted_at = self.desk.now()
        super().not_sent(error)

    def see(self, ticket: Ticket) -> None:
        """Take it that the agent has seen the ticket like this."""
        self.ticket = ticket
        self.tick(self.desk.now())
