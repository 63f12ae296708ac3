"""Records of comma-separated values, so that a quote which is never closed costs its own row only.

Whoever reads such a table in one go takes everything up to the next quote, or the end, for one
cell. Here a record of several lines in which the quotes don't fit is ended before the first of
its lines that reads as a row by itself, and reading goes on there.
"""

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

from helpdesk.text import clean_line

LONGEST_CELL = 1_000_000
"""Characters that a cell may have: more of them is a quote that was never closed."""


@dataclass(frozen=True, slots=True)
class Record:
    """The cells on the lines ``line`` to ``last`` (from 1); ``fault`` says why they are none."""

    line: int
    last: int
    cells: list[str]
    fault: str | None = None


class _Lines:
    """The lines of a file, which may be given back; ``taken`` are those since ``begin``."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._back: deque[str] = deque()
        self.read = 0
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else next(self._file)
        self.read += 1
        self.taken.append(line)
        return line

    def begin(self) -> None:
        self.taken = []

    def give_back(self, kept: int) -> None:
        """All of the taken lines but the first ``kept`` are to come again."""
        back = self.taken[kept:]
        self._back.extendleft(reversed(back))
        self.read -= len(back)
        del self.taken[kept:]


class Records:
    """The records of a file, one at a time; no more of it is held than the longest cell."""

    def __init__(self, file: TextIO, delimiter: str) -> None:
        csv.field_size_limit(LONGEST_CELL)
        self._delimiter = delimiter
        self._lines = _Lines(file)
        self._reader = csv.reader(self._lines, delimiter=delimiter)
        self._strict = csv.reader(self._lines, delimiter=delimiter, strict=True)

    def next(self, columns: int | None = None) -> Record | None:
        """The next record; None at the end. A row by itself is one of so many ``columns``.

        Raises:
            UnicodeError, OSError: if the file cannot be read on.
        """
        self._lines.begin()
        line = self._lines.read + 1
        fault = None
        try:
            cells = next(self._reader)
        except StopIteration:
            return None
        except csv.Error as error:
            cells, fault = [], _fault(error)
        if columns is not None and len(self._lines.taken) > 1:
            kept = self._ends_before_a_row(columns)
            if kept is not None:
                return self._cut(line, kept)
        return Record(line, self._lines.read, cells, fault)

    def _ends_before_a_row(self, columns: int) -> int | None:
        """How many of the taken lines come before a row by itself, if the quotes don't fit."""
        count = len(self._lines.taken)
        if _is_strict(self._lines.taken, self._delimiter):
            return None
        self._lines.give_back(1)
        for kept in range(1, count):
            is_row = self._reads_as_row(columns)
            self._lines.give_back(kept)
            if is_row:
                return kept
            next(self._lines)
        return None

    def _reads_as_row(self, columns: int) -> bool:
        try:
            return len(next(self._strict)) == columns
        except (csv.Error, StopIteration):
            return False

    def _cut(self, line: int, kept: int) -> Record:
        """The record of the first ``kept`` lines, all that are taken; the others come again."""
        on = line + kept
        fault = f"a quote in it is not closed; read on at line {on}"
        cells = next(csv.reader(self._lines.taken, delimiter=self._delimiter))
        return Record(line, on - 1, cells, fault)


def _is_strict(lines: list[str], delimiter: str) -> bool:
    """Whether every quote is where one may be, and closed."""
    try:
        for _ in csv.reader(lines, delimiter=delimiter, strict=True):
            pass
    except csv.Error:
        return False
    return True


def _fault(error: csv.Error) -> str:
    if "field larger" in str(error):
        return f"a cell is longer than {LONGEST_CELL:,} characters: is a quote never closed?"
    return f"is not valid CSV: {clean_line(str(error), 100)}"
