"""The head of a ticket: what it is about, what was promised, for whom, what we understood."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from textual.content import Content

from helpdesk.domain.customer import Customer
from helpdesk.domain.queue import QueueRow
from helpdesk.domain.ticket import Ticket, Understanding
from helpdesk.domain.wording import STATE_WORDS, channel_words
from helpdesk.domain.words import Priority, State
from helpdesk.text import clean, clean_line
from helpdesk.widgets.customer_card import birthday_words, others_words
from helpdesk.widgets.promise_list import promise_line
from helpdesk.widgets.queue_columns import PRIORITY_SIGNS

_CONFIRMED = {None: "not confirmed yet", True: "confirmed", False: "the customer says: not right"}


def head(
    ticket: Ticket,
    customer: Customer | None,
    tickets: Sequence[QueueRow],
    *,
    greeting: str,
    now: datetime,
    zone: ZoneInfo,
) -> list[Content]:
    """The lines, most important first; each is to be cut at the width of the screen."""
    lines = [
        Content.assemble((f"#{ticket.id} ", "$text-muted"), (clean_line(ticket.subject), "bold")),
        promise_line(ticket, now, zone),
        facts(ticket),
    ]
    if customer is not None:
        birthday = birthday_words(customer, now.astimezone(zone).date())
        lines.append(_whom(customer, tickets, ticket.id, greeting, birthday))
    if ticket.understanding is not None:
        lines.append(understood(ticket.understanding))
    if ticket.root_cause or ticket.resolution:
        lines.append(found(ticket))
    return lines


def facts(ticket: Ticket) -> Content:
    """State, priority, kind, channel, assignee and tags in a line."""
    assignee = f"with {clean_line(ticket.assignee)}" if ticket.assignee else "unassigned"
    style = {State.ON_US: "bold", State.ON_CUSTOMER: "", State.CLOSED: "$text-muted"}
    parts = [
        Content.styled(STATE_WORDS[ticket.state], style[ticket.state]),
        *_priority(ticket.priority),
        Content(str(ticket.kind)),
        Content(channel_words(ticket.channel)),
        Content(assignee),
        *(Content(f"#{clean_line(tag)}") for tag in ticket.tags),
        *(Content(_link_words(link.relation, link.ticket)) for link in ticket.links),
    ]
    return Content.styled(" · ", "$text-muted").join(parts)


def _priority(priority: Priority) -> list[Content]:
    if priority is Priority.NORMAL:
        return []
    sign = PRIORITY_SIGNS.get(priority, "")
    return [Content.styled(f"{sign}{priority} priority", "$warning bold" if sign else "")]


def _link_words(relation: str, ticket: int) -> str:
    words = relation.replace("_", " ")
    return f"{words} #{ticket}" if relation != "related" else f"see #{ticket}"


def _whom(
    customer: Customer, tickets: Sequence[QueueRow], current: int, greeting: str, birthday: str
) -> Content:
    index = customer.satisfaction
    parts = [
        f"“{clean_line(greeting)}”",
        clean_line(birthday),
        *(f"#{clean_line(tag)}" for tag in customer.tags),
        f"satisfied {index} of 100" if index is not None else "",
        others_words(tickets, current),
        f"{customer.segment(len(tickets))} customer",
        customer.language or "",
        clean_line(customer.name),
    ]
    return Content.assemble(("for  ", "$accent bold"), " · ".join(part for part in parts if part))


def understood(understanding: Understanding) -> Content:
    """What we understood, and whether the customer said that it is right."""
    confirmed = understanding.confirmed
    glyph = {None: "?", True: "✓", False: "✗"}[confirmed]
    style = {None: "$warning", True: "$success", False: "$error bold"}[confirmed]
    return Content.assemble(
        (f"{glyph} understood, {_CONFIRMED[confirmed]}: ", style), clean_line(understanding.text)
    )


def found(ticket: Ticket) -> Content:
    """The root cause and the resolution."""
    parts = []
    if ticket.root_cause:
        parts.append(
            Content.assemble(("root cause: ", "$text-muted"), clean_line(ticket.root_cause))
        )
    if ticket.resolution:
        parts.append(
            Content.assemble(("resolution: ", "$text-muted"), clean_line(ticket.resolution))
        )
    return Content(" · ").join(parts)


def in_full(ticket: Ticket) -> Content:
    """What we understood, the root cause and the resolution, each under its name."""
    noted = ticket.understanding
    parts = (
        (
            f"Understood, {_CONFIRMED[noted.confirmed]}" if noted else "",
            noted.text if noted else "",
        ),
        ("Root cause", ticket.root_cause),
        ("Resolution", ticket.resolution),
    )
    lines = [
        Content.assemble((f"\n{name}\n", "$accent bold"), clean(text).expandtabs(4).strip("\n"))
        for name, text in parts
        if text
    ]
    return Content("\n").join(lines)
