"""A ticket beside the queue: the promise, what we understood, what the customer wrote last."""

from datetime import datetime
from zoneinfo import ZoneInfo

from textual.content import Content
from textual.widgets import Static

from helpdesk import clock
from helpdesk.domain.customer import Customer
from helpdesk.domain.message import Message
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Direction
from helpdesk.text import clean_line
from helpdesk.widgets.at_desk import desk_of
from helpdesk.widgets.customer_card import first_name_words, satisfaction_words
from helpdesk.widgets.message_view import body, in_order, message_head
from helpdesk.widgets.promise_list import promise_line
from helpdesk.widgets.said import say
from helpdesk.widgets.ticket_head import facts, found, understood

LETTERS = 1200
"""So much of the last message is shown."""


NEWEST = 20
"""So many messages are shown where there is room for the conversation."""


def preview(
    ticket: Ticket,
    customer: Customer | None,
    now: datetime,
    zone: ZoneInfo,
    *,
    whole: bool = False,
    brief: bool = False,
) -> Content:
    """The ticket and its customer in a column; ``whole``: the conversation, newest first, and not
    the customer; ``brief``: the last words before all else."""
    said = (
        _conversation(ticket, zone, last_words_first=brief) if whole else _last_words(ticket, zone)
    )
    about = [Content(""), *_about(customer)] if customer is not None and not whole else []
    known, words = _facts(ticket, now, zone), [*said, *about]
    parts = (words, known) if brief else (known, words)
    return Content("\n").join([*parts[0], Content(""), *parts[1]])


def _facts(ticket: Ticket, now: datetime, zone: ZoneInfo) -> list[Content]:
    lines = [
        Content.assemble((f"#{ticket.id} ", "$text-muted"), (clean_line(ticket.subject), "bold")),
        promise_line(ticket, now, zone),
        facts(ticket),
    ]
    if ticket.understanding is not None:
        lines.append(understood(ticket.understanding))
    if ticket.root_cause or ticket.resolution:
        lines.append(found(ticket))
    return lines


def _last_words(ticket: Ticket, zone: ZoneInfo) -> list[Content]:
    """The customer's last message, and the last note after it."""
    messages = in_order(ticket.messages)
    shown = [message for message in messages if message.direction is Direction.IN][-1:]
    notes = [message for message in messages if message.direction is Direction.NOTE][-1:]
    lines: list[Content] = []
    for message in sorted(shown + notes, key=lambda each: each.at):
        lines += _message(message, ticket, zone)
    return lines


def _conversation(ticket: Ticket, zone: ZoneInfo, *, last_words_first: bool) -> list[Content]:
    """The newest messages, the last one first; or before it the customer's last."""
    lines: list[Content] = []
    messages = in_order(ticket.messages)
    shown = messages[: -NEWEST - 1 : -1]
    if last_words_first:
        said = [message for message in shown if message.direction is Direction.IN][:1]
        shown = [*said, *(message for message in shown if message not in said)]
    for message in shown:
        lines += [*_message(message, ticket, zone), Content("")]
    if len(messages) > NEWEST:
        older = len(messages) - NEWEST
        lines.append(Content.styled(f"… {older} before these; ⏎ opens the ticket", "$text-muted"))
    return lines


def _message(message: Message, ticket: Ticket, zone: ZoneInfo) -> list[Content]:
    """What was written; of an acknowledgement only that it was sent."""
    if message.automatic:
        return [message_head(message, ticket, zone)]
    text = body(message)
    return [
        message_head(message, ticket, zone),
        Content(text if len(text) <= LETTERS else f"{text[:LETTERS]}…"),
    ]


def _about(customer: Customer) -> list[Content]:
    lines = [
        Content.styled(clean_line(customer.name), "bold"),
        Content(f"{first_name_words(customer)} · satisfaction: {satisfaction_words(customer)}"),
    ]
    lines += [Content(f"• {clean_line(wish, 200)}") for wish in customer.wishes[:3]]
    newest = sorted(customer.notes, key=lambda note: note.at, reverse=True)[:2]
    lines += [Content(f"✎ {clean_line(note.text, 200)}") for note in newest]
    return lines


class TicketPreview(Static):
    """The preview of the selected ticket."""

    DEFAULT_CSS = "TicketPreview { height: auto; }"

    def __init__(self) -> None:
        super().__init__(Content(""))
        self._shown: tuple[Ticket, Customer | None, bool, bool] | None = None
        self._promise = Content("")

    def show(
        self,
        ticket: Ticket | None,
        customer: Customer | None,
        *,
        whole: bool = False,
        brief: bool = False,
    ) -> None:
        """Show another ticket; None: nothing. ``whole`` and ``brief`` as ``preview`` has them."""
        shown = (ticket, customer, whole, brief) if ticket is not None else None
        if shown is None or shown != self._shown:
            self._shown = shown
            self._say(clock.now())

    def tick(self, now: datetime) -> None:
        """Bring "in 20 min" up to date."""
        if self._shown is not None:
            ticket = self._shown[0]
            if not promise_line(ticket, now, desk_of(self).zone).is_same(self._promise):
                self._say(now)

    def _say(self, now: datetime) -> None:
        if self._shown is None:
            say(self, Content(""))
            return
        ticket, customer, whole, brief = self._shown
        zone = desk_of(self).zone
        self._promise = promise_line(ticket, now, zone)
        say(self, preview(ticket, customer, now, zone, whole=whole, brief=brief))
