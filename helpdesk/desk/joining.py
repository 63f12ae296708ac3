"""Merging customers: of two profiles of one person one stays, with all that belongs to both."""

from helpdesk.desk import audit, customers
from helpdesk.desk.desk import Desk
from helpdesk.desk.exporting import tickets_of
from helpdesk.domain.audit import Deed
from helpdesk.domain.customer import Customer
from helpdesk.domain.errors import RuleBroken
from helpdesk.domain.joining import hand_over, join
from helpdesk.domain.rights import Right
from helpdesk.store import joined


def merge(desk: Desk, away: int, into: int, seen: int | None = None) -> Customer:
    """Merge customer ``away`` into ``into``, or into whom that one was merged himself; gives the
    profile that stays.

    Tickets, contacts, orders, notes and ratings go over; the other profile is removed, and its
    number leads to the one that stays. It is done wholly or not at all.

    Raises:
        NotFound: if one of them does not exist.
        NotPermitted: unless the agent is lead.
        RuleBroken: if they are one and the same.
        Conflict: if ``away`` was merged into somebody else meanwhile, or ``seen`` is given and is
            no longer the ``rev`` of that profile.
        CannotCreate, TryAgain: as every writing.
    """
    if away == into:
        raise RuleBroken("a customer cannot be merged into the same customer")
    # An index that was made anew meanwhile must not leave tickets behind.
    desk.store.catch_up(by_folders=True)
    now = desk.now()
    with desk.writing(Right.MERGE_CUSTOMERS) as writing:
        goes = writing.customer(away)
        stays = join(goes, writing.customer(into), at=now, by=desk.agent)
        customers.fresh(goes, away, seen)
        tickets = tickets_of(desk, away)
        for number in tickets:
            ticket = writing.ticket(number)
            writing.put(hand_over(ticket, stays.id, at=now, by=desk.agent))
        writing.remove_customer(away)
        saved = writing.put(stays)
        # If the write fails after this, the profile is still there and nothing is looked up.
        record = (goes.source, goes.external_id) if goes.source and goes.external_id else None
        joined.note(desk.path, away, stays.id, record)
        audit.record(desk.path, desk.agent, Deed.MERGED, customer=away, into=stays.id,
                     tickets=len(tickets))  # fmt: skip
    return saved
