"""Where a ticket went that was merged into another."""

from collections.abc import Iterator

from helpdesk.domain.errors import NotFound
from helpdesk.domain.ticket import Ticket
from helpdesk.store.base import Writing


def onward(writing: Writing, ticket: Ticket) -> Iterator[Ticket]:
    """The ticket, then those that it was merged into, one after the other, as far as they are
    there. Raises UnreadableDocument."""
    seen: set[int] = set()
    while ticket.id not in seen:  # documents edited by hand may lead in a circle
        yield ticket
        seen.add(ticket.id)
        if ticket.merged_into is None:
            return
        try:
            ticket = writing.ticket(ticket.merged_into)
        except NotFound:
            return


def end(writing: Writing, ticket: Ticket) -> Ticket:
    """The last of ``onward``: the one to work on, unless it was itself merged into one that is not
    there. Raises UnreadableDocument."""
    *_, last = onward(writing, ticket)
    return last
