"""Taking back what told nobody: who has a ticket, its tags, what was noted about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from helpdesk.desk.desk import Desk
from helpdesk.desk.matters import deed_on
from helpdesk.domain import actions
from helpdesk.domain.errors import TryAgain
from helpdesk.domain.ticket import Ticket

QUIET = (
    "assignee", "tags", "priority", "kind", "subject", "understanding", "root_cause", "resolution",
)  # fmt: skip
"""What can be set on a ticket without telling anybody."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """A deed that told nobody, by what the ticket was before and after it."""

    before: Ticket
    after: Ticket
    words: str
    """What was done, as a line for the agent."""


def quiet(before: Ticket, after: Ticket, words: str) -> Quiet | None:
    """The deed, if it told nobody and nobody else's came between; else None."""
    alone = before.id == after.id and after.rev == before.rev + 1
    told = (before.messages, before.promises, before.state) != (
        after.messages, after.promises, after.state,
    )  # fmt: skip
    return Quiet(before, after, words) if alone and not told and _changed(before, after) else None


def take_back(desk: Desk, deed: Quiet) -> Ticket:
    """Set everything as it was before the deed; the ticket's history tells that it was.

    Raises:
        NotFound: if the ticket is no more.
        TryAgain: if the ticket was changed since.
    """
    with desk.writing() as writing:
        ticket = writing.ticket(deed.after.id)
        if ticket.rev != deed.after.rev:
            by = ticket.history[-1].by if ticket.history else "somebody"
            raise TryAgain(f"ticket {ticket.id} was changed since, by {by}")
        fields = _changed(deed.before, ticket)
        words = ", ".join(name.replace("_", " ") for name in fields)
        return writing.put(
            actions.change(ticket, deed_on(desk, ticket), "taken back", words, **fields)
        )


def _changed(before: Ticket, after: Ticket) -> dict[str, Any]:
    """What differs, as it was before."""
    return {
        name: getattr(before, name)
        for name in QUIET
        if getattr(before, name) != getattr(after, name)
    }
