"""What an agent writes is kept as it is typed, and survives whatever ends the program."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar, Protocol, TypeVar, cast

from textual.content import Content
from textual.screen import ScreenResultType
from textual.timer import Timer
from textual.widgets import Input, Static, TextArea

from helpdesk.desk import drafts
from helpdesk.domain.draft import Draft, DraftKind
from helpdesk.domain.errors import CannotCreate, CustomerErased, HelpdeskError
from helpdesk.domain.presence import Doing
from helpdesk.domain.wording import short_time
from helpdesk.screens import drafting
from helpdesk.screens.base import DeskScreen
from helpdesk.screens.keeper import Keeper
from helpdesk.screens.writing import ThrowAwayScreen, WritingScreen
from helpdesk.widgets.fields import ChoiceField, TextField
from helpdesk.widgets.line_field import LineField

T = TypeVar("T")

FIRST_SECONDS = 0.1
"""How long after the first key of a run what is written is kept."""

KEEP_SECONDS = 1.0
"""How long it is until it is kept again: no more than this is lost by a power cut."""

MESSAGES = (None, "answer", "text")
"""What the field of the message is called on the screens."""


class EndsByHand(Protocol):
    """The app, as far as writing needs it."""

    before_the_end: list[Callable[[], None]]


class DraftLine(Static):
    """Says that the text is an earlier draft; hidden if it is not."""

    DEFAULT_CSS = """
    DraftLine { display: none; height: 1; padding: 0 2; color: $accent; }
    DraftLine { text-wrap: nowrap; text-overflow: ellipsis; }
    DraftLine.-said { display: block; }
    """

    def say(self, words: str) -> None:
        """Say it; nothing takes it away."""
        self.set_class(bool(words), "-said")
        self.update(Content(words))


class KeptScreen(WritingScreen[ScreenResultType]):
    """A screen whose text is a draft from the first key until it is sent or thrown away.

    A subclass calls ``find_draft`` in the thread that reads the ticket, then ``begin_keeping``. It
    yields a DraftLine among its widgets.
    """

    kind: DraftKind
    WHAT: ClassVar[str] = ""
    """What is written, in a few words."""

    AGAIN: ClassVar[str] = ""
    """How it is taken up again."""

    def __init__(self, draft: Draft | None = None) -> None:
        super().__init__()
        self.taken_up = draft
        self._keeper: Keeper | None = None
        self._pristine: Draft | None = None
        self._thrown: Draft | None = None
        self._waiting: Timer | None = None
        self._is_changed = False
        """Whether anything was typed since it was kept last."""

    @property
    def what(self) -> str:
        """What is written, in a few words."""
        number = self.ticket_number
        return f"{self.WHAT} #{number}" if number is not None else self.WHAT

    @property
    def again(self) -> str:
        """How it is taken up again, in a few words."""
        return self.AGAIN

    @property
    def ticket_number(self) -> int | None:
        """The ticket that is written about, if there is one already."""
        return None

    @property
    def is_at(self) -> tuple[int, Doing] | None:
        """The ticket that is written about."""
        number = self.ticket_number
        return None if number is None else (number, Doing.WRITES)

    def seen(self) -> int | None:
        """The ``rev`` of the ticket as the agent saw it; None where it does not matter."""
        return None

    # What is written

    @property
    def message_field(self) -> TextField:
        """The field of the message."""
        return next(field for field in self.query(TextField) if field.id in MESSAGES)

    def message(self) -> str:
        """The message as it is written; empty if it is drafted anew from what else is typed."""
        return self.message_field.text

    def typed(self) -> dict[str, str]:
        """What else is typed and chosen, by the names of the fields."""
        found: dict[str, str] = {}
        for field in self.query("LineField, ChoiceField, TextField"):
            if isinstance(field, TextField) and field.id not in MESSAGES:
                found[str(field.id)] = field.text
            elif isinstance(field, LineField | ChoiceField):
                found[str(field.id)] = field.value
        return {name: value for name, value in found.items() if value}

    def fill_in(self, draft: Draft) -> None:
        """Put everything where it stood; the cursor goes before the signature, if there is one."""
        began = self._pristine.text if self._pristine is not None else ""
        signature = began[drafting.gap(began) :]
        for field in self.query("LineField, ChoiceField, TextField"):
            value = draft.fields.get(str(field.id), "")
            if isinstance(field, TextField):
                text = draft.text if field.id in MESSAGES else value
                field.fill(text, len(text.removesuffix(signature)))
            elif isinstance(field, ChoiceField) and value:
                field.choose(value)
            elif isinstance(field, LineField):
                field.value = value

    def about_whom(self) -> int | None:
        """The customer whom a new matter is about, if that is known."""
        return self.taken_up.customer if self.taken_up is not None else None

    def written(self) -> Draft | None:
        """What is written; None if there is nothing but what it begins with."""
        return self.as_draft() if self.is_written() else None

    def as_draft(self) -> Draft:
        """Whatever is written, as a draft."""
        if self._keeper is None:
            begun = drafts.begin(self.desk, self.kind, ticket=self.ticket_number)
            self._keeper = Keeper(self.desk, begun)
        return replace(
            self._keeper.draft,
            text=self.message(),
            fields=self.typed(),
            seen=self.seen(),
            customer=self.about_whom(),
        )

    # Keeping it

    def find_draft(self) -> None:
        """In a thread: carry out what is held on the ticket, and look for an earlier draft."""
        number = self.ticket_number
        if number is not None:
            self.held.carry_out_for(number)
            if self.taken_up is None:
                self.taken_up = drafts.of_ticket(self.desk, number, self.kind)

    def begin_keeping(self) -> None:
        """Put in an earlier draft, if there is one, and keep what is typed from now on."""
        draft = self.taken_up
        self._pristine = self.as_draft()
        if draft is None:
            self._changed()
            return
        self._keeper = Keeper(self.desk, replace(draft, held=False), draft)
        self.fill_in(draft)
        self.say_where_from(draft)

    def say_where_from(self, draft: Draft) -> None:
        """Say that this is an earlier draft."""
        when = short_time(draft.saved, self.desk.zone, self.desk.now())
        self.query_one(DraftLine).say(f"✎ your draft, written {when} · ^g begins afresh")

    def on_mount(self) -> None:
        """From now on, the end of the program keeps what is written."""
        cast(EndsByHand, self.app).before_the_end.insert(0, self.keep_at_once)
        keys = {key for action in self.with_own_keys(self.ACTIONS) for key in action.keys}
        for field in self.query("LineField, TextField"):
            # What the screen does by a key, such as ctrl+e, no field does otherwise.
            for key in keys - {"escape", "enter", "tab"}:
                field._bindings.key_to_bindings.pop(key, None)

    def on_unmount(self) -> None:
        """Whoever closes the screen has kept what is to be kept."""
        with suppress(ValueError):
            cast(EndsByHand, self.app).before_the_end.remove(self.keep_at_once)

    def keep_at_once(self) -> None:
        """Called in the midst of anything when the program ends."""
        draft = self.written()
        if draft is not None and self._keeper is not None:
            self._keeper.keep_now(draft)

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Keep it soon."""
        self._changed()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep it soon."""
        self._changed()

    def on_choice_field_changed(self) -> None:
        """Keep it soon."""
        self._changed()

    def _changed(self) -> None:
        self._is_changed = True
        if self._pristine is not None and self._waiting is None:
            self._waiting = self.set_timer(FIRST_SECONDS, self._keep)

    def _keep(self) -> None:
        self._waiting = None
        if not self._is_changed:
            return
        self._is_changed = False
        if self._keeper is not None and not self.is_sending and self._keeper.want(self.written()):
            self._waiting = self.set_timer(KEEP_SECONDS, self._keep)
            self.work(self._keeper.settle, failed=self._not_kept)

    def _not_kept(self, error: HelpdeskError) -> None:
        if isinstance(error, CustomerErased):
            self._drop()
        elif error.message not in self.said:  # it may be why it was not sent either
            self.complain(f"what you write is not kept: {error.message}")

    # When the customer is erased meanwhile

    def refresh_rows(self) -> None:
        """Look whether the customer was erased."""
        super().refresh_rows()
        if self._keeper is not None:
            draft = replace(self._keeper.draft, customer=self.about_whom())
            self.work(
                partial(drafts.drop_if_erased, self.desk, draft), self._looked_for, group="gone"
            )

    def on_screen_resume(self) -> None:
        """Something may have been done while another screen was above."""
        self.refresh_rows()

    def _looked_for(self, erased: bool) -> None:
        if erased:
            self._drop()

    def _drop(self) -> None:
        """Leave, and keep nothing of what is written."""
        if self._keeper is None or self._pristine is None or not self.is_current:
            return
        self._pristine = self._thrown = None
        self._keeper.give_away(self._keeper.draft)
        about = f"ticket {self.ticket_number}" if self.ticket_number is not None else "new ticket"
        self.dismiss()
        self.app.call_later(
            self._tell_below, f"{about}: the customer was erased; what you wrote is dropped"
        )

    # Leaving

    def action_back(self) -> None:
        """Leave; what is written is a draft. If it cannot be kept, ask first."""
        try:
            self._left(self._kept())
        except CannotCreate as error:
            self._ask_whether_to_lose_it(error, self.dismiss)

    def action_quit(self) -> None:
        """Leave the desk; what is written is a draft. If it cannot be kept, ask first."""
        with self.careful():
            try:
                self._kept()
            except CannotCreate as error:
                self._ask_whether_to_lose_it(error, self.app.exit)
            else:
                self.app.exit()

    def _ask_whether_to_lose_it(self, error: HelpdeskError, leave: Callable[[], object]) -> None:
        def answered(sure: bool | None) -> None:
            if sure:
                leave()

        self.app.push_screen(ThrowAwayScreen(f"{error.message}."), answered)

    def _kept(self) -> Draft | None:
        """Keep what is written before the screen is gone. Raises CannotCreate."""
        draft = self.written()
        if self._keeper is not None:
            try:
                self._keeper.keep(draft)
            except CustomerErased:
                return None
            except HelpdeskError as error:
                raise CannotCreate(f"What you write cannot be kept: {error.message}") from error
        return draft

    def _left(self, draft: Draft | None) -> None:
        what = self.what
        self.dismiss()
        if draft is not None:
            self.app.call_later(self._tell_below, f"the {what} is kept as a draft: {self.again}")

    def _tell_below(self, words: str) -> None:
        below: Any = self.app.screen
        if isinstance(below, DeskScreen):
            below.tell(words)

    def action_afresh(self) -> None:
        """Throw away what is written, or bring it back."""
        thrown, draft = self._thrown, self.written()
        if draft is not None and self._pristine is not None:
            self._thrown = draft
            self.fill_in(self._pristine)
            self.tell("thrown away, begin afresh; ^g brings it back")
        elif thrown is not None:
            self._thrown = None
            self.fill_in(thrown)
            self.tell("here it is again")
        else:
            self.tell("nothing is written that could be thrown away")
        self.query_one(DraftLine).say("")

    # Sending

    def send(
        self,
        job: Callable[[], T],
        then: Callable[[T], object],
        failed: Callable[[HelpdeskError], object] | None = None,
    ) -> None:
        """Send it now; it is no draft any more."""

        def sent() -> T:
            result = job()
            if self._keeper is not None:
                with suppress(HelpdeskError):  # sent it is
                    self._keeper.finish()
            return result

        super().send(sent, then, failed)

    def give_draft_away(self, draft: Draft) -> Draft:
        """Whoever sends what is written keeps it from now on, by the name that this gives it."""
        return draft if self._keeper is None else self._keeper.give_away(draft)

    def take_draft_again(self) -> None:
        """Nobody else keeps what is written after all."""
        if self._keeper is not None:
            self._keeper.take_again()
