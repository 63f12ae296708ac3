"""Reading a table of comma-separated values, row by row, whatever is wrong with it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from helpdesk.desk.importing.cells import column_key
from helpdesk.desk.importing.mapping import TableMapping
from helpdesk.desk.importing.records import Record, Records
from helpdesk.domain.errors import InvalidInput, NotFound
from helpdesk.text import clean_line

_NAMES_SHOWN = 60


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row with the line it begins on (from 1); ``fault`` says why it cannot be read.

    ``cells`` are as they were written; in ``values`` those that the mapping calls empty are.
    """

    line: int
    cells: list[str]
    fault: str | None = None
    values: Sequence[str] = ()


class Table:
    """An open table: its columns, and its rows one at a time.

    ``columns`` are the names as they are written. ``places`` says at which place each column of
    the mapping is, by ``column_key``.
    """

    def __init__(self, name: str, file: TextIO, mapping: TableMapping) -> None:
        self.name = name
        self._raw = file.buffer
        self._encoding = mapping.encoding
        self._empty = frozenset(word.casefold() for word in mapping.empty)
        self._records = Records(file, mapping.delimiter)
        self.columns = self._header()
        self.places = _places(self.columns, mapping, name)
        used = {self.places[column_key(column)] for column in mapping.columns()}
        self.unused = tuple(
            clean_line(column) for place, column in enumerate(self.columns) if place not in used
        )

    @property
    def bytes_read(self) -> int:
        """How much of the file was read so far; 0 where nobody can tell, as of a pipe."""
        try:
            return self._raw.tell()
        except OSError:
            return 0

    def rows(self) -> Iterator[TableRow]:
        """The rows below the header; blank lines are none.

        Raises:
            InvalidInput: if the rest of the file cannot be read at all.
        """
        while (record := self._next(len(self.columns))) is not None:
            cells = record.cells
            if record.fault is not None:
                yield TableRow(record.line, cells, record.fault)
            elif any(cells):
                yield TableRow(record.line, cells, self._fault(record), self._values(cells))

    def _next(self, columns: int | None = None) -> Record | None:
        try:
            return self._records.next(columns)
        except UnicodeError:
            raise self._undecodable() from None
        except OSError as error:
            raise InvalidInput(f"{self.name}: cannot be read on: {error.strerror}") from None

    def _values(self, cells: list[str]) -> list[str]:
        if not self._empty:
            return cells
        return ["" if cell.strip().casefold() in self._empty else cell for cell in cells]

    def _fault(self, record: Record) -> str | None:
        cells = record.cells
        if not _decoded("".join(cells)):
            return f"is not {self._encoding} text"
        if len(cells) == len(self.columns):
            return None
        count = "1 cell" if len(cells) == 1 else f"{len(cells)} cells"
        fault = f"has {count} instead of {len(self.columns)}"
        if record.last == record.line:
            return fault
        return f"{fault}, and reaches to line {record.last}: is a quote never closed?"

    def _header(self) -> list[str]:
        record = self._next()
        if record is None:
            raise InvalidInput(f"{self.name}: is empty; its first line names the columns")
        if record.fault is not None:
            raise InvalidInput(f"{self.name}: line 1: {record.fault}")
        header = record.cells
        text = "".join(header)
        if "\0" in text or not _decoded(text):
            raise self._undecodable()
        return header

    def _undecodable(self) -> InvalidInput:
        return InvalidInput(
            f"{self.name}: is not {self._encoding} text: "
            "name the right encoding in the mapping, or save the table anew"
        )


@contextmanager
def open_table(path: Path, mapping: TableMapping) -> Iterator[Table]:
    """Open a table and read its header.

    Raises:
        NotFound: if there is no such file, or it may not be read.
        InvalidInput: if it is no text, or lacks columns that the mapping names.
    """
    name = clean_line(path.name)
    # Files of spreadsheets begin with a mark, which is no part of the first column's name.
    encoding = "utf-8-sig" if mapping.encoding.lower() in ("utf-8", "utf8") else mapping.encoding
    try:
        file = path.open(encoding=encoding, errors="surrogateescape", newline="")
    except OSError as error:
        raise NotFound(f"{name}: cannot be read: {error.strerror}") from None
    with file:
        yield Table(name, file, mapping)


def _places(columns: Sequence[str], mapping: TableMapping, table: str) -> Mapping[str, int]:
    there: dict[str, list[int]] = {}
    for place, column in enumerate(columns):
        there.setdefault(column_key(column), []).append(place)
    aliases = {column_key(name): others for name, others in mapping.aliases.items()}
    places, missing = {}, []
    for column in mapping.columns():
        names = (column, *aliases.get(column_key(column), ()))
        found = next((there[key] for name in names if (key := column_key(name)) in there), [])
        if not found:
            missing.append(column)
        elif len(found) > 1:
            raise InvalidInput(f"{table}: there are {len(found)} columns {_quoted([column])}")
        else:
            places[column_key(column)] = found[0]
    if missing:
        raise InvalidInput(_missing(table, missing, columns))
    return places


def _missing(table: str, missing: Sequence[str], columns: Sequence[str]) -> str:
    lacks = f"{table}: the mapping names columns that are not there: {_quoted(missing)}; "
    if len(columns) == 1:
        return f"{lacks}the only one is {_quoted(columns)}: name the right delimiter in the mapping"
    return f"{lacks}there are {_quoted(columns)}"


def _quoted(names: Sequence[str]) -> str:
    shown = ", ".join(f"'{clean_line(name, 80)}'" for name in names[:_NAMES_SHOWN])
    return shown + (f" and {len(names) - _NAMES_SHOWN} more" * (len(names) > _NAMES_SHOWN))


def _decoded(text: str) -> bool:
    """Whether every byte of it could be read in the table's encoding."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
