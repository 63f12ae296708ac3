"""Why a customer needs no answer: a common reason by one key, or one typed; held like a letter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from textual import events
from textual.message import Message

from helpdesk.desk import answers
from helpdesk.domain.errors import InvalidInput
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.wording import brief_time, how_long
from helpdesk.screens.prompt import Line
from helpdesk.screens.ticket_form import TicketForm
from helpdesk.screens.ticket_refusals import NO_PROMISE
from helpdesk.text import clean_line
from helpdesk.widgets.line_field import LineField

if TYPE_CHECKING:
    from helpdesk.desk.desk import Desk
    from helpdesk.screens.base import DeskScreen

REASONS = ("a thank-you", "a duplicate", "spam")
"""The common reasons; the first one is taken by the key 1."""


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """That no answer is needed, and why; decided on ``ticket`` as the agent saw it last."""

    ticket: Ticket
    reason: str

    @property
    def words(self) -> str:
        """What is decided, in a few words."""
        return f"no answer to #{self.ticket.id}"

    def deed(self, desk: Desk) -> Callable[[int], object]:
        """Does it, given the ``rev`` of the ticket."""
        return partial(answers.no_answer_needed, desk, self.ticket.id, self.reason)


class ReasonField(LineField):
    """A line to type, in which a digit chooses a common reason where nothing else is typed."""

    @dataclass
    class Chosen(Message):
        """The key of a common reason was pressed."""

        reason: str

    async def _on_key(self, event: events.Key) -> None:
        keys = [str(number) for number in range(1, len(REASONS) + 1)]
        if self.value in ("", *REASONS) and event.character in keys:
            event.stop()
            event.prevent_default()
            self.post_message(self.Chosen(REASONS[keys.index(event.character)]))


class NoAnswerForm(TicketForm):
    """Asks why no answer is needed; gives a NoAnswer, or None if the agent left."""

    def __init__(self, desk: Desk, ticket: Ticket, typed: str = "") -> None:
        """``typed`` is what was typed before, if it was taken back."""
        why = Line("reason", "Why", typed, "1, 2, 3, or type it and press ⏎", field=ReasonField)
        super().__init__(
            desk,
            ticket,
            "no answer needed",
            lambda _: [why],
            _decided,
            explain=lambda ticket: [_becomes(desk, ticket), _COMMON],
            decides="decide",
        )

    def on_reason_field_chosen(self, message: ReasonField.Chosen) -> None:
        """A common reason is enough."""
        self.fill("reason", message.reason)
        self.action_send()


def ask_why_none(screen: DeskScreen[Any], number: int) -> None:
    """Ask why the customer of that ticket needs no answer, after what is held on the ticket, as
    that may be against it; the decision is held."""
    held, desk = screen.held, screen.desk

    def settled() -> Ticket:
        held.carry_out_for(number)
        return desk.store.ticket(number)

    def answered(decided: object) -> None:
        if isinstance(decided, NoAnswer):
            hold = partial(held.hold_no_answer, decided)
            screen.work(hold, lambda _: held.show(), keys_wait=True)

    def ask(ticket: Ticket) -> None:
        if ticket.promise is None:
            screen.tell(NO_PROMISE)
            return
        form = NoAnswerForm(desk, ticket, held.reasons.get(number, ""))
        screen.app.push_screen(form, answered)

    screen.work(settled, ask, group="ask", keys_wait=True)


_COMMON = " · ".join(f"{number} {reason}" for number, reason in enumerate(REASONS, 1))


def _becomes(desk: Desk, ticket: Ticket) -> str:
    promise, now = ticket.promise, desk.now()
    if promise is None:
        return "No promise stands now."
    due = f"{brief_time(promise.due, desk.zone, now)}, {how_long(promise.due, now)},"
    if promise.is_past(now):
        return f"The promise for {due} stays on record as broken."
    return f"The promise for {due} is withdrawn: neither kept nor broken."


def _decided(now: Ticket, values: Mapping[str, str]) -> NoAnswer:
    reason = clean_line(values["reason"])
    if not reason:
        raise InvalidInput("say why no answer is needed: 1, 2, 3, or in your words")
    return NoAnswer(now, reason)
