"""Ending a matter: the root cause, the resolution, and the last word to the customer."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from helpdesk.desk import answers
from helpdesk.domain.customer import Customer
from helpdesk.domain.draft import DraftKind
from helpdesk.domain.errors import InvalidInput
from helpdesk.domain.ticket import Ticket
from helpdesk.screens import drafting
from helpdesk.screens.keeping import DraftLine
from helpdesk.screens.letter_box import LetterBox
from helpdesk.screens.writing import Trouble
from helpdesk.terminal.actions import bindings, pick
from helpdesk.text import clean_line
from helpdesk.widgets.cut_lines import CutLines
from helpdesk.widgets.fields import ChoiceField, Option, TextField
from helpdesk.widgets.last_words import LastWords
from helpdesk.widgets.line_field import LineField
from helpdesk.widgets.said import say
from helpdesk.widgets.sending_words import when_closed, whom

ANSWER, NO_ANSWER = "answer", "no_answer"
_WAITS = (Option(ANSWER, "a last answer"), Option(NO_ANSWER, "no answer is needed"))
_ANSWERED = (Option(NO_ANSWER, "nothing more"), Option(ANSWER, "a last word"))


class CloseScreen(LetterBox):
    """Closes a ticket; one that waits on us with an answer, or the reason why none is needed."""

    kind = DraftKind.CLOSE
    WHAT = "end of"
    AGAIN = "c on the ticket takes it up again"
    ACTIONS = pick("send texts back afresh editor")
    BINDINGS = bindings(ACTIONS)
    PLACE = " close "
    CSS_PATH = ["writing.tcss", "close.tcss"]
    AUTO_FOCUS = "#cause"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (24, "-high")]

    def body(self) -> ComposeResult:
        """What was wrong and how it was solved; what the customer hears; what becomes of it."""
        yield Static(Content(""), id="becomes")
        yield LastWords()
        with Horizontal(classes="row two"):
            yield Static(Content("Root cause"), classes="label")
            yield TextField(id="cause")
        with Horizontal(classes="row two"):
            yield Static(Content("Resolution"), classes="label")
            yield TextField(id="resolution")
        with Horizontal(classes="row"):
            yield Static(Content("Customer gets"), classes="label")
            yield ChoiceField(_WAITS, ANSWER, id="ending")
        with Horizontal(classes="row", id="why"):
            yield Static(Content("Why"), classes="label")
            yield LineField(hint="a thank-you, settled on the phone …", id="reason")
        yield CutLines(id="whom")
        yield TextField(id="answer")
        yield DraftLine()
        yield Trouble()

    @property
    def message_field(self) -> TextField:
        """The field of the last word."""
        return self.query_one("#answer", TextField)

    def on_mount(self) -> None:
        """Read the ticket."""
        self.work(self._read, self._begin, keys_wait=True)

    def _read(self) -> tuple[Ticket, Customer, str]:
        ticket, customer = self.read_open_ticket(" already; esc goes back")
        return ticket, customer, self._drafted(ticket, customer)

    def _drafted(self, ticket: Ticket, customer: Customer) -> str:
        last = answers.last_words(self.desk, ticket, customer)
        draft = answers.draft_reply(self.desk, ticket, customer)
        return drafting.put_in(draft, f"\n\n{last}")

    def _begin(self, read: tuple[Ticket, Customer, str]) -> None:
        self.ticket, self.customer, self.draft = read
        ticket = self.ticket
        self.query_one("#cause", TextField).fill(ticket.root_cause, 0)
        self.query_one("#resolution", TextField).fill(ticket.resolution, 0)
        answer = self.query_one("#answer", TextField)
        answer.fill(self.draft, drafting.gap(self.draft))
        self._apology = self.owed(ticket)
        mails = self.desk.settings.mail.leaves
        self.query_one("#whom", Static).update(whom(ticket, self.customer, mails=mails))
        if ticket.promise is None:
            ending = self.query_one(ChoiceField)
            ending.options = _ANSWERED
            ending.value = NO_ANSWER
        self.begin_keeping()
        self._arrange()

    @property
    def ending(self) -> str:
        """What the customer hears: ANSWER or NO_ANSWER."""
        return self.query_one(ChoiceField).value

    def on_choice_field_changed(self) -> None:
        """Show what the other ending takes."""
        self._arrange()

    def _arrange(self) -> None:
        waits = self.ticket is not None and self.ticket.promise is not None
        self.query_one("#answer").display = self.ending == ANSWER
        self.query_one("#whom").display = self.ending == ANSWER
        self.query_one("#why").display = self.ending == NO_ANSWER and waits
        self.tell("")
        self.tick(self.desk.now())

    def tick(self, now: datetime) -> None:
        """Say what becomes of the promise, as of now."""
        super().tick(now)
        if self.ticket is not None:
            words = when_closed(
                self.ticket, now, self.desk.zone,
                answers=self.ending == ANSWER, brief=self.has_class("-low"),
            )  # fmt: skip
            say(self.query_one("#becomes", Static), words)

    def is_written(self) -> bool:
        """Whether anything was typed."""
        ticket = self.ticket
        if ticket is None:
            return False
        return (
            self._text("cause").strip() != ticket.root_cause.strip()
            or self._text("resolution").strip() != ticket.resolution.strip()
            or bool(self._reason())
            or not drafting.same_words(self._text("answer"), self.draft)
        )

    def _text(self, name: str) -> str:
        return self.query_one(f"#{name}", TextField).text

    def _reason(self) -> str:
        return clean_line(self.query_one("#reason", LineField).value)

    def on_input_submitted(self) -> None:
        """Enter after the reason closes."""
        self.run_worker(self.action_do("send"))

    def action_send(self) -> None:
        """Close the ticket."""
        ticket = self.ticket
        if ticket is None:
            raise InvalidInput("this ticket cannot be closed; esc goes back")
        if self.is_stopped():
            return
        answer = self._last_answer(ticket)
        reason = "" if answer else self._reason()
        if not answer and ticket.promise is not None and not reason:
            self.query_one("#reason").focus()
            raise InvalidInput("say why no answer is needed, or write a last answer")
        if answer and (self._put_in_apology(ticket, answer) or self.stops_for_nobody(ticket)):
            return
        end = partial(
            answers.close,
            self.desk,
            self.number,
            text=answer,
            resolution=self._text("resolution"),
            root_cause=self._text("cause"),
            no_answer_reason=reason,
        )
        self.send_held(self.what, lambda seen: end(seen=seen))

    def _last_answer(self, ticket: Ticket) -> str | None:
        """The last answer, if there is to be one. Raises InvalidInput if it says nothing yet."""
        if self.ending == NO_ANSWER:
            return None
        text = self._text("answer")
        unsaid = drafting.same_words(text, self.draft) and ticket.promise is not None
        if unsaid or not text.strip():
            self.query_one("#answer").focus()
            raise InvalidInput("the customer waits for an answer: write it into the message")
        return text

    def _put_in_apology(self, ticket: Ticket, text: str) -> bool:
        """See that the message owns a delay; whether the apology had to be put in."""
        apology = self.owed(ticket)
        if not apology or self.apologizes(text, apology):
            return False
        self.put_in_apology(apology)
        self.complain("the message owns the delay: the apology is in it now; ^s closes")
        return True

    def see(self, ticket: Ticket) -> None:
        """Take it that the agent has seen the ticket like this."""
        super().see(ticket)
        self._arrange()
