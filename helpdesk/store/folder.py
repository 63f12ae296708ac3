"""A table's folder: one readable JSON document a file, found by its id alone.

``tickets/0000/000456.json``: the folder is the id divided by 1000, the file is the id. This is the
reading side; it needs no lock, as a file is always whole.
"""

import codecs
import errno
import json
import os
import re
from collections.abc import Callable, ItemsView, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from helpdesk.domain.errors import (
    HelpdeskError,
    InvalidInput,
    NotPermitted,
    TryAgain,
    Unavailable,
)
from helpdesk.domain.formats import Fields, forward
from helpdesk.store import durable
from helpdesk.store.plain import read_plain_file
from helpdesk.store.schema import LARGEST_ID

_FOLDER_SIZE = 1000
_FOLDER_NAME = re.compile(r"[0-9]{4,}")
_FILE_NAME = re.compile(r"([0-9]{6,})\.json")
_NO_SUCH_FILE = (errno.ENOENT, errno.ENAMETOOLONG)

_MEND_IT = "mend the file or restore it from a backup"
_ASK = "ask whoever runs the desk for the right to read it"


class UnreadableDocument(InvalidInput):
    """A document that is there but cannot be read. It is set aside, and never written over."""

    def __init__(self, table: str, doc_id: int, reason: str, advice: str = _MEND_IT) -> None:
        self.place = f"{table}/{_place(doc_id)}"
        super().__init__(f"{self.place} cannot be read ({reason}); {advice}")
        self.table = table
        self.doc_id = doc_id
        self.reason = reason


class FileStamp(NamedTuple):
    """A document's file as it lies on the disk: ``mtime_ns`` is its time of change in nanoseconds
    since 1970 UTC, ``size`` is in bytes."""

    doc_id: int
    mtime_ns: int
    size: int


class Stray(NamedTuple):
    """Something among the documents that is none. ``leftover``: a write that never finished; it
    may be removed by who holds the writer lock."""

    path: Path
    leftover: bool


class Documents(Mapping[str, Mapping[str, Any]]):
    """A table's documents by id, read from their files as they are asked for.

    ``items`` goes on past documents that cannot be read, and reports each to ``on_unreadable``;
    asking for one by its id raises UnreadableDocument. A folder that cannot be listed, or a desk
    that is not there at all, raises Unavailable or TryAgain rather than look empty.
    """

    def __init__(
        self, desk: Path, table: str, on_unreadable: Callable[[UnreadableDocument], None]
    ) -> None:
        self.desk = desk
        self.table = table
        self.folder = desk / table
        self._folder = str(self.folder)
        self.on_unreadable = on_unreadable

    def __getitem__(self, key: str) -> Fields:
        return self.read(int(key))

    def __contains__(self, key: object) -> bool:
        try:
            os.lstat(self.file_of(int(str(key))))
        except OSError as error:
            # What cannot be looked at is there, so that it is never written over.
            return error.errno not in _NO_SUCH_FILE
        return True

    def __iter__(self) -> Iterator[str]:
        return map(str, self.ids())

    def __len__(self) -> int:
        return sum(1 for _ in self.ids())

    def items(self) -> ItemsView[str, Mapping[str, Any]]:
        """The documents that can be read, in the order of their ids, one file at a time."""
        return _ReadableItems(self)

    def path_of(self, doc_id: int) -> Path:
        """The file of a document, whether it is there or not."""
        return Path(self.file_of(doc_id))

    def file_of(self, doc_id: int) -> str:
        """The same as a text, which is quicker where nothing but the system needs it."""
        return f"{self._folder}/{_place(doc_id)}"

    def read(self, doc_id: int) -> Fields:
        """One document. Raises KeyError if there is none, UnreadableDocument."""
        return decode(self.read_bytes(doc_id), self.table, doc_id)

    def read_as_it_is(self, doc_id: int) -> Fields:
        """One document in the format in which it was written. Raises as ``read``."""
        return _parsed(self.read_bytes(doc_id), self.table, doc_id)

    def read_bytes(self, doc_id: int) -> bytes:
        """One document's file. Raises KeyError if there is none, UnreadableDocument."""
        try:
            return read_plain_file(self.file_of(doc_id))
        except OSError as error:
            if error.errno in _NO_SUCH_FILE:
                raise KeyError(doc_id) from None
            if error.errno in durable.TOO_MANY_OPEN:
                raise reading_error(error, self.table) from error
            reason = "a link" if error.errno == errno.ELOOP else error.strerror
            reason = reason or "the disk failed"
            denied = error.errno in (errno.EACCES, errno.EPERM)
            advice = _ASK if denied else _MEND_IT
            raise UnreadableDocument(self.table, doc_id, reason, advice) from error

    def readable(self) -> Iterator[tuple[int, Fields]]:
        """The documents that can be read, with their ids, one file at a time."""
        for doc_id in self.ids():
            try:
                yield doc_id, self.read(doc_id)
            except UnreadableDocument as error:
                self.on_unreadable(error)
            except KeyError:
                # Removed by another process since its folder was listed.
                continue

    def ids(self) -> Iterator[int]:
        """Every id that has a file, in order, a folder at a time."""
        for folder in self._folder_numbers():
            yield from sorted(self._files(folder))

    def largest(self) -> int:
        """The largest id that has a file; 0 if none. Lists as a rule the last folder only."""
        for folder in reversed(self._folder_numbers()):
            doc_id = max(self._files(folder), default=0)
            if doc_id:
                return doc_id
        return 0

    def scan(self, folder: str | None = None) -> Iterator[FileStamp]:
        """How every document's file lies on the disk, in order; of one folder ("0012") if given."""
        numbers = self._folder_numbers() if folder is None else [int(folder)]
        for number in numbers:
            files = self._files(number)
            for doc_id in sorted(files):
                try:
                    # Popped, as an entry keeps what it was asked: 1000 of them are a megabyte.
                    found = files.pop(doc_id).stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue
                except OSError as error:
                    raise reading_error(error, self.table) from error
                yield FileStamp(doc_id, found.st_mtime_ns, found.st_size)

    def folders(self) -> dict[str, int]:
        """The time of change of each folder in nanoseconds since 1970 UTC.

        It changes with every document written, added or removed in it by the desk; a file edited
        in place does not change it. Clocks of file systems tick in milliseconds, so a time as
        young as the look at it says nothing yet.
        """
        times = {}
        for number in self._folder_numbers():
            try:
                times[f"{number:04d}"] = (self.folder / f"{number:04d}").stat().st_mtime_ns
            except FileNotFoundError:
                continue
            except OSError as error:
                raise reading_error(error, self.table) from error
        return times

    def strays(self) -> Iterator[Stray]:
        """What lies among the documents and is none."""
        for entry in self._list(self.folder):
            number = _folder_number(entry)
            if number is None:
                yield _stray(entry)
                continue
            for inner in self._list(Path(entry.path)):
                if _doc_id(inner.name, number) is None:
                    yield _stray(inner)

    def _folder_numbers(self) -> list[int]:
        numbers = (_folder_number(entry) for entry in self._list(self.folder))
        return sorted(number for number in numbers if number is not None)

    def _files(self, number: int) -> dict[int, os.DirEntry[str]]:
        name = f"{number:04d}"
        entries = self._list(self.folder / name)
        found = ((_doc_id(entry.name, number), entry) for entry in entries)
        return {doc_id: entry for doc_id, entry in found if doc_id is not None}

    def _list(self, folder: Path) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as entries:
                return list(entries)
        except FileNotFoundError as error:
            if self.desk.is_dir():
                return []
            raise reading_error(error, "the desk") from error
        except OSError as error:
            raise reading_error(error, durable.shown(folder, self.desk)) from error


class _ReadableItems(ItemsView[str, Mapping[str, Any]]):
    def __init__(self, documents: Documents) -> None:
        super().__init__(documents)
        self._documents = documents

    def __iter__(self) -> Iterator[tuple[str, Fields]]:
        return ((str(doc_id), document) for doc_id, document in self._documents.readable())


def encode(document: Mapping[str, Any], table: str, doc_id: int) -> bytes:
    """A document as the text of its file. Raises InvalidInput for what JSON cannot hold."""
    if document.get("id") != doc_id:
        raise InvalidInput(f"{table}/{_place(doc_id)} cannot be saved under another id")
    try:
        text = "{\n" + ",\n".join(map(_field, document.items())) + "\n}"
    except (TypeError, ValueError, RecursionError):
        reason = "a field holds what JSON cannot"
        raise InvalidInput(f"{table}/{_place(doc_id)} cannot be saved: {reason}") from None
    # A lone surrogate has no UTF-8 form; escaped, JSON reads it back as it was.
    return (text + "\n").encode("utf-8", "backslashreplace")


def _field(item: tuple[Any, Any]) -> str:
    """A field of a document, with a line for each part of a list: a message, a promise, ..."""
    name, value = item
    if not isinstance(name, str):
        raise TypeError
    if not isinstance(value, list | tuple) or not value:
        return f" {_ENCODER.encode(name)}: {_ENCODER.encode(value)}"
    lines = ",\n  ".join(map(_ENCODER.encode, value))
    return f" {_ENCODER.encode(name)}: [\n  {lines}\n ]"


def decode(raw: bytes, table: str, doc_id: int) -> Fields:
    """A document from its file, in the newest format whichever it was written in.

    Raises UnreadableDocument; its reason never quotes the file.
    """
    try:
        return forward(table, _parsed(raw, table, doc_id))
    except ValueError as error:
        raise UnreadableDocument(table, doc_id, str(error)) from None


def _parsed(raw: bytes, table: str, doc_id: int) -> Fields:
    try:
        document = _DECODER.decode(raw.removeprefix(codecs.BOM_UTF8).decode())
    except UnicodeDecodeError as error:
        raise UnreadableDocument(table, doc_id, f"no UTF-8 at byte {error.start}") from None
    except json.JSONDecodeError as error:
        reason = f"no JSON at line {error.lineno} column {error.colno}"
        raise UnreadableDocument(table, doc_id, reason) from None
    except (ValueError, RecursionError):
        raise UnreadableDocument(table, doc_id, "no JSON that the desk can take") from None
    if not isinstance(document, dict):
        raise UnreadableDocument(table, doc_id, "no JSON object")
    if type(document.get("id")) is not int or document["id"] != doc_id:
        raise UnreadableDocument(table, doc_id, "the id inside is not that of the file")
    return document


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


def _place(doc_id: int) -> str:
    return f"{doc_id // _FOLDER_SIZE:04d}/{doc_id:06d}.json"


def _folder_number(entry: os.DirEntry[str]) -> int | None:
    try:
        if not _FOLDER_NAME.fullmatch(entry.name) or not entry.is_dir():
            return None
    except OSError:
        # A link that leads nowhere or in a circle.
        return None
    number = int(entry.name)
    if number > LARGEST_ID // _FOLDER_SIZE:
        return None  # a hand made it: what lies there is no document
    return number if entry.name == f"{number:04d}" else None


def _doc_id(name: str, folder: int) -> int | None:
    found = _FILE_NAME.fullmatch(name)
    if not found:
        return None
    doc_id = int(found[1])
    if not 0 < doc_id <= LARGEST_ID:
        return None
    return doc_id if _place(doc_id) == f"{folder:04d}/{name}" else None


def _stray(entry: os.DirEntry[str]) -> Stray:
    return Stray(Path(entry.path), durable.is_leftover(entry.name))


def reading_error(error: OSError, name: str) -> HelpdeskError:
    """What is said of a file or folder that cannot be read, and what to do."""
    reason = error.strerror or "the disk failed"
    if error.errno in durable.TOO_MANY_OPEN:
        return TryAgain(f"cannot read {name}: {reason}; close other programs and try again")
    if error.errno == errno.EACCES:
        return NotPermitted(f"cannot read {name}: {reason}; {_ASK}")
    return Unavailable(f"cannot read {name}: {reason}; ask whoever runs the desk to look at it")
