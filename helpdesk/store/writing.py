"""A change under way: documents read fresh, put, and written all together at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar, cast

from helpdesk.domain.errors import NotFound
from helpdesk.store import joined, numbers
from helpdesk.store.archive import Archive, Kept
from helpdesk.store.base import Conflict
from helpdesk.store.documents import FolderDB, save_together
from helpdesk.store.kinds import KINDS, folder_of
from helpdesk.store.reading import document_of
from helpdesk.store.rows import Rows, rows_of

if TYPE_CHECKING:
    from pathlib import Path

    from helpdesk.domain.customer import Customer
    from helpdesk.domain.outgoing import Outgoing
    from helpdesk.domain.ticket import Ticket
    from helpdesk.store.kinds import AnyDocument

T = TypeVar("T", bound="AnyDocument")


class FileWriting:
    """The ``Writing`` of the embedded store. Nothing reaches the disk before the store saves it.

    ``noted_next`` gives the number that the index has noted as a table's next, if it knows it.
    """

    def __init__(self, db: FolderDB, noted_next: Callable[[str], int | None]) -> None:
        self.changes = db.changes()
        self._put: dict[tuple[str, int], AnyDocument] = {}
        self.removed: dict[str, list[int]] = {kind: [] for kind in KINDS}
        self.next_numbers: dict[str, int] = {}
        self._desk = db.storage.desk
        self._kept: list[Kept] = []
        self._let_go: set[str] = set()
        self._noted_next = noted_next

    def ticket(self, number: int) -> Ticket:
        """The ticket as it is now, with what was put here. Raises NotFound, UnreadableDocument."""
        return cast("Ticket", self._document("tickets", number))

    def customer(self, number: int) -> Customer:
        """The customer as he is now, or the one whom he was merged into, with what was put here.

        Raises as ``ticket``.
        """
        try:
            return cast("Customer", self._document("customers", number))
        except NotFound:
            there = joined.followed(self._desk, number)
            return cast("Customer", self._document("customers", there))

    def outgoing(self, number: int) -> Outgoing:
        """The message of the outbox as it is now, with what was put here. Raises as ``ticket``."""
        return cast("Outgoing", self._document("outbox", number))

    def new_ticket_id(self) -> int:
        """The next ticket number."""
        return self._new_id("tickets")

    def new_customer_id(self) -> int:
        """The next customer number."""
        return self._new_id("customers")

    def new_outgoing_id(self) -> int:
        """The next number of the outbox."""
        return self._new_id("outbox")

    def put(self, document: T) -> T:
        """Write the document at the end; gives it as saved.

        Raises:
            Conflict: if the saved document's ``rev`` is no longer that of ``document``, or it was
                removed here: a number is never used again, not even within one change.
            UnreadableDocument: if the saved one cannot be read; it is not written over.
            InvalidInput: if the document holds what cannot be saved.
        """
        kind = folder_of(document)
        is_gone = document.id in self.removed[kind]
        if is_gone or self._saved_rev(kind, document.id) != document.rev:
            raise Conflict(
                f"{KINDS[kind].noun} {document.id} was changed meanwhile: look at it again"
            )
        document = cast(T, document.model_copy(update={"rev": document.rev + 1}))
        self._put[kind, document.id] = document
        self.changes[kind][document.id] = document.model_dump(mode="json")
        return document

    def remove_customer(self, number: int) -> None:
        """Remove the profile at the end. Raises NotFound, UnreadableDocument."""
        self._remove("customers", number)

    def remove_outgoing(self, number: int) -> None:
        """Remove a message of the outbox at the end. Raises NotFound, UnreadableDocument."""
        self._remove("outbox", number)

    def keep(self, file: Kept) -> None:
        """Put a file in the archive, before the documents that refer to it are written."""
        self._kept.append(file)

    def let_go(self, sha256: str) -> None:
        """Remove a file from the archive, together with the change of the documents."""
        self._let_go.add(sha256)

    def changed(self) -> list[tuple[str, int]]:
        """The documents that are to be written or removed."""
        gone = [(kind, number) for kind, numbers in self.removed.items() for number in numbers]
        return [*self._put, *gone]

    def new_files(self) -> list[str]:
        """The files that are to come into the archive and are not there yet, by their hashes."""
        if not self._kept:
            return []
        archive = Archive(self._desk)
        return [file.sha256 for file in self._kept if not archive.holds(file.sha256)]

    @cached_property
    def rows(self) -> Mapping[tuple[str, int], Rows]:
        """What the index keeps of the documents as they were put last, once all are.

        Raises:
            InvalidInput: if one holds what the index cannot.
        """
        return {(kind, number): rows_of(kind, put) for (kind, number), put in self._put.items()}

    def save(self) -> None:
        """Write it all durably, or nothing. Raises CannotCreate, InvalidInput."""
        for kind, gone in self.removed.items():
            if gone:
                numbers.note_removed(self._desk, kind, max(gone))
        let_go: list[Path] = []
        if self._kept or self._let_go:
            archive = Archive(self._desk)
            archive.put(self._kept)
            let_go = [archive.path_of(sha256) for sha256 in sorted(self._let_go)]
        save_together(self.changes.values(), let_go)
        if self.next_numbers:
            given = {kind: number - 1 for kind, number in self.next_numbers.items()}
            numbers.note_given(self._desk, given)

    def _remove(self, kind: str, number: int) -> None:
        self._document(kind, number)
        del self.changes[kind][number]
        self._put.pop((kind, number), None)
        self.removed[kind].append(number)

    def _saved_rev(self, kind: str, number: int) -> int:
        try:
            return self._document(kind, number).rev
        except NotFound:
            return 0

    def _document(self, kind: str, number: int) -> AnyDocument:
        put = self._put.get((kind, number))
        if put is not None:
            return put
        try:
            return self.changes[kind].read(number, lambda raw: document_of(kind, raw, number))
        except KeyError:
            raise NotFound(f"there is no {KINDS[kind].noun} {number}") from None

    def _new_id(self, kind: str) -> int:
        number = self.next_numbers.get(kind) or self._first_free(kind)
        while number in self.changes[kind]:
            # Copied in by hand, and not taken in yet.
            number += 1
        self.next_numbers[kind] = number + 1
        return number

    def _first_free(self, kind: str) -> int:
        noted = self._noted_next(kind)
        if noted is None:
            noted = self.changes[kind].next_id()
        removed = numbers.largest_removed(self._desk, kind)
        return max(noted, removed + 1, numbers.largest_given(self._desk, kind) + 1)
