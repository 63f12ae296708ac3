"""Taking back what told nobody: who has a ticket, its tags, what was noted about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from helpdesk.desk.desk import Desk
from helpdesk.desk.matters import deed_on
from helpdesk.domain import actions
from helpdesk.domain.errors import NotFound, RuleBroken, TryAgain
from helpdesk.domain.rights import Right
from helpdesk.domain.ticket import Ticket

QUIET = (
    "assignee", "tags", "priority", "kind", "subject", "understanding", "root_cause", "resolution",
)  # fmt: skip
"""What can be set on a ticket without telling anybody."""


@dataclass(frozen=True, slots=True)
class Change:
    """What was set on a ticket: fields with what they were before, and what they became."""

    ticket: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Quiet:
    """A deed that told nobody; ``words`` say what was done, as a line for the agent."""

    words: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Back:
    """What came of taking a deed back: which tickets are as they were, and why others are not."""

    done: tuple[int, ...]
    refused: tuple[str, ...]


def change(before: Ticket, after: object) -> Change | None:
    """What was set on the ticket; None if anybody was told, or somebody else's deed came
    between."""
    if not isinstance(after, Ticket) or (after.id, after.rev) != (before.id, before.rev + 1):
        return None
    if (before.messages, before.promises, before.state) != (
        after.messages, after.promises, after.state,
    ):  # fmt: skip
        return None
    names = [name for name in QUIET if getattr(before, name) != getattr(after, name)]
    return Change(before.id, _fields(before, names), _fields(after, names))


def take_back(desk: Desk, deed: Quiet) -> Back:
    """Set everything as it was before the deed; the history of each ticket tells that it was.

    A ticket is left as it is if it is no more, if its customer was erased, or if somebody has
    changed since what the deed had set.

    Raises:
        NotPermitted: if the agent may change no tickets.
    """
    desk.require(Right.WORK)
    done, refused = [], []
    for each in deed.changes:
        try:
            _set_back(desk, each)
        except (NotFound, RuleBroken, TryAgain) as error:
            refused.append(error.message)
        else:
            done.append(each.ticket)
    return Back(tuple(done), tuple(refused))


def _set_back(desk: Desk, made: Change) -> None:
    with desk.writing() as writing:
        ticket = writing.ticket(made.ticket)
        if _fields(ticket, made.after) != made.after:
            by = ticket.history[-1].by if ticket.history else "somebody"
            raise TryAgain(f"ticket {ticket.id} was changed since, by {by}")
        words = ", ".join(name.replace("_", " ") for name in made.before)
        deed = deed_on(desk, ticket)
        writing.put(actions.change(ticket, deed, "taken back", words, **made.before))


def _fields(ticket: Ticket, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(ticket, name) for name in names}
