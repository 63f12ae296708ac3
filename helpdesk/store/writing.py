"""A change under way: documents read fresh, put, and written all together at the end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from helpdesk.domain.errors import NotFound
from helpdesk.store import numbers
from helpdesk.store.base import Conflict
from helpdesk.store.documents import Document, FolderDB
from helpdesk.store.reading import customer_of, ticket_of
from helpdesk.store.rows import Rows, rows_of

if TYPE_CHECKING:
    from helpdesk.domain.customer import Customer
    from helpdesk.domain.ticket import Ticket

T = TypeVar("T", "Ticket", "Customer")

NOUNS = {"tickets": "ticket", "customers": "customer"}


class FileWriting:
    """The ``Writing`` of the embedded store. Nothing reaches the disk before the store saves it.

    ``next_numbers`` are those that the index has noted, or None where it does not know.
    """

    def __init__(self, db: FolderDB, next_numbers: Mapping[str, int | None]) -> None:
        self.documents: dict[str, dict[int, Document]] = {kind: {} for kind in NOUNS}
        self.rows: dict[tuple[str, int], Rows] = {}
        self.removed: dict[str, dict[int, None]] = {kind: {} for kind in NOUNS}
        self.next_numbers: dict[str, int] = {}
        self._db = db
        self._noted = next_numbers

    def ticket(self, number: int) -> Ticket:
        """The ticket as it is now, with what was put here. Raises NotFound, UnreadableDocument."""
        return ticket_of(self._fields("tickets", number), number)

    def customer(self, number: int) -> Customer:
        """The customer as he is now, with what was put here. Raises as ``ticket``."""
        return customer_of(self._fields("customers", number), number)

    def new_ticket_id(self) -> int:
        """The next ticket number."""
        return self._new_id("tickets")

    def new_customer_id(self) -> int:
        """The next customer number."""
        return self._new_id("customers")

    def put(self, document: T) -> T:
        """Write the document at the end; gives it as saved.

        Raises:
            Conflict: if the saved document's ``rev`` is no longer that of ``document``.
            UnreadableDocument: if the saved one cannot be read; it is not written over.
            InvalidInput: if the document holds what cannot be saved.
        """
        kind = "tickets" if type(document).__name__ == "Ticket" else "customers"
        noun = NOUNS[kind]
        saved = self._find(kind, document.id)
        if (0 if saved is None else saved.get("rev", 0)) != document.rev:
            raise Conflict(f"{noun} {document.id} was changed by someone else: look at it again")
        if saved is not None and document.rev == 0 and "rev" not in saved:
            raise Conflict(f"{noun} {document.id} is there already: look at it again")
        document = document.model_copy(update={"rev": document.rev + 1})
        self.rows[kind, document.id] = rows_of(kind, document)
        fields = document.model_dump(mode="json")
        self.documents[kind][document.id] = Document(fields, document.id)
        self.removed[kind].pop(document.id, None)
        return document

    def remove_customer(self, number: int) -> None:
        """Remove the profile at the end. Raises NotFound, UnreadableDocument."""
        self._fields("customers", number)
        self.documents["customers"].pop(number, None)
        self.rows.pop(("customers", number), None)
        if self._db.table("customers").contains(doc_id=number):
            self.removed["customers"][number] = None

    def changed(self) -> list[tuple[str, int]]:
        """The documents that are to be written or removed."""
        gone = [(kind, number) for kind, ids in self.removed.items() for number in ids]
        return [*self.rows, *gone]

    def _fields(self, kind: str, number: int) -> Mapping[str, Any]:
        found = self._find(kind, number)
        if found is None:
            raise NotFound(f"there is no {NOUNS[kind]} {number}")
        return found

    def _find(self, kind: str, number: int) -> Mapping[str, Any] | None:
        if number in self.removed[kind]:
            return None
        put = self.documents[kind].get(number)
        if put is not None or number < 1:
            return put
        return cast("Mapping[str, Any] | None", self._db.table(kind).read(number))

    def _new_id(self, kind: str) -> int:
        number = self.next_numbers.get(kind) or self._first_free(kind)
        while self._db.table(kind).contains(doc_id=number):
            # Copied in by hand, and not taken in yet.
            number += 1
        self.next_numbers[kind] = number + 1
        return number

    def _first_free(self, kind: str) -> int:
        noted = self._noted[kind]
        if noted is None:
            noted = self._db.table(kind).next_id()
        return max(noted, numbers.largest_removed(self._db.storage.desk, kind) + 1)
