"""What an agent did himself since he saw a ticket does not stop what he decided on it."""

from helpdesk.desk.desk import Desk
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Direction


def ticket_to_act_on(desk: Desk, seen: Ticket) -> Ticket:
    """The ticket as it is, if since it was ``seen`` at most this agent has noted, tagged or
    assigned something; else as it was seen, so that acting on its ``rev`` is a Conflict.

    Raises:
        NotFound: if there is no such ticket any more.
    """
    ticket = desk.store.ticket(seen.id)
    return ticket if only_own(seen, ticket, desk.agent) else seen


def only_own(old: Ticket, new: Ticket, agent: str) -> bool:
    """Whether the ticket differs only by notes, tags and the like of that agent."""
    told = new.messages[len(old.messages) :]
    done = new.history[len(old.history) :]
    return (
        (old.state, old.promises, old.merged_into) == (new.state, new.promises, new.merged_into)
        and all(each.direction is Direction.NOTE and each.author == agent for each in told)
        and all(each.by == agent for each in done)
    )
