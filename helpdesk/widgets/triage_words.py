"""What a triage shows of a ticket, in words: what the customer said, what was tried, who it is.

Pure: from documents to Content. Lines are most important first; each is cut at the width.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from textual.content import Content

from helpdesk.domain.customer import Customer
from helpdesk.domain.message import Message
from helpdesk.domain.queue import QueueRow
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.wording import brief_time, day
from helpdesk.domain.words import Direction, State
from helpdesk.text import clean_line
from helpdesk.widgets.customer_card import (
    birthday_words,
    first_name_words,
    local_time,
    order_words,
    satisfaction_words,
)
from helpdesk.widgets.cut_lines import in_lines
from helpdesk.widgets.message_view import body, folded, in_order, message_head, told_since
from helpdesk.widgets.promise_list import promise_line
from helpdesk.widgets.queue_columns import how_long
from helpdesk.widgets.ticket_head import facts, found, understood

LABEL_CELLS = 9
TRIED = 4
"""So many of our last answers and notes are shown in a line each."""

OTHERS = 2
"""So many of the customer's other open tickets are shown in a line each."""

_QUIET = "$text-muted"


def head_lines(
    ticket: Ticket,
    now: datetime,
    zone: ZoneInfo,
    *,
    say: str,
    news: str,
    brief: bool,
    cells: int = 0,
    most: int = 1,
) -> list[Content]:
    """What we understood, the matter, its promise; ``say`` is the desk's greeting on the phone.

    ``news`` is what others did to the ticket while it was looked at. If ``brief``, no more than
    has to be known to decide. What we understood takes up to ``most`` lines of ``cells`` each.
    """
    lines = [Content.styled(f"! {clean_line(news)}", "$warning bold")] if news else []
    if ticket.understanding is not None:
        lines += in_lines(understood(ticket.understanding), cells, most)
    subject = clean_line(ticket.subject)
    lines += [
        Content.assemble((f"#{ticket.id} ", _QUIET), (subject, "bold")),
        promise_line(ticket, now, zone),
    ]
    if brief:
        return lines
    lines.append(facts(ticket))
    if say:
        lines.append(Content.assemble(("say  ", "$accent bold"), clean_line(say)))
    if ticket.root_cause or ticket.resolution:
        lines.append(found(ticket))
    return lines


def last_words(ticket: Ticket, zone: ZoneInfo, *, whole: bool = False) -> Content:
    """What the customer said last, and below it what came before and is not answered yet either."""
    unanswered: list[Message] = []
    for message in reversed(in_order(ticket.messages)):
        if message.is_answer and unanswered:
            break
        if message.direction is Direction.IN:
            unanswered.append(message)
    if not unanswered:
        return Content.styled("the customer's own words are not on record", _QUIET)
    parts = [_said(message, ticket, zone, whole=whole) for message in unanswered]
    return Content("\n\n").join(parts)


def _said(message: Message, ticket: Ticket, zone: ZoneInfo, *, whole: bool) -> Content:
    words = body(message, whole=whole)
    lines = [message_head(message, ticket, zone)]
    lines.append(Content(words) if words else Content.styled("(no words)", _QUIET))
    left_out = "" if whole else folded(message)
    if left_out:
        lines.append(Content.styled(left_out, _QUIET))
    if message.attachments:
        names = ", ".join(clean_line(each.name, 80) for each in message.attachments)
        lines.append(Content.styled(f"+ {names}", _QUIET))
    return Content("\n").join(lines)


def _ours(ticket: Ticket) -> list[Message]:
    """Our answers and notes, the newest first; what the desk sent by itself is none."""
    return [
        message
        for message in reversed(in_order(ticket.messages))
        if message.is_answer or message.direction is Direction.NOTE
    ]


def tried_lines(ticket: Ticket, now: datetime, zone: ZoneInfo) -> list[Content]:
    """Our last answers and notes, a line each."""
    ours = _ours(ticket)
    lines = [_tried(message, now, zone) for message in ours[:TRIED]]
    label = f"tried {len(ours)}" if len(ours) > TRIED else "tried"
    return _labelled(label, lines or [Content.styled(_NOTHING_TRIED, _QUIET)])


_NOTHING_TRIED = "nothing yet: the customer only has the acknowledgement"


def _tried(message: Message, now: datetime, zone: ZoneInfo) -> Content:
    note = message.direction is Direction.NOTE
    sign, style = ("✎", "$warning bold") if note else ("→", "$success bold")
    head = f" {brief_time(message.at, zone, now)} {clean_line(message.author)}: "
    return Content.assemble((sign, style), (head, _QUIET), _gist(message))


def _gist(message: Message) -> str:
    """The message in a line; an answer without its greeting."""
    words = body(message)
    greeting, _, rest = words.partition("\n\n")
    if message.is_answer and rest.strip() and "\n" not in greeting:
        words = rest
    return clean_line(words, 200)


def tried_in_full(ticket: Ticket, zone: ZoneInfo) -> Content:
    """Our answers and notes with all their words, the newest first."""
    ours = _ours(ticket)
    heading = Content.styled("What was tried", "$accent bold")
    if not ours:
        return Content("\n").join([heading, Content.styled(_NOTHING_TRIED, _QUIET)])
    return Content("\n\n").join(
        [heading, *(_said(each, ticket, zone, whole=False) for each in ours)]
    )


def who_lines(
    customer: Customer | None,
    tickets: Sequence[QueueRow],
    current: int,
    *,
    greeting: str,
    now: datetime,
    zone: ZoneInfo,
) -> list[Content]:
    """The customer in few lines: how to greet, what matters, the last order, what else is open."""
    if customer is None:
        return _labelled("who", [Content.styled("the customer's data was erased", _QUIET)])
    return [
        *_labelled("who", [_who(customer, len(tickets), greeting, now, zone)]),
        *_labelled("notes", list(_notes(customer, zone))),
        *_labelled("order", [Content(clean_line(each, 300)) for each in _order(customer)]),
        *_others(tickets, current, now),
    ]


def _who(customer: Customer, tickets: int, greeting: str, now: datetime, zone: ZoneInfo) -> Content:
    index = customer.satisfaction
    satisfied = f"satisfied: {satisfaction_words(customer)}" if index is not None else ""
    parts = [
        Content.styled(f"“{clean_line(greeting)}”", "bold"),
        Content(first_name_words(customer) if customer.first_name_permitted else ""),
        Content(clean_line(birthday_words(customer, now.astimezone(zone).date()))),
        Content(" ".join(f"#{clean_line(tag)}" for tag in customer.tags)),
        Content.styled(satisfied, "$warning bold" if index is not None and index < 50 else ""),
        Content(f"{customer.segment(tickets)} customer"),
        Content(local_time(customer, now, zone)),
        Content(customer.language or ""),
        Content(clean_line(customer.name)),
    ]
    return Content.styled(" · ", _QUIET).join(part for part in parts if part.plain)


def _notes(customer: Customer, zone: ZoneInfo) -> Iterator[Content]:
    if customer.wishes:
        yield Content("; ".join(clean_line(wish, 200) for wish in customer.wishes))
    newest = max(customer.notes, key=lambda note: note.at, default=None)
    if newest is not None:
        head = f"{day(newest.at, zone)}, {clean_line(newest.by)}: "
        yield Content.assemble((head, _QUIET), clean_line(newest.text, 300))


def _order(customer: Customer) -> Iterator[str]:
    newest = max(customer.orders, key=lambda order: order.date, default=None)
    if newest is not None:
        yield order_words(newest)


def _others(tickets: Iterable[QueueRow], current: int, now: datetime) -> list[Content]:
    """What else the customer waits for, or we wait for from him."""
    others = [row for row in tickets if row.id != current and row.state is not State.CLOSED]
    lines = []
    for row in others[:OTHERS]:
        style = "$error bold" if row.is_overdue(now) else ""
        subject = clean_line(row.subject)
        lines.append(Content.assemble((how_long(row, now), style), f" #{row.id} {subject}"))
    return _labelled(f"open {len(others)}" if len(others) > OTHERS else "open", lines)


def _labelled(label: str, lines: list[Content]) -> list[Content]:
    """The lines with ``label`` before the first and a space as wide before the others."""
    name = label.ljust(LABEL_CELLS)
    return [
        Content.assemble((name if place == 0 else " " * LABEL_CELLS, "$accent"), line)
        for place, line in enumerate(lines)
    ]


def gone_words(ticket: Ticket) -> str:
    """What became of a ticket that waits on us no more: ``#12, closed by asel``."""
    if ticket.merged_into is not None:
        return f"#{ticket.id}, merged into #{ticket.merged_into}"
    did = "closed" if ticket.state is State.CLOSED else "answered"
    by = f" by {clean_line(ticket.history[-1].by)}" if ticket.history else ""
    return f"#{ticket.id}, {did}{by}"


def news_words(old: Ticket, new: Ticket, agent: str, zone: ZoneInfo) -> str:
    """What others than ``agent`` did to the ticket since ``old``; "" if nothing."""
    if old.promise is not None and new.promise is None:
        return f"meanwhile {gone_words(new)}; s goes on"
    if all(event.by == agent for event in new.history[len(old.history) :]):
        return ""
    return f"changed meanwhile: {clean_line(told_since(old, new, zone).plain, 200)}"
