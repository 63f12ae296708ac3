"""Filing mail on a ticket: what programs send, and what an import finds in an old mailbox.

None of it tells the customer anything: what is only filed makes no promise and takes no closed
matter up again.
"""

from collections.abc import Sequence

from helpdesk.domain import promise as rules
from helpdesk.domain.errors import RuleBroken
from helpdesk.domain.steps import ByMail, Deed, in_state, made, noted, said, with_
from helpdesk.domain.ticket import Link, Ticket
from helpdesk.domain.words import Direction, Kind, Priority, State


def file(
    ticket: Ticket,
    deed: Deed,
    text: str,
    author: str,
    mail: ByMail,
    why: str,
    direction: Direction = Direction.IN,
) -> Ticket:
    """A message put on the ticket as it is; ``why`` it is only filed, for the history.

    Raises:
        RuleBroken: if the customer was erased.
    """
    if ticket.erased:
        raise RuleBroken(f"ticket {ticket.id}: its customer was erased; nothing can be added")
    ticket = said(ticket, _by(deed, author), direction, text, mail=mail)
    return noted(ticket, deed, "mail filed", why)


def open_filed(
    deed: Deed,
    *,
    number: int,
    customer: int,
    kind: Kind,
    subject: str,
    text: str,
    author: str,
    mail: ByMail,
    why: str,
    direction: Direction = Direction.IN,
    priority: Priority = Priority.NORMAL,
    tags: Sequence[str] = (),
) -> Ticket:
    """A new ticket on which nobody waits for us, with a message that is only filed.

    Raises:
        InvalidInput: for a value that a ticket cannot hold.
    """
    ticket = made(
        {
            "id": number,
            "customer": customer,
            "kind": kind,
            "channel": deed.channel,
            "state": State.ON_CUSTOMER,
            "priority": priority,
            "subject": subject,
            "tags": tuple(tags),
            "created": deed.at,
            "updated": deed.at,
        }
    )
    ticket = said(ticket, _by(deed, author), direction, text, mail=mail)
    return noted(ticket, deed, "opened", why)


def past_answer(ticket: Ticket, deed: Deed, text: str, author: str, mail: ByMail) -> Ticket:
    """An answer that left before it was imported: the promise that stood is kept or broken by it.

    Nobody can be asked any more whether it owned a delay, so that is not asked here.
    """
    ticket = said(ticket, _by(deed, author), Direction.OUT, text, mail=mail)
    ledger = rules.answer(ticket.promises, at=deed.at, message=ticket.messages[-1].id)
    ticket = noted(with_(ticket, promises=ledger), deed, "answered")
    return in_state(ticket, State.ON_CUSTOMER) if ticket.state is State.ON_US else ticket


def linked(ticket: Ticket, deed: Deed, others: Sequence[int]) -> Ticket:
    """The ticket tied to others as related; those that it is tied to already stay as they are."""
    known = {link.ticket for link in ticket.links} | {ticket.id}
    new = [other for other in dict.fromkeys(others) if other not in known]
    if not new:
        return ticket
    ticket = with_(ticket, links=(*ticket.links, *(Link(ticket=other) for other in new)))
    return noted(ticket, deed, "linked", ", ".join(map(str, new)))


def _by(deed: Deed, author: str) -> Deed:
    return Deed(at=deed.at, by=author, channel=deed.channel)
