"""Rows that could not be taken: why, and a file of them to correct and import again."""

import csv
import os
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from io import BufferedRandom, TextIOWrapper
from pathlib import Path
from typing import IO, Any

from helpdesk.desk.importing.earlier import Earlier
from helpdesk.desk.importing.reading import TableRow
from helpdesk.desk.importing.report import SHOWN
from helpdesk.domain.errors import CannotCreate, InvalidInput
from helpdesk.text import clean_line

ADDED = ("rejected_line", "rejected_reason")
"""The columns that the file of rejects has besides those of the table."""


class Rejected(InvalidInput):
    """A row cannot be taken; the message is the reason, without what the row says."""


def rejects_path(table: Path) -> Path:
    """Where the rejected rows of a table go unless told otherwise: beside it."""
    return table.with_name(f"{table.stem}.rejects.csv")


class Rejects:
    """The rejected rows of one table; their file is made whole at the end, if there are any.

    ``count`` is how many they are, ``first`` holds the line and reason of the first few; ``left``
    counts the rows that are in the file though nothing is wrong with them. With ``path`` None
    nothing is written.
    A file of ``earlier`` imports that is still as they left it is replaced; no other is.
    """

    def __init__(
        self,
        path: Path | None,
        columns: Sequence[str],
        encoding: str,
        delimiter: str,
        earlier: Earlier | None = None,
    ) -> None:
        self.path = path
        self._earlier = earlier
        self.count = 0
        self.left = 0
        self.first: list[tuple[int, str]] = []
        # A file of rejects that was corrected and is imported again has these columns already.
        self._width = len(columns) - (len(ADDED) if tuple(columns[-2:]) == ADDED else 0)
        self._columns = list(columns)
        self._encoding = encoding
        self._delimiter = delimiter
        self._kept: BufferedRandom | None = None
        self._file: TextIOWrapper | None = None
        self._writer: Any = None

    def add(self, row: TableRow, reason: str) -> None:
        """Put a row on file that cannot be taken.

        Raises:
            CannotCreate: if the file cannot be written.
        """
        self.count += 1
        if len(self.first) < SHOWN:
            self.first.append((row.line, reason))
        self._put(row, reason)

    def leave(self, row: TableRow, reason: str) -> None:
        """Put a row on file that could be taken, but for what is on the desk. Raises as ``add``."""
        self.left += 1
        self._put(row, reason)

    def _put(self, row: TableRow, reason: str) -> None:
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
        """Put the file in its place. Raises CannotCreate if that fails."""
        if self._file is None or self._kept is None or self.path is None:
            return
        with self._file as file:
            try:
                file.flush()
                self._kept.seek(0)
                self._put_in_place(self._kept, self.path)
            except OSError as error:
                raise self._refused(error) from None
        if self._earlier is not None and self.path.is_file():
            self._earlier.note(self.path)

    def _open(self, path: Path) -> None:
        # Without a name, it leaves nothing behind if the program dies, and the rows come again.
        folder = None if _takes_anything(path) else path.parent
        self._kept = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - until the import ends
        self._file = TextIOWrapper(
            self._kept, encoding=self._encoding, errors="surrogateescape", newline=""
        )
        self._writer = csv.writer(self._file, delimiter=self._delimiter)
        self._writer.writerow([*self._columns[: self._width], *ADDED])

    def _put_in_place(self, written: IO[bytes], path: Path) -> None:
        if _takes_anything(path):
            with path.open("wb") as target:
                shutil.copyfileobj(written, target)
            return
        if self._earlier is not None:
            self._earlier.remove(path)
        # Customers' words are in it: only who imported them may read it.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as target:
                shutil.copyfileobj(written, target)
        except OSError:
            with suppress(OSError):
                path.unlink()
            raise

    def _refused(self, error: OSError) -> CannotCreate:
        return CannotCreate(
            f"{clean_line(str(self.path))}: rejected rows cannot be written: {error.strerror}; "
            "name another place with --rejects"
        )


def _takes_anything(path: Path) -> bool:
    """Whether it is something like /dev/null or a pipe, which keeps nothing to be lost."""
    return path.exists() and not path.is_file() and not path.is_dir()
