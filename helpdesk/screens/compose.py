"""Writing a reply or a note, with the customer's words and the promise it keeps in sight."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from helpdesk.desk import answers, attaching, letters, upkeep
from helpdesk.desk.matters import to_the_minute
from helpdesk.domain.customer import Customer
from helpdesk.domain.draft import Draft, DraftKind
from helpdesk.domain.errors import HelpdeskError, InvalidInput
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.when import read_when
from helpdesk.domain.when_begun import GOES_ON, is_begun
from helpdesk.domain.wording import brief_time, channel_words
from helpdesk.domain.words import Channel, State
from helpdesk.screens import drafting
from helpdesk.screens.beside import ASIDE, ROOMY, BesideScreen
from helpdesk.screens.enclosing import EnclosingScreen
from helpdesk.screens.keeping import DraftLine
from helpdesk.screens.promise_reading import Reading, read, reading_words
from helpdesk.screens.writing import Trouble
from helpdesk.terminal.actions import bindings, pick
from helpdesk.text import clean, clean_line
from helpdesk.widgets.cut_lines import CutLines
from helpdesk.widgets.fields import TextField
from helpdesk.widgets.last_words import LastWords
from helpdesk.widgets.line_field import LineField
from helpdesk.widgets.matter_beside import MatterBeside
from helpdesk.widgets.message_view import body, message_head
from helpdesk.widgets.said import say
from helpdesk.widgets.sending_words import after_it, when_answered, whom
from helpdesk.widgets.status_line import StatusLine
from helpdesk.widgets.title_line import TitleLine
from helpdesk.widgets.wrapping import roomy

FOR_NOTES = (replace(pick("send")[0], label="save"), *pick("read_said back"))


@dataclass(frozen=True, slots=True)
class Matter:
    """What a reply is written about, as it was read. ``draft`` is what it begins with."""

    ticket: Ticket
    customer: Customer | None
    draft: str
    apology: str


class ComposeScreen(EnclosingScreen[None], BesideScreen[None]):
    """A reply to the customer, or a note among agents."""

    ACTIONS = pick("send ending next_date texts read_said back afresh read_said_back attach editor")
    BINDINGS = bindings(ACTIONS)
    CSS_PATH = ["writing.tcss", "compose.tcss"]
    AUTO_FOCUS = "TextField"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (72, "-wide"), (ASIDE, "-aside"), (ROOMY, "-roomy")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (16, "-high"), (36, "-tall")]

    def __init__(self, number: int, note: bool, draft: Draft | None = None) -> None:
        super().__init__(draft)
        self.number = number
        self.note = note
        self.kind = DraftKind.NOTE if note else DraftKind.REPLY
        self.matter: Matter | None = None
        self._ends = False
        self._told = ""
        """The paragraph that tells the next date, as it was put into the text."""
        self._own_words = False
        """Whether the agent was told that the apology is gone from the text."""

    def body(self) -> ComposeResult:
        """To whom, which promise, the last words; the text; what comes after it. Beside it the
        customer, and the conversation, where there is room."""
        with Horizontal(id="desk"):
            with Vertical(id="letter"):
                with Vertical(id="about"):
                    yield CutLines(id="whom")
                    yield Static(Content(""), id="promise")
                yield LastWords()
                yield TextField()
                with Horizontal(id="next"):
                    with Horizontal():
                        yield Static(Content("next answer by"))
                        yield LineField(hint="+2h, fri 14:00", id="when")
                    with Horizontal(classes="why"):
                        yield Static(Content("because"))
                        yield LineField(hint="what we are still working on", id="reason")
                yield from self.file_rows()
                yield Static(Content(""), id="after")
                yield DraftLine()
                yield Trouble()
            yield MatterBeside()

    @property
    def ticket_number(self) -> int:
        """The ticket that is written about."""
        return self.number

    @property
    def about(self) -> Ticket | None:
        """The ticket as the agent saw it; a note is right whatever it is by now."""
        return self.matter.ticket if self.matter is not None and not self.note else None

    @property
    def read_ticket(self) -> Ticket | None:
        """The ticket as the agent saw it."""
        return self.matter.ticket if self.matter is not None else None

    @property
    def what(self) -> str:
        """What is written."""
        return f"note on #{self.number}" if self.note else f"reply to #{self.number}"

    @property
    def again(self) -> str:
        """How it is taken up again."""
        return f"{'n' if self.note else 'r'} on the ticket takes it up again"

    def on_mount(self) -> None:
        """Read the ticket; what is typed meanwhile stays."""
        self.query_one(TitleLine).place = self.what
        if self.note:
            self.query_one(StatusLine).actions = list(FOR_NOTES)
        self.work(self._read, self._begin, keys_wait=True)

    def _read(self) -> Matter:
        self.find_draft()
        ticket = self.desk.store.ticket(self.number)
        customer = None
        if ticket.customer is not None:
            customer = self.desk.store.customer(ticket.customer)
        elif not self.note:
            raise InvalidInput(f"ticket {ticket.id}: the customer's data was erased")
        if self.note or customer is None:
            return Matter(ticket, customer, "", "")
        return Matter(
            ticket,
            customer,
            answers.draft_reply(self.desk, ticket, customer),
            answers.owed_apology(self.desk, ticket, customer),
        )

    def _begin(self, matter: Matter) -> None:
        self.matter, self.customer = matter, matter.customer
        self.draft, self._apology = matter.draft, matter.apology
        area = self.query_one(TextField)
        typed = area.text
        area.fill(matter.draft, drafting.gap(matter.draft))
        self.begin_keeping()
        if typed:
            area.insert(typed)
        if not letters.holds(area.text, self._apology):
            # Written before the promise was broken: the apology is put in when it is sent.
            self._apology = ""
        last = matter.ticket.last_from_customer()
        if last is not None:
            head = message_head(last, matter.ticket, self.desk.zone)
            words = Content(roomy(body(last), self.size.width - 6))
            self.query_one(LastWords).show(Content("\n").join([head, words]))
        self.tick(self.desk.now())
        self.show_beside()

    def typed(self) -> dict[str, str]:
        """What else is typed and chosen."""
        found = super().typed() | {"ending": "yes" if self._ends else "", "told": self._told}
        return {name: value for name, value in found.items() if value}

    def fill_in(self, draft: Draft) -> None:
        """Put everything where it stood."""
        super().fill_in(draft)
        self._ends, self._told = bool(draft.fields.get("ending")), draft.fields.get("told", "")
        self.set_class(bool(draft.fields.get("when") or draft.fields.get("reason")), "-next")
        self.query_one(TextField).focus()
        self.tick(self.desk.now())

    def tick(self, now: datetime) -> None:
        """Say who gets it and what becomes of the promise, as of now."""
        super().tick(now)
        if self.matter is None:
            return
        ticket, customer = self.matter.ticket, self.matter.customer
        say(self.query_one("#whom", Static), self._whom(ticket, customer))
        say(self.query_one("#promise", Static), self._becomes(ticket, now))
        say(self.query_one("#after", Static), self._after(ticket, now))

    def on_resize(self) -> None:
        """A low terminal has brief words."""
        self.call_after_refresh(lambda: self.tick(self.desk.now()))

    def _whom(self, ticket: Ticket, customer: Customer | None) -> Content:
        if self.note or customer is None:
            subject = clean_line(ticket.subject)
            return Content.assemble(("for agents only", "$warning bold"), f" · {subject}")
        return whom(ticket, customer, mails=self.desk.settings.mail.leaves)

    def _becomes(self, ticket: Ticket, now: datetime) -> Content:
        if self.note:
            words = "a note is no answer: the promise stays as it is"
            return Content.styled(words if ticket.promise is not None else "", "$text-muted")
        return when_answered(ticket, now, self.desk.zone, brief=self.has_class("-low"))

    def _after(self, ticket: Ticket, now: datetime) -> Content:
        if self.note:
            return Content("")
        next_due = None
        if self.has_class("-next"):
            due = self.next_date
            next_due = brief_time(due, self.desk.zone, now) if due is not None else ""
        return after_it(ticket, ends=self._ends, next_due=next_due)

    def is_written(self) -> bool:
        """Whether there is more than the draft."""
        written = not drafting.same_words(self.query_one(TextField).text, self.draft)
        named = self._files or any(map(self._typed, ("when", "reason", "file")))
        return written or bool(named or self._ends)

    def why_not(self, name: str) -> str | None:
        """Why an option cannot be taken."""
        if name in ("ending", "next_date", "attach") and self.note:
            return "a note changes nothing for the customer: r on the ticket answers him"
        if name == "attach":
            return self.why_no_files()
        if name == "ending" and self.matter is not None:
            closed = self.matter.ticket.state is State.CLOSED
            return "the ticket is closed already" if closed else None
        return None

    def why_no_files(self) -> str | None:
        """Why no file can go with the reply from here."""
        if self.matter is not None and self.matter.ticket.channel is not Channel.EMAIL:
            told = channel_words(self.matter.ticket.channel)
            return f"files go by mail, and this customer is answered by {told}"
        return super().why_no_files()

    def action_ending(self) -> None:
        """Close the matter with the reply, or not."""
        self._ends = not self._ends
        if self._ends:
            self.remove_class("-next")
            self.query_one(TextField).focus()
            self._take_out_date()
        self.tick(self.desk.now())

    def action_next_date(self) -> None:
        """Promise another answer with the reply, or not."""
        self.toggle_class("-next")
        self._ends = False
        focus = "#when" if self.has_class("-next") else "TextField"
        self.query_one(focus).focus()
        if not self.has_class("-next"):
            self._take_out_date()
        self.tick(self.desk.now())

    def _take_out_date(self) -> None:
        """See that the text tells no date that is promised no more."""
        told, self._told = self._told, ""
        if told and not self.take_out(told):
            self.complain("that date is no promise any more: take it out of your text too")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say at once which day and time is meant."""
        if event.input.id != "when" or self.matter is None:
            return
        self.tell("")
        if event.value.strip():
            find = partial(read, self.desk, event.value, self.matter.ticket)
            self.work(
                find, self._was_read, group="when", failed=partial(self._not_read, event.value)
            )
        else:
            self.jobs.drop("when")
        self.tick(self.desk.now())

    def _was_read(self, reading: Reading) -> None:
        """Say which time that is, whether the desk is open then, what else is promised."""
        self.tell(reading_words(self.desk, reading, brief=True))

    def _not_read(self, typed: str, error: HelpdeskError) -> None:
        """Say what is wrong with the time, but not while it is only half typed."""
        if is_begun(typed):
            self.tell(GOES_ON)
        else:
            self.complain(error)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes on: to the reason, and from there into the text; it adds a file."""
        if event.input.id == "file":
            self.add_file()
            return
        if event.input.id == "when":
            self.query_one("#reason").focus()
            return
        with self.careful():
            self._put_in_date()
            self.query_one(TextField).focus()

    def _typed(self, name: str) -> str:
        return clean_line(self.query_one(f"#{name}", LineField).value)

    @property
    def next_date(self) -> datetime | None:
        """The date that the reply promises, once it can be read."""
        with suppress(HelpdeskError):
            return self._next_due()
        return None

    def _next_due(self) -> datetime | None:
        """The next date, if one is promised. Raises InvalidInput."""
        if not self.has_class("-next"):
            return None
        if not self._typed("when"):
            raise InvalidInput("say by when the customer hears from us next, or press ^n again")
        now = self.desk.now()
        due = read_when(self._typed("when"), now, self.desk.settings.policy.hours)
        return to_the_minute(due, now)

    def _put_in_date(self) -> bool:
        """See that the text tells the next date; whether it had to be put in."""
        due, matter = self._next_due(), self.matter
        if due is None or matter is None or matter.customer is None:
            return False
        if not self._typed("reason"):
            raise InvalidInput("say what we are still working on: the customer is told it")
        area = self.query_one(TextField)
        texts, customer = self.desk.texts, matter.customer
        told = texts.next_date(customer, due, self._typed("reason")).strip()
        if self._told != told and self._told and self._told in area.text:
            text = area.text.replace(self._told, told)
        else:
            moment = texts.moment(customer, due)
            text = letters.with_date(self.desk, customer, area.text, moment, told)
        self._told = told
        if text == area.text:
            return False
        cursor = area.cursor_location
        area.text = text
        area.move_cursor(cursor)
        return True

    def action_send(self) -> None:
        """Send the reply or keep the note, unless there is something to see first."""
        matter = self.matter
        if matter is None:
            raise InvalidInput("the ticket is not read yet; try again")
        text = self.query_one(TextField).text
        if self.note:
            self._keep_note(text)
            return
        if self.is_stopped():
            return
        if drafting.same_words(text, self.draft) or not text.strip():
            raise InvalidInput("nothing is written yet besides the greeting: answer first")
        if self._put_in_date():
            area = self.query_one(TextField)
            if self._told in area.text:
                area.move_before(area.text.index(self._told) + len(self._told))
            self.tell("the next date is in the text now; ^s sends it")
            return
        if self._owes_words(matter, text) or self.stops_for_nobody(matter.ticket):
            return
        reply = partial(
            answers.reply,
            self.desk,
            self.number,
            text,
            owns_delay=self._own_words,
            next_due=self._next_due(),
            close=self._ends,
        )
        enclosed = partial(attaching.read_files, self.desk, self.paths)
        self.send_held(self.what, lambda seen: reply(seen=seen, files=enclosed()))

    def _owes_words(self, matter: Matter, text: str) -> bool:
        """Whether the text lacks an apology that the agent has to see before it is sent."""
        apology = self.owed(matter.ticket)
        if not apology or self._own_words or self.apologizes(text, apology):
            return False
        if self._apology:
            self._own_words = True
            self.complain("the apology is gone from the text: ^s sends it if it owns the delay")
            return True
        self.put_in_apology(apology)
        self.complain("the promise has passed meanwhile: the apology is in the text now; ^s sends")
        return True

    def _keep_note(self, text: str) -> None:
        if not clean(text).strip():
            raise InvalidInput("a note takes a text")
        keep = partial(upkeep.note, self.desk, self.number, text)
        self.send_held(self.what, lambda _: keep(), settles=False)

    def see(self, ticket: Ticket) -> None:
        """Take it that the agent has seen the ticket like this."""
        if self.matter is not None:
            self.matter = replace(self.matter, ticket=ticket)
        self.tick(self.desk.now())
