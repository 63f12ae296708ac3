"""The embedded store: documents as files, and an index over them, under one lock."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from helpdesk.domain.errors import HelpdeskError, NotFound, TryAgain
from helpdesk.store import asking, durable, formats, home, indexing, joined, mail_finding
from helpdesk.store.folder import UnreadableDocument
from helpdesk.store.index import Damaged
from helpdesk.store.keeping import Keeping
from helpdesk.store.kinds import KINDS

if TYPE_CHECKING:
    from helpdesk.domain.customer import Customer
    from helpdesk.domain.outgoing import Outgoing, Sending
    from helpdesk.domain.query import Query
    from helpdesk.domain.queue import CustomerRow, Hits, LedgerRow, QueueRow
    from helpdesk.domain.ticket import Ticket
    from helpdesk.store.base import Fault, LeftOut, Progress
    from helpdesk.store.documents import FolderDB
    from helpdesk.store.presence import FilePresence
    from helpdesk.store.writing import FileWriting

R = TypeVar("R")


class FileStore:
    """The ``Store`` of a desk that keeps its documents in the folder ``desk``.

    Opening looks at nothing but whether a change was cut short, and of which format the desk is:
    call ``catch_up`` before relying on what the queue says, as documents may have been changed from
    outside.
    """

    def __init__(self, desk: Path) -> None:
        self._desk = desk
        self._keeping = Keeping(desk)
        self._documents = self._keeping.documents
        self._keeping.finish()
        self._is_home = self._cannot_be_home = False
        self._put_right: str | None = None

    @cached_property
    def _db(self) -> FolderDB:
        from helpdesk.store.documents import FolderDB  # tinydb, which the first paint leaves out

        return FolderDB(self._desk)

    # Documents

    def ticket(self, number: int) -> Ticket:
        """The ticket of that number. Raises NotFound, UnreadableDocument."""
        from helpdesk.store.reading import ticket_of

        return ticket_of(self._bytes_of("tickets", number), number)

    def customer(self, number: int) -> Customer:
        """The customer of that number, or the one whom he was merged into.

        Raises NotFound, UnreadableDocument.
        """
        from helpdesk.store.reading import customer_of

        try:
            raw = self._bytes_of("customers", number)
        except NotFound:
            there = joined.followed(self._desk, number)
            if there == number:
                raise
            number, raw = there, self._bytes_of("customers", there)
        return customer_of(raw, number)

    def outgoing(self, number: int) -> Outgoing:
        """A message of the outbox. Raises NotFound, UnreadableDocument."""
        from helpdesk.store.reading import outgoing_of

        return outgoing_of(self._bytes_of("outbox", number), number)

    def outbox(self, *states: Sending, limit: int | None = None) -> list[int]:
        """The messages of the outbox in these states, by the time at which they are to be sent."""
        wanted = [str(state) for state in states]
        return self._keeping.read(lambda db: mail_finding.outbox(db, wanted, limit))

    def stuck(self, untried_since: datetime) -> int:
        """How many messages of the outbox were tried and have not left, or should have been tried
        before that moment."""
        return self._keeping.read(lambda db: mail_finding.stuck(db, untried_since))

    def outgoing_of(self, ticket: int) -> dict[int, int]:
        """By the numbers of a ticket's messages, those of the outbox that take them out."""
        return self._keeping.read(lambda db: mail_finding.outgoing_of(db, ticket))

    def tickets(self, left_out: LeftOut | None = None) -> Iterator[Ticket]:
        """Every readable ticket by number, one at a time; the others are told to ``left_out``."""
        from helpdesk.store.reading import ticket_of

        return self._each("tickets", ticket_of, left_out)

    def customers(self, left_out: LeftOut | None = None) -> Iterator[Customer]:
        """Every readable customer by number, one at a time; the others as ``tickets``."""
        from helpdesk.store.reading import customer_of

        return self._each("customers", customer_of, left_out)

    def _each(
        self, kind: str, of: Callable[[bytes, int], R], left_out: LeftOut | None
    ) -> Iterator[R]:
        documents = self._documents[kind]
        for number in documents.ids():
            try:
                document = of(documents.read_bytes(number), number)
            except KeyError:
                continue  # removed by another process since its folder was listed
            except UnreadableDocument as error:
                if left_out is not None:
                    left_out(error.place)
            else:
                yield document

    def _bytes_of(self, kind: str, number: int) -> bytes:
        if number > 0:
            with suppress(KeyError):
                return self._documents[kind].read_bytes(number)
        raise NotFound(f"there is no {KINDS[kind].noun} {number}")

    # Writing

    @contextmanager
    def writing(self) -> Iterator[FileWriting]:
        """Change documents: all of it is durable when the block ends, or nothing if it raises.

        Raises:
            Conflict, CannotCreate, TryAgain, UnreadableDocument, InvalidInput.
        """
        if not self._is_home:
            self._be_at_home()
        with self._writing() as writing:
            yield writing

    @contextmanager
    def _writing(self) -> Iterator[FileWriting]:
        from helpdesk.store.writing import FileWriting

        with self._keeping.alone():
            writing = FileWriting(self._db, self._keeping.next_number)
            yield writing
            if writing.changed():
                self._keeping.save(writing)

    # The queue

    def queue(self, query: Query, *, offset: int = 0, limit: int = 100) -> list[QueueRow]:
        """Rows by due time, overdue first; then what waits on customers; then what is closed."""
        return self._keeping.read(lambda db: asking.queue(db, query, offset, limit))

    def count(self, query: Query) -> int:
        """How many tickets answer the query."""
        return self._keeping.read(lambda db: asking.count(db, query))

    def counts(self, queries: Mapping[str, Query]) -> dict[str, int]:
        """``count`` for several at once, by the same names."""
        return self._keeping.read(
            lambda db: {name: asking.count(db, query) for name, query in queries.items()}
        )

    def place_of(self, query: Query, ticket: int) -> int | None:
        """At which offset of the queue the ticket stands, if it does."""
        return self._keeping.read(lambda db: asking.place_of(db, query, ticket))

    def which(self, query: Query, tickets: Collection[int]) -> set[int]:
        """Those of the tickets that answer the query."""
        return self._keeping.read(lambda db: asking.which(db, query, tickets))

    def search(self, query: Query, *, limit: int = 50) -> Hits:
        """Tickets whose text holds the query's words, best match first."""
        from helpdesk.store.searching import search

        return self._keeping.read(lambda db: search(db, self._documents["tickets"], query, limit))

    def promises(self, query: Query) -> Iterator[LedgerRow]:
        """The ledger over the tickets of the query, by due time; outcomes as of ``query.now``."""
        self._keeping.read(indexing.version)  # an index that is damaged is made anew here
        try:
            with self._keeping.reading() as db:
                yield from asking.promises(db, query)
        except Damaged as damage:
            self._keeping.replace(damage)
            raise TryAgain(
                "the index of the desk was damaged and is built anew; try again"
            ) from damage

    def promises_due(self, start: datetime, end: datetime, assignee: str | None) -> int:
        """How many standing promises fall within, for that agent (None: for anybody)."""
        return self._keeping.read(lambda db: asking.promises_due(db, start, end, assignee))

    def find_customers(self, contact: str) -> list[int]:
        """Customers with that e-mail address, phone or handle, compared without case."""
        return self._keeping.read(lambda db: asking.find_customers(db, contact))

    def with_order(self, number: str) -> list[int]:
        """Customers with an order of that number, or of those digits."""
        return self._keeping.read(lambda db: asking.with_order(db, number))

    def latest_of(self, customers: Sequence[int]) -> int:
        """Of these customers, the one whose ticket changed last; else the first by number."""
        return self._keeping.read(lambda db: mail_finding.latest_of(db, customers))

    def shared_addresses(self) -> Sequence[tuple[int, ...]]:
        """The customers who have an e-mail address in common, each group once, by number."""
        return self._keeping.read(mail_finding.shared_addresses)

    def list_customers(self, words: str = "", *, limit: int = 50) -> list[CustomerRow]:
        """Customers by name whose name or contact holds the words."""
        return self._keeping.read(lambda db: asking.list_customers(db, words, limit))

    def imported_ticket(self, source: str, external_id: str) -> int | None:
        """The ticket that an import made of that record."""
        return self._keeping.read(lambda db: asking.imported(db, "tickets", source, external_id))

    def imported_customer(self, source: str, external_id: str) -> int | None:
        """The customer that an import made of that record."""
        found = self._keeping.read(lambda db: asking.imported(db, "customers", source, external_id))
        return found or joined.imported(self._desk, source, external_id)

    # Mail

    def by_mail_ids(self, ids: Iterable[str]) -> dict[str, list[int]]:
        """The tickets that hold the mail of these ids, by id; those that no ticket holds fail."""
        wanted = list(ids)
        return self._keeping.read(lambda db: mail_finding.by_mail_ids(db, wanted))

    def by_origins(self, origins: Iterable[str]) -> dict[str, int]:
        """The first ticket that holds the mail which came from there, by origin."""
        wanted = list(origins)
        return self._keeping.read(lambda db: mail_finding.by_origins(db, wanted))

    def referring_to(self, sha256: str) -> list[int]:
        """The tickets that refer to a file of the archive, by number."""
        return self._keeping.read(lambda db: mail_finding.referring_to(db, sha256))

    def promises_told(self, customer: int, since: datetime) -> int:
        """How many promises were told to the customer since then."""
        return self._keeping.read(lambda db: mail_finding.promises_told(db, customer, since))

    def archived(self, sha256: str) -> BinaryIO:
        """A file of the archive, to be read and closed. Raises NotFound, InvalidInput; Unavailable,
        NotPermitted or TryAgain if it cannot be read."""
        from helpdesk.store.archive import Archive

        return Archive(self._desk).open(sha256)

    def tags(self) -> list[str]:
        """The tags in use, most used first."""
        return self._keeping.read(asking.tags)

    def version(self) -> int:
        """A number that changes whenever anybody's change can be seen in the queue."""
        return self._keeping.read(indexing.version)

    def unreadable(self) -> Sequence[Fault]:
        """The documents that cannot be read, for as far as is known."""
        from helpdesk.store.base import Fault

        found = self._keeping.read(indexing.faulty)
        return [Fault(self._place(kind, number), what) for kind, number, what in found]

    def _place(self, kind: str, number: int) -> str:
        return self._documents[kind].path_of(number).relative_to(self._desk).as_posix()

    def strays(self) -> Sequence[str]:
        """What lies among the documents and is none, such as an editor's copy; by its place.

        What is left of writes that never finished is not meant: ``forget`` clears it away.
        """
        found = (stray for kind in self._documents.values() for stray in kind.strays())
        return sorted(
            durable.shown(stray.path, self._desk) for stray in found if not stray.leftover
        )

    # The index

    def catch_up(
        self,
        *,
        thorough: bool = False,
        by_folders: bool = False,
        resting: bool = False,
        progress: Progress | None = None,
    ) -> int:
        """Take in documents that were changed from outside; gives how many there were."""
        found = self._keeping.catch_up(
            thorough=thorough, by_folders=by_folders, resting=resting, progress=progress
        )
        if not self._is_home and not self._cannot_be_home:
            # Whoever writes is told; what is there can be read, and is not looked through again.
            self._cannot_be_home = True
            with suppress(HelpdeskError):
                self._be_at_home(caught_up=not by_folders)
        return found

    def _be_at_home(self, *, caught_up: bool = False) -> None:
        """Put a copy of a desk right, before anything is written there. Raises as ``writing``."""
        if home.is_copy(self._desk):
            from helpdesk.store.putting_right import PuttingRight

            if not caught_up:
                self._keeping.catch_up()
            self._put_right = PuttingRight(self._keeping, self._writing).run()
        elif not home.is_noted(self._desk):
            with self._keeping.alone():
                home.note(self._desk)
        self._is_home = True

    def put_right(self) -> str | None:
        """What this program has put right of a copy of a desk, as one line."""
        return self._put_right

    def reindex(self, progress: Progress | None = None) -> int:
        """Build everything derived anew; gives the number of documents."""
        return self._keeping.reindex(progress)

    def check(self, *, repair: bool = False, progress: Progress | None = None) -> list[Fault]:
        """Verify every document and what is derived from them."""
        from helpdesk.store.checking import Checking

        checking = Checking(self._keeping, repair=repair)
        found = list(checking.unfinished())
        damage = checking.index_itself()
        found.extend(checking.notes() if damage is None else [damage])
        if repair:
            with self._keeping.alone():
                pass  # finishes what was cut short
            if damage is not None:
                self.reindex()
        found.extend(checking.documents(progress))
        found.extend(checking.merges())
        if damage is None or repair:
            found.extend(checking.only_in_index())
            found.extend(checking.counted())
            found.extend(checking.numbering())
            found.extend(checking.lost())
            found.extend(self._check_archive(progress))
        found.extend(checking.strays())
        return found

    def _check_archive(self, progress: Progress | None) -> Iterator[Fault]:
        from helpdesk.store import checking_archive

        with self._keeping.reading() as db:
            referred_to = mail_finding.all_referred_to(db)
        return checking_archive.faults(self._desk, referred_to, progress)

    def forget(self, gone: Iterable[tuple[str, int]] = ()) -> None:
        """Leave no trace of removed text in what is derived (after an erasure), nor of the
        documents ``gone`` in the copies of the desk in an older format."""
        from helpdesk.store.checking import leftovers

        with self._keeping.alone():
            for kind, number in gone:
                path = self._documents[kind].path_of(number)
                durable.remove_files(formats.copied(self._desk, path), desk=self._desk)
            for path in leftovers(self._desk, self._documents):
                durable.remove_file(path, desk=self._desk)
            self._keeping.index.remove_others()
            self._keeping.index.rewrite()

    def take_in_mended(self) -> int:
        """Take in the unreadable documents that were changed since; gives how many there were."""
        return self._keeping.take_in_mended()

    def hindrance(self) -> str | None:
        """What hinders the desk from being written to, if that was met while reading it."""
        return self._keeping.why_aside

    def brought_forward(self) -> str | None:
        """That this program has brought an older desk forward, as one line."""
        return str(self._keeping.brought) if self._keeping.brought is not None else None

    def presence(self, agent: str) -> FilePresence:
        """Where the agent is, to be told from this program."""
        from helpdesk.store.presence import FilePresence

        return FilePresence(self._desk, agent)

    def close(self) -> None:
        """Let go of files."""
        self._keeping.close()
