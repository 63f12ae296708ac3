"""The embedded store: documents as files, and an index over them, under one lock."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from helpdesk.domain.errors import HelpdeskError, NotFound
from helpdesk.domain.query import Query
from helpdesk.domain.queue import CustomerRow, Hit, LedgerRow, QueueRow
from helpdesk.store import asking, durable, indexing, redo
from helpdesk.store.folder import Documents, UnreadableDocument
from helpdesk.store.index import Damaged, Index
from helpdesk.store.lock import WriterLock

if TYPE_CHECKING:
    from sqlite3 import Connection

    from helpdesk.domain.customer import Customer
    from helpdesk.domain.ticket import Ticket
    from helpdesk.store.base import Fault, Progress
    from helpdesk.store.catching_up import CatchingUp
    from helpdesk.store.documents import FolderDB
    from helpdesk.store.writing import FileWriting

LOCK_FILE = ".lock"
KINDS = ("customers", "tickets")

R = TypeVar("R")


class FileStore:
    """The ``Store`` of a desk that keeps its documents in the folder ``desk``.

    Opening looks at nothing but whether a change was cut short: call ``catch_up`` before relying
    on what the queue says, as documents may have been changed from outside.
    """

    def __init__(self, desk: Path) -> None:
        self._desk = desk
        self._index = Index(desk)
        self._lock = WriterLock(desk / LOCK_FILE, desk=desk)
        self._documents = {kind: Documents(desk, kind, lambda _: None) for kind in KINDS}
        self._catching = threading.Lock()
        self._caught_up = False
        if redo.is_left(desk):
            # Who cannot write here reads the desk as it is; whoever writes next finishes it.
            with suppress(HelpdeskError), self._lock:
                redo.finish(desk)

    @cached_property
    def _db(self) -> FolderDB:
        from helpdesk.store.documents import FolderDB  # tinydb, which the first paint leaves out

        return FolderDB(self._desk)

    # Documents

    def ticket(self, number: int) -> Ticket:
        """The ticket of that number. Raises NotFound, UnreadableDocument."""
        from helpdesk.store.reading import ticket_of

        return ticket_of(self._read_document("tickets", number), number)

    def customer(self, number: int) -> Customer:
        """The customer of that number. Raises NotFound, UnreadableDocument."""
        from helpdesk.store.reading import customer_of

        return customer_of(self._read_document("customers", number), number)

    def tickets(self) -> Iterator[Ticket]:
        """Every readable ticket by number, one at a time."""
        from helpdesk.store.reading import ticket_of

        for number, fields in self._documents["tickets"].readable():
            with suppress(UnreadableDocument):
                yield ticket_of(fields, number)

    def customers(self) -> Iterator[Customer]:
        """Every readable customer by number, one at a time."""
        from helpdesk.store.reading import customer_of

        for number, fields in self._documents["customers"].readable():
            with suppress(UnreadableDocument):
                yield customer_of(fields, number)

    def _read_document(self, kind: str, number: int) -> Mapping[str, object]:
        found = self._db.table(kind).read(number) if number > 0 else None
        if found is None:
            raise NotFound(f"there is no {kind.removesuffix('s')} {number}")
        return found

    # Writing

    @contextmanager
    def writing(self) -> Iterator[FileWriting]:
        """Change documents: all of it is durable when the block ends, or nothing if it raises.

        Raises:
            Conflict, CannotCreate, TryAgain, UnreadableDocument, InvalidInput.
        """
        from helpdesk.store.writing import FileWriting

        with self._lock:
            self._put_right()
            writing = FileWriting(self._db, self._noted_next)
            yield writing
            if writing.changed():
                self._save(writing)

    def _save(self, writing: FileWriting) -> None:
        with self._index.changing() as db:
            indexing.note_pending(db, writing.changed())
            folders = self._known_folders(db, writing)
        writing.save()
        # The documents are saved: if the index fails now, the notes have it taken in later.
        with suppress(HelpdeskError):
            self._take_in(writing, folders)

    def _noted_next(self, kind: str) -> int | None:
        with self._index.reading() as db:
            return indexing.next_number(db, kind)

    def _take_in(self, writing: FileWriting, folders: set[tuple[str, str]]) -> None:
        from helpdesk.store.reading import stamp_of

        taken = [
            indexing.Taken(kind, stamp, rows)
            for (kind, number), rows in writing.rows.items()
            if (stamp := stamp_of(self._documents[kind], number)) is not None
        ]
        with self._index.changing() as db:
            indexing.take_in(db, taken)
            for kind, gone in writing.removed.items():
                indexing.remove(db, kind, gone)
            for kind, number in writing.next_numbers.items():
                indexing.raise_next(db, kind, number)
            for kind, name in folders:
                mtime_ns = self._folder_time(kind, name)
                if mtime_ns is not None:
                    indexing.note_folder(db, kind, name, mtime_ns)
            indexing.clear_pending(db)
            indexing.count_change(db)

    def _known_folders(self, db: Connection, writing: FileWriting) -> set[tuple[str, str]]:
        """The folders to be written to whose every document the index knows as it is."""
        folders = {(kind, f"{number // 1000:04d}") for kind, number in writing.changed()}
        return {
            (kind, name)
            for kind, name in folders
            if self._folder_time(kind, name) == indexing.folder_time(db, kind, name)
        }

    def _folder_time(self, kind: str, name: str) -> int | None:
        try:
            return (self._desk / kind / name).stat().st_mtime_ns
        except OSError:
            return None

    def _put_right(self) -> None:
        """Finish what a process that died had begun; needs the writer lock."""
        redo.finish(self._desk)
        if not self._index.is_usable():
            self._index.renew()
        with self._index.reading() as db:
            pending = indexing.pending(db)
        if pending:
            self._catching_up(alone=True).take_in(pending, clear_pending=True)

    # The queue

    def queue(self, query: Query, *, offset: int = 0, limit: int = 100) -> list[QueueRow]:
        """Rows by due time, overdue first; then what waits on customers; then what is closed."""
        return self._read(lambda db: asking.queue(db, query, offset, limit))

    def count(self, query: Query) -> int:
        """How many tickets answer the query."""
        return self._read(lambda db: asking.count(db, query))

    def counts(self, queries: Mapping[str, Query]) -> dict[str, int]:
        """``count`` for several at once, by the same names."""
        return self._read(
            lambda db: {name: asking.count(db, query) for name, query in queries.items()}
        )

    def place_of(self, query: Query, ticket: int) -> int | None:
        """At which offset of the queue the ticket stands, if it does."""
        return self._read(lambda db: asking.place_of(db, query, ticket))

    def search(self, query: Query, *, limit: int = 50) -> list[Hit]:
        """Tickets whose text holds the query's words, best match first."""
        from helpdesk.store.searching import search

        return self._read(lambda db: search(db, self._documents["tickets"], query, limit))

    def promises(self, query: Query) -> Iterator[LedgerRow]:
        """The ledger over the tickets of the query, by due time; outcomes as of ``query.now``."""
        self._read(indexing.version)  # an index that is damaged is made anew here
        with self._index.reading() as db:
            yield from asking.promises(db, query)

    def promises_due(self, start: datetime, end: datetime, assignee: str | None) -> int:
        """How many standing promises fall within, for that agent (None: for anybody)."""
        return self._read(lambda db: asking.promises_due(db, start, end, assignee))

    def find_customers(self, contact: str) -> list[int]:
        """Customers with that e-mail address, phone or handle, compared without case."""
        return self._read(lambda db: asking.find_customers(db, contact))

    def list_customers(self, words: str = "", *, limit: int = 50) -> list[CustomerRow]:
        """Customers by name whose name or contact holds the words."""
        return self._read(lambda db: asking.list_customers(db, words, limit))

    def imported_ticket(self, source: str, external_id: str) -> int | None:
        """The ticket that an import made of that record."""
        return self._read(lambda db: asking.imported(db, "tickets", source, external_id))

    def imported_customer(self, source: str, external_id: str) -> int | None:
        """The customer that an import made of that record."""
        return self._read(lambda db: asking.imported(db, "customers", source, external_id))

    def tags(self) -> list[str]:
        """The tags in use, most used first."""
        return self._read(asking.tags)

    def version(self) -> int:
        """A number that changes whenever anybody's change can be seen in the queue."""
        return self._read(indexing.version)

    def unreadable(self) -> Sequence[Fault]:
        """The documents that cannot be read, for as far as is known."""
        from helpdesk.store.base import Fault

        found = self._read(indexing.faulty)
        return [Fault(self._place(kind, number), what) for kind, number, what in found]

    def _place(self, kind: str, number: int) -> str:
        return self._documents[kind].path_of(number).relative_to(self._desk).as_posix()

    def _read(self, ask: Callable[[Connection], R]) -> R:
        try:
            with self._index.reading() as db:
                return ask(db)
        except Damaged:
            with self._lock:
                self._put_right()
            if self._caught_up:
                # Whoever opened the desk has caught up already and will not do so again.
                self.catch_up()
        with self._index.reading() as db:
            return ask(db)

    # The index

    def catch_up(self, *, thorough: bool = False, progress: Progress | None = None) -> int:
        """Take in documents that were changed from outside; gives how many there were."""
        with self._catching:
            self._caught_up = True
            if not self._index.is_usable():
                return self._build(progress)
            if redo.is_left(self._desk) or self._read(indexing.pending):
                with self._lock:
                    self._put_right()
            return self._catching_up().run(thorough=thorough, progress=progress)

    def reindex(self, progress: Progress | None = None) -> int:
        """Build everything derived anew; gives the number of documents."""
        with self._catching:
            return self._build(progress)

    def _build(self, progress: Progress | None) -> int:
        """Build an index aside, so that agents work on meanwhile, and put it in place."""
        from helpdesk.store.catching_up import CatchingUp

        with self._alone():
            pass  # there is an index to work with until then
        with self._index.building() as fresh:
            filling = CatchingUp(fresh, self._documents, nullcontext, pause=0)
            try:
                filling.run(progress=progress)
                with self._alone():
                    filling.run()
                    self._keep_numbers(fresh)
                    fresh.close()
                    self._index.put_in_place(fresh)
            except Damaged:
                if fresh.link.exists():
                    raise
                # Whoever put another one in place meanwhile removed this one.
                self._catching_up().run(progress=progress)
        return self._read(indexing.count_documents)

    def _keep_numbers(self, fresh: Index) -> None:
        with self._index.reading() as db:
            noted = {kind: indexing.next_number(db, kind) for kind in KINDS}
        with fresh.changing() as db:
            for kind, number in noted.items():
                if number is not None:
                    indexing.raise_next(db, kind, number)

    def _catching_up(self, *, alone: bool = False) -> CatchingUp:
        from helpdesk.store.catching_up import CatchingUp

        return CatchingUp(
            self._index, self._documents, nullcontext if alone else lambda: self._lock
        )

    def check(self, *, repair: bool = False, progress: Progress | None = None) -> list[Fault]:
        """Verify every document and what is derived from them."""
        from helpdesk.store.checking import Checking

        checking = Checking(self._desk, self._index, self._documents, self._alone, repair=repair)
        found = list(checking.unfinished())
        damage = checking.index_itself()
        if damage is not None:
            found.append(damage)
            if repair:
                self.reindex()
        found.extend(checking.documents(progress))
        if damage is None or repair:
            found.extend(checking.only_in_index())
            found.extend(checking.numbering())
        found.extend(checking.strays())
        return found

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._lock:
            self._put_right()
            yield

    def forget(self) -> None:
        """Leave no trace of removed text in what is derived (after an erasure)."""
        from helpdesk.store.checking import leftovers

        with self._alone():
            for path in leftovers(self._desk, self._documents):
                durable.remove_file(path, desk=self._desk)
            self._index.remove_others()
            self._index.rewrite()

    def close(self) -> None:
        """Let go of files."""
        self._index.close()
