"""Connections to the file of an index, and what SQLite keeps beside it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_BUSY_MILLISECONDS = 5000
_KEPT, _KEPT_WHILE_WRITING = 250, 2_000
"""Kilobytes that a connection keeps of the file, beside what the system keeps of it for all
programs: more of them answer no quicker, and are held by each desk that is open."""


class AtRest(sqlite3.Connection):
    """A connection to an index that nobody changes; it would not notice if somebody did, so it
    serves for one block only."""


def connect(file: Path, *, at_rest: bool = False) -> sqlite3.Connection:
    """Open an index that is there; ``at_rest`` reads it as it lies. Raises sqlite3.Error."""
    # mode=rw: an index that was removed must be noticed, not made again as an empty file.
    quoted = str(file.absolute()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    connection = sqlite3.connect(
        f"file:{quoted}?{'immutable=1' if at_rest else 'mode=rw'}",
        uri=True,
        factory=AtRest if at_rest else sqlite3.Connection,
        timeout=_BUSY_MILLISECONDS / 1000,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        # What is lost of it in a power cut is found again by the times of the folders.
        connection.execute("PRAGMA synchronous = NORMAL")
        _keep(connection, _KEPT)
        connection.execute("PRAGMA temp_store = MEMORY")
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """Room for all that is changed in the block, so that no page of it is written twice."""
    _keep(connection, _KEPT_WHILE_WRITING)
    try:
        yield
    finally:
        _keep(connection, _KEPT)


def _keep(connection: sqlite3.Connection, kilobytes: int) -> None:
    connection.execute(f"PRAGMA cache_size = -{kilobytes}")


def code_of(error: sqlite3.Error) -> int:
    """SQLite's own code of an error, without what it says beyond."""
    unread = isinstance(error, sqlite3.OperationalError)  # a text that is none: not SQLite's error
    usual = sqlite3.SQLITE_CORRUPT if unread else sqlite3.SQLITE_ERROR
    return getattr(error, "sqlite_errorcode", usual) & 0xFF


def log_of(link: Path) -> Path:
    """Where SQLite writes what it has not put into the index itself yet."""
    file = link.resolve()
    return file.with_name(f"{file.name}-wal")


def log_size(link: Path) -> int:
    """How many bytes of that there are."""
    try:
        return log_of(link).stat().st_size
    except FileNotFoundError:
        return 0
