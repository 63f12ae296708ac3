"""Rows that could not be taken: why, and a file of them to correct and import again."""

import csv
import os
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from helpdesk.desk.importing.reading import TableRow
from helpdesk.domain.errors import CannotCreate, InvalidInput
from helpdesk.text import clean_line

ADDED = ("rejected_line", "rejected_reason")
"""The columns that the file of rejects has besides those of the table."""

_SHOWN = 5


class Rejected(InvalidInput):
    """A row cannot be taken; the message is the reason, without what the row says."""


def rejects_path(table: Path) -> Path:
    """Where the rejected rows of a table go unless told otherwise: beside it."""
    return table.with_name(f"{table.stem}.rejects.csv")


class Rejects:
    """The rejected rows of one table; their file is made with the first of them.

    ``first`` holds the line and reason of the first few. With ``path`` None nothing is written.
    """

    def __init__(
        self, path: Path | None, columns: Sequence[str], encoding: str, delimiter: str
    ) -> None:
        self.path = path
        self.count = 0
        self.first: list[tuple[int, str]] = []
        # A file of rejects that was corrected and is imported again has these columns already.
        self._width = len(columns) - (len(ADDED) if tuple(columns[-2:]) == ADDED else 0)
        self._columns = list(columns)
        self._encoding = encoding
        self._delimiter = delimiter
        self._file: IO[str] | None = None
        self._writer: Any = None

    def add(self, row: TableRow, reason: str) -> None:
        """Put the row on file.

        Raises:
            CannotCreate: if the file cannot be written.
        """
        self.count += 1
        if len(self.first) < _SHOWN:
            self.first.append((row.line, reason))
        if self.path is None:
            return
        cells = row.cells[: self._width] + [""] * (self._width - len(row.cells))
        extra = row.cells[len(self._columns) :]
        try:
            if self._file is None:
                self._open(self.path)
            self._writer.writerow([*cells, str(row.line), reason, *extra])
        except OSError as error:
            raise self._refused(error) from None

    def close(self) -> None:
        """Finish the file. Raises CannotCreate if that fails."""
        if self._file is None:
            return
        try:
            self._file.close()
        except OSError as error:
            raise self._refused(error) from None

    def _open(self, path: Path) -> None:
        # Customers' words are in it: only who imported them may read it.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file = os.fdopen(
            handle, "w", encoding=self._encoding, errors="surrogateescape", newline=""
        )
        self._writer = csv.writer(self._file, delimiter=self._delimiter)
        self._writer.writerow([*self._columns[: self._width], *ADDED])

    def _refused(self, error: OSError) -> CannotCreate:
        return CannotCreate(
            f"{clean_line(str(self.path))}: rejected rows cannot be written: {error.strerror}; "
            "name another place with --rejects"
        )
