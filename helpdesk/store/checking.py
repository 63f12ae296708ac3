"""Verifying a desk: every document, what it refers to, and that the index says the same.

Repairing mends the index and clears away what never finished; it never touches what a document
says. No fault quotes a document.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk.domain.customer import Customer
from helpdesk.domain.errors import HelpdeskError
from helpdesk.domain.invariants import faults as faults_of_ticket
from helpdesk.domain.outgoing import Outgoing
from helpdesk.store import (
    begun,
    checking_merges,
    checking_numbers,
    durable,
    formats,
    indexing,
    numbers,
    redo,
)
from helpdesk.store.archive import Archive
from helpdesk.store.base import Fault, Progress
from helpdesk.store.catching_up import CatchingUp
from helpdesk.store.folder import Documents, UnreadableDocument
from helpdesk.store.index import Damaged
from helpdesk.store.keeping import Keeping
from helpdesk.store.kinds import KINDS
from helpdesk.store.reading import model_of
from helpdesk.store.rows import Row, rows_of

if TYPE_CHECKING:
    from helpdesk.store.kinds import AnyDocument

_EVERY = 100  # documents between two reports of progress


class Checking:
    """One look at a desk, and with ``repair`` what can be mended of it."""

    def __init__(self, keeping: Keeping, *, repair: bool) -> None:
        self._desk = keeping.desk
        self._index = keeping.index
        self._reading = keeping.reading
        self._documents = keeping.documents
        self._alone = keeping.alone
        self._lock = keeping.lock
        self._repair = repair
        self._writable = repair or keeping.why_aside is None
        self._place = durable.shown(keeping.index.link, keeping.desk)
        self._merged: dict[int, int] = {}

    def unfinished(self) -> Iterator[Fault]:
        """What a process that died left undone."""
        if redo.is_left(self._desk):
            what = "a change of several documents was cut short"
            yield self._mendable(redo.REDO_FILE, what)
        if (self._desk / redo.SET_ASIDE).exists():
            what = "a change of several documents is only partly done; compare them with a backup"
            yield Fault(redo.SET_ASIDE, what)
        if formats.is_older(self._desk):
            yield self._mendable(formats.FORMAT_FILE, "the desk is of an older format")
        try:
            numbers.largest_removed(self._desk, "customers")
        except HelpdeskError:
            yield Fault(numbers.NUMBERS_FILE, "cannot be read")
        yield from checking_merges.of_customers(self._desk)

    def notes(self) -> Iterator[Fault]:
        """What was written and not taken into the index."""
        if not begun.seen(self._desk):
            return
        with suppress(HelpdeskError), self._lock:
            if not begun.left(self._lock):
                return  # somebody was writing, and is done
        yield self._mendable(self._place, "a write was cut short before it was taken in")

    def index_itself(self) -> Fault | None:
        """What is wrong with the index as a file."""
        try:
            with self._reading() as db:
                found = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
                if found == "ok":
                    with suppress(*durable.HINDERED), self._index.reporting():
                        # SQLite looks at full text only where it may write.
                        db.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 0)")
                    return None
        except Damaged:
            pass
        return self._mendable(self._place, "is missing or damaged")

    def documents(self, progress: Progress | None) -> Iterator[Fault]:
        """Every document, what it refers to, and what the index says of it."""
        ids = {kind: array("q", found.ids()) for kind, found in self._documents.items()}
        total = sum(map(len, ids.values()))
        keys = ((kind, number) for kind, found in ids.items() for number in found)
        for done, (kind, number) in enumerate(keys, start=1):
            yield from self._document(kind, number)
            if progress is not None and (done % _EVERY == 0 or done == total):
                progress(done, total)

    def merges(self) -> Iterator[Fault]:
        """Whether the tickets that were merged, as ``documents`` saw them, lead somewhere."""
        for number, what in checking_merges.of_tickets(self._merged):
            yield Fault(self._place_of("tickets", number), what)

    def only_in_index(self) -> Iterator[Fault]:
        """What the index holds of documents that are not there."""
        for kind, documents in self._documents.items():
            with self._reading() as db:
                known = array("q", indexing.known(db, kind))
            for number in known:
                if str(number) not in documents:
                    what = "is in the index, but there is no such file"
                    yield from self._differing(kind, number, what)

    def counted(self) -> Iterator[Fault]:
        """Whether the index counts its tickets rightly."""
        with self._reading() as db:
            if not indexing.is_miscounted(db):
                return
        yield self._mendable(self._place, "counts its tickets wrongly")
        if self._repair:
            with self._alone(), self._index.changing() as db:
                indexing.count_anew(db)

    def numbering(self) -> Iterator[Fault]:
        """Whether the next numbers are free."""
        for kind, documents in self._documents.items():
            with self._reading() as db:
                noted = indexing.next_number(db, kind)
            last = documents.largest()
            if noted is None or noted > last:
                continue
            yield self._mendable(self._place, f"the next number of {kind} is taken")
            if self._repair:
                with self._alone(), self._index.changing() as db:
                    indexing.raise_next(db, kind, documents.largest() + 1)

    def lost(self) -> Iterator[Fault]:
        """The tickets that have vanished."""
        kind = checking_numbers.KIND
        with self._reading() as db:
            given = checking_numbers.given(db, self._desk)
        with self._alone() if self._repair else nullcontext():
            yield from checking_numbers.faults(
                self._desk, self._documents[kind], given, repair=self._repair
            )

    def strays(self) -> Iterator[Fault]:
        """What lies in the desk and does not belong there."""
        for documents in self._documents.values():
            for stray in documents.strays():
                if not stray.leftover:
                    yield Fault(durable.shown(stray.path, self._desk), "is no document")
        for path in leftovers(self._desk, self._documents):
            if self._repair:
                with self._alone():
                    durable.remove_file(path, desk=self._desk)
            place = durable.shown(path, self._desk)
            yield self._mendable(place, "is left over from a write that never finished")

    def _document(self, kind: str, number: int) -> Iterator[Fault]:
        documents = self._documents[kind]
        place = self._place_of(kind, number)
        tables: Mapping[str, tuple[Row, ...]] | None = None
        try:
            document = model_of(kind, documents.read(number), number)
            tables = rows_of(kind, document).tables
        except KeyError:
            return  # removed since the folder was listed
        except UnreadableDocument as error:
            yield Fault(place, f"cannot be read: {error.reason}")
        except HelpdeskError as error:
            yield Fault(place, f"cannot be taken in: {error.message}")
        else:
            yield from (Fault(place, what) for what in self._within(document))
        if not self._says_the_same(kind, number, tables):
            yield from self._differing(kind, number, "is another in the index")

    def _within(self, document: AnyDocument) -> Iterator[str]:
        if isinstance(document, Outgoing):
            yield from self._missing("tickets", document.ticket)
            return
        if isinstance(document, Customer):
            for rating in document.ratings:
                yield from self._missing("tickets", rating.ticket)
            return
        if document.merged_into is not None:
            self._merged[document.id] = document.merged_into
        yield from faults_of_ticket(document)
        yield from self._missing("customers", document.customer)
        for link in document.links:
            yield from self._missing("tickets", link.ticket)
        for promise in document.promises:
            if promise.carried_to is not None:
                yield from self._missing("tickets", promise.carried_to.ticket)

    def _missing(self, kind: str, number: int | None) -> Iterator[str]:
        if number is None or str(number) in self._documents[kind]:
            return
        if not self._is_gone_for_good(kind, number):
            yield f"refers to {KINDS[kind].noun} {number}, which is not there"

    def _is_gone_for_good(self, kind: str, number: int) -> bool:
        """Whether the loss of that document was noted."""
        with suppress(HelpdeskError):
            return any(first <= number <= last for first, last in numbers.lost(self._desk, kind))
        return False

    def _says_the_same(
        self, kind: str, number: int, tables: Mapping[str, tuple[Row, ...]] | None
    ) -> bool:
        try:
            with self._reading() as db:
                held = indexing.rows_in_index(db, kind, number)
                faulty = indexing.is_faulty(db, kind, number)
        except Damaged:
            return True  # said already, of the index as a whole
        if tables is None:
            return faulty is True and not any(held.values())
        return faulty is False and _sorted(held) == _sorted(tables)

    def _differing(self, kind: str, number: int, what: str) -> Iterator[Fault]:
        """Look again alone: somebody may have written it between the two looks."""
        documents = self._documents[kind]
        with self._alone() if self._writable else nullcontext():
            tables: Mapping[str, tuple[Row, ...]] | None = None
            with suppress(KeyError, HelpdeskError):
                fields = documents.read(number)
                tables = rows_of(kind, model_of(kind, fields, number)).tables
            if str(number) in documents:
                if self._says_the_same(kind, number, tables):
                    return
            elif not self._is_held(kind, number):
                return
            if self._repair:
                with self._index.changing() as db:
                    indexing.remove(db, kind, [number])
                CatchingUp(self._index, self._documents, self._alone).take_in([(kind, number)])
        yield self._mendable(self._place_of(kind, number), what)

    def _mendable(self, place: str, what: str) -> Fault:
        return Fault(place, what, repaired=self._repair, repairable=True)

    def _place_of(self, kind: str, number: int) -> str:
        return durable.shown(self._documents[kind].path_of(number), self._desk)

    def _is_held(self, kind: str, number: int) -> bool:
        with self._reading() as db:
            if indexing.is_faulty(db, kind, number) is not None:
                return True
            return any(indexing.rows_in_index(db, kind, number).values())


def leftovers(desk: Path, documents: Mapping[str, Documents]) -> Iterator[Path]:
    """The files of writes that never finished; while the writer lock is held, none is in use."""
    for found in documents.values():
        yield from (stray.path for stray in found.strays() if stray.leftover)
    yield from Archive(desk).leftovers()
    yield from sorted(path for path in desk.iterdir() if durable.is_leftover(path.name))


def _sorted(tables: Mapping[str, tuple[Row, ...]]) -> dict[str, list[Row]]:
    return {name: sorted(rows, key=lambda row: row[:2]) for name, rows in tables.items()}
