"""What any store of the desk offers, whichever way it keeps the documents."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO, Protocol, TypeVar

from helpdesk.domain.errors import TryAgain

if TYPE_CHECKING:
    from helpdesk.domain.customer import Customer
    from helpdesk.domain.outgoing import Outgoing, Sending
    from helpdesk.domain.presence import Doing, Present
    from helpdesk.domain.query import Query
    from helpdesk.domain.queue import CustomerRow, Hits, LedgerRow, QueueRow
    from helpdesk.domain.ticket import Ticket
    from helpdesk.store.archive import Kept
    from helpdesk.store.kinds import AnyDocument

T = TypeVar("T", bound="AnyDocument")

LeftOut = Callable[[str], None]
"""Called with the place of a document that cannot be read."""

Progress = Callable[[int, int], None]
"""Called with how many documents are done, and how many there are."""


class Conflict(TryAgain):
    """Someone else saved the document since it was read; nothing of the save was written."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a document or the index. ``place`` is its path within the desk.

    ``repairable`` says that a check can put it right, ``repaired`` that it did.
    """

    place: str
    what: str
    repaired: bool = False
    repairable: bool = field(default=False, compare=False)


class Writing(Protocol):
    """A change under way: what is put is written all together at the end, or not at all."""

    def ticket(self, number: int) -> Ticket:
        """The ticket as it is now. Raises NotFound, UnreadableDocument."""

    def customer(self, number: int) -> Customer:
        """The customer as he is now, or the one whom he was merged into.

        Raises NotFound, UnreadableDocument.
        """

    def outgoing(self, number: int) -> Outgoing:
        """The message of the outbox as it is now. Raises NotFound, UnreadableDocument."""

    def new_ticket_id(self) -> int:
        """The next ticket number; numbers start at 1 and are never used again."""

    def new_customer_id(self) -> int:
        """The next customer number; numbers start at 1 and are never used again."""

    def new_outgoing_id(self) -> int:
        """The next number of the outbox; numbers start at 1 and are never used again."""

    def put(self, document: T) -> T:
        """Write the document at the end; gives it as saved, its ``rev`` one higher.

        Raises:
            Conflict: if the saved document's ``rev`` is no longer that of ``document``, or it was
                removed in this change.
        """

    def remove_customer(self, number: int) -> None:
        """Remove the profile at the end."""

    def remove_outgoing(self, number: int) -> None:
        """Remove a message of the outbox at the end."""

    def keep(self, file: Kept) -> None:
        """Put a file in the archive at the end, for a document that refers to it."""

    def let_go(self, sha256: str) -> None:
        """Remove a file from the archive at the end."""


class Presence(Protocol):
    """Where an agent is as long as his program runs, and who else is there.

    It hinders nobody and raises nothing: what cannot be told is not told.
    """

    def be_at(self, ticket: int, doing: Doing, now: datetime) -> None:
        """Let the others see that the agent is at this ticket, and no other, since ``now``."""

    def leave(self) -> None:
        """Be at no ticket; so is whoever's program has ended, however it did."""

    def others(self, ticket: int | None = None) -> list[Present]:
        """Who else is at a ticket, or at any; the same agent in another program too."""


class Reading(Protocol):
    """The documents of a desk and what can be asked of them, in any thread."""

    def ticket(self, number: int) -> Ticket:
        """Raises NotFound, UnreadableDocument."""

    def customer(self, number: int) -> Customer:
        """Where he was merged into another, that one. Raises NotFound, UnreadableDocument."""

    def outgoing(self, number: int) -> Outgoing:
        """A message of the outbox. Raises NotFound, UnreadableDocument."""

    def outbox(self, *states: Sending, limit: int | None = None) -> list[int]:
        """The messages of the outbox in these states (in any, if none is given), by the time at
        which they are to be sent, then by number."""

    def stuck(self, untried_since: datetime) -> int:
        """How many messages of the outbox were tried and have not left, or should have been tried
        before that moment."""

    def outgoing_of(self, ticket: int) -> dict[int, int]:
        """By the numbers of a ticket's messages, those of the outbox that take them out."""

    def tickets(self, left_out: LeftOut | None = None) -> Iterator[Ticket]:
        """Every readable ticket by number, one at a time; the others are told to ``left_out``."""

    def customers(self, left_out: LeftOut | None = None) -> Iterator[Customer]:
        """Every readable customer by number, one at a time; the others as ``tickets``."""

    def queue(self, query: Query, *, offset: int = 0, limit: int = 100) -> list[QueueRow]:
        """Rows by due time, overdue first; then what waits on customers; then what is closed."""

    def count(self, query: Query) -> int:
        """How many tickets answer the query."""

    def counts(self, queries: Mapping[str, Query]) -> dict[str, int]:
        """``count`` for several at once, by the same names."""

    def place_of(self, query: Query, ticket: int) -> int | None:
        """At which offset of the queue the ticket stands, if it does."""

    def which(self, query: Query, tickets: Collection[int]) -> set[int]:
        """Those of the tickets that answer the query."""

    def search(self, query: Query, *, limit: int = 50) -> Hits:
        """Tickets whose text holds the query's words, best match first."""

    def promises(self, query: Query) -> Iterator[LedgerRow]:
        """The ledger over the tickets of the query, by due time; outcomes as of ``query.now``."""

    def promises_due(self, start: datetime, end: datetime, assignee: str | None) -> int:
        """How many standing promises fall within, for that agent (None: for anybody)."""

    def find_customers(self, contact: str) -> list[int]:
        """Customers with that e-mail address, phone or handle, compared without case."""

    def with_order(self, number: str) -> list[int]:
        """Customers with an order of that number, however its letters and signs are written; its
        digits alone are enough if there are several."""

    def latest_of(self, customers: Sequence[int]) -> int:
        """Of these customers, of whom there is one or more, the one whose ticket changed last; of
        those without any, the first by number."""

    def shared_addresses(self) -> Sequence[tuple[int, ...]]:
        """The customers who have an e-mail address in common, each group once, by number."""

    def list_customers(self, words: str = "", *, limit: int = 50) -> list[CustomerRow]:
        """Customers by name whose name or contact holds the words."""

    def imported_ticket(self, source: str, external_id: str) -> int | None:
        """The ticket that an import made of that record."""

    def imported_customer(self, source: str, external_id: str) -> int | None:
        """The customer that an import made of that record, or whom that one was merged into."""

    def by_mail_ids(self, ids: Iterable[str]) -> dict[str, list[int]]:
        """The tickets that hold the mail of these ids, by id; those that no ticket holds fail."""

    def by_origins(self, origins: Iterable[str]) -> dict[str, int]:
        """The first ticket that holds the mail which came from there, by origin."""

    def referring_to(self, sha256: str) -> list[int]:
        """The tickets that refer to a file of the archive, by number."""

    def promises_told(self, customer: int, since: datetime) -> int:
        """How many promises were told to the customer since then."""

    def archived(self, sha256: str) -> BinaryIO:
        """A file of the archive, to be read and closed. Raises NotFound, InvalidInput; Unavailable,
        NotPermitted or TryAgain if it cannot be read."""

    def tags(self) -> list[str]:
        """The tags in use, most used first."""

    def version(self) -> int:
        """A number that changes whenever anybody's change can be seen in the queue."""

    def catch_up(
        self,
        *,
        thorough: bool = False,
        by_folders: bool = False,
        resting: bool = False,
        progress: Progress | None = None,
    ) -> int:
        """Take in documents that were changed from outside; gives how many there were.

        ``thorough`` finds every change. ``by_folders`` costs next to nothing however large the
        desk is, finds what was copied in, restored or removed, and leaves out what was edited in
        place. ``resting`` is for who has keys to answer meanwhile: it takes longer, and leaves the
        processor to others.
        """

    def check(self, *, progress: Progress | None = None) -> list[Fault]:
        """Verify every document and what is derived from them."""

    def unreadable(self) -> Sequence[Fault]:
        """The documents that cannot be read, for as far as is known."""

    def strays(self) -> Sequence[str]:
        """What lies among the documents and is none, such as an editor's copy; by its place."""

    def take_in_mended(self) -> int:
        """Take in the unreadable documents that were changed since; gives how many there were."""

    def hindrance(self) -> str | None:
        """What hinders the desk from being written to, as one line, if that was met while reading
        it: then all of it can be read, but what is derived is made anew at every opening."""

    def brought_forward(self) -> str | None:
        """That this program has brought a desk of an older format forward, as one line that says
        where the desk is kept as it was."""

    def put_right(self) -> str | None:
        """What this program has put right of a copy that was made of a desk while others worked,
        as one line; that is done by ``catch_up`` and before anything is written there."""

    def presence(self, agent: str) -> Presence:
        """Where the agent is, to be told from this program; at no ticket yet."""

    def close(self) -> None:
        """Let go of files."""


class Store(Reading, Protocol):
    """What changes the documents, or what is derived from them, besides.

    Every write of a document goes through ``writing``.
    """

    def writing(self) -> AbstractContextManager[Writing]:
        """Change documents: all of it is durable when the block ends, or nothing if it raises.

        Raises:
            Conflict: a document put was saved by someone else since it was read.
            CannotCreate: the disk is full or the folder cannot be written.
            TryAgain: another writer held the desk too long.
        """

    def check(self, *, repair: bool = False, progress: Progress | None = None) -> list[Fault]:
        """As ``Reading.check``; with ``repair`` what is derived is put right."""

    def reindex(self, progress: Progress | None = None) -> int:
        """Build everything derived anew; gives the number of documents."""

    def forget(self, gone: Iterable[tuple[str, int]] = ()) -> None:
        """Leave no trace of removed text in what is derived (after an erasure), nor of the
        documents ``gone``, by kind and number, in what was kept of the desk as it was."""
