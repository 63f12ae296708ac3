"""A new ticket: whose it is, what it is about, and which promise the customer will be told."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from helpdesk.desk import matters
from helpdesk.domain.customer import Customer, is_name, is_phone, name_and_contact
from helpdesk.domain.draft import Draft, DraftKind
from helpdesk.domain.errors import BadConfiguration, HelpdeskError, InvalidInput
from helpdesk.domain.policy import Due
from helpdesk.domain.queue import CustomerRow, QueueRow
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.when import read_when
from helpdesk.domain.when_begun import GOES_ON, is_begun
from helpdesk.domain.wording import brief_time, day_and_time, how_long
from helpdesk.domain.words import Channel, Kind, Priority, State
from helpdesk.screens.beside import ASIDE
from helpdesk.screens.keeping import DraftLine, KeptScreen
from helpdesk.screens.new_matter import NewMatter, find, known, make, row_of, row_words
from helpdesk.screens.ticket_forms import CHANNELS, PRIORITIES
from helpdesk.screens.writing import Trouble
from helpdesk.terminal.actions import bindings, pick
from helpdesk.text import clean_line, list_cell
from helpdesk.widgets.fields import ChoiceField, Option, TextField
from helpdesk.widgets.line_field import LineField
from helpdesk.widgets.matter_beside import MatterBeside
from helpdesk.widgets.queue_columns import how_long as how_late
from helpdesk.widgets.said import say

OPEN_SHOWN = 3
"""So many open tickets of the customer are named below him."""
_MATTER = ("subject", "text")
"""The fields of what it is about."""
KINDS = tuple(Option(str(kind), str(kind)) for kind in Kind)


class NewTicketScreen(KeptScreen[None]):
    """A form for a new matter, as when somebody calls."""

    kind = DraftKind.NEW
    WHAT = "new ticket"
    AGAIN = "^d in the queue shows it"
    ACTIONS = (
        pick("send")[0],
        replace(pick("next_date")[0], label="by when", does="Promise another date than policy"),
        *pick("back afresh"),
    )
    BINDINGS = [*bindings(ACTIONS), ("down", "suggest(1)"), ("up", "suggest(-1)")]
    PLACE = "new ticket"
    CSS_PATH = "new_ticket.tcss"
    AUTO_FOCUS = "#customer"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (72, "-side"), (ASIDE, "-aside")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (16, "-high")]

    def __init__(self, customer: int | None, draft: Draft | None = None) -> None:
        super().__init__(draft)
        if customer is None and draft is not None:
            customer = draft.customer
        self._given = customer
        self._chosen: CustomerRow | None = None
        self._suggested: list[CustomerRow] = []
        self._place = 0
        self._open: list[QueueRow] = []
        """The open tickets of the customer who was chosen."""

    def body(self) -> ComposeResult:
        """Whose it is, what it is about, what is promised; where there is room the customer."""
        with Horizontal(id="desk"):
            with Vertical(id="letter"):
                with VerticalScroll(id="form", can_focus=False):
                    hint = "name, e-mail, phone, order or number"
                    yield from _row("Customer", LineField(hint=hint, id="customer"))
                    yield Static(Content(""), id="found")
                    with Horizontal(classes="row", id="new-name"):
                        yield Static(Content("Name"), classes="label")
                        yield LineField(hint="as the new customer writes it", id="name")
                    yield from _row("Kind", ChoiceField(KINDS, Kind.REQUEST, id="kind"))
                    yield from _row("Channel", ChoiceField(CHANNELS, Channel.PHONE, id="channel"))
                    yield from _row(
                        "Priority", ChoiceField(PRIORITIES, Priority.NORMAL, id="priority")
                    )
                    yield from _row("Subject", LineField(id="subject"))
                    with Horizontal(id="text-row"):
                        yield Static(Content("Text"), classes="label")
                        yield TextField(id="text")
                with Horizontal(classes="row", id="when-row"):
                    yield Static(Content("By when"), classes="label")
                    yield LineField(hint="as you told it: +2h, fri 14:00, 25 Nov", id="when")
                yield Static(Content(""), id="promise")
                yield Static(Content(""), id="say")
                yield DraftLine()
                yield Trouble()
            yield MatterBeside()

    def on_mount(self) -> None:
        """Read the settings, and the customer if one is given."""
        self.work(lambda: self.desk.settings, lambda _: self.tick(self.desk.now()))
        self.begin_keeping()
        given = self._given
        if given is not None:
            self.work(lambda: row_of(self.desk, given), self._choose)

    def tick(self, now: datetime) -> None:
        """Say which promise will be told, as of now."""
        super().tick(now)
        if "settings" not in self.desk.__dict__:
            return  # still being read
        channel = Channel(self._chosen_value("channel"))
        with self.careful():
            say(self.query_one("#promise", Static), self._promised(now, channel))
            said = ""
            if channel is Channel.PHONE:
                said = f"say  {self.desk.texts.phone_greeting(self.desk.agent)}"
            say(self.query_one("#say", Static), Content.styled(clean_line(said), "$accent"))

    def _promised(self, now: datetime, channel: Channel) -> Content:
        """What the customer is told, and by which rule; what policy says where it is not that."""
        policy, told, zone = self._policy(now, channel), self._told, self.desk.zone
        if told is not None:
            when, shut = told, ""
            rule = f" · policy: {brief_time(policy.due, zone, now)}" if policy is not None else ""
            if not self.desk.settings.policy.hours.reaches(told):
                shut = " · ! closed then"
        elif policy is not None:
            when, shut, rule = policy.due, "", f" · {policy.rule}"
        else:
            return Content("")
        words = f"○ the customer is told: an answer by {day_and_time(when, zone)}{shut}"
        promised = Content.styled(f"{words}, {how_long(when, now)}", "bold")
        if self.has_class("-narrow"):
            return promised
        return promised + Content.styled(rule, "$text-muted")

    def _policy(self, now: datetime, channel: Channel) -> Due | None:
        """The promise by policy; None if it gives none, which is said unless a date was told."""
        kind, priority = self._chosen_value("kind"), self._chosen_value("priority")
        try:
            return self.desk.settings.policy.due(now, channel, Kind(kind), Priority(priority))
        except BadConfiguration as error:
            if self._told is None:
                self.complain(error)
            return None

    @property
    def _told(self) -> datetime | None:
        """The date that was told, once it can be read."""
        with suppress(HelpdeskError):
            return self._told_date()
        return None

    def _told_date(self) -> datetime | None:
        """The date that the agent tells; None if it is that of the policy. Raises InvalidInput."""
        typed = self._typed("when")
        if not self.has_class("-when") or not typed:
            return None
        now = self.desk.now()
        return matters.to_the_minute(read_when(typed, now, self.desk.settings.policy.hours), now)

    def action_next_date(self) -> None:
        """Tell another date than that of the policy, or not."""
        self.toggle_class("-when")
        self.query_one("#when" if self.has_class("-when") else "#text").focus()
        self.tell("")
        self.tick(self.desk.now())

    def _say_when(self, typed: str) -> None:
        """Say what is wrong with the date, but not while it is only half typed."""
        if is_begun(typed):
            self.tell(GOES_ON)
        else:
            with self.careful():
                self._told_date()
        self.tick(self.desk.now())

    def about_whom(self) -> int | None:
        """The customer that is chosen."""
        return self._chosen.id if self._chosen is not None else self._given

    def fill_in(self, draft: Draft) -> None:
        """Put everything where it stood; a customer who was chosen is put in once he is read."""
        super().fill_in(draft)
        self.set_class(bool(self._typed("when")), "-when")
        self.tick(self.desk.now())

    def _chosen_value(self, name: str) -> str:
        return self.query_one(f"#{name}", ChoiceField).value

    def _typed(self, name: str) -> str:
        return clean_line(self.query_one(f"#{name}", LineField).value)

    def is_written(self) -> bool:
        """Whether anything was typed."""
        whose = self._typed("customer") if self._given is None else ""
        text = self.query_one("#text", TextField).text
        return bool(whose or self._typed("subject") or text.strip())

    def on_descendant_focus(self) -> None:
        """Where the matter is written, the phone is answered: on a low terminal that makes room."""
        self.set_class(self.focused is not None and self.focused.id in _MATTER, "-matter")

    def on_choice_field_changed(self) -> None:
        """Another kind or channel may be promised otherwise."""
        self.tick(self.desk.now())

    # Whose it is

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look who is meant."""
        self.tell("")
        if event.input.id == "when":
            self._say_when(event.value)
        if event.input.id != "customer":
            return
        words = clean_line(event.value)
        if self._chosen is not None and words == clean_line(self._chosen.name):
            return
        self._chosen, self._suggested, self._place = None, [], 0
        if words:
            self.work(partial(find, self.desk, words), self._suggest, group="find")
        else:
            self._show_found()

    def _suggest(self, rows: list[CustomerRow]) -> None:
        self._suggested, self._place = rows, 0
        self._show_found()

    def action_suggest(self, by: int) -> None:
        """Go through the customers found."""
        if self._suggested:
            self._place = (self._place + by) % len(self._suggested)
            self._show_found()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter takes the customer that is marked, and goes on to the next field."""
        if event.input.id == "customer" and self._chosen is None and self._suggested:
            self._choose(self._suggested[self._place])
        self.focus_next()

    def _choose(self, row: CustomerRow) -> None:
        self._chosen, self._suggested = row, []
        field = self.query_one("#customer", LineField)
        if clean_line(field.value) != clean_line(row.name):
            field.value = clean_line(row.name)
            field.cursor_position = len(field.value)
        if self.focused is field and self._given is not None:
            self.query_one("#kind").focus()
        self._show_found()

    def on_resize(self) -> None:
        """There may be room for the customer now."""
        self._show_beside()

    def _show_beside(self) -> None:
        """Read the customer who was chosen, and his tickets: the call may be about one of them."""
        chosen = self._chosen
        if chosen is None or self.app.size.width < ASIDE:
            self.query_one(MatterBeside).remove_class("-known")
        if chosen is None:
            self._open = []
            return
        self.work(partial(known, self.desk, chosen.id), self._seen_beside, group="beside")

    def _seen_beside(self, seen: tuple[Customer, list[QueueRow]]) -> None:
        customer, tickets = seen
        if self._chosen is None or self._chosen.id != customer.id:
            return
        if self.app.size.width >= ASIDE:
            beside = self.query_one(MatterBeside)
            beside.add_class("-known")
            beside.show(customer, tickets)
        self._open = [row for row in tickets if row.state is not State.CLOSED]
        self._say_found()

    def _open_words(self) -> Content:
        """The open tickets of the customer who was chosen, where they do not stand beside."""
        if self.app.size.width >= ASIDE or self.has_class("-low"):
            return Content("")
        now = self.desk.now()
        lines = [
            f"\n  {how_late(row, now)} #{row.id} {list_cell(row.subject)}"
            for row in self._open[:OPEN_SHOWN]
        ]
        return Content.styled("".join(lines), "$text-muted")

    def _show_found(self) -> None:
        self._show_beside()
        self._say_found()

    def _say_found(self) -> None:
        who = self._typed("customer")
        is_new = self._chosen is None and not self._suggested and ("@" in who or is_phone(who))
        self.query_one("#new-name").display = is_new
        found = self.query_one("#found", Static)
        if self._chosen is not None:
            chosen = Content.styled(f"✓ {self._row_words(self._chosen)}", "$success")
            found.update(chosen + self._open_words())
        elif self._suggested:
            found.update(Content("\n").join(self._lines()))
        elif is_new:
            found.update(Content.styled("nobody is known by it: a new customer", "$warning"))
        elif all(parts := name_and_contact(who)):
            found.update(Content.styled(f"somebody new: {' · '.join(parts)}", "$warning"))
        elif is_name(who):
            words = "somebody new; an e-mail or phone goes behind the name"
            if self.has_class("-narrow"):
                words = "nobody is found: somebody new"
            found.update(Content.styled(words, "$warning"))
        elif who:
            found.update(Content.styled("nobody is found", "$text-muted"))
        else:
            found.update(Content(""))

    def _row_words(self, row: CustomerRow) -> str:
        """A customer in a line; where there is little room, rather the name than the contact."""
        return row_words(replace(row, contact="") if self.has_class("-narrow") else row)

    def _lines(self) -> list[Content]:
        lines = []
        for place, row in enumerate(self._suggested):
            marked = place == self._place
            sign = "▌" if marked else " "
            style = "$accent bold" if marked else "$text-muted"
            lines.append(Content.styled(f"{sign} {self._row_words(row)}", style))
        return lines

    def action_send(self) -> None:
        """Make the ticket and open it."""
        chosen = self._chosen
        if chosen is None and self._suggested:
            raise InvalidInput("choose the customer: ↓ and ⏎ in the first field")
        matter = NewMatter(
            customer=chosen.id if chosen is not None else None,
            who=self._typed("customer"),
            name=self._typed("name"),
            kind=Kind(self._chosen_value("kind")),
            channel=Channel(self._chosen_value("channel")),
            priority=Priority(self._chosen_value("priority")),
            subject=self._typed("subject"),
            text=self.query_one("#text", TextField).text,
            told=self._told_date(),
        )
        self.send(partial(make, self.desk, matter), self._made)

    def _made(self, ticket: Ticket) -> None:
        from helpdesk.screens.ticket import TicketScreen

        self.taking_back.stays(f"ticket {ticket.id} is open, and the customer told")
        self.app.switch_screen(TicketScreen(ticket.id))


def _row(label: str, field: LineField | ChoiceField) -> ComposeResult:
    with Horizontal(classes="row"):
        yield Static(Content(label), classes="label")
        yield field
