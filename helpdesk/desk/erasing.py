"""Erasing a person for good: the profile goes, the tickets stay as figures without words."""

from dataclasses import dataclass

from helpdesk.desk import audit, drafts
from helpdesk.desk.desk import Desk
from helpdesk.desk.exporting import tickets_of
from helpdesk.domain.audit import Deed
from helpdesk.domain.erasure import erase as stripped
from helpdesk.domain.rights import Right
from helpdesk.store import joined


@dataclass(frozen=True, slots=True)
class Traces:
    """What there is of a person: the customer's number and name, tickets, messages in them."""

    customer: int
    name: str
    tickets: int
    open_tickets: int
    messages: int
    unreadable: tuple[str, ...]
    """Places of documents that cannot be read, and so could not be searched."""
    strays: tuple[str, ...]
    """Places of files among the documents that are none, and so are not searched."""
    out_of_reach: int
    """Agents whose drafts whoever erases may not search; theirs go when they log in next."""


def traces(desk: Desk, number: int) -> Traces:
    """Look at what an erasure would take away. Raises NotFound, NotPermitted."""
    desk.require(Right.ERASE)
    customer = desk.store.customer(number)
    tickets = [desk.store.ticket(ticket) for ticket in tickets_of(desk, number)]
    return Traces(
        customer=number,
        name=customer.name,
        tickets=len(tickets),
        open_tickets=desk.store.count(desk.query(f"customer:{number} -is:closed")),
        messages=sum(len(ticket.messages) for ticket in tickets),
        unreadable=tuple(fault.place for fault in desk.store.unreadable()),
        strays=tuple(desk.store.strays()),
        out_of_reach=drafts.out_of_reach(desk),
    )


def erase(desk: Desk, number: int) -> int:
    """Erase customer ``number`` for good; gives the number of tickets that were stripped.

    Open tickets are closed; figures of the ledger stay (``domain.erasure``). Raw mail and
    attachments go unless another customer's ticket refers to the same. It is done wholly or not
    at all. Drafts that agents have about the customer go too (``drafts.forget``).

    Raises:
        NotFound: if there is no such customer.
        NotPermitted: unless the agent is lead.
        CannotCreate, TryAgain: as every writing.
    """
    # An index that was made anew meanwhile must not leave anything of the person behind.
    desk.store.catch_up(by_folders=True)
    now = desk.now()
    with desk.writing(Right.ERASE) as writing:
        customer = writing.customer(number)
        tickets = tickets_of(desk, number)
        profiles = [number, *joined.merged_into(desk.path, number)]
        gone = [*(("customers", one) for one in profiles), *(("tickets", one) for one in tickets)]
        for ticket in tickets:
            found = writing.ticket(ticket)
            for sha256 in found.kept:
                if set(desk.store.referring_to(sha256)) <= set(tickets):
                    writing.let_go(sha256)
            for outgoing in desk.store.outgoing_of(ticket).values():
                writing.remove_outgoing(outgoing)
                gone.append(("outbox", outgoing))
            writing.put(stripped(found, at=now, by=desk.agent))
        writing.remove_customer(number)
        joined.forget(desk.path, number)
        audit.record(desk.path, desk.agent, Deed.ERASED, customer=number, tickets=len(tickets))
    desk.changing(Right.ERASE).forget(gone)
    drafts.forget(desk, customer, tickets)
    return len(tickets)
