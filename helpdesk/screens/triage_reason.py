"""Why a customer needs no answer: a common reason by one key, or one typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from helpdesk.domain.errors import InvalidInput
from helpdesk.domain.ticket import Ticket
from helpdesk.screens.dialog import DeskDialog
from helpdesk.screens.writing import Trouble, WritingScreen
from helpdesk.terminal.actions import bindings, pick
from helpdesk.text import clean_line
from helpdesk.widgets.fields import LineField
from helpdesk.widgets.promise_list import brief_time

REASONS = ("a thank-you", "a duplicate", "spam")
"""The common reasons; the first one is taken by the key 1."""


class ReasonField(LineField):
    """A line to type, whose first character may choose a common reason."""

    @dataclass
    class Chosen(Message):
        """The key of a common reason was pressed."""

        reason: str

    async def _on_key(self, event: events.Key) -> None:
        keys = [str(number) for number in range(1, len(REASONS) + 1)]
        if not self.value and event.character in keys:
            event.stop()
            event.prevent_default()
            self.post_message(self.Chosen(REASONS[keys.index(event.character)]))


class ReasonScreen(DeskDialog[str], WritingScreen[str]):
    """Asks why no answer is needed; gives the reason, or None if the agent left."""

    ACTIONS = pick("send back")
    BINDINGS = bindings(ACTIONS)
    AUTO_FOCUS = "ReasonField"

    DEFAULT_CSS = """
    ReasonScreen > #dialog { width: 64; }
    ReasonScreen .becomes { height: auto; padding: 0 1; color: $text-muted; }
    ReasonScreen .common { height: auto; padding: 0 1; }
    ReasonScreen .row { height: 1; margin-top: 1; }
    ReasonScreen .label { width: 7; padding: 0 1; color: $text-muted; }
    """

    def __init__(self, ticket: Ticket) -> None:
        super().__init__()
        self.ticket = ticket

    def body(self) -> ComposeResult:
        """What becomes of the promise, the common reasons, a line for another."""
        yield Static(Content(self._becomes()), classes="becomes")
        lines = [
            Content.assemble((str(number), "bold"), f"  {reason}")
            for number, reason in enumerate(REASONS, 1)
        ]
        yield Static(Content("\n").join(lines), classes="common")
        with Horizontal(classes="row"):
            yield Static(Content("Why"), classes="label")
            yield ReasonField(hint="1, 2, 3, or type it and press ⏎")
        yield Trouble()

    def on_mount(self) -> None:
        """Say which ticket it is about."""
        title = Content(f" #{self.ticket.id}: no answer needed ")
        self.query_one("#dialog").border_title = cast(Any, title)

    def _becomes(self) -> str:
        promise, now = self.ticket.promise, self.desk.now()
        if promise is None:
            return ""
        due = brief_time(promise.due, self.desk.zone, now)
        if promise.is_past(now):
            return f"The promise for {due} stays on record as broken."
        return f"The promise for {due} is withdrawn: neither kept nor broken."

    def is_written(self) -> bool:
        """Whether a reason is typed."""
        return bool(self._reason())

    def _reason(self) -> str:
        return clean_line(self.query_one(ReasonField).value)

    def on_reason_field_chosen(self, message: ReasonField.Chosen) -> None:
        """A common reason is enough."""
        self.dismiss(message.reason)

    def on_input_changed(self, event: Input.Changed) -> None:
        """What was wrong may be right now."""
        self.tell("")

    def on_input_submitted(self) -> None:
        """Enter takes the typed reason."""
        self.run_worker(self.action_do("send"))

    def action_send(self) -> None:
        """Take the typed reason."""
        if not self._reason():
            raise InvalidInput("say why no answer is needed: 1, 2, 3, or in your words")
        self.dismiss(self._reason())
