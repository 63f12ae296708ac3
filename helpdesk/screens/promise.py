"""Telling the customer another date: by when, why, and in which words."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from helpdesk.desk import answers
from helpdesk.desk.letters import holds
from helpdesk.desk.matters import to_the_minute
from helpdesk.domain.customer import Customer
from helpdesk.domain.draft import Draft, DraftKind
from helpdesk.domain.errors import HelpdeskError, InvalidInput, TryAgain
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.when import read_when
from helpdesk.domain.when_begun import GOES_ON, is_begun
from helpdesk.screens import drafting
from helpdesk.screens.keeping import DraftLine
from helpdesk.screens.letter_box import LetterBox
from helpdesk.screens.promise_reading import Reading, read, reading_words
from helpdesk.screens.writing import Trouble
from helpdesk.terminal.actions import bindings, pick
from helpdesk.text import clean_line
from helpdesk.widgets.cut_lines import CutLines
from helpdesk.widgets.fields import TextField
from helpdesk.widgets.last_words import LastWords
from helpdesk.widgets.line_field import LineField
from helpdesk.widgets.said import say
from helpdesk.widgets.sending_words import when_moved, whom


class PromiseScreen(LetterBox):
    """Moves the promise that stands, owns one that is broken, or tells a date where none stands."""

    kind = DraftKind.PROMISE
    WHAT = "date for"
    AGAIN = "p on the ticket takes it up again"
    ACTIONS = pick("send redraft texts back afresh editor")
    BINDINGS = bindings(ACTIONS)
    PLACE = " tell another date "
    CSS_PATH = ["writing.tcss", "promise.tcss"]
    AUTO_FOCUS = "#when"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (22, "-high")]

    def __init__(self, number: int, draft: Draft | None = None) -> None:
        super().__init__(number, draft)
        self.reading: Reading | None = None
        self._drafted = ""
        self._drafted_at: datetime | None = None

    def body(self) -> ComposeResult:
        """The promise as it is, by when and why, the message."""
        yield Static(Content(""), id="stands")
        yield LastWords()
        with Horizontal(classes="row"):
            yield Static(Content("By when"), classes="label")
            yield LineField(hint="+2h, +2d, tomorrow, fri 14:00, 25 Nov, eod", id="when")
        yield Static(Content(""), id="reading")
        with Horizontal(classes="row"):
            yield Static(Content("Because"), classes="label")
            yield LineField(hint="the customer is told the reason", id="reason")
        yield CutLines(id="whom")
        yield TextField()
        yield DraftLine()
        yield Trouble()

    @property
    def next_date(self) -> datetime | None:
        """The date that is told, once it can be read."""
        return self.reading.due if self.reading is not None else None

    def on_mount(self) -> None:
        """Read the ticket."""
        self.work(self._read, self._begin, keys_wait=True)

    def _read(self) -> tuple[Ticket, Customer]:
        return self.read_open_ticket(": take it up again first (R)")

    def _begin(self, read: tuple[Ticket, Customer]) -> None:
        self.ticket, self.customer = read
        ticket, customer = read
        mails = self.desk.settings.mail.leaves
        self.query_one("#whom", Static).update(whom(ticket, customer, mails=mails))
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
        low = self.has_class("-low")
        words = when_moved(self.ticket, now, self.desk.zone, brief=low)
        say(self.query_one("#stands", Static), words)

    def on_resize(self) -> None:
        """A low terminal has brief words."""
        if self.reading is not None:
            self.call_after_refresh(self._was_read, self.reading)

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
            self.jobs.drop("when")
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
        words = reading_words(self.desk, reading, brief=self.has_class("-low"))
        self._say_reading(words, style)
        self._draft()

    def _not_read(self, why: str) -> None:
        """Say what is wrong with the time, but not while it is only half typed."""
        self.reading = None
        if is_begun(self._typed("when")):
            self._say_reading(GOES_ON, "$text-muted")
        else:
            self._say_reading(f"✗ {clean_line(why)}" if why else "", "$error")
        self._draft()

    def _say_reading(self, text: str, style: str) -> None:
        line = self.query_one("#reading", Static)
        line.update(Content.styled(text, style))
        line.display = bool(text) or not self.has_class("-low")

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
        self._set_letter(text)

    def _set_letter(self, text: str) -> None:
        """Put in the letter as it is drafted now; what it owns, the desk put there."""
        area = self.query_one(TextField)
        if area.text != text:
            area.fill(text, 0)
        self._drafted, self._drafted_at = text, self.desk.now()
        self._apology = self.owed(self.ticket) if text and self.ticket is not None else ""

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
        untrue = self._became_untrue(ticket, now)  # asked before it is drafted anew, unseen
        if not self._is_edited():
            self._set_letter(answers.draft_date(self.desk, ticket, customer, due, reason))
        text = self.query_one(TextField).text
        if not holds(text, self.desk.texts.moment(customer, due)):
            raise InvalidInput("the message does not tell the date; ^r drafts it anew")
        if untrue:
            self._drafted_at = now
            self.complain("the promise has come due meanwhile: look at the letter; ^s sends it")
            return
        if self.stops_for_nobody(ticket):
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

    def take_news(self, before: Ticket, now: Ticket) -> str:
        """Show what came in; a letter not changed by hand is drafted anew."""
        edited = self._is_edited()
        news = super().take_news(before, now)
        if not edited:
            self.action_redraft()
        elif before.promise != now.promise:
            return f"{news}; ^r drafts the letter anew"
        return news
