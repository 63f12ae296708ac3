"""What cannot be done to a ticket as it is, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk.desk import serving
from helpdesk.domain.words import State

if TYPE_CHECKING:
    from helpdesk.domain.queue import QueueRow
    from helpdesk.domain.ticket import Ticket
    from helpdesk.screens.ticket import Sight

NO_PROMISE = "no promise stands: the customer waits for no answer"


def not_yours(number: int) -> str:
    """Why only whoever has a ticket leaves it."""
    return f"ticket {number} is not yours; A assigns it"


def why_not(name: str, sight: Sight, agent: str) -> str | None:
    """Why an action cannot be done to a ticket, as a line; None if it can."""
    ticket = sight.ticket
    number = ticket.id
    if ticket.erased and name in CHANGES:
        return f"ticket {number}: its customer was erased; nothing can be added"
    if ticket.merged_into is not None and name in _GOES_ON:
        return f"ticket {number} was merged: work on ticket {ticket.merged_into}"
    if name == "no_answer" and ticket.promise is None:
        return NO_PROMISE
    if name == "merge" and len(sight.tickets) < 2:
        return "the customer has no other ticket to merge this one into"
    if name == "save_file":
        return _why_no_file(ticket)
    return _as_it_stands(name, number, ticket.state, ticket.assignee, agent)


def _why_no_file(ticket: Ticket) -> str | None:
    if not ticket.files:
        return "no file came with this ticket"
    if serving.service() is not None:
        return f"no file is written here: 'helpdesk attachment {ticket.id} 1' gives it as output"
    return None


def why_not_here(name: str, row: QueueRow, agent: str) -> str | None:
    """The same of a ticket of which no more is known than its row in the queue."""
    if name == "customer" and row.customer_id is None:
        return f"ticket {row.id} has no customer's profile any more"
    if name == "no_answer" and row.due is None:
        return NO_PROMISE
    return _as_it_stands(name, row.id, row.state, row.assignee, agent)


def _as_it_stands(
    name: str, number: int, state: State, assignee: str | None, agent: str
) -> str | None:
    """What state and assignee alone do not allow, as a line."""
    closed = state is State.CLOSED
    if closed and name == "promise":
        return f"ticket {number} is closed: no promise can be told; R on it takes it up again"
    if closed and name == "close":
        return f"ticket {number} is closed already; R on it takes it up again"
    if closed and name in _TURNED_OVER:
        return f"ticket {number} is closed and stays whose it was; R on it takes it up again"
    if not closed and name == "reopen":
        return f"ticket {number} is not closed: there is nothing to take up again"
    if name == "assign" and assignee == agent:
        return f"ticket {number} is yours already; A assigns it to somebody else"
    if name == "leave" and assignee != agent:
        return not_yours(number)
    return None


_TURNED_OVER = frozenset({"assign", "assign_to", "leave"})

_GOES_ON = _TURNED_OVER | {"reply", "promise", "close", "no_answer", "reopen", "merge"}
"""What can no more be done to a ticket that was merged into another."""

CHANGES = _GOES_ON | {
    "note", "wrote", "customer", "understanding", "cause", "tags", "kind", "rename",
}  # fmt: skip
"""What can no more be done once the customer was erased."""
