"""Which records a long import has met already: in a temporary file, so that memory does not grow
with the table."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from helpdesk.domain.errors import CannotCreate

_KEPT = 2_000
"""Kilobytes of it that are kept in memory; a shorter table never comes to the disk."""


class FirstMet:
    """Where each record of a table stood first, and what was said of it there.

    The file has no name, so that nobody else can open it, and is gone when it is closed or the
    program ends, however that comes.
    """

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        for pragma in (f"cache_size = -{_KEPT}", "journal_mode = OFF", "synchronous = OFF"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.execute(
            "CREATE TABLE met (record TEXT PRIMARY KEY, line INTEGER, said TEXT) WITHOUT ROWID"
        )

    def at(self, record: str, line: int, said: str) -> tuple[int, str]:
        """Where the record stood first, and what was said of it there: ``line`` and ``said``, if
        it is met for the first time.

        Raises:
            CannotCreate: if there is no more room for temporary files.
        """
        with _reporting():
            sql = "INSERT OR IGNORE INTO met VALUES (?, ?, ?)"
            if self._db.execute(sql, (record, line, said)).rowcount:
                return line, said
            sql = "SELECT line, said FROM met WHERE record = ?"
            found: tuple[int, str] = self._db.execute(sql, (record,)).fetchone()
            return found

    def forget(self, record: str) -> None:
        """The record was not met after all. Raises CannotCreate as ``at``."""
        with _reporting():
            self._db.execute("DELETE FROM met WHERE record = ?", (record,))

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()


@contextmanager
def _reporting() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise CannotCreate(
            f"cannot keep what was read of the table: {error}; free some space for temporary "
            "files, or name another folder for them by TMPDIR"
        ) from error
