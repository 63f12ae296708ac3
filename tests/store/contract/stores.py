"""The stores that keep the contract, and a desk to ask them about.

A store that is added joins ``STORES``: everything here must hold of it as it is.
"""

from collections.abc import Callable
from pathlib import Path

from helpdesk.domain.words import Channel, Kind, Priority
from helpdesk.store.base import Store
from helpdesk.store.open import open_store
from tests.store.making import answered, closed, customer, save, ticket

Opener = Callable[[], Store]


def open_files(folder: Path) -> Store:
    """The embedded store in a folder."""
    return open_store(folder)


STORES = {"files": open_files}


def a_mixed_desk(store: Store) -> None:
    """1 is late at 5 hours, 2 is due later, 3 has no hurry; 4 and 5 wait on him; 6, 7 closed."""
    save(
        store,
        customer(1, "Айгүл Асанова", emails=[{"address": "aigul@example.com"}]),
        customer(2, "Acme Ltd", phones=[{"number": "+996 (555) 12-34-56"}]),
        ticket(3, 2, due=30, kind=Kind.REQUEST, channel=Channel.WEB, priority=Priority.LOW),
        ticket(2, 1, due=6, assignee="aibek", tags=("zip", "late")),
        ticket(1, 1, due=4, assignee="nazgul", tags=("zip",), opened=-30),
        answered(ticket(4, 2, kind=Kind.FEEDBACK), 1),
        answered(ticket(5, 2, channel=Channel.PHONE), 2),
        closed(answered(ticket(6, 1), 1), 1),
        closed(answered(ticket(7, 1, source="boston-311", external_id="A-7"), 3), 3),
    )
