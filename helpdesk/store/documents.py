"""The documents of a desk through TinyDB's API: a storage whose tables are folders of JSON files.

A table reads one file for one document and writes only what changed, so that a desk of 100,000
documents is as quick as one of 1,000. Who writes holds the writer lock of the desk.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar, cast

from tinydb import TinyDB
from tinydb.queries import QueryLike
from tinydb.storages import Storage
from tinydb.table import Document, Table

from helpdesk.domain.errors import InvalidInput
from helpdesk.domain.formats import Fields
from helpdesk.store import durable, redo
from helpdesk.store.folder import (
    Documents,
    FileStamp,
    Stray,
    UnreadableDocument,
    decode,
    encode,
)
from helpdesk.store.kinds import KINDS

__all__ = [
    "TABLES",
    "Changes",
    "Document",
    "FileStamp",
    "FolderDB",
    "FolderStorage",
    "FolderTable",
    "Stray",
    "UnreadableDocument",
    "save_together",
]

T = TypeVar("T")

TABLES = tuple(KINDS)


class Changes(MutableMapping[int, Fields]):
    """What one update asks for and changes: read when asked for, written together at the end.

    Changing or removing a document that cannot be read raises UnreadableDocument.
    """

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._before: dict[int, bytes] = {}
        self._after: dict[int, Fields] = {}
        self._removed: dict[int, None] = {}
        self._largest: int | None = None

    def __getitem__(self, doc_id: int) -> Fields:
        if doc_id not in self._after:
            # What is handed out may be changed by who asked for it.
            self._after[doc_id] = self._read(doc_id)
        return self._after[doc_id]

    def read(self, doc_id: int, of: Callable[[bytes], T]) -> T:
        """What ``of`` makes of the document's file, as it was when first read here.

        Raises KeyError if there is none or it was removed here, UnreadableDocument, and what ``of``
        raises.
        """
        if doc_id in self._removed:
            raise KeyError(doc_id)
        raw = self._before.get(doc_id)
        if raw is None:
            raw = self._documents.read_bytes(doc_id)
        found = of(raw)
        self._before[doc_id] = raw  # not sooner: what cannot be read is never written over
        return found

    def __setitem__(self, doc_id: int, document: Fields) -> None:
        if doc_id < 1:
            raise InvalidInput(f"a document's id is 1 or more, not {doc_id}")
        if doc_id not in self._before:
            with suppress(KeyError):
                self._read(doc_id)
        self._after[doc_id] = {"id": doc_id, **document}
        self._removed.pop(doc_id, None)
        if self._largest is not None:
            self._largest = max(self._largest, doc_id)

    def __delitem__(self, doc_id: int) -> None:
        if doc_id not in self:
            raise KeyError(doc_id)
        if doc_id not in self._after:
            self._read(doc_id)
        self._after.pop(doc_id, None)
        if doc_id in self._before:
            self._removed[doc_id] = None

    def __contains__(self, doc_id: object) -> bool:
        if doc_id in self._removed:
            return False
        return doc_id in self._after or str(doc_id) in self._documents

    def __iter__(self) -> Iterator[int]:
        for doc_id, _ in self._documents.readable():
            if doc_id not in self._removed:
                yield doc_id
        yield from [doc_id for doc_id in self._after if doc_id not in self._before]

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def clear(self) -> None:
        """Remove every document that can be read."""
        for doc_id in list(self):
            del self[doc_id]

    def next_id(self) -> int:
        """One more than the largest id on the disk or among the changes."""
        if self._largest is None:
            self._largest = max(self._documents.largest(), *self._after, 0)
        self._largest += 1
        return self._largest

    def save(self) -> None:
        """Write the documents that differ from their files, and remove what was removed."""
        save_together([self])

    def files(self) -> tuple[list[tuple[Path, bytes]], list[Path]]:
        """The files that saving writes, and those it removes. Raises InvalidInput."""
        documents = self._documents
        pairs = []
        for doc_id, document in self._after.items():
            data = encode(document, documents.table, doc_id)
            if data != self._before.get(doc_id):
                pairs.append((documents.path_of(doc_id), data))
        return pairs, [documents.path_of(doc_id) for doc_id in self._removed]

    def new_folders(self) -> set[Path]:
        """The folders of documents that were not there before."""
        new = self._after.keys() - self._before.keys()
        return {self._documents.path_of(doc_id).parent for doc_id in new}

    @property
    def desk(self) -> Path:
        """The folder of the desk."""
        return self._documents.desk

    def _read(self, doc_id: int) -> Fields:
        return self.read(doc_id, lambda raw: decode(raw, self._documents.table, doc_id))


def save_together(changes: Iterable[Changes], also_removed: Iterable[Path] = ()) -> None:
    """Save the changes of several tables, and remove other files of the desk with what they say:
    all of it durably, or nothing.

    Raises InvalidInput for what JSON cannot hold; CannotCreate.
    """
    changes = list(changes)
    pairs: list[tuple[Path, bytes]] = []
    removed = list(also_removed)
    for one in changes:
        written, gone = one.files()
        pairs.extend(written)
        removed.extend(gone)
    if not pairs and not removed:
        return
    desk = changes[0].desk
    for folder in set[Path]().union(*(one.new_folders() for one in changes)):
        durable.make_folders(folder, desk)
    redo.replace(desk, pairs, removed)


class FolderStorage(Storage):
    """A TinyDB storage whose tables are the folders of a desk.

    Documents that iteration comes upon and cannot read are handed to ``on_unreadable``.
    """

    def __init__(
        self,
        desk: Path,
        on_unreadable: Callable[[UnreadableDocument], None] = lambda _: None,
    ) -> None:
        self.desk = desk
        self._documents = {name: Documents(desk, name, on_unreadable) for name in TABLES}

    def read(self) -> dict[str, dict[str, Any]]:
        """The tables whose folders are there; their documents are read as they are asked for."""
        tables = {name: found for name, found in self._documents.items() if found.folder.is_dir()}
        return cast(dict[str, dict[str, Any]], tables)

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        """Make the desk hold ``data``: write what differs, remove what is not in it.

        A document that cannot be read is left as it is. Raises CannotCreate, InvalidInput.
        """
        for name, documents in self._documents.items():
            wanted = data.get(name, {})
            if wanted is documents:
                continue
            changes = Changes(documents)
            for doc_id in list(changes):
                if str(doc_id) not in wanted:
                    del changes[doc_id]
            for key, document in wanted.items():
                changes[int(key)] = document
            changes.save()

    def documents(self, table: str) -> Documents:
        """The documents of one table. Raises ValueError for a table that a desk does not have."""
        if table not in self._documents:
            raise ValueError(f"a desk has no table {table!r}, only {', '.join(TABLES)}")
        return self._documents[table]

    def scan(self, table: str, folder: str | None = None) -> Iterator[FileStamp]:
        """How the files of a table lie on the disk; see ``Documents.scan``."""
        return self.documents(table).scan(folder)

    def folders(self, table: str) -> dict[str, int]:
        """When the folders of a table changed; see ``Documents.folders``."""
        return self.documents(table).folders()

    def strays(self) -> Iterator[Stray]:
        """What lies among the documents of the desk and is none."""
        for documents in self._documents.values():
            yield from documents.strays()


class FolderTable(Table):
    """A TinyDB table over one folder: reads one file for one document, writes only what changed.

    Nothing is cached, as other processes write too. Every change raises CannotCreate if the disk
    refuses it, UnreadableDocument if it names a document that cannot be read.
    """

    def __init__(self, storage: FolderStorage, name: str) -> None:
        super().__init__(storage, name, cache_size=0)
        self._documents = storage.documents(name)
        self._changes: Changes | None = None

    def get(  # type: ignore[override]
        self,
        cond: QueryLike | None = None,
        doc_id: int | None = None,
        doc_ids: list[int] | None = None,
    ) -> Document | list[Document] | None:
        """One document by its id, the first that meets ``cond``, or those of ``doc_ids``."""
        if doc_id is None and doc_ids is not None:
            found = (self.read(doc_id) for doc_id in dict.fromkeys(doc_ids))
            return [document for document in found if document is not None]
        if doc_id is not None:
            return self.read(doc_id)
        return super().get(cond) if cond is not None else super().get()

    def read(self, doc_id: int) -> Document | None:
        """The document, or None if there is none. Raises UnreadableDocument."""
        try:
            return Document(self._documents.read(doc_id), doc_id)
        except KeyError:
            return None

    def put(self, documents: Iterable[Document]) -> None:
        """Write whole documents, new or in place of the old, all of them durable on return."""

        def put_all(table: Changes) -> None:
            for document in documents:
                table[document.doc_id] = document

        self._update_table(put_all)

    def next_id(self) -> int:
        """One more than the largest id in use. Hold the writer lock until it is taken."""
        return self._documents.largest() + 1 if self._changes is None else self._changes.next_id()

    def contains(self, cond: QueryLike | None = None, doc_id: int | None = None) -> bool:
        """Whether a document meets ``cond``, or has this id (readable or not)."""
        if doc_id is not None:
            return str(doc_id) in self._documents
        return super().contains(cond)

    def count(self, cond: QueryLike) -> int:
        """How many documents meet ``cond``, holding one at a time."""
        return sum(1 for document in self if cond(document))

    def update(
        self,
        fields: Mapping[str, Any] | Callable[[MutableMapping[Any, Any]], None],
        cond: QueryLike | None = None,
        doc_ids: Iterable[int] | None = None,
    ) -> list[int]:
        """As in TinyDB; what meets ``cond`` is found by holding one document at a time."""
        return super().update(fields, doc_ids=self._ids(cond) if doc_ids is None else doc_ids)

    def remove(
        self, cond: QueryLike | None = None, doc_ids: Iterable[int] | None = None
    ) -> list[int]:
        """As in TinyDB; what meets ``cond`` is found by holding one document at a time."""
        if doc_ids is None and cond is not None:
            doc_ids = self._ids(cond)
        return super().remove(cond, doc_ids)

    def _ids(self, cond: QueryLike | None) -> list[int]:
        return [document.doc_id for document in self if cond is None or cond(document)]

    def _get_next_id(self) -> int:
        return self.next_id()

    def _read_table(self) -> dict[str, Mapping[str, Any]]:
        return cast(dict[str, Mapping[str, Any]], self._documents)

    def _update_table(self, updater: Callable[[Any], None]) -> None:
        self._changes = Changes(self._documents)
        try:
            updater(self._changes)
            self._changes.save()
        finally:
            self._changes = None


class FolderDB(TinyDB):
    """The documents of the desk in the folder ``desk``, which must be there to be written to."""

    table_class: type[Table] = FolderTable
    default_table_name = "tickets"
    default_storage_class: type[Storage] = FolderStorage  # type: ignore[assignment]

    def __init__(
        self,
        desk: Path,
        on_unreadable: Callable[[UnreadableDocument], None] = lambda _: None,
    ) -> None:
        super().__init__(desk, on_unreadable)

    @property
    def storage(self) -> FolderStorage:
        """The folders of the desk."""
        return cast(FolderStorage, self._storage)

    def table(self, name: str, **kwargs: Any) -> FolderTable:
        """One of ``TABLES``. Raises ValueError for another name."""
        return cast(FolderTable, super().table(name, **kwargs))

    def changes(self) -> dict[str, Changes]:
        """Changes of every table, none yet, to be saved by ``save_together``."""
        return {name: Changes(self.storage.documents(name)) for name in TABLES}
