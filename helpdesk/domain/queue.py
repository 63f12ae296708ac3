"""What a queue shows of a ticket, of a promise and of a customer: rows, not documents."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.words import Channel, Kind, Outcome, Priority, State


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A ticket as the queue shows it. ``due`` is that of the standing promise. Times are UTC.

    ``undelivered``: the last message to the customer was to go by mail and never left.
    """

    id: int
    external_id: str | None
    kind: Kind
    state: State
    channel: Channel
    priority: Priority
    subject: str
    customer_id: int | None
    customer_name: str
    assignee: str | None
    due: datetime | None
    tags: tuple[str, ...]
    created: datetime
    updated: datetime
    undelivered: bool = False

    def is_overdue(self, now: datetime) -> bool:
        """Whether the promise's time has gone by without an answer."""
        return self.due is not None and now > self.due


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A promise as the ledger lists it. ``outcome`` is what became of it by now. Times are UTC.

    ``told_at`` is None if the message that tells it never left.
    """

    ticket: int
    external_id: str | None
    customer: int | None
    promise: int
    due: datetime
    told_at: datetime | None
    told_by: str
    rule: str
    outcome: Outcome
    settled_at: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer as a list shows it."""

    id: int
    name: str
    contact: str
    open_tickets: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A ticket found by its words: ``match`` is the text around the first of them."""

    row: QueueRow
    match: str


class Hits(list[Hit]):
    """The first of the tickets found, and how many were found in all.

    ``more``: there are more than ``total``, of which nobody knows how many. ``by_age``: the newest
    come first, as none matches better than another.
    """

    def __init__(
        self,
        hits: Iterable[Hit] = (),
        *,
        total: int = 0,
        more: bool = False,
        by_age: bool = False,
    ) -> None:
        super().__init__(hits)
        self.total = total
        self.more = more
        self.by_age = by_age
